"""What a locked round says, and how far it can be trusted: the order, and all that bears on it."""

import hashlib
from dataclasses import dataclass

from django.core.cache import cache

from awards.proof.score_sheet import canonical, fingerprint
from awards.tally import (
    Confidence,
    NotRankable,
    Panel,
    Ranking,
    confidence,
    cross_checks,
    influence,
    smallest_change,
    weight_ranges,
    without_each_judge,
)

KEPT_FOR = 24 * 60 * 60
RIVALS = 3
SCALE = (100, 500)  # the lowest and the highest score of a sheet


@dataclass(frozen=True)
class Findings:
    """Either a `ranking`, or the reason why there is none in `refusal`.

    What is said of the first place is None where fewer than two entries could be placed.
    """

    ranking: Ranking | None = None
    refusal: str = ""
    parts: tuple = ()
    confidence: Confidence | None = None
    checks: dict | None = None
    without: dict | None = None
    influence: object = None
    change: object = None
    ranges: dict | None = None

    @property
    def leaders(self):
        return self.ranking.leaders if self.ranking else []

    @property
    def ways_agree(self):
        return all(set(best) == set(self.first) for best in self.checks.values())

    @property
    def deciding_judges(self):
        """Those without whom others would be first."""
        return {judge: best for judge, best in self.without.items() if set(best) != set(self.first)}

    @property
    def first(self):
        """The equals of highest adjusted score, before any rule of ties parts them."""
        best = self.ranking.placed[0].adjusted
        return [line.entry for line in self.ranking.placed if line.adjusted == best]


def findings_of(sheet):
    """The same sheet is worked out once: a locked round does not change but by what is left out."""
    key = f"awards:findings:3:{_digest(sheet)}"
    found = cache.get(key)
    if found is None:
        found = find(sheet)
        cache.set(key, found, KEPT_FOR)
    return found


def _digest(sheet):
    facts = (
        *(sheet.year, sheet.category, sheet.stage, list(sheet.weights.items())),
        *(sheet.tie_rules, sorted(sheet.least.items()), sheet.left_out, sheet.casting),
        [(pair, sorted(marks.items())) for pair, marks in sorted(sheet.sheets.items())],
    )
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def find(sheet):
    try:
        ranking = sheet.ranking()
    except NotRankable as refusal:
        return Findings(refusal=str(refusal), parts=tuple(refusal.parts))
    panel = _placed(sheet.panel(), ranking)
    if len(panel.entries) < 2 or len(panel.parts) > 1:
        return Findings(ranking)
    order = [line.entry for line in ranking.placed]
    return Findings(
        ranking,
        confidence=confidence(panel, fingerprint(canonical(sheet.facts())), order=order),
        checks=cross_checks(panel),
        without=without_each_judge(panel),
        influence=influence(panel, order),
        change=least_change(panel, ranking),
        ranges=_ranges(sheet, panel, ranking),
    )


def _ranges(sheet, panel, ranking):
    """How far each criterion's weight could move; nothing where the first place is shared."""
    if len(ranking.leaders) != 1:
        return {}
    sheets = {pair: marks for pair, marks in sheet.sheets.items() if pair in panel.scores}
    return weight_ranges(sheets, sheet.weights, ranking.leaders[0])


def _placed(panel, ranking):
    """Without the entries that have too few sheets to be first."""
    placed = {line.entry for line in ranking.placed}
    return Panel({pair: score for pair, score in panel.scores.items() if pair[1] in placed})


@dataclass(frozen=True)
class Change:
    """If `judge` had given `entry` so many `points` more (or fewer), `rival` would be level."""

    judge: str
    entry: str
    rival: str
    points: int


def least_change(panel, ranking):
    """The smallest change of a single sheet that costs the first place; None if none could."""
    if len(ranking.leaders) != 1:
        return None
    winner, rivals = ranking.placed[0].entry, ranking.placed[1 : 1 + RIVALS]
    found = [_change(panel, winner, line.entry) for line in rivals]
    return min(filter(None, found), key=lambda change: abs(change.points), default=None)


def _change(panel, winner, rival):
    change = smallest_change(panel, winner, rival, within=SCALE)
    return change and Change(change.judge, change.entry, rival, change.points)
