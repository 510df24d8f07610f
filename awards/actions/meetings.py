"""The meeting about a locked round: who is there, what is on the table, what is decided."""

from django.db import transaction

from awards.actions.decisions import decide, hold_result, take_back_decision, withhold
from awards.agenda import least_stepping_out
from awards.decided import beyond_the_order, off_the_order
from awards.log import STAFF, note
from awards.models import Conflict, Decision, Meeting, Outcome
from awards.standing import standing_of
from cja_portal.kit.moves import ImpossibleMove


class Overtaken(Exception):
    """Somebody else has written down another decision since the page was opened."""

    def __init__(self, decision):
        super().__init__("Somebody else has saved this meanwhile.")
        self.decision = decision  # None if it was taken back


def version_of(decision):
    """What a form was opened on."""
    return decision.at.isoformat() if decision else ""


@transaction.atomic
def hold_meeting(round_, present, *, by):
    """Begin the meeting, or change who is there; what is not decided yet is put in a new order."""
    cycle, round_ = _held(round_)
    meeting, is_new = Meeting.objects.get_or_create(round=round_)
    meeting.present = sorted(judge.pk for judge in present)
    meeting.agenda = _agenda(round_, meeting)
    meeting.save(update_fields=["present", "agenda"])
    verb = "begin_meeting" if is_new else "change_meeting"
    note(cycle, verb, role=STAFF, by=by, round=str(round_.uuid), present=len(meeting.present))
    return meeting


def _agenda(round_, meeting):
    """What is decided stays where it was; the rest by the marks, with the least stepping out."""
    standing = standing_of(round_)
    decided = set(round_.category.decisions.values_list("nomination", flat=True))
    by_marks = [row.nominee.pk for row in standing.rows if row.nominee in standing.entries]
    rest = [one.pk for one in standing.entries if one.pk not in by_marks]
    waiting = [pk for pk in by_marks + rest if pk not in decided]
    done = [pk for pk in meeting.agenda + by_marks + rest if pk in decided]
    outside = who_steps_out(round_, meeting.present)
    return [*dict.fromkeys(done), *least_stepping_out(waiting, outside)]


def who_steps_out(round_, present):
    """{nomination: judges who are there and have an interest in it}"""
    conflicts = Conflict.objects.current().filter(nomination__category=round_.category_id)
    outside = {}
    for judge, nomination in conflicts.values_list("judge", "nomination"):
        if judge in present:
            outside.setdefault(nomination, set()).add(judge)
    return outside


@transaction.atomic
def take_item(round_, nomination, *, by):
    """Put an entry on the table."""
    cycle, round_ = _held(round_)
    meeting = _meeting_of(round_)
    _refuse_off_the_agenda(meeting, nomination)
    meeting.discussing = nomination
    meeting.save(update_fields=["discussing"])
    note(cycle, "take_item", role=STAFF, by=by, nomination=nomination)


@transaction.atomic
def save_item(round_, nomination, *, outcome, reason, stepped_out, seen, by):
    """Write down what the panel decides of an entry; no outcome takes back what was decided.

    `seen` is the version of the decision that the form showed: raises Overtaken where it is not
    the latest, and ImpossibleMove where the rules do not allow the outcome.
    """
    _, round_ = _held(round_)
    meeting = _meeting_of(round_)
    _refuse_off_the_agenda(meeting, nomination)
    before = Decision.objects.filter(nomination=nomination).first()
    if version_of(before) != seen:
        raise Overtaken(before)
    if not outcome:
        return take_back_decision(nomination, by=by) if before else None
    out = _out(round_, meeting, nomination, stepped_out)
    _refuse_without_quorum(round_.category, len(meeting.present) - len(out))
    if meeting.withheld_because and outcome in Outcome.WINNING:
        raise ImpossibleMove("The award is withheld: let it be given again first.")
    is_off = _needs_reason(round_, nomination, outcome, reason)
    details = {"reason": reason, "is_off_the_order": is_off, "stepped_out": out}
    return decide(nomination, outcome, by=by, **details)


def _refuse_off_the_agenda(meeting, nomination):
    if nomination.pk not in meeting.agenda:
        raise ImpossibleMove(f"“{nomination}” is not on the agenda.")


def _out(round_, meeting, nomination, stepped_out):
    """Those who were there and left; whoever has an interest cannot have stayed."""
    must = who_steps_out(round_, meeting.present).get(nomination.pk, set())
    return sorted(must | {judge.pk for judge in stepped_out} & set(meeting.present))


def _refuse_without_quorum(category, count):
    if count < category.quorum:
        raise ImpossibleMove(
            f"{count} in the room and {category.quorum} needed: those who stepped out do not count."
        )


def _needs_reason(round_, nomination, outcome, reason):
    """Whether it is off the order; raises ImpossibleMove where that, or a tie, goes unexplained."""
    standing = standing_of(round_)
    others = Decision.objects.filter(category=round_.category).exclude(nomination=nomination)
    decided = dict(others.values_list("nomination", "outcome"))
    off = off_the_order(standing, decided, nomination, outcome)
    why = off or beyond_the_order(standing, nomination, outcome)
    if why and not reason.strip():
        raise ImpossibleMove(f"{why} Say why the panel decides so.")
    return bool(off)


@transaction.atomic
def withhold_award(round_, *, because, by):
    """Nobody receives the award, where the rules allow it; a blank reason takes that back."""
    _, round_ = _held(round_)
    meeting = _meeting_of(round_)
    if because:
        _refuse_without_quorum(round_.category, len(meeting.present))
        if round_.category.decisions.filter(outcome__in=Outcome.WINNING).exists():
            raise ImpossibleMove("Somebody wins it: take that back first.")
    withhold(round_.category, because=because, by=by)


def _held(round_):
    """The year and the round, held. One meeting writes at a time; pages read on."""
    cycle, held = hold_result(round_.category)
    if held.pk != round_.pk:
        raise ImpossibleMove("The final decides: its meeting is the one to hold.")
    return cycle, held


def _meeting_of(round_):
    meeting = Meeting.objects.filter(round=round_).first()
    if meeting is None:
        raise ImpossibleMove("The meeting has not begun.")
    return meeting
