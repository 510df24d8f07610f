"""Asking to be let in: a link to an address at an approved domain, a request, an owner's answer."""

from django.core import signing
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from cja_portal.kit.moves import ImpossibleMove
from members import emails
from members.actions.affiliations import lock_organisation
from members.actions.invitations import invite_person
from members.audit import record
from members.models import DoNotInvite, JoinRequest, Organisation, Role, User
from members.models.invitation import Purpose
from members.models.joining import Outcome, domain_of
from members.permissions import may_decide

LINK_LASTS = 24 * 60 * 60  # seconds
PAUSE = 5 * 60  # seconds between two letters to one address
SALT = "members.join"


class JoinRequestError(ImpossibleMove):
    """An impossible step with a request, as a sentence for the person who tried it."""


def send_join_link(organisation, email):
    """Write to an address at a domain of the organisation; for others the same work is done."""
    email = email.strip().lower()
    secret = signing.dumps([organisation.pk, email], salt=SALT)
    checks = [is_at_approved_domain(organisation, email), _is_first_in_a_while(email)]
    emails.join_link(organisation, secret, to=[email] if all(checks) else [])


def read_join_link(secret):
    """The organisation and the address that a link proves."""
    try:
        pk, email = signing.loads(secret, salt=SALT, max_age=LINK_LASTS)
    except signing.BadSignature as error:
        raise JoinRequestError("This link is too old, or not whole. Ask for a new one.") from error
    organisation = Organisation.objects.filter(pk=pk).first()
    if organisation is None or not is_at_approved_domain(organisation, email):
        raise JoinRequestError("This link no longer works.")
    return organisation, email


def is_at_approved_domain(organisation, email):
    return organisation.approved_domains.filter(domain=domain_of(email)).exists()


def _is_first_in_a_while(email):
    digest = salted_hmac(SALT, email, algorithm="sha256").hexdigest()
    return cache.add(f"join-link:{digest}", 1, PAUSE)


@transaction.atomic
def request_to_join(organisation, email, *, name, message=""):
    """Ask the owners. Whoever asks takes back a wish not to be invited."""
    lock_organisation(organisation)
    check_may_ask(organisation, email)
    asked = JoinRequest.objects.create(
        organisation=organisation, email=email, name=name, message=message
    )
    DoNotInvite.objects.filter(email=email, organisation=organisation).delete()
    record(None, "members.request_to_join", asked)
    transaction.on_commit(lambda: emails.join_request(asked))
    return asked


def check_may_ask(organisation, email):
    """Raise the reason why this address has nothing to ask for."""
    if organisation.join_requests.waiting().filter(email__iexact=email).exists():
        raise JoinRequestError("You have asked already. The answer comes by e-mail.")
    people = User.objects.with_address(email)
    if organisation.affiliations.current().filter(user__in=people).exists():
        raise JoinRequestError("You belong to this organisation already. Log in.")


@transaction.atomic
def accept_join_request(asked, *, by, roles=(Role.PARTICIPANT,)):
    """Let somebody in: the invitation to their address is on its way."""
    _lock(asked)
    _check_undecided(asked, by)
    if not is_at_approved_domain(asked.organisation, asked.email):
        raise JoinRequestError("This address is no longer at an approved domain.")
    _decide(asked, Outcome.ACCEPTED, by)
    place = {"organisation": asked.organisation, "roles": roles}
    invite_person(asked.email, Purpose.ORGANISATION, by=by, **place)


@transaction.atomic
def decline_join_request(asked, *, by):
    _lock(asked)
    _check_undecided(asked, by)
    _decide(asked, Outcome.DECLINED, by)
    transaction.on_commit(lambda: emails.join_request_declined(asked))


def _lock(asked):
    lock_organisation(asked.organisation)
    asked.refresh_from_db(from_queryset=JoinRequest.objects.select_for_update())


def _check_undecided(asked, by):
    if asked.outcome != Outcome.WAITING:
        raise JoinRequestError("Somebody has already answered this request.")
    if not may_decide(by, asked):
        raise JoinRequestError("The owners have five working days to answer this themselves.")


def _decide(asked, outcome, by):
    asked.outcome, asked.decided_by, asked.decided_at = outcome, by, timezone.now()
    asked.save(update_fields=["outcome", "decided_by", "decided_at"])
    record(by, "members.decide_join_request", asked, outcome=outcome)
