from urllib.parse import unquote

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client

from members.models import AuditEvent, User
from tests.awards.factories import make_running_cycle
from tests.factories import (
    make_affiliation,
    make_invitation,
    make_organisation,
    make_owner,
    make_staff,
    make_user,
)
from tests.logins import PASSWORD, RECORDS, log_in, sign_in

pytestmark = pytest.mark.django_db

# -- Showing again who it is ----------------------------------------------------------------------


def a_session_left_open(client, make):
    """Of somebody with a password who proved nothing for a while; gives the organisation."""
    organisation = make_organisation()
    user = make(organisation, password=PASSWORD)
    sign_in(client, user)
    session = client.session
    session[RECORDS] = [one | {"reauthenticated": False} for one in session[RECORDS]]
    session.save()
    return organisation


def step(address, **data):
    return lambda client, organisation: client.post(address.format(organisation.slug), data)


def change_of_roles(client, organisation, query=""):
    place = make_affiliation(make_user("colleague@example.org"), organisation)
    address = f"/my/organisations/{organisation.slug}/people/{place.uuid}/{query}"
    return client.post(address, {"roles": ["editor"]})


def letter_again(client, organisation):
    invited = make_invitation(
        purpose="organisation",
        organisation=organisation,
        roles=["owner"],
        invited_by=organisation.affiliations.get().user,
    )
    address = f"/my/organisations/{organisation.slug}/invitations/{invited.uuid}/"
    return client.post(address, {"do": "resend"})


PEOPLE = "/my/organisations/{}/people/"


@pytest.mark.parametrize(
    ("act", "is_asked"),
    [
        (step(PEOPLE, email="new@example.org", roles=["owner"]), True),
        (step(PEOPLE, email="new@example.org", roles=["participant"]), False),
        (letter_again, True),
        (change_of_roles, True),
        (lambda client, organisation: client.get("/members/export/"), True),
        (step("/accounts/email/", email="new@example.org", action_add="1"), True),
        (step("/accounts/2fa/totp/deactivate/"), True),
        (lambda client, organisation: client.get("/accounts/2fa/recovery-codes/generate/"), True),
    ],
)
def test_what_a_session_left_open_cannot_do(client, act, is_asked):
    organisation = a_session_left_open(client, make_owner)

    answer = act(client, organisation)

    is_sent_on = answer.headers.get("Location", "").startswith("/accounts/reauthenticate/?next=")
    assert is_sent_on is is_asked


@pytest.mark.parametrize("query", ["", "?from=a-list"])
def test_what_was_typed_is_done_once_it_is_clear_who_it_is(client, query):
    organisation = a_session_left_open(client, make_owner)

    asked = change_of_roles(client, organisation, query)["Location"]
    before = organisation.affiliations.get(user__email="colleague@example.org").roles
    client.post(asked, {"password": PASSWORD})

    after = organisation.affiliations.get(user__email="colleague@example.org").roles
    assert (before, after) == (["participant"], ["editor"])


@pytest.mark.parametrize(
    "address", ["/admin/members/invitation/add/", "/admin/members/user/{}/change/"]
)
def test_staff_show_again_who_it_is_before_they_give_power(client, address):
    a_session_left_open(
        client, lambda organisation, **fields: make_staff(is_superuser=True, **fields)
    )
    address = address.format(User.objects.get().pk)

    asked = client.post(address)
    way = client.get(asked["Location"])["Location"]

    assert client.get(address).status_code == 200
    assert asked["Location"].startswith("/accounts/reauthenticate/?next=%2Fadmin%2F")
    assert way.startswith("/accounts/2fa/reauthenticate/")


@pytest.mark.parametrize(
    "address",
    ["/admin/dictionary/sense/export/", "/admin/awards/cycle/{}/exports/nominations.csv"],
)
def test_staff_show_again_who_it_is_before_they_take_a_list_away(client, address):
    a_session_left_open(
        client, lambda organisation, **fields: make_staff(is_superuser=True, **fields)
    )

    asked = client.get(address.format(make_running_cycle().pk))

    assert asked.headers.get("Location", "").startswith("/accounts/reauthenticate/?next=%2Fadmin")


def test_the_log_says_who_took_the_meanings_away(client):
    staff = make_staff(is_superuser=True)
    sign_in(client, staff)

    assert client.get("/admin/dictionary/sense/export/").status_code == 200

    assert AuditEvent.objects.get(verb="dictionary.export_senses").by == staff


# -- Recovery codes -------------------------------------------------------------------------------


def test_recovery_codes_are_shown_once_and_can_be_kept_as_a_file(client):
    owner = make_owner(make_organisation())
    sign_in(client, owner)
    codes = RecoveryCodes.activate(owner).get_unused_codes()
    address = "/accounts/2fa/recovery-codes/"

    first, second = (client.get(address).content.decode() for _ in range(2))

    shown = first.partition("<pre")[2].partition("</pre>")[0]
    kept = unquote(first.partition('href="data:text/plain;charset=utf-8,')[2].partition('"')[0])
    assert [code in shown for code in codes] == [True] * len(codes)
    assert kept.split("\r\n")[1:-1] == codes
    assert [code in second for code in codes] == [False] * len(codes)
    assert "10 of 10 codes are left" in second
    assert "data:text" not in second


# -- Sessions -------------------------------------------------------------------------------------


def test_people_sign_out_everywhere_else(client):
    owner = make_owner(make_organisation(), password=PASSWORD)
    devices = [Client(headers={"user-agent": name}) for name in ("Telephone", "Library computer")]
    for device in devices:
        log_in(device, owner)
        device.get("/my/")

    listed = devices[0].get("/accounts/sessions/").content.decode()
    devices[0].post("/accounts/sessions/")

    assert [name in listed for name in ("Telephone", "Library computer")] == [True, True]
    assert [device.get("/my/").status_code for device in devices] == [200, 302]
