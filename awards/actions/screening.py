"""Staff look at what was submitted: eligible or not, and is it there twice?"""

from django.db import transaction
from django.utils import timezone

from awards import emails
from awards.clock import take_up
from awards.log import STAFF, note
from awards.models import (
    MergeLink,
    Nomination,
    NominationState,
    Screening,
    ScreeningOutcome,
    Stage,
)
from cja_portal.kit.moves import ImpossibleMove

TOO_LATE = "Judging has begun: what was screened stays as it is."


# -- Looks ----------------------------------------------------------------------------------------


@transaction.atomic
def screen_nomination(nomination, *, outcome, checklist, by, reason="", explanation=""):
    """One look. To include takes effect at once; to exclude waits for somebody else's look."""
    nomination = _to_screen(nomination)
    if nomination.screenings.filter(outcome="exclude", second_by__isnull=True).exists():
        raise ImpossibleMove("An exclusion waits for its second look.")
    if nomination.state not in {NominationState.SUBMITTED, NominationState.INELIGIBLE}:
        raise ImpossibleMove(f"“{nomination}” is not waiting to be screened.")
    is_exclusion = outcome == ScreeningOutcome.EXCLUDE
    look = Screening.objects.create(
        nomination=nomination,
        checklist=checklist,
        outcome=outcome,
        reason=reason if is_exclusion else "",
        explanation=explanation,
        by=by,
    )
    if is_exclusion:
        _note(nomination, "propose_exclusion", by, reason=reason)
    else:
        _move(nomination, NominationState.SCREENED_IN, by, reason=explanation)
    return look


@transaction.atomic
def look_again(look, *, agrees, by, remark=""):
    """The second look at an exclusion, by another person; only if they agree it takes effect."""
    nomination = _to_screen(look.nomination)
    look = Screening.objects.select_for_update().get(pk=look.pk)
    if not look.waits_for_second_look:
        raise ImpossibleMove("This exclusion was looked at already.")
    if look.by_id == by.pk:
        raise ImpossibleMove("The second look is somebody else’s.")
    look.second_by, look.second_at = by, timezone.now()
    look.second_agrees, look.second_note = agrees, remark
    look.save(update_fields=["second_by", "second_at", "second_agrees", "second_note"])
    _note(nomination, "look_again", by, after="agrees" if agrees else "disagrees")
    if agrees:
        _move(nomination, NominationState.INELIGIBLE, by, reason=look.reason)
        transaction.on_commit(lambda: emails.excluded(look))
    return look


# -- The same nominee twice -----------------------------------------------------------------------


@transaction.atomic
def merge_nominations(nomination, *, into, reason, by):
    """Let `nomination` be read with `into`; both texts stay, and it can be undone."""
    first, second = _pair(nomination, into)
    nomination, into = (first, second) if first.pk == nomination.pk else (second, first)
    if nomination.category_id != into.category_id:
        raise ImpossibleMove("Only nominations of one category can be merged.")
    if into.state not in {NominationState.SUBMITTED, NominationState.SCREENED_IN}:
        raise ImpossibleMove(f"“{into}” is not one to merge into.")
    if nomination.merged_nominations.filter(undone_at__isnull=True).exists():
        raise ImpossibleMove("Another one is merged into this one: choose that way round.")
    if NominationState.MERGED not in NominationState.MOVES[nomination.state]:
        raise ImpossibleMove(f"“{nomination}” cannot be merged any more.")
    link = MergeLink.objects.create(nomination=nomination, into=into, reason=reason, by=by)
    _move(nomination, NominationState.MERGED, by, reason=reason)
    transaction.on_commit(lambda: emails.merged(link))
    return link


@transaction.atomic
def undo_merge(link, *, reason, by):
    """Part them again; the one that was merged is screened anew."""
    nomination = _to_screen(link.nomination)
    link = MergeLink.objects.select_for_update().get(pk=link.pk)
    if link.undone_at or nomination.state != NominationState.MERGED:
        raise ImpossibleMove("The two are not merged.")
    if not reason.strip():
        raise ImpossibleMove("Say why the two are parted again.")
    link.undone_by, link.undone_at, link.undone_reason = by, timezone.now(), reason
    link.save(update_fields=["undone_by", "undone_at", "undone_reason"])
    _move(nomination, NominationState.SUBMITTED, by, reason=reason)
    transaction.on_commit(lambda: emails.merged(link, is_undone=True))


def _pair(one, other):
    """Both, held in the order of their numbers, so that two who merge at once cannot block."""
    return tuple(_to_screen(each) for each in sorted((one, other), key=lambda each: each.pk))


# -- Shared ---------------------------------------------------------------------------------------


def _to_screen(nomination):
    nomination, _ = take_up(Nomination.objects.select_related("category").get(pk=nomination.pk))
    if nomination.category.cycle.stage != Stage.ANNOUNCED:
        raise ImpossibleMove(TOO_LATE)
    return nomination


def _move(nomination, state, by, *, reason=""):
    before = nomination.state
    nomination.move_to(state)
    nomination.save(update_fields=["state"])
    _note(nomination, "screen", by, before=before, after=state, reason=reason)


def _note(nomination, verb, by, **details):
    note(nomination.category.cycle, verb, role=STAFF, by=by, nomination=nomination, **details)
