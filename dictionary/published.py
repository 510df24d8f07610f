"""What readers see: the snapshot of an entry, written when it is published and read ever after.

`snapshot_of` turns the editors' rows into plain data; `PublishedEntry` reads it back. Every public
page, search, export and feed goes through it, so that no draft can be seen anywhere.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.urls import reverse
from django.utils import timezone

from cja_portal.kit.dates import in_words
from cja_portal.kit.text import sentences
from dictionary.models import Jurisdiction, LabelKind, LinkPolicy, SourceKind

DATES = ("valid_from", "valid_to", "law_as_of", "review_due", "checked_on")
SENSE_FIELDS = (
    *("id", "jurisdiction", "plain", "means_for_you", "legal"),
    *("no_statutory_definition", "is_in_force"),
)
LABEL_FIELDS = (
    *("text", "kind", "language", "case_rule", "policy", "forms"),
    *("not_before", "not_after", "said_as", "note"),
)
SOURCE_FIELDS = ("kind", "title", "provision", "url", "dated")


# -- Writing --------------------------------------------------------------------------------------


def snapshot_of(entry):
    """All that the page of `entry` shows, as plain data for JSON."""
    senses = entry.senses.order_by("jurisdiction", "-valid_to", "pk")
    return {
        "headword": entry.headword,
        "senses": [_sense(sense) for sense in senses.select_related("replaced_by")],
        "labels": [_label(label) for label in entry.labels.order_by("kind", "text")],
        "relations": [_relation(row) for row in entry.relations.select_related("to")],
        "language_notes": list(entry.language_notes.values("position", "held_by", "since", "link")),
    }


def _sense(sense):
    days = {name: getattr(sense, name) for name in DATES}
    return {
        **{name: getattr(sense, name) for name in SENSE_FIELDS},
        **{name: day and day.isoformat() for name, day in days.items()},
        "replaced_by": sense.replaced_by.slug if sense.replaced_by else "",
        "sources": list(sense.sources.values(*SOURCE_FIELDS)),
    }


def _label(label):
    return {name: getattr(label, name) for name in LABEL_FIELDS} | {"sense": label.sense_id}


def _relation(relation):
    own = {name: getattr(relation, name) for name in ("kind", "jurisdiction", "note")}
    return own | {"to": relation.to.slug}


TELLING = 60  # letters: "Scotland has its own law on this." tells nothing yet


# -- Reading --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PublishedLabel:
    text: str
    kind: str
    language: str
    case_rule: str
    policy: str
    forms: list
    not_before: list
    not_after: list
    said_as: str
    note: str
    sense: int | None

    @property
    def is_only_searched(self):
        """What people say when they look for the word, and no name of it."""
        return self.kind == LabelKind.SPOKEN and self.policy == LinkPolicy.NEVER


@dataclass(frozen=True)
class PublishedSource:
    kind: str
    title: str
    provision: str
    url: str
    dated: str

    def __str__(self):
        return f"{self.title}, {self.provision}" if self.provision else self.title

    @property
    def dated_in_words(self):
        return in_words(self.dated)

    @property
    def kind_in_words(self):
        return SourceKind(self.kind).label


@dataclass(frozen=True)
class PublishedRelation:
    kind: str
    to: str
    note: str
    jurisdiction: str = ""  # Where the other word is used; older versions do not say.

    @property
    def place(self):
        return Jurisdiction(self.jurisdiction).label if self.jurisdiction else ""


@dataclass(frozen=True)
class PublishedSense:
    """One meaning as it was published."""

    id: int
    jurisdiction: str
    plain: str
    means_for_you: str
    legal: str
    no_statutory_definition: bool
    is_in_force: bool
    valid_from: date | None
    valid_to: date | None
    law_as_of: date
    review_due: date
    checked_on: date | None
    replaced_by: str
    sources: list
    name: str
    headword: str
    address: str

    @property
    def place(self):
        return Jurisdiction(self.jurisdiction).label

    @property
    def gist(self):
        """The first sentence in plain words, with the second if it says little by itself."""
        first, *others = sentences(self.plain) or [""]
        return " ".join([first, *others[: len(first) < TELLING]])

    @property
    def is_former(self):
        return self.valid_to is not None and self.valid_to < timezone.localdate()

    @property
    def is_overdue(self):
        return self.review_due < timezone.localdate()

    @property
    def has_own_name(self):
        return self.name != self.headword

    def holds_on(self, day):
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)

    def is_unproved_on(self, day):
        """Whether nobody has looked how far back, or ahead, of its law this meaning holds."""
        is_too_early = self.valid_from is None and day < self.law_as_of
        return self.holds_on(day) and (is_too_early or day > timezone.localdate())

    def get_absolute_url(self):
        """The page of its entry, opened at this meaning, a former one on its last day."""
        day = f"&on={self.valid_to.isoformat()}" if self.is_former else ""
        return f"{self.address}?jurisdiction={self.jurisdiction}{day}"


class PublishedEntry:
    """An entry as one of its versions says it."""

    def __init__(self, version, *, slug):
        self.version, self.slug = version, slug
        self.snapshot = version.snapshot
        self.pk = version.entry_id

    @property
    def headword(self):
        return self.snapshot["headword"]

    def __str__(self):
        return self.headword

    def get_absolute_url(self):
        return reverse("dictionary:entry-detail", args=[self.slug])

    @cached_property
    def labels(self):
        return [PublishedLabel(**label) for label in self.snapshot["labels"]]

    @cached_property
    def relations(self):
        return [PublishedRelation(**relation) for relation in self.snapshot["relations"]]

    @property
    def language_notes(self):
        return [
            note | {"since_in_words": in_words(note["since"])}
            for note in self.snapshot["language_notes"]
        ]

    @cached_property
    def senses(self):
        """Those of the nations in the order of `Jurisdiction`, the newest law first."""
        order = Jurisdiction.values
        senses = [self._sense(data) for data in self.snapshot["senses"]]
        newest = sorted(senses, key=lambda one: one.valid_to or date.max, reverse=True)
        return sorted(newest, key=lambda one: order.index(one.jurisdiction))

    def _sense(self, data):
        days = {name: data[name] and date.fromisoformat(data[name]) for name in DATES}
        sources = [PublishedSource(**source) for source in data["sources"]]
        return PublishedSense(
            **(data | days | {"sources": sources}),
            name=self._preferred_name(data["id"]),
            headword=self.headword,
            address=self.get_absolute_url(),
        )

    def _preferred_name(self, sense_id, language="en"):
        names = (
            label.text
            for label in self.labels
            if label.kind == LabelKind.PREFERRED
            and (label.sense, label.language) == (sense_id, language)
        )
        return next(names, self.headword)

    def sense_for(self, jurisdiction="", *, on=None):
        """The meaning for a place, else for the whole UK, else the first; on a day, or now.

        Now, a place that no longer uses the word gets its own former meaning, not its neighbour's:
        that is why an entry without a place asked for stays with the place of its first meaning.
        None if the entry has no meaning at all for that day.
        """
        day = on or timezone.localdate()
        holding = [sense for sense in self.senses if sense.holds_on(day)]
        former = [] if on else [sense for sense in self.senses if sense not in holding]
        own = jurisdiction or self.senses[0].jurisdiction
        order = [(holding, own), (holding, Jurisdiction.UK), (former, own)]
        chosen = (sense for some, place in order for sense in some if sense.jurisdiction == place)
        return next(chosen, next(iter(holding or former), None))

    @property
    def is_superseded(self):
        """Whether every meaning has ended: computed from its dates, like the review."""
        return all(sense.is_former for sense in self.senses)

    @property
    def is_overdue(self):
        return any(sense.is_overdue for sense in self.senses)

    @property
    def main_sense(self):
        return self.sense_for()

    def other_names(self, sense):
        """The names of a meaning besides its preferred one, without the misspellings."""
        hidden = {LabelKind.PREFERRED, LabelKind.MISSPELLING}
        own = (label for label in self._labels_of(sense) if not label.is_only_searched)
        return [label for label in own if label.kind not in hidden]

    def sayings(self, sense):
        """What people say when they look for a meaning."""
        return [label.text for label in self._labels_of(sense) if label.is_only_searched]

    def _labels_of(self, sense):
        return [label for label in self.labels if label.sense in (None, sense.id)]


def published(entry):
    """What readers see of `entry` now; its `current` version must be selected with it."""
    return PublishedEntry(entry.current, slug=entry.slug)
