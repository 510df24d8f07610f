"""Letters to those who have a draft: that the deadline comes near, and that something has moved.

What is due and has not been sent goes out, and only the latest: a run that comes late neither
forgets one nor sends an old one. It may run as often as one likes, twice at once, or be killed.
"""

from django.db import transaction

from awards import emails
from awards.actions.links import secret_for
from awards.clock import add_by_the_wall, take_up
from awards.completeness import lacks_of
from awards.log import STAFF, note
from awards.models import Cycle, Nomination, NominationState, ReminderKind, Stage
from cja_portal.kit.moves import ImpossibleMove


def remind_nominators():
    """Write to whoever has a draft and should hear of the deadline now; how many drafts it was."""
    return sum(_remind(draft) for draft in list(drafts()))


def drafts():
    """Those that can still be sent, in years that take nominations."""
    cycle = {"category__cycle__stage": Stage.ANNOUNCED}
    found = Nomination.objects.filter(state=NominationState.DRAFT, **cycle)
    return found.select_related("category").order_by("pk")


@transaction.atomic
def _remind(draft):
    """Asked again under the lock: somebody may have sent it meanwhile, or another run reminded."""
    draft, moment = take_up(draft)
    kind = draft.state == NominationState.DRAFT and due(moment)
    if not kind or draft.category.cycle.stage != Stage.ANNOUNCED:
        return False
    _, is_new = draft.reminders.get_or_create(kind=kind, closes_at=moment.closes_at)
    if is_new:
        lacks = lacks_of(draft)
        _write_to_all(draft, emails.draft_reminder, moment=moment, lacks=lacks)
    return is_new


def due(moment):
    """The kind of reminder whose time it is; None before the first and once it is too late."""
    if not moment.opens_at <= moment.now < moment.ends_at:
        return None
    come = [
        kind
        for kind, before in ReminderKind.BEFORE.items()
        if add_by_the_wall(moment.closes_at, -before) <= moment.now
    ]
    return come[-1] if come else None


def tell_new_deadline(cycle):
    """To everybody whose draft waits, as soon as the deadline has moved."""
    for draft in drafts().filter(category__cycle=cycle):
        draft.category.cycle = cycle
        _write_to_all(draft, emails.deadline_moved)


@transaction.atomic
def ask_again(question, *, nominations, by):
    """Tell those who answered an earlier version of the question, once; how many were told."""
    cycle = Cycle.objects.select_for_update().get(pk=question.category.cycle_id)
    if cycle.stage != Stage.ANNOUNCED:
        raise ImpossibleMove("Nominations can only be changed while the year is announced.")
    if cycle.events.filter(verb="ask_again", details__question=question.pk).exists():
        raise ImpossibleMove("They were told already.")
    for nomination in nominations:
        _write_to_all(nomination, emails.question_changed, question=question)
    note(cycle, "ask_again", role=STAFF, by=by, question=question.pk)


def _write_to_all(nomination, letter, **context):
    """The letters are queued within the transaction: they go out if what they tell is true."""
    for collaborator in nomination.collaborators.current():
        letter(collaborator, secret_for(collaborator), **context)
