from datetime import timedelta
from enum import nonmember

from django.db import models
from django.utils import timezone

from awards.models.nomination import Nomination


class ReminderKind(models.TextChoices):
    """How long before the deadline it is due, by the clock on the wall."""

    WEEK = "week", "A week before"
    TWO_DAYS = "two-days", "48 hours before"
    HOURS = "hours", "Three hours before"

    BEFORE = nonmember(
        {
            "week": timedelta(days=7),
            "two-days": timedelta(days=2),
            "hours": timedelta(hours=3),
        }
    )


class DraftReminder(models.Model):
    """The ledger of reminders: one row for each draft, deadline and kind, so none comes twice."""

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=10, choices=ReminderKind)
    closes_at = models.DateTimeField("deadline that it names")
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-sent_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["nomination", "kind", "closes_at"],
                name="draft_reminder_once",
                violation_error_message="This reminder has gone out.",
            ),
        ]

    def __str__(self):
        return f"{self.nomination}: {self.get_kind_display().lower()}"
