from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from members.models.affiliation import Role


class Purpose(models.TextChoices):
    ORGANISATION = "organisation", "To belong to an organisation"
    JUDGE = "judge", "To judge the awards"
    STAFF = "staff", "To work as staff"


class InvitationQuerySet(models.QuerySet):
    def open(self):
        return self.filter(
            accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=timezone.now()
        )


class Invitation(models.Model):
    """An invitation bound to one e-mail address. Only the digest of its secret is kept."""

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
        ]

    def __str__(self):
        return f"{self.get_purpose_display()}: {self.email}"
