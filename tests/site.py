"""The portal with its starter content, in a database of its own beside that of the other tests."""

import os
import time
from contextlib import contextmanager
from io import StringIO

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY as WHOSE_RECORDS,
)
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY as RECORDS
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.sessions.backends.db import SessionStore
from django.core import signing
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings

from members.accounts import INVITATION
from members.actions import claims, join_requests
from members.actions.invitations import invite_person
from members.models import Affiliation, Claim, Invitation, Organisation, Role, User
from members.models.invitation import Purpose
from tests.factories import (
    make_approved_domain,
    make_claim,
    make_organisation,
    make_suggestion,
)

PASSWORD = "a password for tests only"
OWNER, PARTICIPANT, JUDGE, STAFF = (
    f"{who}@example.org" for who in ("owner", "participant", "judge", "staff")
)
INVITED = "invited@example.org"
SUGGESTION = "k7m2p-9xq4t"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def make_database():
    """A copy of the empty test database, filled; returns its name."""
    creation = connection.creation
    connection.close()
    creation.clone_test_db("site", verbosity=0)
    name = creation.get_test_db_clone_settings("site")["NAME"]
    with connected_to(name):
        _fill()
    return name


def drop_database(name):
    connection.close()
    connection.creation._destroy_test_db(name, verbosity=0)


@contextmanager
def connected_to(name):
    """For this thread's connection and for all that other threads open meanwhile."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual


def _fill():
    os.environ["DEMO_PASSWORD"] = PASSWORD
    with override_settings(IS_DEMONSTRATION=True):
        call_command("load_starter_content", stdout=StringIO())
        call_command("create_demo_logins", stdout=StringIO())
    staff = User.objects.get(email=STAFF)
    TOTP.activate(staff, TOTP_SECRET)
    RecoveryCodes.activate(staff)
    invite_person(
        INVITED,
        Purpose.ORGANISATION,
        organisation=Organisation.objects.get(slug="example-charity"),
        roles=[Role.PARTICIPANT],
        by=User.objects.get(email=OWNER),
    )
    make_suggestion(reference=SUGGESTION)
    make_approved_domain(Organisation.objects.get(slug="example-charity"), "charity.example")
    make_claim(make_organisation("Example Orphan", is_example=True, is_listed=False))
    for email in (OWNER, PARTICIPANT, JUDGE, STAFF):
        user = User.objects.get(email=email)
        client = Client()
        client.force_login(user)
        proofs = {RECORDS: _proofs(user), WHOSE_RECORDS: str(user.pk)}
        _save_session(email, dict(client.session) | proofs)
    _save_session(
        INVITED, {INVITATION: Invitation.objects.get(email=INVITED).links.get().secret_digest}
    )


# -- People ---------------------------------------------------------------------------------------


def client_of(email="", **options):
    """A test client, signed in as this person with everything that can be proved."""
    client = Client(**options)
    if email:
        client.cookies["sessionid"] = session_key(email)
    return client


def session_key(email):
    return f"{email.partition('@')[0]}-for-tests-only"


def _save_session(email, values):
    session = SessionStore()
    session.update(values)
    session._session_key = session_key(email)
    session.save(must_create=True)


def _proofs(user):
    """Everything that can be proved, just now, and once more for what asks again."""
    at = time.time()
    codes = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP)
    return [
        {"method": "password", "at": at, "email": user.email, "reauthenticated": True},
        *(
            {"method": "mfa", "type": "totp", "id": code.pk, "at": at, "reauthenticated": True}
            for code in codes
        ),
    ]


def code_now():
    """What the app on the staff member's telephone shows."""
    return format_hotp_value(hotp_value(TOTP_SECRET, int(time.time()) // 30))


# -- What stands in addresses ---------------------------------------------------------------------


def places():
    """What an address of `tests.pages` may name in braces."""
    charity = Organisation.objects.get(slug="example-charity")
    participant = Affiliation.objects.get(user__email=PARTICIPANT, organisation=charity)
    return {
        "participant": participant.uuid,
        "suggestion": SUGGESTION,
        "join": signing.dumps([charity.pk, "new@charity.example"], salt=join_requests.SALT),
        "claim": signing.dumps([str(Claim.objects.get().uuid), INVITED], salt=claims.SALT),
    }
