"""People's places in organisations. Each step locks the organisation first."""

from django.db import transaction
from django.utils import timezone

from cja_portal.kit.moves import ImpossibleMove
from members.audit import record
from members.models import Affiliation, Organisation, Role


class AffiliationError(ImpossibleMove):
    """An impossible change to somebody's place, as a sentence for the person who tried it."""


@transaction.atomic
def join_organisation(user, organisation, *, roles, by):
    """Give `user` these roles at `organisation`, beside those already held."""
    lock_organisation(organisation)
    current = Affiliation.objects.current().filter(user=user, organisation=organisation).first()
    if current:
        return change_roles(current, sorted({*current.roles, *roles}), by=by)
    affiliation = Affiliation.objects.create(
        user=user,
        organisation=organisation,
        roles=roles,
        became_owner_at=timezone.now() if Role.OWNER in roles else None,
    )
    record(by, "members.join", affiliation, roles=affiliation.roles)
    return affiliation


@transaction.atomic
def change_roles(affiliation, roles, *, by):
    lock_organisation(affiliation.organisation)
    affiliation.refresh_from_db()
    _check_current(affiliation)
    if Role.OWNER not in roles:
        _check_another_owner(affiliation)
    before, affiliation.roles = affiliation.roles, list(roles)
    if Role.OWNER in roles and not affiliation.became_owner_at:
        affiliation.became_owner_at = timezone.now()
    affiliation.full_clean()
    affiliation.save(update_fields=["roles", "became_owner_at"])
    record(by, "members.change_roles", affiliation, before=before, after=affiliation.roles)
    return affiliation


@transaction.atomic
def end_affiliation(affiliation, *, by):
    """Let a person leave. The row stays, with the day."""
    lock_organisation(affiliation.organisation)
    affiliation.refresh_from_db()
    _check_current(affiliation)
    _check_another_owner(affiliation)
    affiliation.ended_at = timezone.now()
    affiliation.save(update_fields=["ended_at"])
    record(by, "members.leave", affiliation)


@transaction.atomic
def ask_to_leave(affiliation, *, by):
    """A last owner with nobody to hand over to asks staff to find somebody."""
    lock_organisation(affiliation.organisation)
    affiliation.refresh_from_db()
    _check_current(affiliation)
    if Role.OWNER not in affiliation.roles:
        raise AffiliationError("Only an owner has to be followed by somebody. You can leave.")
    if affiliation.wants_to_leave_at:
        raise AffiliationError("You have asked already. CJA staff will write to you.")
    affiliation.wants_to_leave_at = timezone.now()
    affiliation.save(update_fields=["wants_to_leave_at"])
    record(by, "members.ask_to_leave", affiliation)


def lock_organisation(organisation):
    """Two owners who leave at once wait for each other here, and the second stays."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)


def _check_current(affiliation):
    if affiliation.ended_at:
        raise AffiliationError("This person no longer belongs to the organisation.")


def _check_another_owner(affiliation):
    if Role.OWNER not in affiliation.roles:
        return
    if not affiliation.organisation.affiliations.owning().exclude(pk=affiliation.pk).exists():
        raise AffiliationError("An organisation needs an owner. Make somebody else an owner first.")
