"""Claiming an organisation that has no owner who answers. Only staff grant it, after a wait."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.core import signing
from django.db import transaction
from django.utils import timezone

from cja_portal.kit.moves import ImpossibleMove
from members import emails
from members.actions.affiliations import lock_organisation
from members.actions.invitations import invite_person
from members.actions.join_requests import is_at_approved_domain
from members.audit import record
from members.models import Claim, DetailKind, DoNotInvite, Organisation, Role, User, WaitingTimes
from members.models.invitation import Purpose
from members.models.succession import ClaimState
from members.permissions import may_settle_claims

SALT = "members.claim"


class ClaimError(ImpossibleMove):
    """An impossible step with a claim, as a sentence for the person who tried it."""


@transaction.atomic
def claim_organisation(organisation, email, *, name, message=""):
    """Ask to own an orphaned organisation, and tell every address we know there."""
    lock_organisation(organisation)
    check_may_claim(organisation)
    days, at = WaitingTimes.now().claim_days, timezone.now()
    told = known_addresses(organisation) - {email}
    claim = Claim.objects.create(
        organisation=organisation,
        email=email,
        name=name,
        message=message,
        claimed_at=at,
        opens_at=at + timedelta(days=days),
        told=len(told),
    )
    DoNotInvite.objects.filter(email=email, organisation=organisation).delete()
    record(None, "members.claim", claim, told=len(told))
    transaction.on_commit(lambda: _tell(claim, told))
    return claim


def check_may_claim(organisation):
    if not is_orphaned(organisation):
        raise ClaimError("This organisation has an owner who answers. Ask to join instead.")
    if organisation.claims.undecided().exists():
        raise ClaimError("Somebody has already claimed this organisation. CJA staff decide.")


def is_orphaned(organisation):
    return Organisation.objects.orphaned().filter(pk=organisation.pk).exists()


def known_addresses(organisation):
    """Its own, those of all who belong or belonged to it, and of those invited."""
    own = organisation.details.filter(kind=DetailKind.EMAIL).values_list("value", flat=True)
    people = User.objects.filter(affiliations__organisation=organisation, is_active=True)
    shown = EmailAddress.objects.filter(user__in=people, verified=True)
    invited = organisation.invitations.pending()
    theirs = (email for rows in (people, shown, invited) for email in _emails(rows))
    return {email.lower() for email in (*own, *theirs)}


def _emails(rows):
    return rows.order_by().values_list("email", flat=True)


def _tell(claim, addresses):
    for address in sorted(addresses):
        secret = signing.dumps([str(claim.uuid), address], salt=SALT)
        emails.claim_notice(claim, secret, to=[address])


def read_objection_link(secret):
    """The claim, and the address to which we wrote of it."""
    try:
        uuid, email = signing.loads(secret, salt=SALT)
    except signing.BadSignature as error:
        raise ClaimError("This link is not whole.") from error
    claim = Claim.objects.select_related("organisation").filter(uuid=uuid).first()
    if claim is None or not claim.is_undecided:
        raise ClaimError("This claim has been decided.")
    return claim, email


@transaction.atomic
def object_to_claim(claim, email, *, objection):
    """Freeze the claim until staff have settled the objection."""
    _lock(claim)
    if not claim.is_undecided:
        raise ClaimError("This claim has been decided.")
    if claim.state == ClaimState.FROZEN:
        raise ClaimError("Somebody has already objected. CJA staff look into it.")
    claim.state, claim.objected_at = ClaimState.FROZEN, timezone.now()
    claim.objection, claim.objected_by = objection, email
    claim.save(update_fields=["state", "objected_at", "objection", "objected_by"])
    record(None, "members.object_to_claim", claim)


@transaction.atomic
def settle_objection(claim, *, by):
    """The claim goes on; the time to object is what it was."""
    _lock(claim)
    _check_staff(by)
    if claim.state != ClaimState.FROZEN:
        raise ClaimError("Nobody's objection waits here.")
    claim.state, claim.settled_at = ClaimState.WAITING, timezone.now()
    claim.save(update_fields=["state", "settled_at"])
    record(by, "members.settle_objection", claim)


@transaction.atomic
def grant_claim(claim, *, by):
    """Invite the claimant as owner, when the time is over and nobody's objection is open."""
    _lock(claim)
    _check_staff(by)
    _check_grantable(claim)
    _decide(claim, ClaimState.GRANTED, by)
    place = {"organisation": claim.organisation, "roles": [Role.OWNER]}
    invite_person(claim.email, Purpose.ORGANISATION, by=by, **place)


@transaction.atomic
def refuse_claim(claim, *, by):
    _lock(claim)
    _check_staff(by)
    if not claim.is_undecided:
        raise ClaimError("This claim has been decided.")
    _decide(claim, ClaimState.REFUSED, by)
    transaction.on_commit(lambda: emails.claim_refused(claim))


def _lock(claim):
    lock_organisation(claim.organisation)
    claim.refresh_from_db(from_queryset=Claim.objects.select_for_update())


def _check_staff(by):
    if not may_settle_claims(by):
        raise ClaimError("Only CJA staff decide on claims.")


def _check_grantable(claim):
    if claim.state == ClaimState.FROZEN:
        raise ClaimError("Somebody has objected: settle that first.")
    if claim.state != ClaimState.WAITING:
        raise ClaimError("This claim has been decided.")
    if timezone.now() < claim.opens_at:
        raise ClaimError(f"People may object until {claim.opens_at:%-d %B %Y}.")
    if not is_orphaned(claim.organisation):
        raise ClaimError("The organisation has an owner again. Refuse the claim.")
    if not is_at_approved_domain(claim.organisation, claim.email):
        raise ClaimError("The address is no longer at an approved domain.")


def _decide(claim, state, by):
    claim.state, claim.decided_by, claim.decided_at = state, by, timezone.now()
    claim.save(update_fields=["state", "decided_by", "decided_at"])
    record(by, "members.decide_claim", claim, state=state)
