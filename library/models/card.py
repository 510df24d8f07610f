"""The search's own copy of the library: written by triggers, never by us (see `library.cards`)."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL

SAMPLES = 128  # Each card is in one of so many samples, for figures that need not be exact.
LARGE_SAMPLE = 8


class Card(models.Model):
    """An item as the search sees it; where its files are kept from some, once with and once without
    their text. Of the cards of one item a reader ever meets one only."""

    item = models.ForeignKey(
        "library.Item",
        models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="cards",
    )
    is_partial = models.BooleanField("without its files")
    words = SearchVectorField()  # Words of record and files, facets, and who may see it.
    record = SearchVectorField(null=True)  # The same without the files, if these add anything.
    facets = ArrayField(models.TextField())
    subjects = models.TextField()
    sort_title = models.TextField(db_collation="C")
    dated = models.DateField("published, or the year 1")
    added_at = models.DateTimeField()
    visible_from = models.DateTimeField(null=True)
    sample = models.PositiveSmallIntegerField()
    is_public = models.GeneratedField(
        expression=RawSQL("words @@ '''A:public'''::tsquery", ()),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "is_partial"], name="card_once"),
        ]
        indexes = [
            GinIndex(fields=["words"], name="card_words", fastupdate=False),
            GinIndex(
                fields=["words"],
                name="card_words_large_sample",
                condition=Q(sample__lt=LARGE_SAMPLE),
                fastupdate=False,
            ),
            GinIndex(
                fields=["words"],
                name="card_words_small_sample",
                condition=Q(sample__lt=1),
                fastupdate=False,
            ),
            models.Index(F("dated").desc(), F("item").desc(), name="card_dated"),
            models.Index(F("added_at").desc(), F("item").desc(), name="card_added"),
            models.Index(fields=["sort_title", "item"], name="card_title"),
        ]

    def __str__(self):
        return self.sort_title


class Word(models.Model):
    """A word of public records, in its own spelling: what a misspelt word may have been."""

    word = models.TextField(primary_key=True, db_collation="C")
    items = models.PositiveIntegerField("items that have it, at the last count", default=1)

    class Meta:
        indexes = [GinIndex(OpClass("word", "gin_trgm_ops"), name="word_likeness")]

    def __str__(self):
        return self.word
