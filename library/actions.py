"""What can be done to the library's items."""

import re
from functools import partial

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.timezone import now

from cja_portal.kit.moves import ImpossibleMove
from library import submission_emails
from library.alert_tasks import look_for_alerts
from library.models import (
    RESERVED_SLUGS,
    Item,
    ReviewEvent,
    Status,
    Step,
    Submission,
    Version,
)
from library.records import snapshot_of
from members.audit import record

FIRST_NOTE = "First published."
PROVISIONAL = re.compile(r"draft-[0-9a-f]{32}")  # The address of a work not yet published.


@transaction.atomic
def submit_item(item, *, by, note=""):
    """Hand a draft to staff."""
    _move(item, Status.SUBMITTED)
    item.save(update_fields=["status", "updated_at"])
    _remember(item, Step.SUBMITTED, by, note, "library.submit")
    _write("received", item)


@transaction.atomic
def return_item(item, *, by):
    """Make a submitted item a draft again."""
    _move(item, Status.DRAFT)
    item.save(update_fields=["status", "updated_at"])
    _remember(item, Step.TAKEN_BACK, by, "", "library.return")


@transaction.atomic
def ask_for_changes(item, *, by, because):
    """Give a submitted item back to its organisation, and say what should change."""
    _move(item, Status.CHANGES_ASKED)
    reason = _reason(because, "Say what should change: the organisation will read it.")
    item.save(update_fields=["status", "updated_at"])
    _remember(item, Step.CHANGES_ASKED, by, reason, "library.ask-for-changes")
    _write("changes_asked", item, why=reason)


@transaction.atomic
def decline_item(item, *, by, because):
    """Say that the library does not take a submitted item, and why."""
    _move(item, Status.DECLINED)
    reason = _reason(because, "Say why it is declined: the organisation will read it.")
    item.save(update_fields=["status", "updated_at"])
    _remember(item, Step.DECLINED, by, reason, "library.decline")
    _write("declined", item, why=reason)


@transaction.atomic
def publish_item(item, *, by):
    """Put an item on the shelf, or one that was withdrawn back on it.

    Where its hour has been set and has not come, readers see it from then on.
    """
    _move_to_shelf(item)
    _publish(item, by)


@transaction.atomic
def publish_item_at(item, *, by, visible_from):
    """The same, with the moment from which readers see it; None is at once."""
    _move_to_shelf(item)
    if visible_from and visible_from <= now():
        raise ImpossibleMove("That moment has passed. Choose a later one, or publish it now.")
    item.visible_from = visible_from
    _publish(item, by)


def _move_to_shelf(item):
    """What members began is theirs until they hand it in."""
    before = Item.objects.select_for_update().get(pk=item.pk).status
    begun_by_members = Submission.objects.filter(item=item, started_by__isnull=False)
    if before in {Status.DRAFT, Status.CHANGES_ASKED} and begun_by_members.exists():
        raise ImpossibleMove(f"“{item}” is still with its organisation, which has to submit it.")
    _move(item, Status.PUBLISHED)


def _publish(item, by):
    item.published_at = item.published_at or now()
    item.withdrawn_at, item.withdrawn_because = None, ""
    item.save(
        update_fields=[
            *("status", "published_at", "withdrawn_at", "withdrawn_because", "visible_from"),
            "updated_at",
        ]
    )
    name_address(item)
    if not item.versions.exists():
        _write_version(item, 1, FIRST_NOTE, is_major=True, by=by)
    step, letter = (
        (Step.SCHEDULED, "scheduled") if item.is_held_back else (Step.PUBLISHED, "published")
    )
    _remember(item, step, by, "", "library.publish")
    _write(letter, item)
    look_for_alerts()


@transaction.atomic
def make_version(item, *, by, note, is_major):
    """Tell readers that a published item has changed; only a major version sends alerts."""
    _lock(item)
    if item.status != Status.PUBLISHED:
        raise ImpossibleMove(f"“{item}” is not published: it has no versions yet.")
    note = _reason(note, "Say what changed: readers will see it.")
    number = max(item.versions.values_list("number", flat=True), default=0) + 1
    version = _write_version(item, number, note, is_major=is_major, by=by)
    Item.objects.filter(pk=item.pk).update(updated_at=now())
    _remember(item, Step.NEW_VERSION, by, note, "library.new-version")
    _write("new_version", item, why=note)
    look_for_alerts()
    return version


def _write_version(item, number, note, *, is_major, by):
    made_at = max(now(), item.visible_from) if item.visible_from else now()
    version = Version.objects.create(
        item=item, number=number, note=note, is_major=is_major, made_by=by, made_at=made_at
    )
    item.documents.filter(added_in__isnull=True).update(added_in=version)
    return version


@transaction.atomic
def withdraw_item(item, *, by, because):
    """Take an item off the shelf; its page keeps the citation and says why."""
    _move(item, Status.WITHDRAWN)
    reason = _reason(because, "Say why the item is withdrawn: readers will see it.")
    item.withdrawn_at, item.withdrawn_because = now(), reason
    item.save(update_fields=["status", "withdrawn_at", "withdrawn_because", "updated_at"])
    _remember(item, Step.WITHDRAWN, by, reason, "library.withdraw", because=reason)
    _write("withdrawn", item, why=reason)


def name_address(item):
    """Give an item its lasting address; one that was chosen stays."""
    if PROVISIONAL.fullmatch(item.slug):
        next(slug for slug in lasting_addresses(item) if _takes(item, slug))


def lasting_addresses(item):
    """The addresses that an item could have, made of its title; with its code none is taken."""
    name = slugify(item.title)[:80].strip("-")
    slugs = (name, f"{name}-{item.code}".strip("-"))
    return [slug for slug in slugs if slug and slug not in RESERVED_SLUGS]


def _takes(item, slug):
    """Whether the address was free: the database decides, also between two at once."""
    try:
        with transaction.atomic():
            Item.objects.filter(pk=item.pk).update(slug=slug)
    except IntegrityError:
        return False
    item.slug = slug
    return True


def _move(item, status):
    """Lock the item and give it its next state; raises ImpossibleMove."""
    _lock(item)
    if status not in Status.next_states[item.status]:
        raise ImpossibleMove(
            f"“{item}” is {Status(item.status).label.lower()}: it cannot become "
            f"{Status(status).label.lower()}."
        )
    item.status = status


def _lock(item):
    item.refresh_from_db(from_queryset=Item.objects.select_for_update())


def _reason(text, otherwise):
    """The reason without blanks around it; where there is none, ImpossibleMove says `otherwise`."""
    if not text.strip():
        raise ImpossibleMove(otherwise)
    return text.strip()


def _remember(item, step, by, why, verb, **details):
    """In the item's own history, with the record as it now is, and in the audit log."""
    ReviewEvent.objects.create(item=item, what=step, by=by, why=why, snapshot=snapshot_of(item))
    record(by, verb, item, **details)


def _write(letter, item, **details):
    transaction.on_commit(partial(submission_emails.write, letter, item, **details))
