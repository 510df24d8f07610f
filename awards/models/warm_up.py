"""Marks for invented entries, given before the real ones. No result reads this table."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from awards.models.category import Category
from awards.models.judging import Judge

EXAMPLES = (1, 2)  # of awards/warm_up.py


class WarmUp(models.Model):
    """What a judge would give one invented entry: {number of the criterion: mark}."""

    judge = models.ForeignKey(Judge, models.CASCADE, related_name="warm_ups")
    category = models.ForeignKey(Category, models.CASCADE, related_name="warm_ups")
    example = models.PositiveSmallIntegerField()
    marks = models.JSONField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["judge_id", "category_id", "example"]
        constraints = [
            models.UniqueConstraint(
                fields=["judge", "category", "example"],
                name="warm_up_once",
                violation_error_message="This example is marked already.",
            ),
            models.CheckConstraint(
                condition=Q(example__in=EXAMPLES),
                name="warm_up_of_an_example",
                violation_error_message="There is no such example.",
            ),
        ]

    def __str__(self):
        return f"Example {self.example}, marked by {self.judge}"
