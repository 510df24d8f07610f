"""Changing what an organisation says of itself: at once, or after CJA staff have looked at it."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from cja_portal.kit.moves import ImpossibleMove
from members import emails
from members.actions.affiliations import lock_organisation
from members.audit import record
from members.models import Organisation, ProfileRevision
from members.models.profile import State, Subject
from members.profile_values import TITLES, plain, read_values, write_values


class ProfileChangedError(Exception):
    """Somebody saved the profile since this person opened it."""


class RevisionError(ImpossibleMove):
    """An impossible step with a revision, as a sentence for the person who tried it."""


# -- What owners and editors do -------------------------------------------------------------------


@transaction.atomic
def revise_profile(organisation, *, by, version, changes):
    """Put the fields of `changes` that differ in place, if the profile still is at `version`.

    Returns the names of the fields that changed. The row lock makes a second editor wait, and then
    find that the version is an older one.
    """
    organisation.refresh_from_db(from_queryset=Organisation.objects.select_for_update())
    after = {name: plain(name, value) for name, value in changes.items()}
    before = read_values(organisation, after)
    changed = [name for name in after if after[name] != before[name]]
    if changed and version != organisation.version:
        raise ProfileChangedError
    if changed:
        before, after = ({name: values[name] for name in changed} for values in (before, after))
        write_values(organisation, after)
        state = State.LIVE if organisation.is_listed else State.KEPT
        _add(organisation, Subject.PROFILE, before, after, by=by, state=state)
        record(by, "members.revise_profile", organisation, fields=changed)
    return changed


def differs(organisation, name, value):
    return read_values(organisation, [name])[name] != plain(name, value)


@transaction.atomic
def ask_for_names(organisation, *, by, name, short_name, keeps_former=True):
    """Names change when staff have approved them. A newer request takes the place of an older."""
    lock_organisation(organisation)
    organisation.refresh_from_db()
    after = {"name": name, "short_name": short_name, "former_names": organisation.former_names}
    if keeps_former and name != organisation.name:
        others = [former for former in organisation.former_names if former != name]
        after["former_names"] = [*others, organisation.name]
    before = read_values(organisation, after)
    if after == before:
        raise RevisionError("These are the names already.")
    return _ask(organisation, Subject.NAMES, before, after, by=by)


@transaction.atomic
def ask_for_publication(organisation, *, by):
    lock_organisation(organisation)
    organisation.refresh_from_db()
    if organisation.is_listed:
        raise RevisionError("The profile is in the public directory already.")
    if not organisation.summary:
        raise RevisionError("First say in one or two sentences what the organisation does.")
    return _ask(organisation, Subject.PUBLICATION, {"is_listed": False}, {"is_listed": True}, by=by)


def _ask(organisation, subject, before, after, *, by):
    organisation.revisions.waiting().filter(subject=subject).update(state=State.REPLACED)
    asked = _add(organisation, subject, before, after, by=by, state=State.WAITING)
    record(by, "members.ask_staff", asked, organisation=organisation.pk)
    return asked


def _add(organisation, subject, before, after, *, by, state):
    return ProfileRevision.objects.create(
        organisation=organisation,
        subject=subject,
        before=before,
        after=after,
        asked_by=by,
        state=state,
    )


# -- What staff do --------------------------------------------------------------------------------


def profile_as_saved(organisation):
    """All that a revision can hold, as the database has it now."""
    return read_values(Organisation.objects.get(pk=organisation.pk), TITLES)


@transaction.atomic
def note_change(organisation, before, *, by):
    """Keep what staff changed in the record itself, so that it shows and can be taken back."""
    now = profile_as_saved(organisation)
    changed = [name for name in now if now[name] != before[name]]
    if changed:
        before, after = ({name: values[name] for name in changed} for values in (before, now))
        _add(organisation, Subject.PROFILE, before, after, by=by, state=State.KEPT)


@transaction.atomic
def approve_revision(revision, *, by, seen=""):
    """Put it in place. A first publication must be of the profile that the person has seen."""
    organisation = _lock(revision)
    _check_waiting(revision)
    if revision.subject == Subject.PUBLICATION and seen != organisation.version:
        raise RevisionError("The profile changed since you opened this page. Look at it again.")
    if read_values(organisation, revision.before) != revision.before:
        raise RevisionError("What it would replace has changed since. Decline it, or ask again.")
    _put(organisation, revision.after)
    _decide(revision, State.KEPT, by)


@transaction.atomic
def return_revision(revision, *, by, reason):
    """Ask for a change, in a letter with the reason."""
    _lock(revision)
    _check_waiting(revision)
    _decide(revision, State.RETURNED, by, reason)


@transaction.atomic
def decline_revision(revision, *, by, reason):
    _lock(revision)
    _check_waiting(revision)
    _decide(revision, State.DECLINED, by, reason)


@transaction.atomic
def revert_revision(revision, *, by):
    """Put back what stood before, if nobody has changed the same fields since."""
    organisation = _lock(revision)
    if not revision.is_in_place:
        raise RevisionError("This is not in place, so there is nothing to take back.")
    if read_values(organisation, revision.after) != revision.after:
        raise RevisionError(
            "A later change touched the same fields. Take back the later one first."
        )
    _put(organisation, revision.before)
    _decide(revision, State.REVERTED, by)


@transaction.atomic
def keep_revision(revision, *, by):
    """Say that somebody has looked at a live change, and that it may stay."""
    _lock(revision)
    if revision.state != State.LIVE:
        raise RevisionError("There is nothing to look at any more.")
    _decide(revision, State.KEPT, by)


def _put(organisation, values):
    """What broke no law when it was asked may break one now, such as a number used elsewhere."""
    try:
        with transaction.atomic():
            write_values(organisation, values)
    except IntegrityError as error:
        raise RevisionError("It cannot stand there: another organisation has it now.") from error


def _lock(revision):
    """The organisation first, as everywhere; both as they are now."""
    organisation = revision.organisation
    lock_organisation(organisation)
    organisation.refresh_from_db()
    revision.refresh_from_db(from_queryset=ProfileRevision.objects.select_for_update())
    return organisation


def _check_waiting(revision):
    if revision.state != State.WAITING:
        raise RevisionError("Somebody has already dealt with this.")


def _decide(revision, state, by, reason=""):
    was_waiting = revision.state == State.WAITING
    revision.state, revision.decided_by, revision.reason = state, by, reason
    revision.decided_at = timezone.now()
    revision.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    record(by, f"members.revision_{state}", revision, organisation=revision.organisation_id)
    if was_waiting or state == State.REVERTED:
        transaction.on_commit(lambda: emails.profile_decided(revision))
