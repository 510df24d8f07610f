from django.db import models

from awards.models.published import PublishedCycle


class PublishedFigure(models.Model):
    """A number about a year that readers may know; none where it would tell of few people."""

    cycle = models.ForeignKey(PublishedCycle, models.CASCADE, related_name="figures")
    position = models.PositiveSmallIntegerField()
    group = models.CharField("what is counted", max_length=120)
    label = models.CharField(max_length=120)
    count = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["cycle", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "position"],
                name="published_figure_once",
                violation_error_message="This place in the list is taken.",
            ),
        ]

    def __str__(self):
        return f"{self.group}: {self.label}"
