"""The files of a work, and the pages of text that were read out of them."""

import uuid
from enum import nonmember

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils import timezone

from library.models.item import Item
from library.models.terms import Language
from library.spelling import WordVector


class DocumentKind(models.TextChoices):
    MAIN = "main", "Main document"
    SUMMARY = "summary", "Summary"
    EASY_READ = "easy-read", "Easy Read"
    LARGE_PRINT = "large-print", "Large print"
    TRANSLATION = "translation", "Translation"
    ANNEX = "annex", "Annex"
    DATA = "data", "Data"
    SLIDES = "slides", "Slides"
    AUDIO = "audio", "Audio"
    VIDEO = "video", "Video"
    OTHER = "other", "Other"


class Reading(models.TextChoices):
    """What came of reading a document's text."""

    UNCHECKED = "unchecked", "Waiting for the virus scanner"
    WAITING = "waiting", "Waiting to be read"
    READ = "read", "Read"
    NO_TEXT = "no-text", "Pictures of pages only"
    ENCRYPTED = "encrypted", "Locked with a password"
    DAMAGED = "damaged", "Damaged"
    TOO_MUCH = "too-much", "Too much to read"
    INFECTED = "infected", "Refused: a virus was found"
    NOT_READ = "not-read", "Not a kind of file that is read"

    advice = nonmember(
        {
            "unchecked": "Nobody can open this file until the virus scanner has looked at it, "
            "which takes a few minutes. If it takes longer, the scanner may be out of order.",
            "waiting": "The text will be searchable in a few minutes.",
            "read": "The text of every page can be searched.",
            "no-text": "This file holds pictures of pages, without text: only its title and "
            "summary can be searched. A copy made from the original document, not scanned, would "
            "help everyone.",
            "encrypted": "This file is locked with a password, so nobody can search or read it "
            "here. Save a copy without a password and upload that.",
            "damaged": "This file cannot be opened: it may be damaged or not finished. Export it "
            "again and upload the new copy.",
            "too-much": "Reading this file took more time or memory than is allowed, so its text "
            "cannot be searched. A simpler or smaller copy may work.",
            "infected": "The virus scanner refused this file. It is kept from everyone.",
            "not-read": "Files of this kind are kept as they are; their text is not searched.",
        }
    )
    unfinished = nonmember({"unchecked", "waiting"})
    kept_from_everyone = nonmember({"unchecked", "infected"})
    # What staff can do something about: ask for a better copy.
    failed = nonmember({"no-text", "encrypted", "damaged", "too-much", "infected"})


def private_place(document, name):
    """Where a file is stored: nothing of its name or of the item can be told from it."""
    return f"library/documents/{uuid.uuid4().hex}"


def private_cover(document, name):
    return f"library/covers/{uuid.uuid4().hex}.webp"


class Version(models.Model):
    """A state of a work that was made public, with what changed since the one before."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    note = models.TextField("what changed", help_text="One or two plain sentences for readers.")
    is_major = models.BooleanField(
        "readers should be told", default=True, help_text="Only then do alerts go out."
    )
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey("members.User", models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="item_version_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="item_version_counts_from_one"),
            models.CheckConstraint(
                condition=~Q(note=""),
                name="item_version_says_what_changed",
                violation_error_message="Say what changed: readers will see it.",
            ),
        ]

    def __str__(self):
        return f"{self.item}, version {self.number}"


class DocumentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The files that `user` may open now: of a record in sight, for the files' audience."""
        items = Item.objects.visible_to(user).with_files_for(user)
        return self.not_kept_back().filter(item__in=items)

    def not_kept_back(self):
        """Those that nobody's virus scanner holds back, whoever may open them."""
        return self.exclude(reading__in=Reading.kept_from_everyone)

    def current(self):
        """Those of the newest version, not the ones that others took the place of."""
        return self.filter(removed_in__isnull=True)

    def waiting(self):
        """Those that the background worker has still to look at."""
        return self.filter(reading__in=Reading.unfinished)

    def failed(self):
        """Those whose text cannot be had as they are."""
        return self.filter(reading__in=Reading.failed)

    def alike(self, likeness, *, within=6):
        """Those whose text nearly has this likeness: at most so many of its 64 bits differ."""
        return self.annotate(
            difference=Func(
                F("likeness"),
                models.Value(likeness),
                template="bit_count((%(expressions)s)::bit(64))",
                arg_joiner=" # ",
                output_field=models.BigIntegerField(),
            )
        ).filter(difference__lte=within)


class Document(models.Model):
    """A file of a work as it was received; its text is read in the background."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=20, choices=DocumentKind, default=DocumentKind.MAIN)
    title = models.CharField(
        max_length=300, blank=True, help_text="Where it differs from the title of the work."
    )
    name = models.CharField(
        "name in addresses",
        max_length=120,
        validators=[RegexValidator(r"^[a-z0-9][a-z0-9-]*\.[a-z0-9]{1,8}$")],
        help_text="Small letters, figures and hyphens, such as annual-report-2024.pdf.",
    )
    position = models.PositiveSmallIntegerField(default=0)
    language = models.CharField(max_length=5, choices=Language, default=Language.ENGLISH)
    file = models.FileField(upload_to=private_place, max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField("size in bytes")
    sha256 = models.CharField("SHA-256 of the bytes received", max_length=64)
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    added_by = models.ForeignKey("members.User", models.SET_NULL, null=True, related_name="+")
    added_in = models.ForeignKey(
        Version, models.SET_NULL, null=True, blank=True, related_name="documents_added"
    )
    removed_in = models.ForeignKey(
        Version, models.SET_NULL, null=True, blank=True, related_name="documents_removed"
    )

    reading = models.CharField(
        "text", max_length=20, choices=Reading, default=Reading.WAITING, editable=False
    )
    tries = models.PositiveSmallIntegerField("attempts to read it", default=0, editable=False)
    page_count = models.PositiveIntegerField("pages", null=True, editable=False)
    cover = models.FileField(upload_to=private_cover, max_length=200, blank=True, editable=False)
    outline = models.JSONField(default=list, editable=False)  # [[depth, title, page number], …]
    found = models.JSONField(default=dict, editable=False)  # What the file says of itself.
    is_tagged = models.BooleanField("made for screen readers", null=True, editable=False)
    likeness = models.BigIntegerField(
        null=True, editable=False, db_index=True
    )  # A hash that near-same texts nearly share.

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        indexes = [
            models.Index(fields=["sha256"], name="document_sha256"),
            models.Index(
                fields=["added_at"],
                name="document_waiting",
                condition=Q(reading__in=sorted(Reading.unfinished)),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "name"],
                name="document_name_once",
                violation_error_message="The item already has a file with this name.",
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="document_has_its_hash"
            ),
            models.CheckConstraint(
                condition=~Q(reading=Reading.READ) | Q(page_count__gte=1),
                name="document_read_has_pages",
            ),
        ]

    def __str__(self):
        return self.title or self.name

    def get_absolute_url(self):
        return reverse("library:document-file", args=[self.item.slug, self.name])

    @property
    def advice(self):
        """The state of its text in a sentence that a volunteer understands."""
        return Reading.advice[self.reading]

    @property
    def unit(self):
        """What its pages are: pages, slides, sheets, or parts of a text that has no pages."""
        return self.found.get("unit", "page")

    @property
    def is_pdf(self):
        return self.content_type == "application/pdf"


class PageQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(document__in=Document.objects.visible_to(user))


class Page(models.Model):
    """The text of one page of a document."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField("number in the file, from 1")
    label = models.CharField("number as printed", max_length=20, blank=True)
    text = models.TextField(blank=True)
    words = models.GeneratedField(
        expression=WordVector("text", weight="D"), output_field=SearchVectorField(), db_persist=True
    )

    objects = PageQuerySet.as_manager()

    class Meta:
        ordering = ["document", "number"]
        indexes = [GinIndex(fields=["words"], name="page_words", fastupdate=False)]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="page_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="page_counts_from_one"),
        ]

    def __str__(self):
        return f"{self.document}, page {self.printed}"

    def get_absolute_url(self):
        document = self.document
        return reverse("library:page-detail", args=[document.item.slug, document.name, self.number])

    @property
    def printed(self):
        """What stands on the page, or which it is where nothing does."""
        return self.label or str(self.number)
