"""A meeting as its page shows it: who must step out, what is on the table, what is decided."""

from dataclasses import dataclass
from functools import cached_property

from awards.actions.meetings import who_steps_out
from awards.models import Meeting, Outcome, TieRule
from awards.standing import Row, Standing, joined


@dataclass(frozen=True)
class Item:
    """One entry of the agenda. `must_leave` are judges in the room who have an interest in it."""

    nominee: object
    row: Row | None
    must_leave: list
    decision: object

    @property
    def must_leave_said(self):
        return joined(self.must_leave)

    @property
    def is_settled(self):
        return self.decision is not None


@dataclass(frozen=True)
class Room:
    """`shown` is the number of the entry that a form is about, if not the one on the table."""

    standing: Standing
    meeting: Meeting | None
    shown: int | None = None

    @property
    def category(self):
        return self.standing.round.category

    @cached_property
    def judges(self):
        """Those of the round, by name; who has an interest in all of it reads nothing in it."""
        return sorted(self.standing.sheets.judges.values(), key=str)

    @cached_property
    def present(self):
        return [judge for judge in self.judges if judge.pk in self.meeting.present]

    @cached_property
    def items(self):
        nominees = {nominee.pk: nominee for nominee in self.standing.entries}
        return [self._item(nominees[pk]) for pk in self.meeting.agenda if pk in nominees]

    @cached_property
    def _outside(self):
        return who_steps_out(self.standing.round, self.meeting.present)

    def _item(self, nominee):
        outside = self._outside.get(nominee.pk, ())
        return Item(
            nominee=nominee,
            row=self.standing.row_of.get(nominee.pk),
            must_leave=[judge for judge in self.judges if judge.pk in outside],
            decision=getattr(nominee, "decision", None),
        )

    @cached_property
    def now(self):
        pk = self.shown or self.meeting.discussing_id
        return next((item for item in self.items if item.nominee.pk == pk), None)

    @property
    def after_now(self):
        """The next entry that nothing is decided of, after the one on the table."""
        waiting = [item for item in self.items if not item.is_settled and item != self.now]
        places = {item.nominee: place for place, item in enumerate(self.items)}
        here = places.get(self.now.nominee, -1) if self.now else -1
        later = [item for item in waiting if places[item.nominee] > here]
        return next(iter(later or waiting), None)

    @cached_property
    def scores(self):
        """What each judge gave the entry on the table, the highest first."""
        if self.now is None or self.now.row is None:
            return []
        return self.standing.scores_of(self.now.row.code)

    @property
    def may_stay(self):
        return [judge for judge in self.present if judge not in self.now.must_leave]

    @property
    def left(self):
        """How many stay in the room for the entry on the table."""
        out = {judge.pk for judge in self.now.must_leave}
        if self.now.decision:
            out |= set(self.now.decision.stepped_out)
        return len([judge for judge in self.present if judge.pk not in out])

    @property
    def has_quorum(self):
        return self.left >= self.category.quorum

    @property
    def has_winner(self):
        outcomes = {item.decision.outcome for item in self.items if item.is_settled}
        return bool(outcomes & set(Outcome.WINNING))

    @cached_property
    def equals(self):
        """The first entries that only the chair can part."""
        rows = self.standing.rows
        waiting = {
            line.rank for line in self._lines if line.tie == TieRule.CHAIR and self._is_shared(line)
        }
        return [row.nominee for row in rows if row.rank in waiting and row.rank == min(waiting)]

    @property
    def _lines(self):
        ranking = self.standing.findings.ranking
        return ranking.placed if ranking else []

    def _is_shared(self, line):
        return sum(other.rank == line.rank for other in self._lines) > 1


def room_of(standing, shown=None):
    return Room(standing, getattr(standing.round, "meeting", None), shown)
