"""What the panel decides of one nomination, until it is sealed."""

from django.db import transaction
from django.utils import timezone

from awards.log import STAFF, note
from awards.models import Cycle, Decision, Meeting, Nomination, Outcome, Round, Stage, Wording
from awards.sealing import deciding_round
from cja_portal.kit.moves import ImpossibleMove

SEALED = "This result is sealed: nothing of it changes."
NOT_LOCKED = "The panel decides after the lock and before the seal."


@transaction.atomic
def decide(nomination, outcome, *, by, reason="", is_off_the_order=False, stepped_out=()):
    """Write down what becomes of the nomination, in the place of what was decided before.

    `stepped_out` are the numbers of judges who were not in the room. Raises ImpossibleMove.
    """
    cycle, round_ = hold_result(nomination.category)
    nomination = Nomination.objects.select_for_update().get(pk=nomination.pk)
    _refuse_unsuitable(nomination, outcome, reason, is_off_the_order)
    before = Decision.objects.filter(nomination=nomination).first()
    values = {
        "category": round_.category,
        "outcome": outcome,
        "reason": reason,
        "is_off_the_order": is_off_the_order,
        "stepped_out": list(stepped_out),
        "by": by,
        "at": timezone.now(),
    }
    _make_room(nomination, outcome, round_.category)
    decision, _ = Decision.objects.update_or_create(nomination=nomination, defaults=values)
    moves = {"before": before.outcome if before else "", "after": outcome}
    note(cycle, "decide", role=STAFF, by=by, nomination=nomination, **moves)
    return decision


@transaction.atomic
def take_back_decision(nomination, *, by):
    """As if nothing had been decided of it yet."""
    cycle, _ = hold_result(nomination.category)
    decision = Decision.objects.filter(nomination=nomination).first()
    if decision is None:
        raise ImpossibleMove(f"Nothing is decided of “{nomination}”.")
    before = decision.outcome
    decision.delete()
    note(cycle, "take_back_decision", role=STAFF, by=by, nomination=nomination, before=before)


@transaction.atomic
def withhold(category, *, because, by):
    """Nobody receives the award, for this reason; a blank reason lets it be given again."""
    cycle, round_ = hold_result(category)
    if because and not category.may_be_withheld:
        raise ImpossibleMove("The rules of this category do not let the award be withheld.")
    Meeting.objects.update_or_create(round=round_, defaults={"withheld_because": because})
    note(cycle, "withhold", role=STAFF, by=by, category=category.slug, reason=because)


@transaction.atomic
def write_words(decision, *, for_work, citation, judges_words, by):
    """What will be printed beside the name, until the result is released."""
    cycle = Cycle.objects.locked(decision.category.cycle_id)
    if decision.category.releases.live().exists():
        raise ImpossibleMove("This result is public: correct it there, with a note to readers.")
    words = {"for_work": for_work, "citation": citation, "judges_words": judges_words}
    Wording.objects.update_or_create(decision=decision, defaults=words)
    note(cycle, "write_words", role=STAFF, by=by, nomination=decision.nomination)


def hold_result(category):
    """(the year, its deciding round), held until the transaction ends, if it may be decided."""
    cycle = Cycle.objects.locked(category.cycle_id)
    round_ = deciding_round(category)
    if round_ is None or cycle.stage != Stage.JUDGING:
        raise ImpossibleMove(NOT_LOCKED)
    round_ = Round.objects.select_for_update(of=["self"], no_key=True).get(pk=round_.pk)
    if round_.seals.live().exists():
        raise ImpossibleMove(SEALED)
    if round_.state != "locked":
        raise ImpossibleMove(NOT_LOCKED)
    round_.category.cycle = cycle
    return cycle, round_


def _refuse_unsuitable(nomination, outcome, reason, is_off_the_order):
    if not Nomination.objects.judged().filter(pk=nomination.pk).exists():
        state = nomination.get_state_display().lower()
        raise ImpossibleMove(f"“{nomination}” is {state}: nothing is decided of it.")
    if is_off_the_order and not reason.strip():
        raise ImpossibleMove("Say why the panel decides against the order of the marks.")
    if outcome == Outcome.JOINT_WINNER and not nomination.category.may_be_shared:
        raise ImpossibleMove("The rules of this category do not let the award be shared.")


def _make_room(nomination, outcome, category):
    """One wins, or several win jointly: a mixture is refused before the database has to."""
    if outcome not in Outcome.WINNING:
        return
    others = category.decisions.exclude(nomination=nomination).filter(outcome__in=Outcome.WINNING)
    allowed = [] if outcome == Outcome.WINNER else [Outcome.JOINT_WINNER]
    if others.exclude(outcome__in=allowed).exists():
        raise ImpossibleMove("Another one wins already: make both joint winners, or take it back.")
