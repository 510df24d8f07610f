"""Has this person, in this session, proved a second factor?

allauth's own wrapper of the admin asks less: there a member of staff could post another's password
to the admin's login form and become them without their second factor.
"""

import time

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings

from members.accounts import STRONG

LASTS = 12 * 60 * 60  # seconds


def is_proved(request):
    """True for a proof of the last hours whose authenticator has not been removed since."""
    if not settings.REQUIRE_SECOND_FACTOR:
        return True
    kinds = dict(Authenticator.objects.filter(user=request.user).values_list("pk", "type"))
    has_strong = not set(STRONG).isdisjoint(kinds.values())
    return has_strong and any(
        record["method"] == "mfa"
        and record.get("id") in kinds
        and time.time() - record["at"] < LASTS
        for record in get_authentication_records(request, request.user)
    )


def way_to_prove(user):
    """The page that asks for the factor this person has, the safer one first.

    allauth would choose too, but begins with the password, which proves no second factor.
    """
    keys = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)
    return "mfa_reauthenticate_webauthn" if keys.exists() else "mfa_reauthenticate"
