from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class WithdrawalQuerySet(models.QuerySet):
    def open(self):
        return self.filter(ended_at__isnull=True)


class Withdrawal(models.Model):
    """A time in which an entry was taken out of sight: a line of the public record.

    It stays when the entry comes back; a trigger refuses to delete it.
    """

    entry = models.ForeignKey("dictionary.Entry", models.PROTECT, related_name="withdrawals")
    because = models.TextField("why, for readers")
    began_at = models.DateTimeField(default=timezone.now)
    began_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = WithdrawalQuerySet.as_manager()

    class Meta:
        ordering = ["-began_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry"],
                condition=Q(ended_at__isnull=True),
                name="withdrawal_open_once",
                violation_error_message="This entry is withdrawn already.",
            ),
            models.CheckConstraint(
                condition=~Q(because=""),
                name="withdrawal_says_why",
                violation_error_message="Say in a sentence why the entry is withdrawn.",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at")),
                name="withdrawal_ends_after_start",
                violation_error_message="A withdrawal cannot end before it begins.",
            ),
        ]

    def __str__(self):
        return f"{self.entry}, withdrawn on {self.began_at:%-d %B %Y}"
