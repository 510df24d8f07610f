import uuid
from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from members.models.bounce import Bounce
from members.models.membership import hidden_on, is_hidden_on

PATIENCE = timedelta(days=60)  # to answer "still here?", before a person counts as silent
GRACE = timedelta(days=14)  # for a new owner to set up a second factor


class Role(models.TextChoices):
    """What a person may do for an organisation."""

    OWNER = "owner", "Owner"
    EDITOR = "editor", "Editor"
    FINANCE = "finance", "Finance"
    SIGNATORY = "signatory", "Signatory"
    PARTICIPANT = "participant", "Participant"


class AffiliationQuerySet(models.QuerySet):
    def current(self):
        return self.filter(ended_at__isnull=True)

    def with_role(self, *roles):
        return self.filter(roles__overlap=list(roles))

    def taking_part(self):
        """The places at organisations that have not lapsed, resigned or been suspended."""
        return self.current().filter(~hidden_on(timezone.localdate(), "organisation"))

    def with_membership_ended(self):
        """Each with whether the membership of its organisation has lapsed or ended."""
        ended = is_hidden_on(timezone.localdate(), "organisation")
        return self.annotate(membership_ended=ended)

    def owning(self):
        """The places of owners who can log in. A trigger of the database counts the same way."""
        return self.current().with_role(Role.OWNER).filter(user__is_active=True)

    def reading_messages(self):
        """Of contacts who want what people write through the profile, and of the owners."""
        is_asked = Q(contact__reads_messages=True) | Q(roles__contains=[Role.OWNER])
        return self.current().filter(is_asked, user__is_active=True)

    def silent(self):
        """Those whose people were asked long ago whether they are still here, and said nothing."""
        unanswered = {"still_here__answered_at__isnull": True}
        asked = self.filter(still_here__asked_at__lt=timezone.now() - PATIENCE, **unanswered)
        return self.filter(pk__in=asked.order_by().values("pk"))

    def unreached(self):
        """Those of people whose letters come back."""
        return self.filter(user__email__in=Bounce.objects.dead().values("email"))

    def asking_to_leave(self):
        """Owners who want to leave and have nobody to hand over to."""
        return self.owning().filter(wants_to_leave_at__isnull=False)


class Affiliation(models.Model):
    """A person's dated place in an organisation, with the roles they hold there."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey("members.User", models.CASCADE, related_name="affiliations")
    organisation = models.ForeignKey(
        "members.Organisation", models.CASCADE, related_name="affiliations"
    )
    roles = ArrayField(models.CharField(max_length=20, choices=Role))
    job_title = models.CharField(max_length=120, blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    became_owner_at = models.DateTimeField(null=True, blank=True, editable=False)
    wants_to_leave_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        ordering = ["organisation__sort_name", "user__email"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=Q(ended_at__isnull=True),
                name="affiliation_one_current",
                violation_error_message="This person already belongs to this organisation.",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="affiliation_ends_after_start",
                violation_error_message="An affiliation cannot end before it starts.",
            ),
            models.CheckConstraint(
                condition=Q(roles__len__gt=0),
                name="affiliation_has_a_role",
                violation_error_message="Give this person at least one role.",
            ),
        ]

    def __str__(self):
        return f"{self.user} at {self.organisation}"

    def role_names(self):
        return [Role(role).label for role in self.roles]

    @property
    def factor_due_at(self):
        """From when the place asks its holder for a second factor, where it asks at all.

        The grace begins once, and again for nobody who lost the role and got it back.
        """
        began = self.became_owner_at or self.started_at
        return began + GRACE if Role.OWNER in self.roles else began

    def has_role(self, *roles):
        return self.ended_at is None and bool(set(roles) & set(self.roles))
