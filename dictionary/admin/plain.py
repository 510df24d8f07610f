"""The plainness report in the admin: beside the text while somebody types, and for all entries."""

from dataclasses import dataclass
from functools import lru_cache

from dictionary.matching import Form, Matcher
from dictionary.models import CaseRule, LabelKind
from dictionary.plainness import burden, count_words, findings
from dictionary.search import current_index

TEXTS = [("plain", "In plain words"), ("means_for_you", "What this means for you")]
KINDS = {
    "long": "Long sentence",
    "passive": "Passive",
    "acronym": "Letters",
    "latin": "Latin",
    "negative": "Double negative",
    "noun": "Hidden verb",
    "label": "Name for people",
    "hard": "Hard word",
}


@dataclass(frozen=True)
class Report:
    """What was found in one text of a meaning."""

    field: str
    title: str
    words: int
    found: list

    @property
    def lines(self):
        return [(KINDS[one.kind], one) for one in self.found]


@dataclass(frozen=True)
class Burden:
    """How an entry stands in the list of all, worst first."""

    entry: object
    points: int
    counts: list
    words: int


def report(texts):
    """Reports on {field: text} of one meaning; line ends are counted as the browser counts them."""
    clean = {field: texts.get(field, "").replace("\r\n", "\n") for field, _ in TEXTS}
    return [
        Report(field, title, count_words(clean[field]), check(clean[field]))
        for field, title in TEXTS
        if clean[field].strip()
    ]


def check(text):
    known = tuple((match.start, match.end) for match in _matcher(current_index()).find(text))
    return list(_check(text, known))


def burdens(entries):
    """Every entry with what its working copy weighs on readers, the heaviest first."""
    rows = [_burden(entry) for entry in entries.prefetch_related("senses")]
    return sorted(rows, key=lambda row: row.points, reverse=True)


def _burden(entry):
    reports = [
        one
        for sense in entry.senses.all()
        for one in report({field: getattr(sense, field) for field, _ in TEXTS})
    ]
    found = [finding for one in reports for finding in one.found]
    words = sum(one.words for one in reports)
    counts = [(title, sum(one.kind == kind for one in found)) for kind, title in KINDS.items()]
    return Burden(entry, burden(found, words), [pair for pair in counts if pair[1]], words)


@lru_cache(maxsize=10_000)
def _check(text, known):
    return tuple(findings(text, known=known))


@lru_cache(maxsize=1)
def _matcher(index):
    """Finds every name that the dictionary explains, even where our own pages would not link it."""
    labels = [(name.entry_id, name.label) for name in index.names if name.label]
    return Matcher(
        Form(text, pk, label.case_rule == CaseRule.EXACT)
        for pk, label in labels
        if label.kind != LabelKind.MISSPELLING
        for text in (label.text, *label.forms)
    )
