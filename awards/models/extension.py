from django.db import models
from django.db.models import Q
from django.utils import timezone

from awards.models.cycle import Cycle


class Extension(models.Model):
    """More time for one person, with the reason. The deadline of everybody else stays."""

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="extensions")
    email = models.EmailField("e-mail address of whoever nominates")
    until = models.DateTimeField("until (UK time)")
    reason = models.CharField(max_length=500)
    granted_by = models.ForeignKey(
        "members.User", models.SET_NULL, null=True, related_name="+", editable=False
    )
    granted_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-until"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="extension_says_why",
                violation_error_message="Say why this person is given more time.",
            ),
        ]

    def __str__(self):
        return f"{self.email} until {self.until:%-d %B %Y}"
