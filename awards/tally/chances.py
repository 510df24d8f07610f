"""How sure the first place is: chances from draws of the fitted model, never used for the order.

Sheets are read as entry + judge + chance, all three normal, with the mean unknown. The three
variances are fitted by expectation and maximisation in Henderson's form (restricted likelihood);
then entries are drawn from what the sheets leave open. Entries are held towards their mean here,
because free ones overstate the leader's chance (.47 said for .41 true, at three reads an entry).
"""

from collections import Counter
from dataclasses import dataclass, field
from math import cos, log, pi, sqrt
from operator import mul
from random import Random
from statistics import fmean

from awards.tally.adjustment import SHRINKAGE

DRAWS = 2000
CLEAR, LIKELY = 0.75, 0.45
MOST_STEPS, SETTLED, LEAST_VARIANCE = 60, 1e-3, 1.0
RANGE = 0.9
NEIGHBOURS = 3
# What steadies the fit of a small panel: so many sheets that chance moves by half a mark, entries
# as unlike as chance, and judges as λ takes them. With two, what six judges say of seven entries
# in three reads each promised .88 for .80 true; see `python -m tests.benchmarks.judging 1000`.
IMAGINARY, HALF_A_MARK = 6, 50


@dataclass(frozen=True)
class Confidence:
    """The chance of each entry to be the best, and between which ranks it lies nine times in ten.

    `word` is for the entry in question: clear, likely or too close. `as_good[lower, upper]` is the
    chance that an entry is as good as one that the order puts up to NEIGHBOURS places above it.
    """

    chances: dict
    ranges: dict
    as_good: dict = field(default_factory=dict)

    def chance(self, entry):
        return nearest_five(self.chances[entry])

    def word(self, entry):
        chance = self.chances[entry]
        return "clear" if chance >= CLEAR else "likely" if chance >= LIKELY else "too close"


def nearest_five(chance):
    """In per cent: finer figures would promise more than a model can say."""
    return round(chance * 20) * 5


def confidence(panel, seed, draws=DRAWS, order=()):
    """The same for the same sheets and `seed`, which is their fingerprint."""
    places = {entry: Counter() for entry in panel.entries}
    as_good = Counter()
    pairs = [(low, up) for at, up in enumerate(order) for low in order[at + 1 :][:NEIGHBOURS]]
    for drawn in Fit(panel).draws(Random(seed), draws):
        for place, entry in enumerate(sorted(drawn, key=drawn.get, reverse=True), 1):
            places[entry][place] += 1
        as_good.update(pair for pair in pairs if drawn[pair[0]] >= drawn[pair[1]])
    return Confidence(
        {entry: count[1] / draws for entry, count in places.items()},
        {entry: _range(count, draws) for entry, count in places.items()},
        {pair: as_good[pair] / draws for pair in pairs},
    )


def _range(count, draws):
    """The middle nine tenths of the places drawn."""
    ordered = sorted(count.elements())
    outside = (1 - RANGE) / 2
    return ordered[int(draws * outside)], ordered[min(draws - 1, int(draws * (1 - outside)))]


class Given:
    """The sheets of one entry: whose they are, what they say, and what that adds up to."""

    def __init__(self, scores, place):
        self.judges = [place[judge] for judge in scores]
        self.scores = list(scores.values())
        self.count, self.total = len(scores), sum(scores.values())


class Fit:
    """The model fitted to a panel. A judge is its place in it; the place after them is the mean."""

    def __init__(self, panel):
        self.entries = panel.entries
        place = {judge: number for number, judge in enumerate(panel.judges)}
        self.judges = len(place)
        self.given = [Given(panel.by_entry[entry], place) for entry in self.entries]
        self.count = len(panel.scores)
        spread = _variance(list(panel.scores.values()))
        self.variances = [max(spread / 3, LEAST_VARIANCE)] * 3
        self._settle()

    def _settle(self):
        for _ in range(MOST_STEPS):
            before = self.variances
            self._solve()
            self.variances = self._improved()
            if all(
                abs(new - old) <= SETTLED * old
                for new, old in zip(self.variances, before, strict=True)
            ):
                break
        self._solve()

    def _solve(self):
        """Judges' levels and the mean, with entries integrated out, and how sure they are."""
        _, of_judges, _ = self.variances
        size = self.judges + 1
        known = [[0.0] * size for _ in range(size)]
        right = [0.0] * size
        for given in self.given:
            self._add(known, right, given)
        for judge in range(self.judges):
            known[judge][judge] += 1 / of_judges
        self.covariance = inverse(known)
        self.levels = [sum(map(mul, row, right)) for row in self.covariance]

    def _held(self, given):
        """The share of a sum of residuals that is the entry's own."""
        of_entries, _, of_chance = self.variances
        return of_entries / (of_chance + given.count * of_entries)

    def _add(self, known, right, given):
        precision, held = 1 / self.variances[2], self._held(given)
        left, shared = precision * (1 - held * given.count), precision * held
        for judge, score in zip(given.judges, given.scores, strict=True):
            row = known[judge]
            row[judge] += precision
            row[-1] += left
            known[-1][judge] += left
            right[judge] += precision * score - shared * given.total
            for other in given.judges:
                row[other] -= shared
        right[-1] += left * given.total
        known[-1][-1] += left * given.count

    def _improved(self):
        worths = [self._worth(given, self.levels) for given in self.given]
        unsure = [self._unsure(given) for given in self.given]
        of_judges = [
            self.levels[judge] ** 2 + self.covariance[judge][judge] for judge in range(self.judges)
        ]
        of_entries = [worth**2 + more for worth, more in zip(worths, unsure, strict=True)]
        residue = self._residue(worths) + IMAGINARY * HALF_A_MARK**2
        of_chance = max(LEAST_VARIANCE, residue / (self.count - 1 + IMAGINARY))
        usual = [of_chance] * IMAGINARY
        return [
            fmean(of_entries + usual),
            fmean(of_judges + [variance / SHRINKAGE for variance in usual]),
            of_chance,
        ]

    def _residue(self, worths):
        return sum(
            score * (score - self.levels[-1] - self.levels[judge] - worth)
            for given, worth in zip(self.given, worths, strict=True)
            for judge, score in zip(given.judges, given.scores, strict=True)
        )

    def _worth(self, given, levels):
        of_judges = sum(map(levels.__getitem__, given.judges))
        return self._held(given) * (given.total - given.count * levels[-1] - of_judges)

    def _unsure(self, given):
        """The variance of an entry's worth: its own, and what the levels leave open."""
        held, rows, count = self._held(given), self.covariance, given.count
        rows_of_judges = [rows[judge] for judge in given.judges]
        among = sum(sum(map(row.__getitem__, given.judges)) for row in rows_of_judges)
        with_mean = 2 * count * sum(row[-1] for row in rows_of_judges)
        of_levels = among + with_mean + count**2 * rows[-1][-1]
        return held * self.variances[2] + held**2 * of_levels

    def draws(self, random, number):
        """What all entries might be worth, given the sheets: `{entry: worth}`, many times."""
        root = lower_root(self.covariance)
        spreads = [sqrt(self._held(given) * self.variances[2]) for given in self.given]
        for _ in range(number):
            noise = [normal(random) for _ in root]
            levels = [
                level + sum(map(mul, row, noise))
                for level, row in zip(self.levels, root, strict=True)
            ]
            yield {
                entry: self._worth(given, levels) + spread * normal(random)
                for entry, given, spread in zip(self.entries, self.given, spreads, strict=True)
            }


def normal(random):
    """Box and Muller (1958), from `random()` alone: the same on every Python."""
    return sqrt(-2 * log(1 - random.random())) * cos(2 * pi * random.random())


def _variance(values):
    middle = fmean(values)
    return fmean((value - middle) ** 2 for value in values)


def lower_root(rows):
    """Cholesky's lower triangle of a positive matrix."""
    root = [[0.0] * len(rows) for _ in rows]
    for place, row in enumerate(rows):
        for column in range(place + 1):
            rest = row[column] - sum(
                root[place][step] * root[column][step] for step in range(column)
            )
            root[place][column] = (
                sqrt(max(rest, 0.0)) if place == column else rest / (root[column][column] or 1.0)
            )
    return root


def inverse(rows):
    """Of a positive matrix, by Gauss and Jordan."""
    size = len(rows)
    table = [[*row, *(float(place == at) for at in range(size))] for place, row in enumerate(rows)]
    for step in range(size):
        pivot = [value / table[step][step] for value in table[step]]
        for place, row in enumerate(table):
            factor = row[step]
            if place != step and factor:
                table[place] = [
                    value - factor * above for value, above in zip(row, pivot, strict=True)
                ]
        table[step] = pivot
    return [row[size:] for row in table]
