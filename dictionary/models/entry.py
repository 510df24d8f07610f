from enum import nonmember

from django.db import models
from django.db.models import Q, Value
from django.db.models.fields.json import KeyTextTransform
from django.urls import reverse
from django.utils import timezone

from cja_portal.kit.database import SortKey
from dictionary.models.version import HasPath


class Stage(models.TextChoices):
    """Where the working copy of an entry stands on its way to readers."""

    DRAFT = "draft", "Draft"
    PLAIN_EDIT = "plain-edit", "Plain-language edit"
    LEGAL_CHECK = "legal-check", "Legal check"
    READY = "ready", "Ready to publish"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"

    next_stages = nonmember(
        {
            "draft": {"plain-edit"},
            "plain-edit": {"draft", "legal-check"},
            "legal-check": {"draft", "plain-edit", "ready"},
            "ready": {"draft", "published"},
            "published": {"draft", "ready", "withdrawn"},
            "withdrawn": {"draft"},
        }
    )


UNCHECKED = "$.senses[*] ? (@.checked_on == null)"
OVERDUE = '$.senses[*] ? (@.review_due < "{day}")'


class EntryQuerySet(models.QuerySet):
    def published(self):
        """Those that readers see, in the words of their current version."""
        return self.filter(current__isnull=False, withdrawn_at__isnull=True)

    def unchecked(self):
        """Those with a meaning that readers see before any lawyer has checked it."""
        return self.published().filter(HasPath("current__snapshot", Value(UNCHECKED)))

    def overdue(self):
        """Those with a public meaning whose review should have been made by now."""
        path = OVERDUE.format(day=timezone.localdate().isoformat())
        return self.published().filter(HasPath("current__snapshot", Value(path)))

    def visible_to(self, user):
        """The same for everyone: drafts are seen in the admin alone."""
        return self.published()

    def about(self, theme):
        return self.filter(topics=theme)

    def in_public_order(self):
        """Filed under the headword that readers see; editors may be at work on another."""
        shown = KeyTextTransform("headword", "current__snapshot")
        return self.annotate(shown_as=shown, filed_as=SortKey(shown)).order_by("filed_as")

    def starting_with(self, letter):
        return self.in_public_order().filter(filed_as__startswith=letter.lower())

    def meant_in(self, jurisdiction):
        """Those with a published meaning for the jurisdiction, its own or one for all the UK."""
        return self.filter(current__jurisdictions__overlap=[jurisdiction, "uk"])


class Entry(models.Model):
    """The page of a headword. What it means is said by its senses.

    Its slug is its address: once public, a trigger keeps it for ever, whatever the headword.
    Its topics are shelf marks: they change at once, without a new version.
    """

    slug = models.SlugField(
        "address",
        max_length=100,
        unique=True,
        help_text="It stays for ever, even if the headword changes: people cite it.",
    )
    headword = models.CharField(max_length=120)
    topics = models.ManyToManyField("members.Theme", related_name="entries", blank=True)
    stage = models.CharField(max_length=20, choices=Stage, default=Stage.DRAFT, editable=False)
    current = models.OneToOneField(
        "dictionary.EntryVersion",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_because = models.TextField("why it was withdrawn", blank=True, editable=False)
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
        constraints = [
            models.CheckConstraint(
                condition=~Q(stage=Stage.PUBLISHED) | Q(current__isnull=False),
                name="entry_published_has_a_version",
                violation_error_message="A published entry has a version that readers see.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_because=""),
                name="entry_withdrawn_says_why",
                violation_error_message="Say in a sentence why the entry is withdrawn.",
            ),
            models.CheckConstraint(
                condition=~Q(stage=Stage.WITHDRAWN) | Q(withdrawn_at__isnull=False),
                name="entry_withdrawn_since",
                violation_error_message="A withdrawn entry says since when.",
            ),
        ]

    def __str__(self):
        return self.headword

    def get_absolute_url(self):
        return reverse("dictionary:entry-detail", args=[self.slug])

    @property
    def initial(self):
        """The letter under which `in_public_order` files it."""
        return self.filed_as[:1].upper()
