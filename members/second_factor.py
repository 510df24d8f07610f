"""Who needs a second factor, from when, and whether this session has proved one.

allauth's own wrapper of the admin asks less: there a member of staff could post another's password
to the admin's login form and become them without their second factor.
"""

import math
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps

from allauth.account.authentication import get_authentication_records
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import record_authentication
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from members.models import Affiliation, Role

STRONG = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
LASTS = 12 * 60 * 60  # seconds that a proof opens the admin
DAY = timedelta(days=1)
ACCOUNT = ("account_", "mfa_", "usersessions_")  # how the names of allauth's pages begin
FIRST_SET_UP = "Set up a second step first. It takes two minutes, and then you can go on."


@dataclass(frozen=True)
class Duty:
    """Somebody who needs a second factor and has proved none in this session."""

    due_at: datetime
    has_factor: bool

    @property
    def is_due(self):
        return self.has_factor or self.due_at <= timezone.now()

    @property
    def days_left(self):
        return math.ceil((self.due_at - timezone.now()) / DAY)


def note_set_up(request, user, authenticator, **kwargs):
    """Who has set up their first factor has used it; one more proves nothing about the first."""
    others = Authenticator.objects.filter(user=user, type__in=STRONG).exclude(pk=authenticator.pk)
    if authenticator.type in STRONG and not others.exists():
        proof = {"id": authenticator.pk, "type": authenticator.type}
        record_authentication(request, user, "mfa", **proof)


def has_second_factor(user):
    return Authenticator.objects.filter(user=user, type__in=STRONG).exists()


def due_at(user):
    """The moment from which this person needs a second factor; None for never."""
    if user.is_staff:
        return user.joined_at
    held = Affiliation.objects.current().filter(user=user).with_role(Role.OWNER, Role.FINANCE)
    return min((place.factor_due_at for place in held), default=None)


def duty_of(request):
    """What this person still has to do about it, or None."""
    if not settings.REQUIRE_SECOND_FACTOR:
        return None
    due = due_at(request.user)
    if due is None or is_proved(request, within=math.inf):
        return None
    return Duty(due, has_second_factor(request.user))


def is_proved(request, *, within=LASTS):
    """True for a proof of the last seconds whose authenticator has not been removed since."""
    if not settings.REQUIRE_SECOND_FACTOR:
        return True
    since = time.time() - within
    records = get_authentication_records(request, request.user)
    proofs = {one.get("id") for one in records if one["method"] == "mfa" and one["at"] > since}
    if not proofs:
        return False
    kinds = dict(Authenticator.objects.filter(user=request.user).values_list("pk", "type"))
    return not proofs.isdisjoint(kinds) and not set(STRONG).isdisjoint(kinds.values())


def way_to_prove(user):
    """The page that asks for the factor this person has, the safer one first.

    allauth would choose too, but begins with the password, which proves no second factor.
    """
    keys = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)
    return "mfa_reauthenticate_webauthn" if keys.exists() else "mfa_reauthenticate"


def lead_to_proof(request, target):
    """To the page that asks for the factor, or to those where the first one is set up."""
    if not has_second_factor(request.user):
        messages.warning(request, FIRST_SET_UP)
        return redirect("mfa_index")
    return redirect(f"{reverse(way_to_prove(request.user))}?{urlencode({'next': target})}")


def ask_who_it_is(request):
    """Whoever acts shows again that it is them: a session left open must not be enough.

    What they had typed waits in the session, and is done once they have shown it.
    """
    try:
        reauthentication_required(lambda request: None)(request)
    except ReauthenticationRequired:
        _leave_query_aside(request)
        raise


def _leave_query_aside(request):
    """allauth does later what was sent to an address only where that address has no query.

    What it keeps of the request holds the query beside the address, and so loses nothing.
    """
    if request.method == "POST":
        _ = request.GET  # read from the address once, and kept
        request.META["QUERY_STRING"] = ""


def needs_proof_now(view):
    """For signing in an organisation's name: no grace, and it must be you at this moment."""

    @wraps(view)
    def gate(request, *args, **kwargs):
        if not is_proved(request, within=math.inf):
            return lead_to_proof(request, request.get_full_path())
        ask_who_it_is(request)
        return view(request, *args, **kwargs)

    return gate
