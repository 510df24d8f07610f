"""The order of a round, from its sheets: exact, in fractions, by the standard library alone.

One formula serves full and partial reading. A sheet's score is the entry's worth, and the judge's
level, and chance; entries are free, and each judge is held towards zero as by two imaginary sheets
of an average level. Where every judge marked every entry it gives the plain mean, exactly.
"""

from awards.tally.adjustment import SHRINKAGE, adjusted_scores, levels, plain_means
from awards.tally.chances import Confidence, confidence
from awards.tally.cross_checks import cross_checks
from awards.tally.order import Line, NotRankable, Ranking, rank
from awards.tally.panel import Panel
from awards.tally.sensitivity import influence, smallest_change, without_each_judge
from awards.tally.weights import weight_ranges

__all__ = [
    "SHRINKAGE",
    "Confidence",
    "Line",
    "NotRankable",
    "Panel",
    "Ranking",
    "adjusted_scores",
    "confidence",
    "cross_checks",
    "influence",
    "levels",
    "plain_means",
    "rank",
    "smallest_change",
    "weight_ranges",
    "without_each_judge",
]
