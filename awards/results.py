"""The result of a round as it stands: what is read from the database, and what follows from it."""

from dataclasses import dataclass
from functools import cached_property

from awards.models import Nomination, RoundStage, Sheet, SheetExclusion
from awards.models.sheets import Mark
from awards.proof.score_sheet import ScoreSheet, canonical, fingerprint
from awards.tally import (
    NotRankable,
    confidence,
    cross_checks,
    influence,
    smallest_change,
    without_each_judge,
)
from awards.tally.order import LEAST_SHEETS


@dataclass(frozen=True)
class Reads:
    """All assignments of a round whose entries are still in it, and their sheets that count."""

    round: object
    criteria: list
    assignments: list  # active ones
    sheets: list  # that count
    left_out: list  # SheetExclusion, current

    @cached_property
    def entries(self):
        """Nominations by their codes."""
        return {one.nomination.reference: one.nomination for one in self.assignments}

    @cached_property
    def judges(self):
        found = [*self.assignments, *(out.sheet.assignment for out in self.left_out)]
        return {one.judge.reference: one.judge for one in found}

    @property
    def missing(self):
        """Assignments without a sheet that counts."""
        had = {sheet.assignment_id for sheet in self.sheets}
        out = {one.sheet.assignment_id for one in self.left_out}
        return [one for one in self.assignments if one.pk not in had | out]


def reads_of(round_):
    assignments = round_.assignments.filter(nomination__in=Nomination.objects.judged())
    assignments = list(assignments.active().select_related("judge__user", "nomination"))
    in_play = {
        "assignment__round": round_,
        "assignment__nomination__in": Nomination.objects.judged(),
    }
    sheets = Sheet.objects.counting().filter(**in_play)
    sheets = sheets.select_related("assignment__judge", "assignment__nomination")
    left_out = SheetExclusion.objects.current().filter(sheet__assignment__round=round_)
    left_out = left_out.select_related("sheet__assignment__judge__user", "by")
    return Reads(
        round_,
        list(round_.category.criteria.all()),
        assignments,
        list(sheets),
        list(left_out.select_related("sheet__assignment__nomination")),
    )


def score_sheet_of(round_, reads=None):
    """What the order follows from, with codes for people: the very thing that is sealed."""
    reads = reads or reads_of(round_)
    category = round_.category
    codes = {nomination.pk: code for code, nomination in reads.entries.items()}
    return ScoreSheet(
        year=category.cycle.year,
        category=category.slug,
        stage=round_.stage,
        weights={one.name: one.weight for one in reads.criteria},
        tie_rules=tuple(category.tie_rules),
        least=_least(round_, reads),
        sheets=_marks(reads),
        left_out=tuple(sorted(_left_out(one) for one in reads.left_out)),
        casting=tuple(codes[pk] for pk in round_.casting if pk in codes),
    )


def _marks(reads):
    names = {one.pk: one.name for one in reads.criteria}
    pairs = {sheet.pk: _pair(sheet.assignment) for sheet in reads.sheets}
    sheets = {pair: {} for pair in pairs.values()}
    for mark in Mark.objects.filter(sheet__in=reads.sheets).order_by():
        sheets[pairs[mark.sheet_id]][names[mark.criterion_id]] = mark.value
    return sheets


def _pair(assignment):
    return assignment.judge.reference, assignment.nomination.reference


def _left_out(exclusion):
    return (*_pair(exclusion.sheet.assignment), exclusion.reason)


def _least(round_, reads):
    """Sheets an entry needs: in a final from all who read it, in a sift three or all."""
    readers = dict.fromkeys(reads.entries, 0)
    for assignment in reads.assignments:
        readers[assignment.nomination.reference] += 1
    if round_.stage == RoundStage.FINAL:
        return readers
    return dict.fromkeys(readers, min(LEAST_SHEETS, round_.reads))


class Results:
    """What the page of results shows of a round. `refusal` says why there is no order."""

    def __init__(self, round_):
        self.round, self.reads = round_, reads_of(round_)
        self.sheet = score_sheet_of(round_, self.reads)
        self.refusal, self.parts, self.ranking = "", [], None
        try:
            self.ranking = self.sheet.ranking()
        except NotRankable as reason:
            self.refusal, self.parts = str(reason), list(reason.parts)

    @cached_property
    def panel(self):
        return self.sheet.panel()

    @cached_property
    def fingerprint(self):
        return fingerprint(canonical(self.sheet.facts()))

    @cached_property
    def order(self):
        return [line.entry for line in self.ranking.lines]

    @property
    def is_comparable(self):
        """Whether there is anything to say of the first place: two entries, marked by two."""
        placed = self.ranking.placed if self.ranking else []
        return len(placed) > 1 and len(self.panel.judges) > 1

    @cached_property
    def confidence(self):
        return confidence(self.panel, self.fingerprint)

    @cached_property
    def ways(self):
        return cross_checks(self.panel)

    @property
    def ways_agree(self):
        return len({tuple(first) for first in self.ways.values()}) == 1

    @cached_property
    def who_decides(self):
        """Judges without whom somebody else would be first: {judge: [entries]}."""
        leaders = self.ranking.leaders
        without = without_each_judge(self.panel)
        return {judge: first for judge, first in without.items() if first != sorted(leaders)}

    @cached_property
    def influence(self):
        return influence(self.panel, self.order)

    @cached_property
    def change(self):
        """The least change of one sheet that would let the second draw level with the first."""
        first, second = self.order[:2]
        return smallest_change(self.panel, first, second)
