"""Words that people looked for and did not find; how little is kept says dictionary.missing."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class MissSighting(models.Model):
    """That somebody looked for some word on a day. Neither can be read here.

    Both digests are keyed with the secret key and the day, so that rows of two days, or of two
    words, have nothing in common that shows.
    """

    day = models.DateField()
    word = models.CharField(max_length=64)
    visitor = models.CharField(max_length=64)
    is_first = models.BooleanField("the visitor's first search for it")

    class Meta:
        ordering = ["day"]
        indexes = [models.Index(fields=["word"], name="miss_sighting_word")]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "word", "visitor"],
                name="miss_sighting_once_a_day",
                violation_error_message="This search is already noted for the day.",
            ),
        ]

    def __str__(self):
        return f"A search on {self.day}"


class MissingWordQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(entry__isnull=True, is_set_aside=False)


class MissingWord(models.Model):
    """A word that enough different people missed for staff to see it."""

    text = models.CharField("word", max_length=40, unique=True)
    searches = models.PositiveIntegerField("visitors and days", default=0)
    last_seen_on = models.DateField("last missed")
    entry = models.OneToOneField(
        "dictionary.Entry",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="missing_word",
        verbose_name="draft made of it",
    )
    is_set_aside = models.BooleanField("set aside", default=False)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = MissingWordQuerySet.as_manager()

    class Meta:
        ordering = ["-searches", "text"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(text__regex=r"[0-9@]"),
                name="missing_word_tells_of_nobody",
                violation_error_message="A word with digits or @ may be about a person.",
            ),
        ]

    def __str__(self):
        return self.text
