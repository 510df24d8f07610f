"""What the library holds: reports, reviews, responses and other works, ours and other people's."""

import re
from enum import nonmember

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQueryField, SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, Func, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date

from cja_portal.kit.database import SortKey
from cja_portal.kit.fields import WebAddressField
from library.spelling import PhraseQuery, WordVector, together

# Addresses under /library/ that are not items.
RESERVED_SLUGS = {"collections", "export", "oai", "quote", "searches", "shelf", "submit"}


class Kind(models.TextChoices):
    REPORT = "report", "Report"
    BRIEFING = "briefing", "Briefing"
    CONSULTATION_RESPONSE = "consultation-response", "Consultation response"
    PARLIAMENTARY_BRIEFING = "parliamentary-briefing", "Parliamentary briefing"
    SUPER_COMPLAINT = "super-complaint", "Super-complaint"
    REVIEW = "review", "Review"
    INQUIRY = "inquiry", "Inquiry"
    INSPECTION = "inspection", "Inspection"
    COMMITTEE_REPORT = "committee-report", "Committee report"
    POLICY_PAPER = "policy-paper", "Policy paper"
    GOVERNMENT_RESPONSE = "government-response", "Government response"
    STATISTICS = "statistics", "Statistics"
    RESEARCH = "research", "Research"
    JOURNAL_ARTICLE = "journal-article", "Journal article"
    EVALUATION = "evaluation", "Evaluation"
    GUIDANCE = "guidance", "Guidance"
    STRATEGY = "strategy", "Strategy"
    FACTSHEET = "factsheet", "Factsheet"
    TOOLKIT = "toolkit", "Toolkit"
    PODCAST = "podcast", "Podcast"


class Precision(models.TextChoices):
    """How exactly the date of publication is known."""

    YEAR = "year", "Year"
    MONTH = "month", "Month"
    DAY = "day", "Day"


class Language(models.TextChoices):
    ENGLISH = "en", "English"
    WELSH = "cy", "Welsh"
    IRISH = "ga", "Irish"
    SCOTTISH_GAELIC = "gd", "Scottish Gaelic"


class Licence(models.TextChoices):
    """On what terms the work itself may be used."""

    OGL = "ogl-3", "Open Government Licence v3.0"
    OPEN_PARLIAMENT = "open-parliament", "Open Parliament Licence v3.0"
    CC_BY = "cc-by-4", "Creative Commons Attribution 4.0"
    CROWN = "crown", "Crown copyright"
    ALL_RIGHTS_RESERVED = "all-rights-reserved", "All rights reserved"
    ASK = "ask", "Ask the publisher"
    NOT_STATED = "not-stated", "Not stated"

    addresses = nonmember(
        {
            "ogl-3": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
            "open-parliament": (
                "https://www.parliament.uk/site-information/copyright-parliament"
                "/open-parliament-licence/"
            ),
            "cc-by-4": "https://creativecommons.org/licenses/by/4.0/",
        }
    )


class LinkKind(models.TextChoices):
    """What the reader finds behind the link."""

    PUBLISHER = "publisher", "The publisher's page"
    NOTICE = "notice", "A notice about it"
    OFFICIAL_COPY = "official-copy", "An official copy"
    COPY = "copy", "A copy"


class Certainty(models.TextChoices):
    """How sure we are of what our record says."""

    FOUND = "found", "Checked against a source we found"
    HIGH = "high", "Sure, but not checked against the work itself"
    MEDIUM = "medium", "Fairly sure; some details may be wrong"
    LOW = "low", "Not sure; please check before you rely on it"


class ContentNote(models.TextChoices):
    """What a reader may want to be warned of."""

    DEATH = "death", "Deaths in custody"
    CHILD_DEATH = "child-death", "Death of a child"
    SUICIDE = "suicide", "Suicide and self-harm"
    SEXUAL_VIOLENCE = "sexual-violence", "Sexual violence"
    DOMESTIC_ABUSE = "domestic-abuse", "Domestic abuse"
    CHILD_ABUSE = "child-abuse", "Abuse of children"
    VIOLENCE = "violence", "Violence"
    RACISM = "racism", "Racist language or events"

    ABUSE = nonmember({"sexual-violence", "domestic-abuse", "child-abuse"})


class Audience(models.TextChoices):
    PUBLIC = "public", "Everyone"
    MEMBERS = "members", "Members only"
    STAFF = "staff", "Staff only"


class Status(models.TextChoices):
    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Submitted"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"

    # What was once published leaves a trace: it is withdrawn with a reason, never a draft again.
    next_states = nonmember(
        {
            "draft": {"submitted", "published"},
            "submitted": {"draft", "published"},
            "published": {"withdrawn"},
            "withdrawn": {"published"},
        }
    )


def validate_isbn(value):
    """Ten or thirteen digits whose check digit is right."""
    digits = value.replace("-", "").replace(" ", "").upper()
    if re.fullmatch(r"\d{9}[\dX]", digits):
        values = [10 if digit == "X" else int(digit) for digit in digits]
        right = (
            sum(weight * one for weight, one in zip(range(10, 0, -1), values, strict=True)) % 11
            == 0
        )
    else:
        weights = [1, 3] * 6 + [1]
        right = re.fullmatch(r"97[89]\d{10}", digits) and (
            sum(weight * int(one) for weight, one in zip(weights, digits, strict=True)) % 10 == 0
        )
    if not right:
        raise ValidationError("This is not an ISBN: its check digit is wrong.")


def validate_doi(value):
    if not re.fullmatch(r"10\.\d{4,9}/\S+", value):
        raise ValidationError("Write the DOI as 10.1007/s11196-021-09870-6, without the address.")


class ItemQuerySet(models.QuerySet):
    def open_to(self, user):
        """Those whose time has come and whose audience includes `user`, whatever their status."""
        is_due = Q(visible_from__isnull=True) | Q(visible_from__lte=timezone.now())
        audience = Q(audience=Audience.PUBLIC)
        if user.is_authenticated:
            audience |= Q(Exists(user.affiliations.current()), audience=Audience.MEMBERS)
        return self.filter(is_due, audience)

    def visible_to(self, user):
        """The one rule of who sees what, decided now and used by every surface."""
        if user.is_staff:
            return self.exclude(status=Status.WITHDRAWN)
        return self.filter(status=Status.PUBLISHED).open_to(user)

    def tombstones_for(self, user):
        """The withdrawn ones that `user` could have seen: that they were here is still said."""
        withdrawn = self.filter(status=Status.WITHDRAWN)
        return withdrawn if user.is_staff else withdrawn.open_to(user)

    def waiting(self):
        return self.filter(status=Status.SUBMITTED)

    def published_by(self, organisation):
        return self.filter(
            pk__in=Publisher.objects.filter(organisation=organisation).values("item")
        )

    def about(self, theme):
        return self.filter(themes=theme)

    def mentioning(self, phrases):
        """Those whose title or summary holds any of the phrases, in any form of its words."""
        queries = [PhraseQuery(models.Value(phrase)) for phrase in phrases if phrase.strip()]
        return self.filter(Answers(F("text_words"), together(*queries))) if queries else self.none()

    def newest_first(self):
        return self.order_by(F("published_on").desc(nulls_last=True), "-pk")

    def for_rows(self):
        """With all that a row of a list shows, and without the heavy search columns."""
        return self.defer("search_words", "text_words", "note").prefetch_related(
            Prefetch("publishings", Publisher.objects.select_related("organisation")),
            "contributors",
        )

    def for_page(self):
        """With all that the page and the citations of an item say."""
        return self.for_rows().prefetch_related("contributors__organisation", "themes", "nations")


class Answers(Func):
    """Whether a search vector meets a query."""

    template = "%(expressions)s"
    arg_joiner = " @@ "
    output_field = models.BooleanField()


class Item(models.Model):
    """The record of one work."""

    code = models.CharField(
        "short code",
        max_length=6,
        unique=True,
        editable=False,
        db_default=Func(function="library_next_code"),
    )
    slug = models.SlugField("address", max_length=100, unique=True)
    kind = models.CharField(max_length=30, choices=Kind)
    title = models.CharField(max_length=300)
    subtitle = models.CharField(max_length=300, blank=True)
    summary = models.TextField("summary in plain words (Markdown)", blank=True)
    published_on = models.DateField(
        "published",
        null=True,
        blank=True,
        help_text="Only the month known: its first day. Only the year known: 1 January.",
    )
    precision = models.CharField(
        "how exactly the date is known", max_length=5, choices=Precision, blank=True
    )
    publishers = models.ManyToManyField(
        "members.Organisation", through="library.Publisher", related_name="published_items"
    )
    series = models.CharField("series or journal", max_length=200, blank=True)
    number = models.CharField("number in the series", max_length=60, blank=True)
    isbn = models.CharField("ISBN", max_length=20, blank=True, validators=[validate_isbn])
    doi = models.CharField("DOI", max_length=200, blank=True, validators=[validate_doi])
    language = models.CharField(max_length=5, choices=Language, default=Language.ENGLISH)
    licence = models.CharField(max_length=20, choices=Licence, default=Licence.NOT_STATED)
    licence_certainty = models.CharField(
        "certainty of the licence", max_length=10, choices=Certainty, default=Certainty.MEDIUM
    )
    content_notes = ArrayField(
        models.CharField(max_length=20, choices=ContentNote), default=list, blank=True
    )
    link = WebAddressField("web address", max_length=500, blank=True)
    link_kind = models.CharField(
        "what the address leads to", max_length=20, choices=LinkKind, blank=True
    )
    link_note = models.CharField("note on the address", max_length=300, blank=True)
    themes = models.ManyToManyField("members.Theme", blank=True, related_name="items")
    nations = models.ManyToManyField("members.Area", blank=True, related_name="items")
    superseded_by = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="supersedes"
    )
    certainty = models.CharField(
        "certainty of the record", max_length=10, choices=Certainty, default=Certainty.MEDIUM
    )
    note = models.TextField("note for staff, not public", blank=True)

    status = models.CharField(max_length=20, choices=Status, default=Status.DRAFT, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_because = models.TextField("reason for the withdrawal", blank=True, editable=False)
    visible_from = models.DateTimeField(
        "visible from",
        null=True,
        blank=True,
        help_text="UK time. Blank: as soon as it is published.",
    )
    audience = models.CharField(
        "who may see it", max_length=20, choices=Audience, default=Audience.PUBLIC
    )
    created_at = models.DateTimeField("added", default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    # Names and themes stand in other tables; `actions.refresh_search_names` copies them here.
    search_names = models.TextField(default="", editable=False)
    search_themes = models.TextField(default="", editable=False)
    sort_title = models.GeneratedField(
        expression=SortKey("title"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )
    text_words = models.GeneratedField(
        expression=WordVector("title", "subtitle", "summary", weight="A"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    search_words = models.GeneratedField(
        expression=together(
            WordVector("title", "subtitle", weight="A"),
            WordVector("search_names", "series", "number", weight="B"),
            WordVector("summary", "search_themes", weight="C"),
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = [F("published_on").desc(nulls_last=True), "-id"]
        indexes = [
            models.Index(fields=["sort_title"], name="item_sort_title"),
            models.Index(fields=["-published_on", "-id"], name="item_newest"),
            models.Index(fields=["status", "visible_from"], name="item_status"),
            GinIndex(fields=["search_words"], name="item_search_words", fastupdate=False),
            GinIndex(fields=["text_words"], name="item_text_words", fastupdate=False),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(slug__in=sorted(RESERVED_SLUGS)),
                name="item_slug_is_free",
                violation_error_message="This address is taken by a page of the library itself.",
            ),
            models.CheckConstraint(
                condition=Q(published_on__isnull=True, precision="")
                | Q(published_on__isnull=False, precision__in=Precision.values),
                name="item_date_has_precision",
                violation_error_message="Give the date and how exactly it is known, or neither.",
            ),
            models.CheckConstraint(
                condition=Q(published_on__isnull=True)
                | ~Q(precision=Precision.YEAR)
                | Q(published_on__month=1, published_on__day=1),
                name="item_year_is_filed_under_its_first_day",
                violation_error_message="If only the year is known, the date is its 1 January.",
            ),
            models.CheckConstraint(
                condition=Q(published_on__isnull=True)
                | ~Q(precision=Precision.MONTH)
                | Q(published_on__day=1),
                name="item_month_is_filed_under_its_first_day",
                violation_error_message="If only the month is known, the date is its first day.",
            ),
            models.CheckConstraint(
                condition=Q(link="", link_kind="") | (~Q(link="") & ~Q(link_kind="")),
                name="item_link_has_a_kind",
                violation_error_message="Give the web address and what it leads to, or neither.",
            ),
            models.CheckConstraint(
                condition=Q(superseded_by__isnull=True) | ~Q(superseded_by=F("id")),
                name="item_does_not_replace_itself",
                violation_error_message="An item cannot take its own place.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[Status.DRAFT, Status.SUBMITTED], published_at__isnull=True)
                | Q(status__in=[Status.PUBLISHED, Status.WITHDRAWN], published_at__isnull=False),
                name="item_published_since",
                violation_error_message="A published item says since when; a draft does not.",
            ),
            models.CheckConstraint(
                condition=(
                    Q(status=Status.WITHDRAWN, withdrawn_at__isnull=False)
                    & ~Q(withdrawn_because="")
                )
                | (
                    ~Q(status=Status.WITHDRAWN) & Q(withdrawn_at__isnull=True, withdrawn_because="")
                ),
                name="item_withdrawn_says_why",
                violation_error_message="A withdrawn item says when and why it was withdrawn.",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("library:item-detail", args=[self.slug])

    @property
    def full_title(self):
        return f"{self.title}: {self.subtitle}" if self.subtitle else self.title

    @property
    def date_in_words(self):
        """ "14 July 2021", "July 2021" or "2021", as exactly as it is known."""
        if not self.published_on:
            return "no date"
        formats = {Precision.YEAR: "Y", Precision.MONTH: "F Y", Precision.DAY: "j F Y"}
        return format_date(self.published_on, formats[self.precision])

    @property
    def partial_date(self):
        """ "2021-07-14", "2021-07" or "2021"; blank if the work has no date."""
        lengths = {Precision.YEAR: 4, Precision.MONTH: 7, Precision.DAY: 10, "": 0}
        return self.published_on.isoformat()[: lengths[self.precision]] if self.published_on else ""

    @property
    def publisher_list(self):
        """The publishers in their order."""
        return [publishing.organisation for publishing in self.publishings.all()]

    @property
    def licence_address(self):
        return Licence.addresses.get(self.licence, "")

    @property
    def content_note_labels(self):
        return [ContentNote(note).label for note in self.content_notes]

    @property
    def needs_quick_exit(self):
        """Whether another person must not find a reader at its page."""
        return not ContentNote.ABUSE.isdisjoint(self.content_notes)

    @property
    def is_public(self):
        """Whether everyone sees it now."""
        is_due = self.visible_from is None or self.visible_from <= timezone.now()
        return self.status == Status.PUBLISHED and self.audience == Audience.PUBLIC and is_due


class Publisher(models.Model):
    """An organisation in its place among the publishers of an item."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="publishings")
    organisation = models.ForeignKey(
        "members.Organisation", models.PROTECT, related_name="publishings"
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "organisation"],
                name="publisher_once",
                violation_error_message="This organisation is already among the publishers.",
            ),
        ]

    def __str__(self):
        return self.organisation.name


class ContributorKind(models.TextChoices):
    PERSON = "person", "Person"
    ORGANISATION = "organisation", "Organisation"


class ContributorRole(models.TextChoices):
    AUTHOR = "author", "Author"
    CHAIR = "chair", "Chair"
    EDITOR = "editor", "Editor"
    EVALUATOR = "evaluator", "Evaluator"


class Contributor(models.Model):
    """Who made a work, with the name as it was printed."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="contributors")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField("name as printed", max_length=200)
    filed_as = models.CharField(
        max_length=200,
        blank=True,
        help_text="“Family name, given names”, where a citation would get it wrong by itself.",
    )
    kind = models.CharField(max_length=20, choices=ContributorKind)
    organisation = models.ForeignKey(
        "members.Organisation",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="contributions",
    )
    role = models.CharField(max_length=20, choices=ContributorRole, default=ContributorRole.AUTHOR)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=ContributorKind.ORGANISATION)
                | Q(kind=ContributorKind.PERSON, organisation__isnull=True),
                name="contributor_person_is_no_organisation",
                violation_error_message="Only an organisation has a page in the directory.",
            ),
            models.UniqueConstraint(
                fields=["item", "name", "role"],
                name="contributor_once",
                violation_error_message="This name already stands in this role.",
            ),
        ]

    def __str__(self):
        return self.name


class SearchAlias(models.Model):
    """Two names of one thing: whoever searches for one is shown the other too."""

    term = models.CharField(max_length=100, unique=True, help_text="For instance ROTL.")
    meaning = models.CharField(max_length=200, help_text="Release on temporary licence.")
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
