"""What changed between two versions of an entry, in words that readers can follow."""

import re
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from django.db.models.fields.json import KT

from dictionary.models import Entry, EntryVersion
from dictionary.published import PublishedEntry, published

_WORDS = re.compile(r"\s+|[^\s]+")
_SENTENCES = re.compile(r"[^.!?\n]+[.!?\n]*|[.!?\n]+")
MOST_PAIRS = 1_000_000  # More would take seconds to compare.
TEXTS = [
    ("plain", "in plain words"),
    ("means_for_you", "what this means for you"),
    ("legal", "in law"),
]


@dataclass(frozen=True)
class Piece:
    """A stretch of text that stayed, went or came."""

    text: str
    is_gone: bool = False
    is_new: bool = False


@dataclass(frozen=True)
class Change:
    title: str
    pieces: list


def changes_between(before, after):
    """The parts of an entry that differ between two of its versions, each word by word."""
    old, new = dict(_parts(before)), dict(_parts(after))
    return [
        Change(title, pieces_between(old.get(title, ""), new.get(title, "")))
        for title in dict.fromkeys([*old, *new])
        if old.get(title, "") != new.get(title, "")
    ]


def pieces_between(old, new):
    """`old` and `new` as one text in which what went and what came can be marked."""
    before, after = _parted(old, new)
    pieces = []
    for kind, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("".join(before[i:j])))
            continue
        gone, came = "".join(before[i:j]), "".join(after[k:m])
        pieces += [Piece(gone, is_gone=True)] if gone else []
        pieces += [Piece(came, is_new=True)] if came else []
    return pieces


def _parted(old, new):
    """Both texts in words or, where these are too many, in sentences, or whole."""
    for parts in (_WORDS, _SENTENCES):
        before, after = parts.findall(old), parts.findall(new)
        if len(before) * len(after) <= MOST_PAIRS:
            return before, after
    return [old], [new]


def _parts(version):
    entry = PublishedEntry(version, slug=version.entry.slug)
    yield "Headword", entry.headword
    yield "Names", ", ".join(f"{label.text} ({label.kind})" for label in entry.labels)
    yield "Related words", ", ".join(f"{one.kind}: {one.to}" for one in entry.relations)
    for sense in entry.senses:
        place = f"{sense.place}, until {sense.valid_to}" if sense.valid_to else sense.place
        for name, title in TEXTS:
            yield f"{place}: {title}", getattr(sense, name)
        yield f"{place}: sources", "; ".join(map(str, sense.sources))
        yield f"{place}: law as of", str(sense.law_as_of)
        yield f"{place}: in force", "yes" if sense.is_in_force else "no"
        yield f"{place}: checked by a lawyer", str(sense.checked_on or "not yet")


@dataclass(frozen=True)
class Event:
    """A line of what changed in the whole dictionary; `number` is None for a withdrawal."""

    headword: str
    address: str
    note: str
    at: datetime
    number: int | None


def recent_changes():
    """Every new version and every withdrawal, newest first."""
    versions = EntryVersion.objects.annotate(headword=KT("snapshot__headword"))
    versions = versions.select_related("entry").defer("snapshot", "meanings")
    new = [
        Event(
            version.headword,
            version.get_absolute_url(),
            version.change_note,
            version.published_at,
            version.number,
        )
        for version in versions
    ]
    withdrawn = [
        Event(
            published(entry).headword,
            entry.get_absolute_url(),
            entry.withdrawn_because,
            entry.withdrawn_at,
            None,
        )
        for entry in Entry.objects.filter(withdrawn_at__isnull=False).select_related("current")
    ]
    return sorted(new + withdrawn, key=lambda event: event.at, reverse=True)
