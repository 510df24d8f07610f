"""Who nominates, counted so that nobody can be found: there is no row of a person at all."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from awards.models.cycle import FIRST_YEAR, LAST_YEAR


class EqualityCount(models.Model):
    """How often one answer was given in one year.

    All rows of a year are made at once, in one order, and only their numbers grow: so neither a
    key, nor a time, nor the order of rows leads from an answer to a nomination.
    """

    year = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    )
    question = models.CharField(max_length=30)
    answer = models.CharField(max_length=30)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-year", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "question", "answer"],
                name="equality_count_once",
                violation_error_message="This answer is counted already.",
            ),
            models.CheckConstraint(
                condition=Q(count__gte=0),
                name="equality_count_is_a_number",
                violation_error_message="A count is no less than nothing.",
            ),
        ]

    def __str__(self):
        return f"{self.year}, {self.question}: {self.answer}"
