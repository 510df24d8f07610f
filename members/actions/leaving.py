"""Leaving an organisation, with the roles handed over."""

from django.db import transaction

from members import emails
from members.actions.affiliations import (
    AffiliationError,
    change_roles,
    end_affiliation,
    lock_organisation,
)
from members.models import Role


@transaction.atomic
def hand_over_and_leave(affiliation, successors, *, by):
    """Give each role in `successors` to that colleague's place, and end this one.

    Only owners give roles; when others leave, the owners hear which roles are free.
    """
    lock_organisation(affiliation.organisation)
    affiliation.refresh_from_db()
    for role, place in successors.items():
        _hand_over(affiliation, role, place, by)
    end_affiliation(affiliation, by=by)
    transaction.on_commit(lambda: emails.left(affiliation, successors))


def _hand_over(affiliation, role, place, by):
    place.refresh_from_db()
    if not affiliation.has_role(Role.OWNER) or role not in affiliation.roles:
        raise AffiliationError("You can hand over only what you hold, and only as an owner.")
    if place.organisation_id != affiliation.organisation_id or place.pk == affiliation.pk:
        raise AffiliationError("Choose somebody else of the same organisation.")
    if not place.user.is_active:
        raise AffiliationError("This person cannot log in. Choose somebody else.")
    change_roles(place, sorted({*place.roles, role}), by=by)
