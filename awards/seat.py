"""What one judge may follow of the meeting: entries that they marked, and nothing about the rest.

A judge with an interest hears nothing of that entry, neither directly nor by what is left over: no
places and no outcomes are shown to them, since a gap in either would tell.
"""

from dataclasses import dataclass

from django.shortcuts import get_object_or_404

from awards.blind import shown
from awards.models import Assignment, Conflict, Judge, Round, RoundState
from awards.standing import standing_of
from awards.tally.panel import score

FULL = 100
NOTHING, THEIRS, STEP_OUT, UNREAD = "nothing", "theirs", "step-out", "unread"


@dataclass(frozen=True)
class Followed:
    """One entry as the judge may see it, with their own mark beside what the panel gave."""

    entry: object
    own: float
    row: object  # None where nothing counts
    decision: object
    is_now: bool


@dataclass(frozen=True)
class Seat:
    """`now` is one of nothing, theirs, step-out and unread: what the judge is told of the table."""

    round: object
    has_interest: bool
    items: list
    now: str

    @property
    def on_the_table(self):
        return next((item for item in self.items if item.is_now), None)


def seat_of(user, uuid):
    """Raises Http404 for whoever reads nothing in the round, and for everybody before the lock."""
    rounds = Round.objects.filter(state__in=RoundState.OVER, meeting__isnull=False)
    rounds = rounds.select_related("category__cycle", "meeting")
    reads = Assignment.objects.visible_to(user).filter(judge__user=user)
    round_ = get_object_or_404(rounds.filter(pk__in=reads.values("round")), uuid=uuid)
    judge = get_object_or_404(Judge.objects.sitting(), user=user, cycle=round_.category.cycle_id)
    return _seat(round_, judge)


def _seat(round_, judge):
    conflicts = Conflict.objects.current().filter(judge=judge)
    conflicts = conflicts.filter(nomination__category=round_.category_id)
    theirs = set(conflicts.values_list("nomination", flat=True))
    standing = standing_of(round_)
    items = _items(round_, standing, judge, theirs)
    return Seat(round_, bool(theirs), items, _now(round_.meeting.discussing_id, items, theirs))


def _items(round_, standing, judge, theirs):
    """In the order of the agenda, whatever of it the judge has handed in a sheet on."""
    sheets, discussed = standing.sheets, round_.meeting.discussing_id
    own = {
        sheets.entries[each.entry].pk: each.marks
        for each in sheets.readings
        if each.judge == judge.reference and each.is_active and each.marks is not None
    }
    nominees = {one.pk: one for one in standing.entries if one.pk in own.keys() - theirs}
    return [
        Followed(
            entry=shown(nominees[pk], round_.category),
            own=score(own[pk], sheets.weights) / FULL,
            row=standing.row_of.get(pk),
            decision=getattr(nominees[pk], "decision", None),
            is_now=pk == discussed,
        )
        for pk in round_.meeting.agenda
        if pk in nominees
    ]


def _now(discussed, items, theirs):
    if discussed is None:
        return NOTHING
    if discussed in theirs:
        return STEP_OUT
    return THEIRS if any(item.is_now for item in items) else UNREAD
