"""A judge's own marks held up to them: how they spread, and how they lie beside colleagues'.

Nothing of others is looked at before the lock. What rests on few sheets is not told: see LEAST.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from statistics import fmean, stdev

from awards.models import Sheet
from awards.models.category import MARKS

LEAST = 8  # sheets, for any comparison
FULL = 100  # what the weights of a category total


@dataclass(frozen=True)
class Level:
    """By how much somebody's sheets differ from others on the same entries, and its range."""

    difference: float
    low: float
    high: float
    agreement: int  # of 100 pairs of entries, those that both put in the same order

    @property
    def is_clear(self):
        return self.low > 0 or self.high < 0


class Mirror:
    """Of one judge in one round: their sheets that count, in the order of handing in."""

    def __init__(self, round_, judge):
        self.round, self.judge = round_, judge
        self.criteria = list(round_.category.criteria.all())
        self.weights = {one.pk: one.weight for one in self.criteria}
        self.marks = self._marks(Sheet.objects.filter(assignment__judge=judge))
        self.scores = {entry: self._score(marks) for entry, marks in self.marks}

    def _marks(self, sheets):
        """[(entry, {criterion: mark})]"""
        sheets = sheets.counting().filter(assignment__round=self.round).order_by("submitted_at")
        rows = sheets.select_related("assignment").prefetch_related("marks")
        return [
            (sheet.assignment.nomination_id, {m.criterion_id: m.value for m in sheet.marks.all()})
            for sheet in rows
        ]

    def _score(self, marks):
        return sum(self.weights[criterion] * mark for criterion, mark in marks.items()) / FULL

    @property
    def count(self):
        return len(self.scores)

    @property
    def least(self):
        return LEAST

    def spread(self):
        """[(criterion, how often each mark was given)]"""
        return [(one, self._counts(one.pk)) for one in self.criteria]

    def _counts(self, criterion):
        given = [marks.get(criterion) for _, marks in self.marks]
        return [given.count(mark) for mark in MARKS]

    @property
    def average(self):
        return fmean(self.scores.values())

    @property
    def lowest(self):
        return min(self.scores.values())

    @property
    def highest(self):
        return max(self.scores.values())

    @cached_property
    def halves(self):
        """The averages of the first and of the second half of the sheets; None for too few."""
        scores = list(self.scores.values())
        middle = len(scores) // 2
        return (fmean(scores[:middle]), fmean(scores[middle:])) if len(scores) >= LEAST else None

    def earlier(self):
        """[(round, average)] of the category's other round, where there are enough sheets."""
        others = self.round.category.rounds.exclude(pk=self.round.pk)
        mirrors = [Mirror(one, self.judge) for one in others.select_related("category")]
        return [(one.round, one.average) for one in mirrors if one.count >= LEAST]

    @cached_property
    def level(self):
        """Beside colleagues on the same entries: after the lock alone; None for too few."""
        if not self.round.is_over:
            return None
        theirs = self._averages_of_colleagues()
        pairs = [(own, theirs[entry]) for entry, own in self.scores.items() if entry in theirs]
        return _level(pairs) if len(pairs) >= LEAST else None

    def _averages_of_colleagues(self):
        scores = {}
        for entry, marks in self._marks(Sheet.objects.exclude(assignment__judge=self.judge)):
            scores.setdefault(entry, []).append(self._score(marks))
        return {entry: fmean(given) for entry, given in scores.items()}


def _level(pairs):
    """The range is twice the standard error to either side."""
    differences = [own - theirs for own, theirs in pairs]
    middle = fmean(differences)
    reach = 2 * stdev(differences) / len(differences) ** 0.5
    return Level(middle, middle - reach, middle + reach, _agreement(pairs))


def _agreement(pairs):
    turns = [(a[0] - b[0]) * (a[1] - b[1]) for a, b in combinations(pairs, 2)]
    told = [turn for turn in turns if turn]
    return round(100 * sum(turn > 0 for turn in told) / len(told)) if told else 100
