from django.db import models
from django.db.models import Q
from django.utils import timezone

from awards.models.nomination import Nomination


class FeedbackQuerySet(models.QuerySet):
    def released(self):
        return self.filter(released_at__isnull=False)


class Feedback(models.Model):
    """What the judges let those who nominated know: drafted from ticks, edited, then released."""

    nomination = models.OneToOneField(Nomination, models.CASCADE, related_name="feedback")
    text = models.TextField("what those who nominated will read", max_length=4000)
    drafted_at = models.DateTimeField(default=timezone.now, editable=False)
    edited_by = models.ForeignKey(
        "members.User", models.SET_NULL, null=True, related_name="+", editable=False
    )
    released_at = models.DateTimeField(null=True, editable=False)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        ordering = ["nomination"]
        verbose_name_plural = "feedback"
        constraints = [
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | ~Q(text=""),
                name="feedback_says_something",
                violation_error_message="Write something before it is released.",
            ),
        ]

    def __str__(self):
        return f"Feedback on {self.nomination}"
