"""The sheets of a round as the tally reads them: which count, which do not and why, which lack."""

from dataclasses import dataclass
from functools import cached_property

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONArray

from awards.models import (
    AssignmentState,
    Conflict,
    ConflictSource,
    Judge,
    Mark,
    Nomination,
    NominationState,
    RoundStage,
    SheetExclusion,
)
from awards.proof.score_sheet import ScoreSheet
from awards.tally.order import LEAST_SHEETS

STEPPED_BACK = "The judge stepped back from this entry."
IN_CONFLICT = "The judge has an interest: {}."
NOT_JUDGED = "The entry is not judged any more: {}."


@dataclass(frozen=True)
class Reading:
    """One entry that one judge was given, by the codes of both."""

    judge: str
    entry: str
    is_active: bool
    marks: dict | None  # by the names of the criteria; None where nothing was handed in
    left_out: str = ""  # why it does not count

    @property
    def counts(self):
        return self.marks is not None and not self.left_out

    @property
    def is_missing(self):
        return self.is_active and self.marks is None and not self.left_out


@dataclass(frozen=True)
class RoundSheets:
    """What judges made of a round; `judges` and `entries` lead from codes to those they mean."""

    round: object
    judges: dict
    entries: dict
    weights: dict
    readings: list

    @cached_property
    def counting(self):
        return [reading for reading in self.readings if reading.counts]

    @cached_property
    def left_out(self):
        """Sheets that were handed in and do not count; they stay listed, and counted."""
        return [each for each in self.readings if each.marks is not None and each.left_out]

    @cached_property
    def missing(self):
        return [reading for reading in self.readings if reading.is_missing]

    @cached_property
    def unread(self):
        """Entries without any sheet that counts."""
        return sorted(self._judged() - {reading.entry for reading in self.counting})

    @cached_property
    def score_sheet(self):
        category = self.round.category
        return ScoreSheet(
            year=category.cycle.year,
            category=category.slug,
            stage=self.round.stage,
            weights=self.weights,
            tie_rules=tuple(category.tie_rules),
            least=self._least(),
            sheets={(each.judge, each.entry): each.marks for each in self.counting},
            left_out=tuple((each.judge, each.entry, each.left_out) for each in self.left_out),
            casting=self._casting(),
        )

    def _judged(self):
        judged = NominationState.JUDGED
        return {code for code, nominee in self.entries.items() if nominee.state in judged}

    def _least(self):
        """How many sheets an entry needs: of a final one from each judge who may still read it."""
        if self.round.stage == RoundStage.SIFT:
            return dict.fromkeys(self._judged(), min(LEAST_SHEETS, self.round.reads))
        needed = dict.fromkeys(self._judged(), 0)
        for reading in self.readings:
            needed[reading.entry] = needed.get(reading.entry, 0) + (not reading.left_out)
        return {entry: max(1, count) for entry, count in needed.items()}

    def _casting(self):
        codes = {nominee.pk: code for code, nominee in self.entries.items()}
        return tuple(codes[pk] for pk in self.round.casting if pk in codes)


def sheets_of(round_, *, judge_code=None, entry_code=None):
    """All that the results of a round follow from, in four statements whatever its size.

    Judges and nominations go by their references unless functions give them other codes.
    """
    judge_code, entry_code = judge_code or _reference, entry_code or _reference
    judges = Judge.objects.filter(assignments__round=round_).select_related("user", "invitation")
    nominees = Nomination.objects.filter(assignments__round=round_).select_related("decision")
    judges = {judge.pk: judge for judge in judges.distinct().order_by()}
    entries = {nominee.pk: nominee for nominee in nominees.distinct().order_by()}
    criteria = list(round_.category.criteria.all())
    names = {criterion.pk: criterion.name for criterion in criteria}
    return RoundSheets(
        round=round_,
        judges={judge_code(judge): judge for judge in judges.values()},
        entries={entry_code(nominee): nominee for nominee in entries.values()},
        weights={criterion.name: criterion.weight for criterion in criteria},
        readings=[
            Reading(
                judge=judge_code(judges[judge]),
                entry=entry_code(entries[entry]),
                is_active=state == AssignmentState.ACTIVE,
                marks={names[criterion]: mark for criterion, mark in marks} if is_in else None,
                left_out=excluded or _why_not(state, conflict, entries[entry]),
            )
            for judge, entry, state, is_in, excluded, conflict, marks in _rows(round_)
        ],
    )


def _reference(thing):
    return thing.reference


def _rows(round_):
    """One a reading, with what it takes to say whether it counts, and why not.

    The marks come as `[[criterion, mark], …]`.
    """
    excluded = SheetExclusion.objects.current().filter(sheet__assignment=OuterRef("pk"))
    conflicts = Conflict.objects.current().filter(
        judge=OuterRef("judge"), nomination=OuterRef("nomination")
    )
    marks = Mark.objects.filter(sheet=OuterRef("sheet")).order_by()
    return round_.assignments.order_by("judge__uuid", "nomination__uuid").values_list(
        *("judge", "nomination", "state", "sheet__submitted_at"),
        Subquery(excluded.values("reason")),
        Subquery(conflicts.values("source")),
        ArraySubquery(marks.values(pair=JSONArray("criterion", "value"))),
    )


def _why_not(state, conflict, nominee):
    if nominee.state not in NominationState.JUDGED:
        return NOT_JUDGED.format(nominee.get_state_display().lower())
    if state == AssignmentState.ACTIVE:
        return ""
    return IN_CONFLICT.format(_inside(ConflictSource(conflict))) if conflict else STEPPED_BACK


def _inside(choice):
    """Its label, to stand inside a sentence."""
    return choice.label[0].lower() + choice.label[1:]
