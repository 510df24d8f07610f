"""What members do with their submissions, and staff with what members ask."""

import uuid
from functools import partial

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from cja_portal.kit.moves import ImpossibleMove
from library import actions, submission_emails
from library.document_actions import add_document
from library.models import (
    ChangeRequest,
    DocumentKind,
    Item,
    LinkKind,
    Outcome,
    Publisher,
    RequestKind,
    ReviewEvent,
    Status,
    Step,
    Submission,
)
from library.records import record_of, snapshot_of, version_of, write_record
from members.audit import record
from members.standing import check_takes_part

MOST_FILES = 12


class RecordChangedError(Exception):
    """Somebody saved the record since this person opened it."""


# -- Preparing ------------------------------------------------------------------------------------


@transaction.atomic
def start_submission(organisation, *, by, file=None, link=""):
    """Begin a draft for an organisation with a file or a link; the link is kept, never opened."""
    check_takes_part(organisation)
    item = Item.objects.create(
        slug=f"draft-{uuid.uuid4().hex}",
        owner=organisation,
        link=link,
        link_kind=LinkKind.PUBLISHER if link else "",
    )
    item.refresh_from_db(fields=["code"])
    Publisher.objects.create(item=item, organisation=organisation)
    submission = Submission.objects.create(item=item, started_by=by)
    if file:
        add_document(item, file, by=by)
    _remember(item, Step.STARTED, by)
    record(by, "library.start", item)
    return submission


def open_door(item):
    """Let the people of the organisation that an item was given to ask staff about it."""
    if item.owner_id:
        Submission.objects.get_or_create(item=item)


@transaction.atomic
def revise_submission(submission, *, by, version, changes):
    """Save what differs, if the record still is at `version`; returns the names of the fields.

    The lock makes a second editor wait, and then find that the version is an older one.
    """
    item = _open_item(submission)
    before = record_of(item)
    changed = [name for name in changes if before[name] != changes[name]]
    if changed and version != version_of(item):
        raise RecordChangedError
    if changed:
        write_record(item, {name: changes[name] for name in changed})
        record(by, "library.revise", item, fields=changed)
    return changed


@transaction.atomic
def add_file(submission, file, *, by, kind):
    item = _open_item(submission)
    if item.documents.count() >= MOST_FILES:
        raise ImpossibleMove(f"A work has at most {MOST_FILES} files here.")
    document = add_document(item, file, by=by, kind=kind)
    Item.objects.filter(pk=item.pk).update(updated_at=timezone.now())
    return document


@transaction.atomic
def remove_file(submission, document, *, by):
    """Take a file out of a draft; its bytes go once that is certain."""
    _open_item(submission)
    record(by, "library.remove-document", document, name=document.name)
    _forget_files(document)
    document.delete()


@transaction.atomic
def discard_submission(submission, *, by):
    """Throw away a draft that staff never saw."""
    item = _open_item(submission)
    submission.refresh_from_db()
    if not submission.was_never_submitted:
        raise ImpossibleMove("Staff have seen this work, so it stays in the list.")
    record(by, "library.discard", item)
    for document in item.documents.all():
        _forget_files(document)
    item.delete()


@transaction.atomic
def hand_in(submission, *, by, note=""):
    """Submit a complete draft to staff."""
    if submission.item.owner:
        check_takes_part(submission.item.owner)
    actions.submit_item(submission.item, by=by, note=note)
    submission.submitted_by, submission.submitted_at = by, timezone.now()
    submission.claimed_by = submission.claimed_at = None
    submission.save(update_fields=["submitted_by", "submitted_at", "claimed_by", "claimed_at"])


@transaction.atomic
def take_back(submission, *, by):
    """Make it a draft again, unless somebody of the staff is on it."""
    item = _lock(submission)
    if item.status != Status.SUBMITTED:
        raise ImpossibleMove("It is not waiting for staff, so there is nothing to take back.")
    if submission.claimed_by_id:
        raise ImpossibleMove("The staff are looking at it now. Wait for their letter.")
    actions.return_item(item, by=by)


# -- Deciding -------------------------------------------------------------------------------------


@transaction.atomic
def claim_submission(submission, *, by):
    """Say that one is on it; taking over from a colleague is allowed, and recorded."""
    item = _lock(submission)
    if item.status != Status.SUBMITTED:
        raise ImpossibleMove(f"“{item}” is not waiting for staff any more.")
    submission.claimed_by, submission.claimed_at = by, timezone.now()
    submission.save(update_fields=["claimed_by", "claimed_at"])
    record(by, "library.claim", item)


@transaction.atomic
def release_submission(submission, *, by):
    item = _lock(submission)
    submission.claimed_by = submission.claimed_at = None
    submission.save(update_fields=["claimed_by", "claimed_at"])
    record(by, "library.release", item)


@transaction.atomic
def decide(submission, act, *, by, seen, **details):
    """Do `act` with what staff have `seen` (a `state_of`), if it still stands and is theirs."""
    item = _lock(submission)
    if item.status != Status.SUBMITTED:
        raise ImpossibleMove(f"“{item}” is {item.get_status_display().lower()} by now.")
    if submission.claimed_by_id not in {None, by.pk}:
        raise ImpossibleMove(f"{submission.claimed_by} is on it. Take it over first.")
    if seen != state_of(submission):
        raise ImpossibleMove("It has changed since you opened it. Look again, then decide.")
    act(item, by=by, **details)
    submission.claimed_by = submission.claimed_at = None
    submission.save(update_fields=["claimed_by", "claimed_at"])


def state_of(submission):
    """Changes with every submission and with every change of the record."""
    files = submission.item.documents.values_list("sha256", flat=True).order_by("pk")
    handed_in = submission.submitted_at.isoformat() if submission.submitted_at else ""
    return "·".join([handed_in, version_of(submission.item), *(one[:8] for one in files)])


# -- Asking about what is published ---------------------------------------------------------------


@transaction.atomic
def ask_for(submission, request, *, by):
    """Put a request about a published work before staff; `request` is filled in and not saved."""
    item = _lock(submission)
    if item.status != Status.PUBLISHED:
        raise ImpossibleMove("It is not in the library, so there is nothing to ask for.")
    if item.change_requests.waiting().exists():
        raise ImpossibleMove("Staff have not yet answered the request before this one.")
    request.item, request.asked_by, request.asked_at = item, by, timezone.now()
    request.save()
    is_withdrawal = request.kind == RequestKind.WITHDRAWAL
    step = Step.ASKED_WITHDRAWAL if is_withdrawal else Step.ASKED_VERSION
    _remember(item, step, by, why=request.text)
    record(by, f"library.{step}", item)


@transaction.atomic
def accept_request(request, *, by, text, is_major=True):
    """Do what was asked; `text` is what readers are told."""
    _answer(request, Outcome.ACCEPTED, by, text)
    if request.kind == RequestKind.WITHDRAWAL:
        return actions.withdraw_item(request.item, by=by, because=text)
    version = actions.make_version(request.item, by=by, note=text, is_major=is_major)
    if request.file:
        _put_in_place(request, version)
    return version


@transaction.atomic
def decline_request(request, *, by, text):
    _answer(request, Outcome.DECLINED, by, text)
    _remember(request.item, Step.REQUEST_DECLINED, by, why=request.answer)
    record(by, "library.decline-request", request.item)
    letter = partial(submission_emails.write, "request_declined", request.item)
    transaction.on_commit(partial(letter, why=request.answer))


def _answer(request, outcome, by, text):
    request.refresh_from_db(from_queryset=ChangeRequest.objects.select_for_update())
    if request.outcome != Outcome.WAITING:
        raise ImpossibleMove("This request has been answered already.")
    if not text.strip():
        raise ImpossibleMove("Say something: people will read it.")
    request.outcome, request.answer = outcome, text.strip()
    request.answered_by, request.answered_at = by, timezone.now()
    request.save(update_fields=["outcome", "answer", "answered_by", "answered_at"])


def _put_in_place(request, version):
    """The new file comes in with the version, and the one that it replaces goes with it."""
    kind = request.replaces.kind if request.replaces else DocumentKind.MAIN
    with request.file.open() as opened:
        file = File(opened, name=request.file_name)
        add_document(request.item, file, by=request.asked_by, kind=kind, version=version)
    if request.replaces:
        request.replaces.removed_in = version
        request.replaces.save(update_fields=["removed_in"])


# -- Shared ---------------------------------------------------------------------------------------


def _lock(submission):
    """The item first, as every action does, then what of the submission others may change."""
    item = Item.objects.select_for_update().get(pk=submission.item_id)
    submission.refresh_from_db()
    submission.item = item
    return item


def _open_item(submission):
    item = _lock(submission)
    if not submission.is_open_to_changes:
        raise ImpossibleMove(
            f"“{item}” is {item.get_status_display().lower()} and cannot be changed now."
        )
    return item


def _remember(item, step, by, why=""):
    ReviewEvent.objects.create(item=item, what=step, by=by, why=why, snapshot=snapshot_of(item))


def _forget_files(document):
    """The row goes with the transaction, the bytes after it."""
    for file in (document.file, document.cover):
        if file:
            transaction.on_commit(partial(file.storage.delete, file.name))
