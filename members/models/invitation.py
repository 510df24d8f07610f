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


class InvitationQuerySet(models.QuerySet):
    def pending(self):
        """Neither accepted nor withdrawn; some of these may be too old."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)

    def open(self):
        return self.pending().filter(expires_at__gt=timezone.now())


class Invitation(models.Model):
    """An invitation bound to one e-mail address. Only the digest of its secret is kept."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField("e-mail address")
    purpose = models.CharField(max_length=20, choices=Purpose)
    organisation = models.ForeignKey(
        "members.Organisation", models.CASCADE, null=True, blank=True, related_name="invitations"
    )
    roles = ArrayField(models.CharField(max_length=20, choices=Role), default=list, blank=True)
    secret_digest = models.CharField(max_length=64, unique=True, editable=False)
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
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                nulls_distinct=False,
                name="invitation_one_pending",
                violation_error_message="This person is already invited.",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="invitation_ends_one_way",
                violation_error_message="An invitation is either accepted or withdrawn.",
            ),
        ]

    def __str__(self):
        return f"{self.get_purpose_display()}: {self.email}"

    @property
    def is_open(self):
        ended = self.accepted_at or self.withdrawn_at
        return not ended and self.expires_at > timezone.now()

    @property
    def state(self):
        if self.accepted_at:
            return "accepted"
        if self.withdrawn_at:
            return "withdrawn"
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
