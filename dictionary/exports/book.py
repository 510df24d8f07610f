"""The whole public dictionary at one moment, from which every format is written."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache

from django.conf import settings
from django.db.models import Max, Min, Q
from django.urls import reverse

from cja_portal.kit.site import absolute
from dictionary.models import Entry, Jurisdiction, Stage
from dictionary.published import published

NAME = "Criminal justice dictionary"
MAKER = "Criminal Justice Alliance"
ADVICE = "Information, not legal advice."
# The owner has not decided on a licence. Until then this is all that can truly be said.
RIGHTS = (
    "No licence for these texts has been chosen yet. Before you publish copies of them, ask the "
    "Criminal Justice Alliance: info@criminaljusticealliance.org.uk. Information, not legal advice."
)
# Part of every stamp: raise it when a format changes, so that nobody keeps the old shape.
SHAPE = 1
NEVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Edition:
    """What tells one state of the public dictionary from the next."""

    stamp: str
    changed_at: datetime


def current_edition():
    """The stamp changes with every publication, withdrawal and change of topics."""
    public = Entry.objects.published()
    rows = public.order_by("pk").values_list("pk", "current_id", "slug")
    topics = public.order_by("pk", "topics").values_list("pk", "topics__slug", "topics__name")
    content = json.dumps([SHAPE, settings.SITE_ORIGIN, list(rows), list(topics)])
    return Edition(hashlib.sha256(content.encode()).hexdigest()[:16], _changed_at())


def _changed_at():
    """A restored entry is as old as its version: its row alone says when it came back."""
    moments = Entry.objects.filter(current__isnull=False).aggregate(
        version=Max("current__published_at"),
        withdrawal=Max("withdrawn_at"),
        restoration=Max("updated_at", filter=Q(stage=Stage.PUBLISHED)),
    )
    return max(filter(None, moments.values()), default=NEVER)


def current_book():
    """The book of today, read from the database once for each edition."""
    edition = current_edition()
    return _book(edition)


@lru_cache(maxsize=1)
def _book(edition):
    rows = (
        Entry.objects.published()
        .in_public_order()
        .select_related("current")
        .prefetch_related("topics")
        .annotate(issued_at=Min("versions__published_at"))
        .order_by("filed_as", "pk")
    )
    return Book(edition, list(rows))


class Book:
    """Every public entry in the order of the alphabet, and what stands beside its snapshot."""

    def __init__(self, edition, rows):
        self.edition = edition
        self.entries = [published(row) for row in rows]
        self.by_slug = {entry.slug: entry for entry in self.entries}
        self.topics_of = {row.pk: list(row.topics.all()) for row in rows}
        self.issued_at = {row.pk: row.issued_at for row in rows}
        self.initial_of = {row.pk: row.initial for row in rows}

    @cached_property
    def senses(self):
        """(entry, sense) by the permanent number of the meaning."""
        return {sense.id: (entry, sense) for entry in self.entries for sense in entry.senses}

    def public_relations(self, entry):
        """Those that lead to a public entry: a draft must not be guessed from them."""
        return [one for one in entry.relations if one.to in self.by_slug]

    def replaced_by(self, sense):
        """The address part of the entry that took its place, if that is public."""
        return sense.replaced_by if sense.replaced_by in self.by_slug else ""


def names_of(entry, sense):
    """Every name of a meaning, the preferred one first; misspellings too."""
    own = [label for label in entry.labels if label.sense in (None, sense.id)]
    return sorted(own, key=lambda label: label.kind != "preferred")


@lru_cache(maxsize=1)
def _front():
    """Looked up once: an export names thousands of addresses."""
    return reverse("dictionary:entry-list")


def sense_address(sense_id):
    """The permanent name of a meaning, for people and programs alike."""
    return absolute(f"{_front()}id/{sense_id}/")


def entry_address(slug):
    return absolute(f"{_front()}{slug}/")


def list_address():
    return absolute(_front())


def scheme_address(jurisdiction):
    """The name of the collection of all meanings of one place: a part of the page on data."""
    return terms_address() + Jurisdiction(jurisdiction)


def terms_address():
    """What the names of our schemes and properties begin with; the page on data explains them."""
    return absolute(f"{_front()}data/#")
