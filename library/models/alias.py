from django.contrib.postgres.search import SearchQueryField
from django.db import models

from library.spelling import PhraseQuery


class Origin(models.TextChoices):
    STAFF = "staff", "Staff"
    DICTIONARY = "dictionary", "The dictionary"


class SearchAlias(models.Model):
    """Two names of one thing: whoever searches for one is shown the other too."""

    term = models.CharField(max_length=100, unique=True, help_text="For instance ROTL.")
    meaning = models.CharField(max_length=200, help_text="Release on temporary licence.")
    origin = models.CharField(
        "comes from",
        max_length=20,
        choices=Origin,
        default=Origin.STAFF,
        editable=False,
        help_text="What the dictionary gives follows it; what staff wrote is never touched.",
    )
    term_query = models.GeneratedField(
        expression=PhraseQuery("term"), output_field=SearchQueryField(), db_persist=True
    )
    meaning_query = models.GeneratedField(
        expression=PhraseQuery("meaning"), output_field=SearchQueryField(), db_persist=True
    )

    class Meta:
        ordering = ["term"]
        verbose_name_plural = "search aliases"

    def __str__(self):
        return f"{self.term}: {self.meaning}"
