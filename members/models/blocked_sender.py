from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone


class BlockedSenderQuerySet(models.QuerySet):
    def for_staff(self):
        return self.filter(is_reported=True, settled_at__isnull=True)


class BlockedSender(models.Model):
    """Somebody whose messages an organisation no longer gets. They are not told."""

    organisation = models.ForeignKey(
        "members.Organisation", models.CASCADE, related_name="blocked_senders"
    )
    email = models.EmailField("sender")
    blocked_at = models.DateTimeField(default=timezone.now)
    is_reported = models.BooleanField("reported to CJA staff", default=False)
    words = models.TextField("why", max_length=500, blank=True)
    settled_at = models.DateTimeField("settled by staff at", null=True, blank=True)

    objects = BlockedSenderQuerySet.as_manager()

    class Meta:
        ordering = ["-blocked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email"],
                name="blocked_sender_once",
                violation_error_message="This sender is blocked already.",
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="blocked_sender_is_lower_case",
                violation_error_message="Write the e-mail address in small letters.",
            ),
        ]

    def __str__(self):
        return f"{self.email}, blocked by {self.organisation}"
