import hashlib
import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from members.models.affiliation import Role

LIFETIME = timedelta(days=7)


def digest_of(secret):
    return hashlib.sha256(secret.encode()).hexdigest()


class Purpose(models.TextChoices):
    ORGANISATION = "organisation", "To belong to an organisation"
    JUDGE = "judge", "To judge the awards"
    STAFF = "staff", "To work as staff"
    ADMINISTRATOR = "administrator", "To administer the portal"


HAS_NOT_ENDED = Q(accepted_at__isnull=True, withdrawn_at__isnull=True, declined_at__isnull=True)


class InvitationQuerySet(models.QuerySet):
    def pending(self):
        """Neither accepted, declined nor withdrawn; some of these may be too old."""
        return self.filter(HAS_NOT_ENDED)

    def open(self):
        return self.pending().filter(expires_at__gt=timezone.now())


class Invitation(models.Model):
    """An invitation bound to one e-mail address; its letters are `InvitationLink`s."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField("e-mail address")
    purpose = models.CharField(max_length=20, choices=Purpose)
    organisation = models.ForeignKey(
        "members.Organisation", models.CASCADE, null=True, blank=True, related_name="invitations"
    )
    roles = ArrayField(models.CharField(max_length=20, choices=Role), default=list, blank=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    invited_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-invited_at"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(purpose=Purpose.ORGANISATION, organisation__isnull=False, roles__len__gt=0)
                    | (~Q(purpose=Purpose.ORGANISATION) & Q(organisation__isnull=True))
                ),
                name="invitation_names_what_it_opens",
                violation_error_message="Name the organisation and at least one role.",
            ),
            models.UniqueConstraint(
                fields=["email", "purpose", "organisation"],
                condition=HAS_NOT_ENDED,
                nulls_distinct=False,
                name="invitation_one_pending",
                violation_error_message="This person is already invited.",
            ),
            models.CheckConstraint(
                condition=(
                    Q(accepted_at__isnull=True, withdrawn_at__isnull=True)
                    | Q(accepted_at__isnull=True, declined_at__isnull=True)
                    | Q(withdrawn_at__isnull=True, declined_at__isnull=True)
                ),
                name="invitation_ends_one_way",
                violation_error_message="An invitation is accepted, declined or withdrawn.",
            ),
        ]

    def __str__(self):
        return f"{self.get_purpose_display()}: {self.email}"

    @property
    def has_ended(self):
        return bool(self.accepted_at or self.withdrawn_at or self.declined_at)

    @property
    def is_open(self):
        return not self.has_ended and self.expires_at > timezone.now()

    @property
    def state(self):
        if self.accepted_at:
            return "accepted"
        if self.withdrawn_at:
            return "withdrawn"
        if self.declined_at:
            return "declined"
        return "open" if self.is_open else "expired"

    @property
    def offer(self):
        """What it opens, as it goes on after "You are invited to …"."""
        return {
            Purpose.ORGANISATION: f"join {self.organisation} on the CJA portal",
            Purpose.JUDGE: "judge the CJA awards",
            Purpose.STAFF: "work as staff on the CJA portal",
            Purpose.ADMINISTRATOR: "administer the CJA portal",
        }[self.purpose]

    def role_names(self):
        return [Role(role).label for role in self.roles]


class InvitationLink(models.Model):
    """One letter of an invitation. Only the digest of its secret is kept.

    A newer letter leaves the links of older ones alive: people open whichever they find first.
    """

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="links")
    secret_digest = models.CharField(max_length=64, unique=True, editable=False)
    sent_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-sent_at"]

    def __str__(self):
        return f"Letter of {self.sent_at:%-d %B %Y} to {self.invitation.email}"


class DoNotInvite(models.Model):
    """Somebody's wish not to be invited again: by one organisation, or, without one, by staff."""

    email = models.EmailField("e-mail address")
    organisation = models.ForeignKey(
        "members.Organisation", models.CASCADE, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["email"]
        verbose_name = verbose_name_plural = "wishes not to be invited"
        constraints = [
            models.UniqueConstraint(
                fields=["email", "organisation"],
                nulls_distinct=False,
                name="do_not_invite_once",
                violation_error_message="This wish is already noted.",
            ),
        ]

    def __str__(self):
        return f"{self.email}: {self.organisation or 'by staff'}"
