"""Each entry's average, after allowing for judges who marked the same entries higher or lower.

The least squares of Σ (score − entry − judge)² + λ Σ judge², with λ = 2: Platt and Burges (2002)
regularised the same model for the reviews of NeurIPS; its designs are Fisher's incomplete blocks.
Entries are eliminated first, which leaves one equation a judge.
"""

from fractions import Fraction
from math import lcm

SHRINKAGE = 2


def plain_means(panel):
    return {entry: _mean(given.values()) for entry, given in panel.by_entry.items()}


def adjusted_scores(panel, shrinkage=SHRINKAGE):
    """As exact fractions; on a full panel they are the plain means."""
    level = levels(panel, shrinkage)
    return {
        entry: _mean(score - level[judge] for judge, score in given.items())
        for entry, given in panel.by_entry.items()
    }


def levels(panel, shrinkage=SHRINKAGE):
    """How much higher than colleagues each judge marks: exact fractions that add up to zero."""
    means = plain_means(panel)
    above = [
        sum(score - means[entry] for entry, score in panel.by_judge[judge].items())
        for judge in panel.judges
    ]
    return dict(zip(panel.judges, solve(equations(panel, shrinkage), above), strict=True))


def equations(panel, shrinkage):
    """The matrix of the equations of the judges' levels, a row a judge in the panel's order.

    In each linked part the levels add up to zero: one added throughout a part changes no answer,
    and gives one where λ is zero.
    """
    place = {judge: number for number, judge in enumerate(panel.judges)}
    rows = [[Fraction(0)] * len(place) for _ in place]
    for judge, given in panel.by_judge.items():
        rows[place[judge]][place[judge]] += len(given) + shrinkage
    for given in panel.by_entry.values():
        _add(rows, [place[judge] for judge in given], Fraction(-1, len(given)))
    for part in panel.parts:
        _add(rows, [place[judge] for judge in part], 1)
    return rows


def _add(rows, places, amount):
    for row in places:
        for column in places:
            rows[row][column] += amount


def solve(rows, right):
    """The exact answer of a regular system, by elimination without fractions (Bareiss, 1968)."""
    table = [_whole([*row, value]) for row, value in zip(rows, right, strict=True)]
    before = 1
    for step in range(len(table)):
        _bring_up(table, step)
        before = _eliminate(table, step, before)
    return [Fraction(row[-1], row[place]) for place, row in enumerate(table)]


def _whole(row):
    shared = lcm(*(Fraction(value).denominator for value in row))
    return [int(value * shared) for value in row]


def _bring_up(table, step):
    pivot = next(place for place in range(step, len(table)) if table[place][step])
    table[step], table[pivot] = table[pivot], table[step]


def _eliminate(table, step, before):
    pivot = table[step]
    for place, row in enumerate(table):
        if place != step:
            factor = row[step]
            table[place] = [
                (pivot[step] * value - factor * above) // before
                for value, above in zip(row, pivot, strict=True)
            ]
    return pivot[step]


def _mean(values):
    values = list(values)
    return Fraction(sum(values)) / len(values)
