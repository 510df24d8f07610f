"""How far a round has come, for staff: who has handed in how much, and never what was marked."""

from collections import Counter
from dataclasses import dataclass, field

from awards.models import Assignment, AssignmentState, Judge, Nomination, RoundStage
from awards.readers import judges_of, replacements_among, task_of


@dataclass
class Count:
    """Of one judge or one entry: sheets handed in, begun, and all that are wanted."""

    thing: object
    wanted: int = 0
    done: int = 0
    begun: int = 0
    stepped_back: list = field(default_factory=list)

    @property
    def left(self):
        return self.wanted - self.done


@dataclass(frozen=True)
class Gap:
    """An entry that somebody stepped back from and that now has too few readers."""

    assignment: Assignment
    best: Judge | None


class Progress:
    """`judges` and `entries` are counts, those with most left to do first."""

    def __init__(self, round_):
        self.round = round_
        rows = round_.assignments.filter(nomination__in=Nomination.objects.judged())
        self.readings = list(
            rows.select_related("judge__user", "judge__invitation", "nomination", "sheet")
        )
        self.judges = self._counted(lambda one: one.judge)
        self.entries = self._counted(lambda one: one.nomination)

    def _counted(self, of):
        counts = {}
        for one in self.readings:
            _add(counts.setdefault(of(one).pk, Count(of(one))), one)
        return sorted(counts.values(), key=lambda count: (-count.left, str(count.thing).casefold()))

    @property
    def done(self):
        return sum(count.done for count in self.judges)

    @property
    def wanted(self):
        return sum(count.wanted for count in self.judges)

    @property
    def share(self):
        return 100 * self.done // self.wanted if self.wanted else 0

    def gaps(self):
        """What to give to whom, for a round that is still read."""
        short = self._short()
        if self.round.is_over or not short:
            return []
        judges, entries = judges_of(self.round), [count.thing for count in self.entries]
        task, people = task_of(self.round, judges, entries), {judge.pk: judge for judge in judges}
        had = {(one.judge_id, one.nomination_id) for one in self.readings}
        return [
            Gap(one, next((people[pk] for pk in replacements_among(task, had, one)), None))
            for one in short
        ]

    def _short(self):
        """One a missing reader; in a final nobody is missing, because all read already."""
        if self.round.stage == RoundStage.FINAL:
            return []
        lacking = Counter(
            {count.thing.pk: self.round.reads - count.wanted for count in self.entries}
        )
        found = []
        for one in self.readings:
            if one.state == AssignmentState.RECUSED and lacking[one.nomination_id] > 0:
                lacking[one.nomination_id] -= 1
                found.append(one)
        return found


def handed_in(readings):
    return [one for one in readings if hasattr(one, "sheet") and one.sheet.submitted_at]


def _add(count, one):
    if one.state == AssignmentState.RECUSED:
        count.stepped_back.append(one)
        return
    sheet = getattr(one, "sheet", None)
    count.wanted += 1
    count.done += bool(sheet and sheet.submitted_at)
    count.begun += bool(sheet and not sheet.submitted_at)
