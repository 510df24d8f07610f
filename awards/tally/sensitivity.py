"""What the first place hangs on: a single judge, or a single mark."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, sqrt
from statistics import mean

from awards.tally.adjustment import SHRINKAGE, adjusted_scores, equations, levels, solve

# Honest panels pass it in 1.5 % (5 × 12, 8 × 12) to 2.9 % (5 × 5) of simulated rounds.
STRIKING = 3.5
RIVALS = 3


def without_each_judge(panel, shrinkage=SHRINKAGE):
    """Who would be first without each judge: `{judge: [entry, …]}`."""
    return {judge: _first(panel.without_judge(judge), shrinkage) for judge in panel.judges}


def _first(panel, shrinkage):
    adjusted = adjusted_scores(panel, shrinkage)
    best = max(adjusted.values(), default=None)
    return sorted(entry for entry, value in adjusted.items() if value == best)


@dataclass(frozen=True)
class Change:
    """`judge` would have had to mark `entry` by `points` (of 100 to 500) differently."""

    judge: object
    entry: object
    points: int


def smallest_change(panel, winner, rival, shrinkage=SHRINKAGE, within=None):
    """The least change of one sheet that lets `rival` draw level with `winner`.

    `within` are the lowest and the highest score that a sheet can have; None if no change does.
    """
    adjusted = adjusted_scores(panel, shrinkage)
    gap = adjusted[winner] - adjusted[rival]
    changes = [
        Change(judge, entry, -_toward_zero(gap / pull))
        for (judge, entry), pull in _pulls(panel, winner, rival, shrinkage).items()
        if pull
    ]
    possible = [change for change in changes if _fits(panel, change, within)]
    return min(possible, key=lambda change: abs(change.points), default=None)


def _fits(panel, change, within):
    if within is None:
        return True
    low, high = within
    return low <= panel.scores[change.judge, change.entry] + change.points <= high


def _toward_zero(points):
    """Whole points that are at least enough, with their sign."""
    return ceil(points) if points > 0 else -ceil(-points)


def _pulls(panel, winner, rival, shrinkage):
    """By how much the gap grows with each point of each sheet of the two: exact fractions."""
    shares = {entry: Fraction(1, len(panel.by_entry[entry])) for entry in (winner, rival)}
    right = [
        shares[winner] * (judge in panel.by_entry[winner])
        - shares[rival] * (judge in panel.by_entry[rival])
        for judge in panel.judges
    ]
    weight = dict(zip(panel.judges, solve(equations(panel, shrinkage), right), strict=True))
    return {
        (judge, entry): sign * shares[entry]
        - weight[judge]
        + sum(weight[other] for other in panel.by_entry[entry]) * shares[entry]
        for entry, sign in ((winner, 1), (rival, -1))
        for judge in panel.by_entry[entry]
    }


@dataclass(frozen=True)
class Influence:
    """How far one judge's contrast of two entries lies from the colleagues', in their residuals."""

    judge: object
    rival: object
    size: float

    @property
    def is_striking(self):
        return self.size > STRIKING


def influence(panel, order):
    """The judge who bears most on the first place; None where nobody can be compared.

    It finds a lone judge who turns a result round, and not mild partiality: a shift by one point on
    a scale of five shows in a third of simulated rounds. `order` is the entries, the first first.
    """
    found = [found for judge in panel.judges for found in _of_judge(panel, judge, order)]
    return max(found, key=lambda each: each.size, default=None)


def _of_judge(panel, judge, order):
    colleagues = panel.without_judge(judge)
    spread = _residual_spread(colleagues)
    for rival in order[1 : 1 + RIVALS]:
        own = _contrasts(panel, order[0], rival).get(judge)
        others = list(_contrasts(colleagues, order[0], rival).values())
        if spread and own is not None and others:
            yield Influence(judge, rival, _distance(own, others, spread))


def _distance(own, others, spread):
    return abs(own - sum(others) / len(others)) / (spread * sqrt(2 * (1 + 1 / len(others))))


def _contrasts(panel, winner, rival):
    pairs = panel.by_judge.items()
    return {
        judge: given[winner] - given[rival]
        for judge, given in pairs
        if winner in given and rival in given
    }


def _residual_spread(panel):
    """The standard deviation of what entries and judges do not explain; None without freedom."""
    freedom = len(panel.scores) - len(panel.entries) - len(panel.judges) + len(panel.parts)
    if freedom <= 0:
        return None
    level = levels(panel, 0)
    above = {pair: score - level[pair[0]] for pair, score in panel.scores.items()}
    worth = {
        entry: mean(above[judge, entry] for judge in panel.by_entry[entry])
        for entry in panel.entries
    }
    residues = (float(value - worth[entry]) for (_, entry), value in above.items())
    return sqrt(sum(residue**2 for residue in residues) / freedom)
