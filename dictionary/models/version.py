from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.urls import reverse
from django.utils import timezone


class WordsOf(models.Func):
    """The English words of a text, by a function of ours that tells Postgres what they cost.

    Reading one text takes a third of a millisecond, which is a thousand times what Postgres
    believes of `to_tsvector`: for common words it would read every text and not ask the index.
    """

    function = "dictionary_words_of"
    output_field = SearchVectorField()


# A meaning that may not be published: it lacks words, a date, or something to rest on.
UNFIT_SENSE = """
    $.senses[*] ? (
        @.plain == "" || @.legal == "" || @.law_as_of == null || @.review_due == null
        || (@.sources.size() == 0 && @.no_statutory_definition == false)
    )
"""


class HasPath(models.Func):
    """Whether a JSON path finds anything in a JSON column."""

    function = "jsonb_path_exists"
    template = "%(function)s(%(expressions)s::jsonpath)"
    output_field = models.BooleanField()


class EntryVersionQuerySet(models.QuerySet):
    def current(self):
        """What readers see now."""
        return self.filter(entry__current=models.F("pk"), entry__withdrawn_at__isnull=True)

    def with_sense(self, sense_id):
        """Those in which a meaning was public."""
        return self.filter(snapshot__senses__contains=[{"id": sense_id}])

    def relating_to(self, slug):
        return self.filter(snapshot__relations__contains=[{"to": slug}])

    def saying(self, query):
        """Those whose meanings hold every word of `query`, in any form of the word."""
        return self.annotate(words=WordsOf("meanings")).filter(words=query)


class EntryVersion(models.Model):
    """An entry as it was published. A trigger refuses to change or delete it.

    `snapshot` holds all that its page shows (see dictionary.published); the other columns are
    copies of parts of it that lists and searches ask for.
    """

    entry = models.ForeignKey("dictionary.Entry", models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    snapshot = models.JSONField()
    jurisdictions = ArrayField(models.CharField(max_length=20), default=list)
    meanings = models.TextField()
    change_note = models.TextField("what changed")
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="+",
    )

    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="+",
    )

    objects = EntryVersionQuerySet.as_manager()

    class Meta:
        ordering = ["entry", "-number"]
        indexes = [
            # Without a list of words that wait: Postgres would rather read every text than that.
            GinIndex(WordsOf("meanings"), name="version_words", fastupdate=False),
        ]
        constraints = [
            models.UniqueConstraint(fields=["entry", "number"], name="version_number_once"),
            models.CheckConstraint(
                condition=models.Q(checked_by__isnull=True)
                | models.Q(published_by__isnull=True)
                | ~models.Q(checked_by=models.F("published_by")),
                name="version_two_people",
                violation_error_message=(
                    "Whoever made the legal check cannot publish too: ask a colleague."
                ),
            ),
            models.CheckConstraint(
                condition=HasPath("snapshot", models.Value("$.senses[0]"))
                & ~models.Q(HasPath("snapshot", models.Value(UNFIT_SENSE))),
                name="version_is_fit_to_publish",
                violation_error_message=(
                    "Each meaning needs plain words, the law, its date, a review date and a source."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.entry}, version {self.number}"

    def get_absolute_url(self):
        return reverse("dictionary:version-detail", args=[self.entry.slug, self.number])

    @property
    def previous(self):
        return self.number - 1
