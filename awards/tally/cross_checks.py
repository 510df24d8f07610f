"""Other ways of counting the same sheets. They never set the order: they only agree, or do not."""

from fractions import Fraction
from statistics import median

from awards.tally.adjustment import plain_means


def cross_checks(panel):
    """What each way puts first: `{"mean": [entry], …}`, several entries where they are equal."""
    ways = {
        "mean": plain_means,
        "median": medians,
        "trimmed mean": trimmed_means,
        "Borda count": borda_shares,
    }
    return {name: _best(way(panel)) for name, way in ways.items()}


def medians(panel):
    return {
        entry: median(Fraction(score) for score in given.values())
        for entry, given in panel.by_entry.items()
    }


def trimmed_means(panel):
    """Without the highest and the lowest sheet, where an entry has three or more."""
    return {entry: _trimmed(sorted(given.values())) for entry, given in panel.by_entry.items()}


def _trimmed(scores):
    kept = scores[1:-1] if len(scores) >= 3 else scores
    return Fraction(sum(kept), len(kept))


def borda_points(panel):
    """For each sheet the entries that its judge marked lower, and half of those marked the same."""
    points = dict.fromkeys(panel.entries, Fraction(0))
    for given in panel.by_judge.values():
        for entry, score in given.items():
            beaten = sum(other < score for other in given.values())
            equal = sum(other == score for other in given.values()) - 1
            points[entry] += beaten + Fraction(equal, 2)
    return points


def borda_shares(panel):
    """Points as a share of those that could be had, so that sets of unlike size compare."""
    points = borda_points(panel)
    return {
        entry: points[entry] / (sum(len(panel.by_judge[judge]) - 1 for judge in given) or 1)
        for entry, given in panel.by_entry.items()
    }


def _best(values):
    best = max(values.values(), default=None)
    return sorted(entry for entry, value in values.items() if value == best)
