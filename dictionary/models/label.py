from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from dictionary.models.entry import Entry
from dictionary.models.sense import Sense


class LabelKind(models.TextChoices):
    PREFERRED = "preferred", "Preferred"
    ALTERNATIVE = "alternative", "Also called"
    ACRONYM = "acronym", "Short for it"
    SPOKEN = "spoken", "People also say"
    FORMER = "former", "Used to be called"
    AVOIDED = "avoided", "Word to avoid"
    MISSPELLING = "misspelling", "Often misspelled as"


class Language(models.TextChoices):
    """Of a name. A meaning is one in all languages: its words in Welsh would stand beside it."""

    ENGLISH = "en", "English"
    WELSH = "cy", "Welsh"


class CaseRule(models.TextChoices):
    ANY = "any", "In any letters"
    EXACT = "exact", "Only in these letters (PACE, not pace)"


class LinkPolicy(models.TextChoices):
    """In which texts the name is taken for the entry."""

    EVERYWHERE = "everywhere", "Everywhere"
    EXPLAIN_ONLY = "explain-only", "Only where a reader asks for an explanation"
    NEVER = "never", "Never: it serves the search alone"


class LabelQuerySet(models.QuerySet):
    def other_names(self):
        """Every name but the preferred one and the misspellings, which serve the search alone."""
        return self.exclude(kind__in=[LabelKind.PREFERRED, LabelKind.MISSPELLING])


class Label(models.Model):
    """A name of an entry, in all its meanings or in one.

    `forms` are its other spellings in a text (plural, possessive); `not_before` and `not_after`
    are the words beside which it means something else.
    """

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="labels")
    sense = models.ForeignKey(
        Sense,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="labels",
        help_text="Blank if every meaning of the entry goes by this name.",
    )
    language = models.CharField(max_length=5, choices=Language, default=Language.ENGLISH)
    text = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=LabelKind)
    case_rule = models.CharField(max_length=10, choices=CaseRule, default=CaseRule.ANY)
    policy = models.CharField(max_length=20, choices=LinkPolicy, default=LinkPolicy.EVERYWHERE)
    forms = ArrayField(models.CharField(max_length=130), default=list, blank=True)
    not_before = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    not_after = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    said_as = models.CharField("how it is said", max_length=60, blank=True)
    note = models.CharField(max_length=200, blank=True)

    objects = LabelQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "text"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "sense", "language", "text"],
                nulls_distinct=False,
                name="label_once_per_entry",
                violation_error_message="This entry already has this name.",
            ),
            models.UniqueConstraint(
                fields=["sense", "language"],
                condition=Q(kind=LabelKind.PREFERRED),
                name="label_one_preferred",
                violation_error_message="This meaning already has a preferred name.",
            ),
            models.CheckConstraint(
                condition=~Q(kind=LabelKind.PREFERRED) | Q(sense__isnull=False),
                name="label_preferred_names_a_sense",
                violation_error_message="Say of which meaning this is the preferred name.",
            ),
        ]

    def __str__(self):
        return self.text
