"""What changed between two versions of an entry, in words that readers can follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import F, IntegerField, Value
from django.db.models.fields.json import KeyTextTransform
from django.urls import reverse
from django.utils import timezone

from cja_portal.kit.differences import pieces_between
from dictionary.models import EntryVersion, RelationKind, Withdrawal
from dictionary.published import PublishedEntry, snapshot_of

CHECKED = "checked by a lawyer"
TEXTS = [
    ("plain", "in plain words"),
    ("means_for_you", "what this means for you"),
    ("legal", "in law"),
]


@dataclass(frozen=True)
class Change:
    title: str
    pieces: list

    @property
    def is_check(self):
        """Whether it only says when a lawyer read the words."""
        return self.title.endswith(CHECKED)


def draft_of(entry):
    """The working copy as the version it would become, never saved."""
    return EntryVersion(
        entry=entry,
        number=entry.versions.count() + 1,
        snapshot=snapshot_of(entry),
        published_at=timezone.now(),
    )


def changes_between(before, after):
    """The parts of an entry that differ between two of its versions, each word by word."""
    old, new = dict(_parts(before)), dict(_parts(after))
    return [
        Change(title, pieces_between(old.get(title, ""), new.get(title, "")))
        for title in dict.fromkeys([*old, *new])
        if old.get(title, "") != new.get(title, "")
    ]


def _parts(version):
    entry = PublishedEntry(version, slug=version.entry.slug)
    yield "Headword", entry.headword
    yield "Names", ", ".join(f"{label.text} ({label.kind})" for label in entry.labels)
    yield "How the names are recognised", "; ".join(map(_use, entry.labels))
    yield "Related words", "; ".join(map(_relation, entry.relations))
    yield "Who says this word", "\n".join(map(_note, entry.language_notes))
    for sense in entry.senses:
        place = f"{sense.place}, until {sense.valid_to}" if sense.valid_to else sense.place
        for name, title in TEXTS:
            yield f"{place}: {title}", getattr(sense, name)
        yield from ((f"{place}: {title}", text) for title, text in _facts(sense))


def _facts(sense):
    yield (
        "sources",
        "; ".join(f"{one} ({one.dated})" if one.dated else str(one) for one in sense.sources),
    )
    yield "no law defines it", _yes(sense.no_statutory_definition)
    yield "holds from", str(sense.valid_from or "")
    yield "replaced by", sense.replaced_by
    yield "law as of", str(sense.law_as_of)
    yield "next review", str(sense.review_due)
    yield "in force", _yes(sense.is_in_force)
    yield CHECKED, str(sense.checked_on or "not yet")


def _yes(is_so):
    return "yes" if is_so else "no"


def _use(label):
    forms = ", ".join([label.text, *label.forms])
    beside = ", ".join([*label.not_before, *label.not_after])
    return f"{forms}: {label.policy}, {label.case_rule}{beside and f', not beside {beside}'}"


def _relation(relation):
    kind, note = RelationKind(relation.kind).label, relation.note
    place = f" in {relation.place}" if relation.place else ""
    return f"{kind}{place}: {relation.to}{note and f' ({note})'}"


def _note(note):
    since = f", {note['since']}" if note["since"] else ""
    return f"{note['position']} ({note['held_by']}{since})"


# -- The public record ----------------------------------------------------------------------------


class Kind(StrEnum):
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"


@dataclass(frozen=True)
class Event:
    """A line of what changed in the whole dictionary; only a version has a `number`."""

    kind: Kind
    headword: str
    address: str
    note: str
    at: datetime
    number: int | None


class RecentChanges(Sequence):
    """Every new version, withdrawal and restoration, newest first; read from the database slice
    by slice, however long the record is."""

    def __len__(self):
        return self._rows().count()

    def __getitem__(self, chosen):
        if isinstance(chosen, slice):
            return [_event(*row) for row in self._rows()[chosen]]
        return _event(*self._rows()[chosen])

    def _rows(self):
        withdrawals = Withdrawal.objects.all()
        rows = _lines(
            EntryVersion.objects.all(), Kind.PUBLISHED, "published_at", "change_note"
        ).union(
            _lines(withdrawals, Kind.WITHDRAWN, "began_at", "because"),
            _lines(withdrawals.exclude(ended_at=None), Kind.RESTORED, "ended_at"),
            all=True,
        )
        return rows.order_by("-at", "-serial")


def recent_changes():
    return RecentChanges()


def _lines(rows, kind, at, note=""):
    """Rows of one table in the columns that all lines of the record share."""
    is_version = kind == Kind.PUBLISHED
    annotated = rows.order_by().annotate(
        kind=Value(kind.value),
        note=F(note) if note else Value("Readers can see it again."),
        at=F(at),
        version=F("number") if is_version else Value(None, IntegerField()),
        serial=F("pk"),
        headword=KeyTextTransform(
            "headword", "snapshot" if is_version else "entry__current__snapshot"
        ),
    )
    return annotated.values_list(
        "kind", "headword", "entry__slug", "note", "at", "version", "serial"
    )


def _event(kind, headword, slug, note, at, number, _serial):
    name, more = ("version-detail", [number]) if number else ("entry-detail", [])
    address = reverse(f"dictionary:{name}", args=[slug, *more])
    return Event(Kind(kind), headword, address, note, at, number)
