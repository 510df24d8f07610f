"""Addresses whose letters came back."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

OFTEN = 5  # times that a mailbox may be full before it counts as one that nobody reads
REASON_LENGTH = 500


class BounceKind(models.TextChoices):
    """From the mildest to the worst."""

    SOFT = "soft", "Not taken for now, such as a full mailbox"
    COMPLAINT = "complaint", "The reader called a letter spam"
    HARD = "hard", "The address does not exist, or takes nothing from us"


class BounceQuerySet(models.QuerySet):
    def open(self):
        return self.filter(lifted_at=None)

    def at(self, addresses):
        """Those of any of these addresses, however they are written."""
        return self.filter(email__in=[address.lower() for address in addresses])

    def dead(self):
        """Nothing at all is sent to these."""
        return self.open().filter(Q(kind=BounceKind.HARD) | Q(times__gte=OFTEN))

    def refusing_news(self):
        """These get no letter that is no duty."""
        return self.open().filter(
            Q(kind__in=[BounceKind.HARD, BounceKind.COMPLAINT]) | Q(times__gte=OFTEN)
        )

    def for_staff(self):
        """Those of which nobody of the staff has taken note yet."""
        return self.refusing_news().filter(seen_at=None)


class Bounce(models.Model):
    """One address and what came back from it, until somebody says that it works again."""

    email = models.EmailField("e-mail address")
    kind = models.CharField(max_length=10, choices=BounceKind)
    reason = models.CharField(
        "in the words of its mail server", max_length=REASON_LENGTH, blank=True
    )
    times = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField("seen by staff at", null=True, blank=True)
    lifted_at = models.DateTimeField("written to again since", null=True, blank=True)

    objects = BounceQuerySet.as_manager()

    class Meta:
        ordering = ["-last_at"]
        verbose_name = "address whose letters came back"
        verbose_name_plural = "addresses whose letters came back"
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                condition=Q(lifted_at=None),
                name="bounce_one_open",
                violation_error_message="Letters to this address came back already.",
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="bounce_email_is_lower_case",
                violation_error_message="Write the e-mail address in small letters.",
            ),
        ]

    def __str__(self):
        return f"{self.email}: letters came back"
