from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils import timezone

from cja_portal.kit.dates import in_words, validate_partial_date
from cja_portal.kit.fields import WebAddressField
from dictionary.models.entry import Entry

REVIEWED_EVERY = timedelta(days=365)


class Jurisdiction(models.TextChoices):
    """Where a meaning holds. Each nation's system of justice is its own."""

    ENGLAND_AND_WALES = "england-and-wales", "England and Wales"
    SCOTLAND = "scotland", "Scotland"
    NORTHERN_IRELAND = "northern-ireland", "Northern Ireland"
    UK = "uk", "United Kingdom"


class Certainty(models.TextChoices):
    """How sure the drafter was before any lawyer checked the meaning."""

    FOUND = "found", "Found in a named source"
    HIGH = "high", "Sure"
    MEDIUM = "medium", "Fairly sure"
    LOW = "low", "Unsure"


class Span(Func):
    """The days from `valid_from` to `valid_to`, both included, open where one is blank."""

    function = "daterange"
    output_field = DateRangeField()


class SenseQuerySet(models.QuerySet):
    def current(self):
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=timezone.localdate()))

    def unchecked(self):
        return self.filter(checked_on__isnull=True)

    def overdue(self):
        return self.filter(review_due__lt=timezone.localdate())


class Sense(models.Model):
    """One meaning in one jurisdiction: what is cited, checked, reviewed and exported.

    Its id is permanent and never used again: `/dictionary/id/<id>/` names it for ever.
    """

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="senses")
    jurisdiction = models.CharField(max_length=20, choices=Jurisdiction)
    plain = models.TextField("in plain words")
    means_for_you = models.TextField("what this means for you", blank=True)
    legal = models.TextField("in law")
    no_statutory_definition = models.BooleanField("no law defines it", default=False)
    is_in_force = models.BooleanField("in force", default=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField("valid to and including", null=True, blank=True)
    replaced_by = models.ForeignKey(
        Entry, models.SET_NULL, null=True, blank=True, related_name="replaces"
    )
    law_as_of = models.DateField("law as of")
    review_due = models.DateField(
        "next review", blank=True, help_text="Blank: a year after the date of the law."
    )
    checked_on = models.DateField("checked by a lawyer on", null=True, blank=True, editable=False)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    certainty = models.CharField(max_length=10, choices=Certainty, default=Certainty.MEDIUM)
    editor_note = models.TextField("note for editors, not public", blank=True)

    objects = SenseQuerySet.as_manager()

    class Meta:
        ordering = ["entry__sort_name", "jurisdiction", "-valid_to"]
        constraints = [
            ExclusionConstraint(
                name="sense_one_meaning_at_a_time",
                expressions=[
                    ("entry", RangeOperators.EQUAL),
                    ("jurisdiction", RangeOperators.EQUAL),
                    (
                        Span("valid_from", "valid_to", RangeBoundary(True, True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message="This entry already has a meaning there at that time.",
            ),
            models.CheckConstraint(
                condition=~Q(plain="") & ~Q(legal=""),
                name="sense_says_something",
                violation_error_message="Write the meaning in plain words and in law.",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="sense_ends_after_start",
                violation_error_message="A meaning cannot end before it begins.",
            ),
            models.CheckConstraint(
                condition=Q(review_due__gt=F("law_as_of")),
                name="sense_review_follows_law",
                violation_error_message="The next review must be later than the date of the law.",
            ),
        ]

    def __str__(self):
        return f"{self.entry} ({self.get_jurisdiction_display()})"

    def get_absolute_url(self):
        return reverse("dictionary:sense-detail", args=[self.pk])

    def clean(self):
        """Fill in the review date, and refuse a span that runs backwards, which Postgres
        cannot compare with others."""
        if self.law_as_of and not self.review_due:
            self.review_due = self.law_as_of + REVIEWED_EVERY
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValidationError({"valid_to": "A meaning cannot end before it begins."})


class SourceKind(models.TextChoices):
    ACT = "act", "Act"
    REGULATIONS = "regulations", "Regulations"
    RULES = "rules", "Rules"
    CODE = "code", "Code of practice"
    CASE = "case", "Judgment"
    GUIDANCE = "guidance", "Guidance"
    REPORT = "report", "Report"
    WEBSITE = "website", "Website"


class Source(models.Model):
    """What a meaning rests on: an instrument and the provision in it."""

    sense = models.ForeignKey(Sense, models.CASCADE, related_name="sources")
    kind = models.CharField(max_length=20, choices=SourceKind)
    title = models.CharField(max_length=250)
    provision = models.CharField(max_length=250, blank=True)
    url = WebAddressField("address", blank=True)
    dated = models.CharField(
        "date of the version used",
        max_length=10,
        blank=True,
        validators=[validate_partial_date],
        help_text="2021, 2021-07 or 2021-07-14.",
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self):
        return f"{self.title}, {self.provision}" if self.provision else self.title


class LanguageNote(models.Model):
    """What somebody holds about a contested word, since when; several may stand side by side."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="language_notes")
    position = models.TextField("what they hold")
    held_by = models.CharField(max_length=200)
    since = models.CharField(
        max_length=10, blank=True, validators=[validate_partial_date], help_text="2021 or 2021-07."
    )
    link = WebAddressField(blank=True)

    class Meta:
        ordering = ["since", "held_by"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(held_by="") & ~Q(position=""),
                name="language_note_is_attributed",
                violation_error_message="Say who holds this, and what.",
            ),
        ]

    def __str__(self):
        return f"{self.held_by}, {in_words(self.since)}" if self.since else self.held_by
