"""What happens to entries: each step of the way from a draft to what readers see, and back.

Every action locks the entry first, so that two editors at once take turns; the laws that matter
most (one next number, two people, one open withdrawal) are held by the database as well.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.dateformat import format as format_date

from cja_portal.kit.moves import ImpossibleMove
from dictionary.history import changes_between, draft_of
from dictionary.models import Entry, EntryVersion, Label, LabelKind, Sense, Stage
from dictionary.plurals import plural_forms
from dictionary.published import snapshot_of
from dictionary.tasks import tell_the_worker
from members.audit import record

WITHDRAWN_FOR_NOW = "We are checking what it says."
NO_MEANING = "“{entry}” has no meaning yet."
ONE_PERSON = "Whoever made the legal check cannot publish too: ask a colleague."


# -- Which moves are possible -------------------------------------------------------------------


@dataclass(frozen=True)
class Move:
    """A step that an editor can take now; `hint` says why one that looks near is closed."""

    name: str
    title: str
    is_main: bool = False
    hint: str = ""


_ONWARD = {
    Stage.DRAFT: [Move("plain-edit", "Pass to plain-language edit", is_main=True)],
    Stage.PLAIN_EDIT: [
        Move("legal-check", "Pass to legal check", is_main=True),
        Move("draft", "Back to draft"),
    ],
    Stage.LEGAL_CHECK: [
        Move("check", "Record my legal check", is_main=True),
        Move("plain-edit", "Back to plain-language edit"),
        Move("draft", "Back to draft"),
    ],
    Stage.READY: [Move("publish", "Publish", is_main=True), Move("draft", "Back to draft")],
    Stage.PUBLISHED: [],
    Stage.WITHDRAWN: [],
}


def moves_for(entry, *, by):
    """The steps open to `by`, the next one first."""
    moves = [_for_person(move, entry, by) for move in _ONWARD[entry.stage]]
    if entry.stage == Stage.PUBLISHED and _unchecked(entry):
        moves.append(Move("check", "Record my legal check", is_main=True))
    if entry.withdrawn_at:
        moves.append(Move("restore", "Show again", is_main=entry.stage == Stage.WITHDRAWN))
    elif entry.current_id:
        moves.append(Move("withdraw", "Withdraw now"))
    return moves


def _for_person(move, entry, by):
    hint = _hint(move, entry, by)
    return Move(move.name, move.title, hint=hint) if hint else move


def _hint(move, entry, by):
    if move.name in {"legal-check", "check"} and not entry.senses.exists():
        return NO_MEANING.format(entry=entry)
    is_own_check = move.name == "publish" and entry.senses.filter(checked_by=by).exists()
    return ONE_PERSON if is_own_check else ""


# -- From desk to desk ------------------------------------------------------------------------


@transaction.atomic
def move_entry(entry, stage, *, by):
    """Pass the working copy on to the next desk, or back to an earlier one, without a check."""
    entry = _locked(entry)
    if stage in {Stage.PUBLISHED, Stage.WITHDRAWN, Stage.READY}:
        raise ImpossibleMove(f"“{Stage(stage).label}” is reached by an action of its own.")
    if stage == Stage.LEGAL_CHECK:
        _refuse_empty(entry)
    _move(entry, stage)
    _forget_checks(entry)
    entry.save(update_fields=["stage", "updated_at"])
    record(by, f"dictionary.{stage}", entry)


@transaction.atomic
def record_legal_check(entry, *, by):
    """Write down that `by` read every meaning and found it right; a colleague then publishes.

    What is public without a check, as the starter entries are, needs no other desk for it.
    """
    entry = _locked(entry)
    if entry.stage == Stage.PUBLISHED:
        _refuse_check_of_public(entry)
    _refuse_empty(entry)
    _move(entry, Stage.READY)
    entry.senses.update(checked_on=timezone.localdate(), checked_by=by)
    entry.save(update_fields=["stage", "updated_at"])
    record(by, "dictionary.legal-check", entry)


def _refuse_empty(entry):
    if not entry.senses.exists():
        raise ImpossibleMove(NO_MEANING.format(entry=entry))


def _refuse_check_of_public(entry):
    if not _unchecked(entry):
        raise ImpossibleMove(f"“{entry}” is checked already.")
    if changes_between(entry.current, draft_of(entry)):
        raise ImpossibleMove(
            f"The working copy of “{entry}” is not what readers see: pass it on as a draft first."
        )


@transaction.atomic
def publish_entry(entry, *, by, change_note):
    """Make the working copy what readers see, as a new version that stays for ever."""
    entry = _locked(entry)
    if not change_note.strip():
        raise ImpossibleMove("Say in a sentence what changed, for readers.")
    _move(entry, Stage.PUBLISHED)
    _refuse_unready(entry, by=by)
    version = write_version(entry, by=by, change_note=change_note.strip())
    record(by, "dictionary.publish", entry, version=version.number)
    tell_the_worker()
    return version


def publish_check(entry, *, by):
    """Publish a legal check that changed no word, with a note that says so."""
    note = check_note(entry)
    if not note:
        raise ImpossibleMove(f"More than the legal check changed in “{entry}”: say what.")
    return publish_entry(entry, by=by, change_note=note)


def check_note(entry):
    """The note of a version that only adds a legal check; blank if the words changed as well."""
    if entry.current is None:
        return ""
    changes = changes_between(entry.current, draft_of(entry))
    if not changes or not all(change.is_check for change in changes):
        return ""
    checked_on = entry.senses.order_by("checked_on").values_list("checked_on", flat=True).last()
    return f"A lawyer checked this entry on {format_date(checked_on, 'j F Y')}. No word changed."


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
        checked_by_id=_checker(entry),
    )
    _end_withdrawal(entry, by=by)
    entry.current, entry.stage = version, Stage.PUBLISHED
    entry.save()
    return version


# -- Out of sight and back ----------------------------------------------------------------------


@transaction.atomic
def withdraw_entry(entry, *, by, because=WITHDRAWN_FOR_NOW):
    """Take the meaning off every page at once; its address then says why it is gone."""
    entry = _locked(entry)
    because = _reason(because)
    if entry.current is None or entry.withdrawn_at:
        raise ImpossibleMove(f"“{entry}” is not public.")
    entry.stage = Stage.WITHDRAWN
    entry.withdrawn_at, entry.withdrawn_because = timezone.now(), because
    entry.save()
    entry.withdrawals.create(because=because, began_at=entry.withdrawn_at, began_by=by)
    record(by, "dictionary.withdraw", entry, because=because)
    tell_the_worker()


@transaction.atomic
def explain_withdrawal(entry, *, by, because):
    """Say better why the entry is gone: whoever withdraws in haste says it afterwards."""
    entry = _locked(entry)
    if not entry.withdrawn_at:
        raise ImpossibleMove(f"“{entry}” is not withdrawn.")
    entry.withdrawn_because = _reason(because)
    entry.save(update_fields=["withdrawn_because", "updated_at"])
    entry.withdrawals.open().update(because=entry.withdrawn_because)
    record(by, "dictionary.explain-withdrawal", entry, because=entry.withdrawn_because)


@transaction.atomic
def restore_entry(entry, *, by):
    """Show a withdrawn entry again in the words of its last version."""
    entry = _locked(entry)
    if not entry.withdrawn_at:
        raise ImpossibleMove(f"“{entry}” is not withdrawn.")
    if entry.stage == Stage.WITHDRAWN:
        entry.stage = _stage_beside_public(entry)
    _end_withdrawal(entry, by=by)
    entry.save()
    record(by, "dictionary.restore", entry)
    tell_the_worker()


def _stage_beside_public(entry):
    """Where the working copy stands, judged by how it differs from what readers see."""
    changes = changes_between(entry.current, draft_of(entry))
    if not changes:
        return Stage.PUBLISHED
    is_checked = not entry.senses.filter(checked_on__isnull=True).exists()
    only_checked = is_checked and all(change.is_check for change in changes)
    return Stage.READY if only_checked else Stage.DRAFT


@transaction.atomic
def reopen_entry(entry, *, by):
    """After a change to the working copy: it is a draft again, and its checks no longer hold."""
    entry = _locked(entry)
    _forget_checks(entry)
    entry.stage = Stage.DRAFT
    entry.save(update_fields=["stage", "updated_at"])
    record(by, "dictionary.reopen", entry)


def _reason(because):
    if not because.strip():
        raise ImpossibleMove("Say in a sentence why the entry is withdrawn.")
    return because.strip()


def _end_withdrawal(entry, *, by):
    entry.withdrawals.open().update(ended_at=timezone.now(), ended_by=by)
    entry.withdrawn_at, entry.withdrawn_because = None, ""


def _locked(entry):
    return Entry.objects.select_for_update(of=("self",)).select_related("current").get(pk=entry.pk)


def _move(entry, stage):
    if stage not in Stage.next_stages[entry.stage]:
        here, there = Stage(entry.stage).label.lower(), Stage(stage).label.lower()
        raise ImpossibleMove(f"“{entry}” cannot go from “{here}” to “{there}”.")
    entry.stage = stage


def _forget_checks(entry):
    entry.senses.update(checked_on=None, checked_by=None)


def _unchecked(entry):
    return Entry.objects.unchecked().filter(pk=entry.pk).exists()


def _checker(entry):
    """The id of whoever made the legal check; a check is of all meanings at once."""
    checks = entry.senses.filter(checked_by__isnull=False)
    return checks.values_list("checked_by", flat=True).first()


def _refuse_unready(entry, *, by):
    senses = entry.senses.all()
    if not senses:
        raise ImpossibleMove(f"“{entry}” has no meaning yet.")
    for sense in senses:
        if sense.checked_on is None:
            raise ImpossibleMove(f"“{sense}” was not checked by a lawyer.")
        if not (sense.no_statutory_definition or sense.sources.exists()):
            raise ImpossibleMove(f"“{sense}” has no source.")
    if senses.filter(checked_by=by).exists():
        raise ImpossibleMove(ONE_PERSON)


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
