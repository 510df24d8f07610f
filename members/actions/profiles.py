"""Changing what an organisation says of itself."""

from django.db import transaction

from members.audit import record
from members.models import Organisation


class ProfileChangedError(Exception):
    """Somebody saved the profile since this person opened it."""


@transaction.atomic
def revise_profile(organisation, *, by, version, changes):
    """Save the fields of `changes` that differ, if the profile still is at `version`.

    Returns the names of the fields that changed. The row lock makes a second editor wait, and then
    find that the version is an older one.
    """
    organisation.refresh_from_db(from_queryset=Organisation.objects.select_for_update())
    changed = [name for name in changes if differs(organisation, name, changes[name])]
    if changed and version != organisation.version:
        raise ProfileChangedError
    if changed:
        _save(organisation, {name: changes[name] for name in changed})
        record(by, "members.revise_profile", organisation, fields=changed)
    return changed


def differs(organisation, name, value):
    return _comparable(getattr(organisation, name)) != _comparable(value)


def _comparable(value):
    """A text as it is; the rows of a many-to-many field as the set of their keys."""
    if isinstance(value, str):
        return value
    rows = value.all() if hasattr(value, "all") else value
    return {row.pk for row in rows}


def _save(organisation, changes):
    many = {field.name for field in Organisation._meta.many_to_many}
    for name, value in changes.items():
        if name not in many:
            setattr(organisation, name, value)
    organisation.save(update_fields=[*(changes.keys() - many), "updated_at"])
    for name in changes.keys() & many:
        getattr(organisation, name).set(changes[name])
