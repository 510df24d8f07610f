"""What happens to entries: each step of the way from a draft to what readers see, and back."""

from django.db import transaction
from django.utils import timezone

from dictionary.models import Entry, EntryVersion, Label, LabelKind, Sense, Stage
from dictionary.plurals import plural_forms
from dictionary.published import snapshot_of
from dictionary.tasks import look_for_mentions
from members.audit import record


class ImpossibleMove(Exception):
    """The entry cannot go where it was told to go; the message says why, for the editor."""


@transaction.atomic
def move_entry(entry, stage, *, by):
    """Pass the working copy on to the next desk, or back to an earlier one."""
    entry = _locked(entry)
    if stage in {Stage.PUBLISHED, Stage.WITHDRAWN, Stage.READY}:
        raise ImpossibleMove(f"“{Stage(stage).label}” is reached by an action of its own.")
    _move(entry, stage)
    entry.save(update_fields=["stage", "updated_at"])
    record(by, f"dictionary.{stage}", entry)


@transaction.atomic
def record_legal_check(entry, *, by):
    """Write down that `by` read every meaning of today's law and found it right."""
    entry = _locked(entry)
    _move(entry, Stage.READY)
    entry.senses.current().update(checked_on=timezone.localdate(), checked_by=by)
    entry.save(update_fields=["stage", "updated_at"])
    record(by, "dictionary.legal-check", entry)


@transaction.atomic
def publish_entry(entry, *, by, change_note):
    """Make the working copy what readers see, as a new version that stays for ever."""
    entry = _locked(entry)
    _refuse_unready(entry, by=by)
    _move(entry, Stage.PUBLISHED)
    version = write_version(entry, by=by, change_note=change_note)
    record(by, "dictionary.publish", entry, version=version.number)
    look_for_mentions()
    return version


def write_version(entry, *, by, change_note):
    """The next version of an entry that may be published; its caller holds the lock."""
    _name_every_sense(entry)
    snapshot = snapshot_of(entry)
    version = EntryVersion.objects.create(
        entry=entry,
        number=entry.versions.count() + 1,
        snapshot=snapshot,
        jurisdictions=sorted({sense["jurisdiction"] for sense in snapshot["senses"]}),
        meanings=_meanings(snapshot),
        change_note=change_note,
        published_by=by,
    )
    entry.current, entry.stage = version, Stage.PUBLISHED
    entry.withdrawn_at, entry.withdrawn_because = None, ""
    entry.save()
    return version


@transaction.atomic
def withdraw_entry(entry, *, by, because):
    """Take the meaning off every page at once; its address then says why it is gone."""
    entry = _locked(entry)
    if not because.strip():
        raise ImpossibleMove("Say in a sentence why the entry is withdrawn.")
    if entry.current is None or entry.withdrawn_at:
        raise ImpossibleMove(f"“{entry}” is not public.")
    entry.stage = Stage.WITHDRAWN
    entry.withdrawn_at, entry.withdrawn_because = timezone.now(), because.strip()
    entry.save()
    record(by, "dictionary.withdraw", entry, because=entry.withdrawn_because)
    look_for_mentions()


@transaction.atomic
def restore_entry(entry, *, by):
    """Show a withdrawn entry again in the words of its last version."""
    entry = _locked(entry)
    if not entry.withdrawn_at:
        raise ImpossibleMove(f"“{entry}” is not withdrawn.")
    entry.stage = Stage.PUBLISHED
    entry.withdrawn_at, entry.withdrawn_because = None, ""
    entry.save()
    record(by, "dictionary.restore", entry)
    look_for_mentions()


@transaction.atomic
def reopen_entry(entry, *, by):
    """After a change to the working copy: it is a draft again, and its checks no longer hold."""
    entry = _locked(entry)
    entry.senses.update(checked_on=None, checked_by=None)
    if entry.stage != Stage.WITHDRAWN:
        entry.stage = Stage.DRAFT
    entry.save(update_fields=["stage", "updated_at"])
    record(by, "dictionary.reopen", entry)


def _locked(entry):
    return Entry.objects.select_for_update(of=("self",)).select_related("current").get(pk=entry.pk)


def _move(entry, stage):
    if stage not in Stage.next_stages[entry.stage]:
        here, there = Stage(entry.stage).label.lower(), Stage(stage).label.lower()
        raise ImpossibleMove(f"“{entry}” cannot go from “{here}” to “{there}”.")
    entry.stage = stage


def _refuse_unready(entry, *, by):
    senses = entry.senses.all()
    if not senses:
        raise ImpossibleMove(f"“{entry}” has no meaning yet.")
    for sense in senses:
        if not (sense.no_statutory_definition or sense.sources.exists()):
            raise ImpossibleMove(f"“{sense}” has no source.")
    if by is not None and senses.filter(checked_by=by).exists():
        raise ImpossibleMove("Whoever made the legal check cannot publish too: ask a colleague.")


def _name_every_sense(entry):
    unnamed = entry.senses.exclude(labels__kind=LabelKind.PREFERRED, labels__language="en")
    Label.objects.bulk_create(
        Label(
            entry=entry,
            sense=sense,
            text=entry.headword,
            kind=LabelKind.PREFERRED,
            forms=plural_forms(entry.headword),
        )
        for sense in Sense.objects.filter(pk__in=unnamed)
    )


def _meanings(snapshot):
    return "\n".join(
        text
        for sense in snapshot["senses"]
        for text in (sense["plain"], sense["means_for_you"], sense["legal"])
    )
