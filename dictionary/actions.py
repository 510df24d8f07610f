"""What happens to entries and their meanings."""

from django.db import transaction
from django.utils import timezone

from dictionary.models import Entry, Sense, Status
from members.audit import record


class ImpossibleMove(Exception):
    """The entry cannot go from where it is to where it was told to go; the message says why."""


@transaction.atomic
def publish_entry(entry, *, by):
    """Show the entry to everyone."""
    entry = _locked(entry)
    if not entry.senses.exists():
        raise ImpossibleMove(f"“{entry}” has no meaning yet.")
    if entry.senses.filter(sources__isnull=True).exists():
        raise ImpossibleMove(f"“{entry}” has a meaning without a source.")
    _move(entry, Status.PUBLISHED)
    record(by, "dictionary.publish", entry)


@transaction.atomic
def withdraw_entry(entry, *, by):
    """Hide the entry at once, for instance because a meaning turned out wrong."""
    entry = _locked(entry)
    _move(entry, Status.WITHDRAWN)
    record(by, "dictionary.withdraw", entry)


@transaction.atomic
def record_legal_check(sense, *, by):
    """Write down that a lawyer read the meaning today and found it right."""
    sense = Sense.objects.select_for_update().get(pk=sense.pk)
    sense.checked_on, sense.checked_by = timezone.localdate(), by
    sense.save(update_fields=["checked_on", "checked_by"])
    record(by, "dictionary.legal_check", sense)


def _locked(entry):
    return Entry.objects.select_for_update().get(pk=entry.pk)


def _move(entry, status):
    if entry.status == status:
        raise ImpossibleMove(f"“{entry}” is already {entry.get_status_display().lower()}.")
    entry.status = status
    entry.save(update_fields=["status", "updated_at"])
