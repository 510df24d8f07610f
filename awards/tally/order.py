"""The order of the entries of a round, with its exact ties, and what stands in the way of one."""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from awards.tally.adjustment import adjusted_scores, plain_means

LEAST_SHEETS = 3
HEAVIEST, FIRST_PLACES, CHAIR, SHARED = "heaviest", "first-places", "chair", "shared"


class NotRankable(Exception):
    """Why there is no order, as a sentence; `parts` are the sets of entries that stand apart."""

    def __init__(self, reason, parts=()):
        super().__init__(reason)
        self.parts = parts


@dataclass(frozen=True)
class Line:
    """One entry of the order. `rank` is None where it has too few sheets to be placed.

    `tie` says what parted it from its equals, or, where the rank is shared, what is still to part
    them: a rule of ties, or nothing.
    """

    entry: object
    rank: int | None
    adjusted: Fraction
    raw: Fraction
    sheets: int
    tie: str = ""


@dataclass(frozen=True)
class Ranking:
    lines: list
    raw_leaders: list

    @property
    def leaders(self):
        return [line.entry for line in self.lines if line.rank == 1]

    @property
    def placed(self):
        return [line for line in self.lines if line.rank is not None]

    @property
    def leaders_agree(self):
        """Whether the plain mean names the same entry, or the same equals, as first."""
        return set(self.raw_leaders) == {line.entry for line in self._best()}

    def _best(self):
        best = max((line.adjusted for line in self.placed), default=None)
        return [line for line in self.placed if line.adjusted == best]


def rank(panel, *, tie_rules=(), heaviest=None, casting=(), least=LEAST_SHEETS):
    """The order by adjusted score; equals are parted by the stored rules alone, never by chance.

    `heaviest` is a panel of the marks on the criterion that weighs most; `casting` is the order in
    which the chair put equals; `least` may be a number of sheets, or one for each entry.
    Raises NotRankable where judges share no entries across the panel.
    """
    _refuse_apart(panel)
    adjusted, raw = adjusted_scores(panel), plain_means(panel)
    placed = [entry for entry in panel.entries if _is_read_enough(panel, entry, least)]
    values = _tie_values(panel, heaviest, casting)
    places = [
        *_places(_equals(placed, adjusted), tie_rules, values),
        *((entry, None, "") for entry in panel.entries if entry not in placed),
    ]
    lines = [
        Line(entry, place, adjusted[entry], raw[entry], len(panel.by_entry[entry]), tie)
        for entry, place, tie in places
    ]
    return Ranking(lines, next(iter(_equals(placed, raw)), []))


def _places(groups, tie_rules, values):
    """(entry, rank, tie) for all, equals at one rank."""
    taken = 0
    for tied in groups:
        for entries, tie in _parted(tied, list(tie_rules), values):
            yield from ((entry, taken + 1, tie) for entry in entries)
            taken += len(entries)


def _refuse_apart(panel):
    if not panel.scores:
        raise NotRankable("No sheets are in.")
    if len(panel.parts) > 1:
        raise NotRankable(
            "These sets of entries cannot be compared: no judge has marked in both.",
            [panel.entries_of(part) for part in panel.parts],
        )


def _is_read_enough(panel, entry, least):
    return len(panel.by_entry[entry]) >= (least if isinstance(least, int) else least[entry])


def _equals(entries, value):
    ordered = sorted(entries, key=lambda entry: -value[entry])
    return [list(tied) for _, tied in groupby(ordered, key=lambda entry: value[entry])]


def _tie_values(panel, heaviest, casting):
    values = {FIRST_PLACES: first_places(panel)}
    if heaviest is not None:
        values[HEAVIEST] = adjusted_scores(heaviest)
    if casting:
        values[CHAIR] = {entry: -number for number, entry in enumerate(casting)}
    return values


def first_places(panel):
    """How many judges gave each entry their highest score, alone or with others."""
    firsts = Counter()
    for given in panel.by_judge.values():
        best = max(given.values())
        firsts.update(entry for entry, score in given.items() if score == best)
    return firsts


def _parted(tied, rules, values, by=""):
    """Groups of entries in order, each with what parted it or is still to part it."""
    if len(tied) == 1:
        return [(tied, by)]
    if not rules or rules[0] == SHARED:
        return [(sorted(tied), rules[0] if rules else "")]
    value = values.get(rules[0], {})
    if rules[0] == CHAIR and not set(tied) <= value.keys():
        return [(sorted(tied), CHAIR)]
    groups = _equals(tied, value) if value else [tied]
    by = rules[0] if len(groups) > 1 else by
    return [part for group in groups for part in _parted(group, rules[1:], values, by)]
