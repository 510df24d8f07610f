"""Interests and the conflicts that follow from them: noted at any time, also after marks are in."""

from django.db import transaction
from django.utils import timezone

from awards import judging_emails as emails
from awards.actions.sheets import restore_sheet
from awards.interests import conflicts_of, names_of
from awards.log import JUDGE, STAFF, note
from awards.models import (
    Assignment,
    AssignmentState,
    Conflict,
    ConflictSource,
    Interest,
    Judge,
    Round,
    RoundState,
    Sheet,
    SheetExclusion,
)
from cja_portal.kit.moves import ImpossibleMove

NOTHING_TO_GIVE_BACK = (
    "There is nothing to give back: no round that is open took it from them. A locked round is "
    "opened again first."
)

ROUNDS = """
SELECT r.* FROM awards_round r JOIN awards_category c ON c.id = r.category_id
WHERE c.cycle_id = %s ORDER BY r.id FOR SHARE OF r
"""


def hold_judge(judge):
    """The judge, held until the transaction ends, after a share of the rounds of the year.

    Whoever takes both takes them in this order, so that nobody waits for one who waits for them.
    """
    list(Round.objects.raw(ROUNDS, [judge.cycle_id]))
    rows = Judge.objects.select_for_update(of=["self"], no_key=True).select_related("cycle")
    return rows.get(pk=judge.pk)


@transaction.atomic
def declare_interests(judge, interests, *, by):
    """Add [(name, kind, note)] of the year's list; none is an answer too. Returns the conflicts.

    What was declared is not taken back here: staff lift a conflict, with the reason.
    """
    judge = hold_judge(judge)
    listed = set(names_of(judge.cycle))
    judge.declared_at = timezone.now()
    for name, kind, words in interests:
        if name not in listed:
            raise ImpossibleMove(f"“{name}” is not on the list.")
        values = {"kind": kind, "note": words, "declared_at": judge.declared_at}
        Interest.objects.update_or_create(judge=judge, name=name, defaults=values)
    judge.save(update_fields=["declared_at"])
    note(judge.cycle, "declare_interests", role=JUDGE, by=by, count=len(interests))
    return find_conflicts(judge)


def find_conflicts(judge):
    """Note what follows from declarations and records; what staff have lifted stays lifted."""
    lifted = judge.conflicts.lifted().order_by("lifted_at")
    lifted = {(one.nomination_id, one.source): one.lifted_at for one in lifted}
    current = set(judge.conflicts.current().values_list("nomination_id", flat=True))
    return [
        note_conflict(judge, one.nomination, source=one.source, reason=one.reason, by=None)
        for one in conflicts_of(judge, looked_at=lifted)
        if one.nomination.pk not in current
    ]


@transaction.atomic
def note_conflict(judge, nomination, *, source, reason, by):
    """From now on the judge reads nothing of it; a sheet that is there stays and does not count."""
    conflict = judge.conflicts.current().filter(nomination=nomination).first()
    if conflict is None:
        conflict = Conflict.objects.create(
            judge=judge, nomination=nomination, source=source, reason=reason[:300]
        )
        role = STAFF if source == ConflictSource.STAFF else JUDGE
        details = {"source": source, "judge": judge.reference}
        note(judge.cycle, "note_conflict", role=role, by=by, nomination=nomination, **details)
    for sheet in _sheets_to_leave_out(judge, nomination):
        SheetExclusion.objects.create(sheet=sheet, reason=_because(conflict), by=by)
    return conflict


def _sheets_to_leave_out(judge, nomination):
    sheets = Sheet.objects.filter(assignment__judge=judge, assignment__nomination=nomination)
    sheets = sheets.exclude(pk__in=SheetExclusion.objects.current().values("sheet"))
    return sheets.exclude(assignment__round__state=RoundState.SEALED)


def _because(conflict):
    return f"Interest: {conflict.get_source_display()}."[:300]


@transaction.atomic
def step_back(assignment, *, reason, by):
    """A judge who finds, on reading, that they know who it is about."""
    judge, nomination = assignment.judge, assignment.nomination
    conflict = note_conflict(
        judge, nomination, source=ConflictSource.DECLARED, reason=reason, by=by
    )
    transaction.on_commit(lambda: emails.stepped_back(assignment))
    return conflict


@transaction.atomic
def lift_conflict(conflict, *, reason, by, gives_back=False):
    """Somebody looked at it, and there is none; anything else that is known is noted at once.

    With `gives_back` the judge reads on in rounds that are open, and the sheet that was left out
    for it counts again. Without, both stay, and the judge can be given the entry anew.
    """
    judge = hold_judge(conflict.judge)
    conflict = Conflict.objects.select_for_update().get(pk=conflict.pk)
    if conflict.lifted_at:
        raise ImpossibleMove("This conflict is lifted already.")
    if judge.user_id == by.pk:
        raise ImpossibleMove("Somebody else decides about your own conflict.")
    conflict.lifted_at, conflict.lifted_by = timezone.now(), by
    conflict.lifted_because = reason
    conflict.save(update_fields=["lifted_at", "lifted_by", "lifted_because"])
    _note_lifted(conflict, by)
    if judge.user_id:
        find_conflicts(judge)
    if gives_back:
        _give_back(conflict, reason, by)


def _note_lifted(conflict, by):
    judge, nomination = conflict.judge, conflict.nomination
    details = {"judge": judge.reference, "source": conflict.source}
    reason = conflict.lifted_because
    note(
        judge.cycle,
        "lift_conflict",
        role=STAFF,
        by=by,
        nomination=nomination,
        reason=reason,
        **details,
    )


def _give_back(conflict, reason, by):
    """What was taken for the conflict, and no more: what else leaves a sheet out stays."""
    judge, nomination = conflict.judge, conflict.nomination
    if other := judge.conflicts.current().filter(nomination=nomination).first():
        raise ImpossibleMove(f"There is another interest: {other.get_source_display()}.")
    if not judge.is_sitting:
        raise ImpossibleMove(f"{judge} has left the panel.")
    taken = judge.assignments.filter(nomination=nomination, state=AssignmentState.RECUSED)
    taken = taken.exclude(round__state__in=RoundState.OVER)
    if not (numbers := list(taken.values_list("pk", flat=True))):
        raise ImpossibleMove(NOTHING_TO_GIVE_BACK)
    taken = Assignment.objects.filter(pk__in=numbers)
    taken.update(state=AssignmentState.ACTIVE, recused_at=None)
    out = SheetExclusion.objects.current().filter(sheet__assignment__in=numbers)
    for exclusion in out.filter(reason=_because(conflict)):
        restore_sheet(exclusion, reason=reason, by=by)
