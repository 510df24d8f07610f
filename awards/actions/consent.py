"""Asking the nominee, and what they answer at their desk."""

from django.db import transaction

from awards.actions.links import send_desk_link
from awards.clock import take_up
from awards.log import NOMINEE, PORTAL, STAFF, note
from awards.models import ConsentRule, NominationState, NomineeConsent
from cja_portal.kit.moves import ImpossibleMove

ANSWERS = (*("answer", "name_choice", "public_name", "do_not_publish", "corrections", "needs"),)


@transaction.atomic
def ask_nominee(nomination, *, by=None):
    """Write to the nominee with the link to their desk; asking again sends another letter."""
    nomination, _ = take_up(nomination)
    cycle = nomination.category.cycle
    if nomination.category.consent == ConsentRule.PUBLIC_WORK:
        raise ImpossibleMove(f"“{nomination}” is in a category that does not ask nominees.")
    if not nomination.nominee_email:
        raise ImpossibleMove(f"We have no e-mail address of “{nomination}”.")
    if nomination.submitted_at is None or nomination.state == NominationState.WITHDRAWN:
        raise ImpossibleMove(f"“{nomination}” was not submitted or is withdrawn.")
    consent = _consent_of(nomination)
    note(cycle, "ask_nominee", role=STAFF if by else PORTAL, by=by, nomination=nomination)
    send_desk_link(consent)
    return consent


def _consent_of(nomination):
    """Where the address was wrong and nobody answered, links sent there open nothing more."""
    consent, _ = NomineeConsent.objects.get_or_create(
        nomination=nomination, defaults={"email": nomination.nominee_email}
    )
    if consent.email != nomination.nominee_email and not consent.answer:
        consent.email = nomination.nominee_email
        consent.save(update_fields=["email"])
        consent.links.all().delete()
    return consent


@transaction.atomic
def answer_as_nominee(consent, values):
    """Keep what the nominee says; they may come back and say something else."""
    nomination, moment = take_up(consent.nomination)
    consent = NomineeConsent.objects.select_for_update().get(pk=consent.pk)
    before = consent.answer
    for name in ANSWERS:
        setattr(consent, name, values[name])
    consent.answered_at = moment.now
    consent.save(update_fields=[*ANSWERS, "answered_at"])
    cycle = nomination.category.cycle
    moves = {"before": before, "after": consent.answer}
    note(cycle, "answer_as_nominee", role=NOMINEE, nomination=nomination, **moves)
    return consent
