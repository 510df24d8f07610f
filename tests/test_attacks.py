"""What an attacker from outside would try, wherever no test of one room tries it."""

from uuid import uuid4

import pytest
from django import forms
from django.core import mail
from django.test import Client
from django.urls import reverse

from members.models import Affiliation, Invitation, JoinRequest, Organisation, User
from tests.factories import (
    make_affiliation,
    make_invitation,
    make_invoice,
    make_join_request,
    make_organisation,
    make_outsider,
    make_owner,
    make_user,
)
from tests.logins import PASSWORD, log_in, log_in_with_app, sign_in
from tests.members.invitations.links import NEW, open_link

pytestmark = pytest.mark.django_db


# -- Whose row it is ------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["people", "invitation", "join-request", "invoice"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_another_organisation_s_row_is_not_found_below_one_s_own_address(client, what, method):
    """Its number may be known: from a letter, a screenshot, a colleague who has left."""
    own, other = make_organisation(), make_organisation("Example Other")
    sign_in(client, make_owner(own))
    rows = {
        "people": lambda: make_affiliation(make_user(), other, "owner"),
        "invitation": lambda: make_invitation(
            purpose="organisation", organisation=other, roles=["editor"]
        ),
        "join-request": lambda: make_join_request(other),
        "invoice": lambda: make_invoice(other),
    }
    names = {"people": "people-change", "invoice": "invoice-file"}
    name = names.get(what, f"{what}-change")
    address = reverse(f"members:{name}", args=[own.slug, rows[what]().uuid])

    answer = getattr(client, method)(address, {"do": "withdraw", "roles": "owner"})

    assert answer.status_code == (405 if (method, what) in ONLY_BY_POST else 404)
    assert Affiliation.objects.filter(organisation=own).count() == 1
    assert not Invitation.objects.exclude(withdrawn_at=None).exists()
    assert not JoinRequest.objects.exclude(decided_at=None).exists()


ONLY_BY_POST = {("get", "invitation"), ("get", "join-request")}


# -- What a form may set --------------------------------------------------------------------------

NOT_TO_BE_TYPED = {
    *("is_staff", "is_superuser", "is_active", "is_listed", "is_example", "groups", "password"),
    *("uuid", "slug", "owner", "user", "by", "state", "stage", "status", "outcome", "secret"),
    *("organisation", "purpose", "decided_by", "published_at", "withdrawn_at", "user_permissions"),
}


def test_no_form_of_a_model_outside_the_admin_sets_what_people_may_not(everything_is_imported):
    found = {
        (one.__module__, name)
        for one in _below(forms.ModelForm)
        for name in one.base_fields
        if ".admin" not in one.__module__ and one.__module__.split(".")[0] in OURS
        if name in NOT_TO_BE_TYPED
    }

    assert found == MAY_BE_TYPED


MAY_BE_TYPED = {
    ("awards.forms.rounds", "stage"),  # by staff, who begin a round
    ("dictionary.suggestion_forms", "organisation"),  # where the reader works, in words
}
OURS = {"members", "library", "dictionary", "awards", "cja_portal"}


@pytest.fixture
def everything_is_imported(client):
    client.get("/healthz")


def _below(kind):
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


def test_whoever_signs_up_gives_themselves_nothing(client):
    organisation = make_organisation()
    place = {"purpose": "organisation", "organisation": organisation, "roles": ["participant"]}
    make_invitation(invited_by=make_owner(organisation), **place)
    open_link(client)
    power = {"is_staff": "on", "is_superuser": "on", "roles": "owner", "groups": "1"}
    power |= {"organisation": "2", "purpose": "administrator"}

    client.post("/accounts/signup/", NEW | power)

    user = User.objects.get(email="new@example.org")
    assert (user.is_staff, user.is_superuser, user.groups.count()) == (False, False, 0)
    assert user.affiliations.get().roles == ["participant"]


def test_an_editor_changes_no_more_of_a_profile_than_its_form(client):
    organisation = make_organisation(is_listed=False)
    editor = make_user()
    make_affiliation(editor, organisation, "editor")
    sign_in(client, editor)
    power = {"is_listed": "on", "slug": "cja", "is_example": "on", "name": "The Alliance"}

    client.post(
        f"/my/organisations/{organisation.slug}/profile/", power | {"summary": "x", "version": "0"}
    )

    organisation = Organisation.objects.get()
    assert (organisation.slug, organisation.name) == ("example-charity", "Example Charity")
    assert (organisation.is_listed, organisation.is_example) == (False, False)


# -- Sessions -------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", [log_in, log_in_with_app])
def test_a_session_planted_before_the_login_is_worth_nothing_after_it(client, way):
    """Also one that the portal itself had given to a visitor, who opened a link in it."""
    make_invitation("outsider@example.org")
    open_link(client)
    planted = client.cookies["sessionid"].value

    way(client, make_outsider(password=PASSWORD))

    thief = Client()
    thief.cookies["sessionid"] = planted
    assert client.cookies["sessionid"].value != planted
    assert thief.get("/my/").status_code == 302


def test_a_session_that_has_ended_opens_nothing(client):
    log_in(client, make_outsider(password=PASSWORD))
    taken = client.cookies["sessionid"].value

    client.post("/accounts/logout/")

    thief = Client()
    thief.cookies["sessionid"] = taken
    assert thief.get("/my/").status_code == 302


# -- Addresses that look like others --------------------------------------------------------------

LIKE_MIKE = [
    "mıke@example.org",  # a dotless i, which is I in capitals
    "mi\u212ae@example.org",  # the sign for kelvin, which is k in small letters
    "ｍike@example.org",  # a wide m
    "mike@example。org",  # a wide full stop
    "mike@еxample.org",  # a Cyrillic e
    "mike@example.org\u200b",  # a space that nobody sees
]


@pytest.mark.parametrize("email", LIKE_MIKE)
@pytest.mark.parametrize(
    "address", ["/accounts/password/reset/", "/accounts/login/code/", "/lost-second-step/"]
)
def test_an_address_that_looks_like_another_gets_no_letter_of_theirs(
    client, email, address, django_capture_on_commit_callbacks
):
    """Such letters open accounts. They go to the address that is kept, or to nobody."""
    make_user("mike@example.org", password=PASSWORD)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {"email": email})

    assert {to for letter in mail.outbox for to in letter.to} <= {"mike@example.org"}


# -- The host that was asked for ------------------------------------------------------------------


def test_a_forged_host_is_refused_and_stands_in_no_letter(
    client, django_capture_on_commit_callbacks, settings
):
    settings.ALLOWED_HOSTS = ["portal.example.org"]
    make_outsider(password=PASSWORD)
    forged = {"HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_HOST": "portal.example.org"}

    with django_capture_on_commit_callbacks(execute=True):
        for address in ("/accounts/password/reset/", "/lost-second-step/"):
            client.post(address, {"email": "outsider@example.org"}, **forged)

    assert client.get("/", headers={"host": "evil.example"}).status_code == 400
    assert mail.outbox
    assert [one for one in mail.outbox if "evil.example" in one.message().as_string()] == []


# -- Lines that begin a header --------------------------------------------------------------------


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\u2028", "%0d%0a"])
def test_no_line_of_ours_lets_a_header_in(client, break_):
    """In letters, in what is led to, and in the names of files."""
    word = f"x{break_}Set-Cookie: planted=1{break_}Bcc: all@example.org"

    answers = [
        client.get("/search/", {"q": word}),
        client.get("/dictionary/", {"q": word}),
        client.get("/accounts/login/", {"next": f"/my/{word}"}),
        client.get("/my/", {"next": word}),
        client.post("/privacy/complaint/", {"name": word, "email": "x@example.org", "text": "x"}),
        client.get(f"/nothing/{uuid4()}", headers={"referer": word}),
    ]

    assert [one for one in answers if "planted" in one.cookies or one.status_code >= 500] == []
    assert [one for one in mail.outbox if "all@example.org" in one.recipients()] == []
