"""Words of the justice system and what they mean, nation by nation."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from cja_portal.kit.database import SortKey
from cja_portal.kit.dates import in_words, validate_partial_date
from cja_portal.kit.fields import WebAddressField
from cja_portal.kit.text import sentences


class Jurisdiction(models.TextChoices):
    """Where a meaning holds. Each nation's system of justice is its own."""

    ENGLAND_AND_WALES = "england-and-wales", "England and Wales"
    SCOTLAND = "scotland", "Scotland"
    NORTHERN_IRELAND = "northern-ireland", "Northern Ireland"
    UK = "uk", "United Kingdom"


class Status(models.TextChoices):
    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"


class EntryQuerySet(models.QuerySet):
    def published(self):
        return self.filter(status=Status.PUBLISHED)

    def visible_to(self, user):
        return self if user.is_staff else self.published()

    def about(self, theme):
        return self.filter(topics=theme)

    def starting_with(self, letter):
        return self.filter(sort_name__startswith=letter.lower())

    def meant_in(self, jurisdiction):
        """Those with a meaning for the jurisdiction, its own or one for the whole UK."""
        places = [jurisdiction, Jurisdiction.UK]
        return self.filter(pk__in=Sense.objects.filter(jurisdiction__in=places).values("entry"))


class Entry(models.Model):
    """The page of a headword. What it means is said by its senses."""

    slug = models.SlugField(max_length=100, unique=True)
    headword = models.CharField(max_length=120)
    topics = models.ManyToManyField("members.Theme", related_name="entries", blank=True)
    status = models.CharField(max_length=20, choices=Status, default=Status.DRAFT)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    sort_name = models.GeneratedField(
        expression=SortKey("headword"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["sort_name"]
        verbose_name_plural = "entries"
        indexes = [models.Index(fields=["sort_name"], name="entry_sort_name")]

    def __str__(self):
        return self.headword

    def get_absolute_url(self):
        return reverse("dictionary:entry-detail", args=[self.slug])

    @property
    def initial(self):
        """The letter under which an index files it."""
        return self.sort_name[:1].upper()


class Certainty(models.TextChoices):
    """How sure the drafter was before any lawyer checked the meaning."""

    FOUND = "found", "Found in a named source"
    HIGH = "high", "Sure"
    MEDIUM = "medium", "Fairly sure"
    LOW = "low", "Unsure"


class SenseQuerySet(models.QuerySet):
    def current(self):
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=timezone.localdate()))

    def unchecked(self):
        return self.filter(checked_on__isnull=True)

    def overdue(self):
        return self.filter(review_due__lt=timezone.localdate())

    def saying(self, query):
        """Those whose text holds every word of `query`, in any form of the word."""
        return self.annotate(words=MEANING_WORDS).filter(words=query)


MEANING_WORDS = SearchVector("plain", "means_for_you", "legal", config="english")


class Sense(models.Model):
    """One meaning in one jurisdiction: the unit that is cited, checked and reviewed."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="senses")
    jurisdiction = models.CharField(max_length=20, choices=Jurisdiction)
    term = models.CharField(
        "word used there",
        max_length=120,
        blank=True,
        help_text="Only if another word than the headword is used in this place.",
    )
    plain = models.TextField("in plain words")
    means_for_you = models.TextField("what this means for you", blank=True)
    legal = models.TextField("in law")
    no_statutory_definition = models.BooleanField("no law defines it", default=False)
    is_in_force = models.BooleanField("in force", default=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    replaced_by = models.ForeignKey(
        Entry, models.SET_NULL, null=True, blank=True, related_name="replaces"
    )
    equivalent = models.ForeignKey(
        Entry, models.SET_NULL, null=True, blank=True, related_name="equivalent_to"
    )
    law_as_of = models.DateField("law as of")
    review_due = models.DateField("next review")
    checked_on = models.DateField("checked by a lawyer on", null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    certainty = models.CharField(max_length=10, choices=Certainty, default=Certainty.MEDIUM)
    editor_note = models.TextField("note for editors, not public", blank=True)

    objects = SenseQuerySet.as_manager()

    class Meta:
        ordering = ["entry__sort_name", "jurisdiction"]
        indexes = [GinIndex(MEANING_WORDS, name="sense_meaning_words")]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "jurisdiction"],
                condition=Q(valid_to__isnull=True),
                name="sense_one_current_meaning",
                violation_error_message="This entry already has a current meaning there.",
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
        return f"{self.name} ({self.get_jurisdiction_display()})"

    def get_absolute_url(self):
        return f"{self.entry.get_absolute_url()}?jurisdiction={self.jurisdiction}"

    @property
    def name(self):
        return self.term or self.entry.headword

    @property
    def gist(self):
        """The first sentence in plain words."""
        return next(iter(sentences(self.plain)), "")

    @property
    def is_former(self):
        return self.valid_to is not None and self.valid_to < timezone.localdate()

    @property
    def is_overdue(self):
        return self.review_due < timezone.localdate()


class LabelKind(models.TextChoices):
    ALTERNATIVE = "alternative", "Also called"
    ACRONYM = "acronym", "Short for it"
    SPOKEN = "spoken", "People also say"
    FORMER = "former", "Used to be called"
    AVOIDED = "avoided", "Word to avoid"
    MISSPELLING = "misspelling", "Often misspelled as"


class LabelQuerySet(models.QuerySet):
    def shown(self):
        """Every name but the misspellings, which serve the search alone."""
        return self.exclude(kind=LabelKind.MISSPELLING)


class Label(models.Model):
    """Another name under which people look for an entry."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="labels")
    jurisdiction = models.CharField(
        max_length=20, choices=Jurisdiction, blank=True, help_text="Blank if used everywhere."
    )
    text = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=LabelKind)
    said_as = models.CharField("how it is said", max_length=60, blank=True)
    note = models.CharField(max_length=200, blank=True)

    objects = LabelQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "text"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "jurisdiction", "text"],
                name="label_once_per_entry",
                violation_error_message="This entry already has this name.",
            ),
        ]

    def __str__(self):
        return self.text


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

    @property
    def dated_in_words(self):
        return in_words(self.dated)


class RelationKind(models.TextChoices):
    RELATED = "related", "Related"
    BROADER = "broader", "Part of"
    OPPOSITE = "opposite", "Opposite"
    NOT_SAME_AS = "not-same-as", "Not the same as"


class Relation(models.Model):
    """How one entry stands to another; `note` says why, in a sentence for readers."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="relations")
    to = models.ForeignKey(Entry, models.CASCADE, related_name="relations_from")
    kind = models.CharField(max_length=20, choices=RelationKind)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["kind", "to__sort_name"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "to", "kind"],
                name="relation_once",
                violation_error_message="These two entries are already related in this way.",
            ),
            models.CheckConstraint(
                condition=~Q(entry=F("to")),
                name="relation_is_between_two",
                violation_error_message="An entry cannot be related to itself.",
            ),
        ]

    def __str__(self):
        return f"{self.entry}: {self.get_kind_display()} {self.to}"
