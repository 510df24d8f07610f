"""What people do with a nomination, from the first word to a withdrawal."""

from django.db import transaction
from django.db.models import F

from awards import emails
from awards.actions.consent import ask_nominee
from awards.actions.links import DAY, send_link
from awards.clock import Lateness, moment_of, take_up
from awards.completeness import has_unsent_changes, lacks_of
from awards.log import note_of
from awards.models import (
    Answer,
    ConsentRule,
    Cycle,
    Nomination,
    NominationState,
    Receipt,
    Stage,
)
from awards.receipts import answers_of, copy_of, fingerprint
from cja_portal.kit.moves import ImpossibleMove
from cja_portal.kit.visitors import is_within

MOST_CO_EDITORS, MOST_ADDED = 5, 10  # at once; in a day, with those taken out again
TOO_LATE = "Nominations have closed."
NOT_YET = "Nominations are not open yet."
HANDED_OVER = "This nomination cannot be changed any more."
INCOMPLETE = "Something is missing."


class StaleAnswer(Exception):
    """Somebody else saved the answer meanwhile; `theirs` is what stands now."""

    def __init__(self, theirs):
        super().__init__("Somebody else saved this answer while you were writing.")
        self.theirs = theirs


# -- Beginning ------------------------------------------------------------------------------------


@transaction.atomic
def start_nomination(category, *, key, nominator, nominee, eligibility, user=None):
    """A draft, and a letter with its link. The same `key` again finds the draft it made.

    `nominator` holds name, email and phone; `nominee` fields of the nomination.
    """
    category.cycle = cycle = Cycle.objects.locked(category.cycle_id)
    email = nominator["email"].lower()
    _refuse_untimely_start(cycle, moment_of(cycle, email))
    values = {"category": category, "eligibility": eligibility} | nominee
    nomination, is_new = Nomination.objects.get_or_create(start_key=key, defaults=values)
    if is_new:
        lead = nomination.collaborators.create(
            is_lead=True, user=user, **nominator | {"email": email}
        )
        note_of(nomination, "start", lead)
        send_link(lead)
    return nomination


def _refuse_untimely_start(cycle, moment):
    if cycle.stage != Stage.ANNOUNCED or moment.lateness == Lateness.EARLY:
        raise ImpossibleMove(NOT_YET if cycle.stage in {"draft", "announced"} else TOO_LATE)
    if not moment.may_begin:
        raise ImpossibleMove(TOO_LATE)


# -- Writing --------------------------------------------------------------------------------------


def take_to_write(nomination):
    """The nomination and its moment, held, if it may be written now; raises ImpossibleMove."""
    nomination, moment = take_up(nomination)
    if nomination.state not in NominationState.WRITABLE:
        raise ImpossibleMove(HANDED_OVER)
    if not moment.may_write or nomination.category.cycle.stage != Stage.ANNOUNCED:
        raise ImpossibleMove(TOO_LATE)
    return nomination, moment


@transaction.atomic
def save_answer(nomination, question, text, *, seen, by):
    """Keep `text` if the answer still is at version `seen` (0: not begun); returns the answer.

    Raises StaleAnswer if somebody else wrote meanwhile, ImpossibleMove if it is too late.
    """
    nomination, moment = take_to_write(nomination)
    asked = nomination.category.questions.current().filter(pk=question.pk)
    if not asked.exists():
        raise ImpossibleMove("This question is not asked any more. Load the page again.")
    answer = nomination.answers.filter(question=question).first()
    if answer is None:
        answer = Answer(nomination=nomination, question=question, version=0)
    if answer.version and answer.text == text:
        return answer
    if answer.version != seen:
        raise StaleAnswer(answer)
    return _write(answer, text, moment, by)


def _write(answer, text, moment, by):
    values = {"text": text, "saved_at": moment.now, "saved_by": by.name}
    if answer.pk:
        same = Answer.objects.filter(pk=answer.pk, version=answer.version)
        same.update(version=F("version") + 1, **values)
        answer.refresh_from_db()
    else:
        answer = Answer.objects.create(
            nomination=answer.nomination, question=answer.question, version=1, **values
        )
    _touch(answer.nomination, moment)
    return answer


def _touch(nomination, moment):
    Nomination.objects.filter(pk=nomination.pk).update(changed_at=moment.now)


@transaction.atomic
def change_nominee(nomination, values, *, by):
    """Who is nominated; counts as unsent until the nomination is sent again."""
    nomination, moment = take_to_write(nomination)
    for name, value in values.items():
        setattr(nomination, name, value)
    nomination.changed_at = moment.now
    nomination.save(update_fields=[*values, "changed_at"])
    note_of(nomination, "change_nominee", by, fields=sorted(values))


# -- Sending --------------------------------------------------------------------------------------


@transaction.atomic
def submit_nomination(nomination, *, key, by):
    """Send it, or send what changed; the same `key` again is the same receipt."""
    nomination, moment = take_up(nomination)
    if earlier := nomination.receipts.filter(submit_key=key).first():
        return earlier
    nomination, moment = take_to_write(nomination)
    if lacks_of(nomination):
        raise ImpossibleMove(INCOMPLETE)
    if not has_unsent_changes(nomination):
        return nomination.receipts.first()
    is_in_grace = moment.lateness == Lateness.IN_GRACE
    return _send(nomination, moment, key=key, by=by, is_in_grace=is_in_grace)


def _send(nomination, moment, *, key, by=None, is_in_grace=False, is_by_itself=False):
    before = nomination.state
    _send_answers(nomination)
    receipt = _write_receipt(
        nomination,
        moment,
        submit_key=key,
        sent_by=by,
        is_in_grace=is_in_grace,
        is_by_itself=is_by_itself,
    )
    if before == NominationState.DRAFT:
        nomination.move_to(NominationState.SUBMITTED)
    nomination.submitted_at = nomination.submitted_at or moment.now
    nomination.save(update_fields=["state", "submitted_at"])
    timing = {"is_in_grace": is_in_grace, "is_extended": moment.is_extended}
    verb = "submit_at_deadline" if is_by_itself else "submit"
    note_of(nomination, verb, by, before=before, after=nomination.state, **timing)
    if nomination.category.consent == ConsentRule.AT_ONCE and nomination.nominee_email:
        ask_nominee(nomination)
    transaction.on_commit(lambda: emails.receipt(receipt))
    return receipt


def _send_answers(nomination):
    """What judges read is now another text: what was removed from the one before says nothing."""
    unchanged = {"sent_text": F("text")}
    for answer in answers_of(nomination).exclude(**unchanged):
        answer.sent_text = answer.text
        answer.redacted_text = answer.redacted_at = answer.redacted_by = None
        answer.save(update_fields=["sent_text", "redacted_text", "redacted_at", "redacted_by"])


def _write_receipt(nomination, moment, **values):
    copy = copy_of(nomination)
    latest = nomination.receipts.first()
    number = latest.number + 1 if latest else 1
    return Receipt.objects.create(
        nomination=nomination,
        number=number,
        sent_at=moment.now,
        copy=copy,
        sha256=fingerprint(copy),
        **values,
    )


@transaction.atomic
def submit_at_deadline(nomination, *, key):
    """Send what its writers asked to have sent; returns the receipt, or None if it is not time.

    What they saved in the minutes of grace counts. An incomplete one stays a draft, and they are
    told once.
    """
    nomination, moment = take_up(nomination)
    is_due = nomination.submits_itself and moment.lateness == Lateness.LATE
    if not is_due or nomination.state not in NominationState.WRITABLE:
        return None
    Nomination.objects.filter(pk=nomination.pk).update(submits_itself=False)
    if not has_unsent_changes(nomination) or nomination.category.cycle.stage != Stage.ANNOUNCED:
        return None
    if lacks := lacks_of(nomination):
        note_of(nomination, "not_submitted_at_deadline", lacks=len(lacks))
        transaction.on_commit(lambda: emails.not_sent(nomination, lacks))
        return None
    return _send(nomination, moment, key=key, is_by_itself=True)


@transaction.atomic
def choose_deadline(nomination, *, submits_itself, by):
    """Whether it is sent by itself at the deadline if it is complete then."""
    nomination, _ = take_to_write(nomination)
    nomination.submits_itself = submits_itself
    nomination.save(update_fields=["submits_itself"])
    note_of(nomination, "choose_deadline", by, submits_itself=submits_itself)


@transaction.atomic
def withdraw_nomination(nomination, *, by, reason=""):
    """Take it out of the awards for good; possible until the results are sealed."""
    nomination, moment = take_up(nomination)
    if nomination.category.cycle.stage not in {Stage.ANNOUNCED, Stage.JUDGING}:
        raise ImpossibleMove("The results are sealed, so it cannot be withdrawn any more.")
    before = nomination.state
    nomination.move_to(NominationState.WITHDRAWN)
    nomination.withdrawn_at = moment.now
    nomination.save(update_fields=["state", "withdrawn_at"])
    note_of(nomination, "withdraw", by, before=before, after=nomination.state, reason=reason)
    transaction.on_commit(lambda: emails.withdrawn(nomination))


# -- People ---------------------------------------------------------------------------------------


@transaction.atomic
def add_co_editor(nomination, *, name, email, by):
    """Let somebody write too; they get a letter with a link of their own."""
    nomination, _ = take_to_write(nomination)
    writers = nomination.collaborators.current()
    if writers.count() > MOST_CO_EDITORS:
        raise ImpossibleMove(f"At most {MOST_CO_EDITORS} people can help.")
    if writers.filter(email=email.lower()).exists():
        raise ImpossibleMove(f"{email} already writes this nomination.")
    if not is_within("co-editor", str(nomination.uuid), most=MOST_ADDED, seconds=DAY):
        raise ImpossibleMove("You have added many people today. Try again tomorrow.")
    added = nomination.collaborators.create(name=name, email=email.lower())
    note_of(nomination, "add_co_editor", by)
    send_link(added)
    return added


@transaction.atomic
def remove_co_editor(nomination, collaborator, *, by):
    """Their link and their session open nothing any more; what they wrote stays."""
    nomination, moment = take_up(nomination)
    if collaborator.is_lead:
        raise ImpossibleMove("Whoever began a nomination stays with it.")
    collaborator.removed_at = moment.now
    collaborator.save(update_fields=["removed_at"])
    note_of(nomination, "remove_co_editor", by)
