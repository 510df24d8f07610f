"""How far the weight of one criterion could move before another entry were first.

The adjusted scores of a round are the sum of those on each criterion alone, times its weight: what
is adjusted depends on who marked what, not on the marks. The other weights keep their proportions.
"""

from fractions import Fraction

from awards.tally.adjustment import adjusted_scores
from awards.tally.panel import Panel

WHOLE = 100


def weight_ranges(sheets, weights, winner):
    """`{criterion: (lowest, highest)}` between which nobody passes `winner`: exact fractions.

    `sheets[judge, entry] = {criterion: mark}`. A criterion that weighs everything has none.
    """
    alone = {name: _alone(sheets, name) for name in weights}
    whole = {
        entry: sum(weight * alone[name][entry] for name, weight in weights.items())
        for entry in alone[next(iter(weights))]
    }
    return {
        name: _range(alone[name], whole, weight, winner)
        for name, weight in weights.items()
        if weight < WHOLE
    }


def _alone(sheets, name):
    return adjusted_scores(Panel({pair: marks[name] for pair, marks in sheets.items()}))


def _range(alone, whole, weight, winner):
    lowest, highest = Fraction(0), Fraction(WHOLE)
    for rival in whole:
        own = alone[winner] - alone[rival]
        rest = (whole[winner] - whole[rival] - weight * own) / (WHOLE - weight)
        if rest < 0:
            lowest = max(lowest, WHOLE * rest / (rest - own))
        if own < 0:
            highest = min(highest, WHOLE * rest / (rest - own))
    return lowest, highest
