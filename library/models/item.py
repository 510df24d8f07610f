"""What the library holds: reports, reviews, responses and other works, ours and other people's."""

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Prefetch, Q
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from cja_portal.kit.database import SortKey
from cja_portal.kit.fields import WebAddressField
from library.models.audience import Audience, belongs_to
from library.models.contributor import Publisher
from library.models.described import Described
from library.models.identifiers import validate_doi, validate_isbn
from library.models.terms import (
    Certainty,
    ContentNote,
    Kind,
    Language,
    Licence,
    LinkKind,
    Precision,
    Status,
)
from library.spelling import PhraseQuery, WordVector, together

# Addresses under /library/ that are not items.
RESERVED_SLUGS = {
    *("collections", "data", "export", "oai", "quote", "searches", "shelf", "shelves"),
    *("submissions", "submit", "unapi"),
}


class ItemQuerySet(models.QuerySet):
    def open_to(self, user):
        """Those whose time has come and whose audience includes `user`, whatever their status."""
        return self.due().filter(belongs_to(user, "audience"))

    def due(self):
        return self.filter(Q(visible_from__isnull=True) | Q(visible_from__lte=timezone.now()))

    def visible_to(self, user):
        """The one rule of who sees what, decided now and used by every surface."""
        if user.is_staff:
            return self.exclude(status=Status.WITHDRAWN)
        return self.filter(status=Status.PUBLISHED).open_to(user)

    def tombstones_for(self, user):
        """The withdrawn ones that `user` could have seen: that they were here is still said."""
        withdrawn = self.filter(status=Status.WITHDRAWN)
        return withdrawn if user.is_staff else withdrawn.open_to(user)

    def for_everyone(self):
        return self.visible_to(AnonymousUser())

    def ever_public(self):
        """Those that everyone sees now or has seen: what harvesters were told of."""
        return self.for_everyone() | self.filter(has_been_public=True)

    def with_files_for(self, user):
        """Those whose files `user` may open, if `user` may see the record."""
        return self.filter(belongs_to(user, "files_audience"))

    def owned_by(self, user):
        """Those that belong to an organisation of `user`, in whatever state."""
        return self.filter(owner__in=user.organisation_ids())

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

    def with_publishers(self):
        publishings = Publisher.objects.select_related("organisation")
        return self.defer("text_words", "note").prefetch_related(
            Prefetch("publishings", publishings)
        )

    def for_rows(self):
        """With all that a row of a list shows, and without the heavy search column."""
        return self.with_publishers().prefetch_related("contributors")

    def for_page(self):
        """With all that the page and the citations of an item say."""
        return self.for_rows().prefetch_related("contributors__organisation", "themes", "nations")


class Answers(Func):
    """Whether a search vector meets a query."""

    template = "%(expressions)s"
    arg_joiner = " @@ "
    output_field = models.BooleanField()


class Item(Described, models.Model):
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
    project = models.CharField("project or reference group", max_length=200, blank=True)
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
    owner = models.ForeignKey(
        "members.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="owned_items",
        help_text="The member whose people may prepare and change it. Blank: staff only.",
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
        "who may see the record", max_length=20, choices=Audience, default=Audience.PUBLIC
    )
    files_audience = models.CharField(
        "who may open its files", max_length=20, choices=Audience, default=Audience.PUBLIC
    )
    readers = models.ManyToManyField(
        "members.Organisation",
        blank=True,
        related_name="readable_items",
        help_text="The organisations named, where an audience is “the organisations named”.",
    )
    created_at = models.DateTimeField("added", default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    import_key = models.CharField(max_length=600, null=True, unique=True, editable=False)
    # Held by triggers (migration 0007), for harvesters; what a save says of them is not believed.
    # `changed_at`: when what everyone may read of the item last changed, its names, themes and
    # files too. `left_sets`: the sets it was in when it was taken from the public.
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    has_been_public = models.BooleanField(default=False, editable=False)
    left_sets = ArrayField(models.TextField(), default=list, editable=False)
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

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = [F("published_on").desc(nulls_last=True), "-id"]
        indexes = [
            models.Index(fields=["sort_title"], name="item_sort_title"),
            models.Index(fields=["-published_on", "-id"], name="item_newest"),
            models.Index(fields=["status", "visible_from"], name="item_status"),
            models.Index(Greatest("changed_at", "visible_from"), F("id"), name="item_harvested"),
            models.Index(
                Greatest(Coalesce("published_at", "created_at"), "visible_from"),
                F("id"),
                name="item_appeared",
            ),
            models.Index(
                fields=["changed_at", "id"],
                name="item_public_again",
                condition=Q(has_been_public=True, visible_from__isnull=False),
            ),
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
                condition=Q(status__in=sorted(Status.unseen), published_at__isnull=True)
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
        return self.known_as

    @property
    def publisher_list(self):
        """The publishers in their order."""
        return [publishing.organisation for publishing in self.publishings.all()]

    @property
    def contributor_list(self):
        return list(self.contributors.all())

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
