from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from members.actions.invitations import (
    InvitationError,
    invite_person,
    resend_invitation,
    withdraw_invitation,
)
from members.models import (
    DoNotInvite,
    Invitation,
    User,
)
from members.models.invitation import Purpose
from tests.factories import (
    make_invitation,
    make_organisation,
    make_owner,
    make_staff,
    make_user,
)
from tests.logins import PASSWORD, log_in
from tests.members.invitations.links import NEW, open_link

pytestmark = pytest.mark.django_db


# -- Declining ------------------------------------------------------------------------------------


def test_a_person_without_an_account_declines(client):
    make_invitation()
    open_link(client)

    page = client.post("/invitations/decline/", {"do": "decline"})

    assert "You have declined the invitation" in page.content.decode()
    assert Invitation.objects.get().state == "declined"
    assert client.get("/invitations/").status_code == 410
    assert DoNotInvite.objects.count() == 0


def test_a_wish_not_to_be_invited_again_is_kept_by_this_organisation(client):
    organisation, other = make_organisation(), make_organisation("Example Service")
    owner, roles = make_owner(organisation), ["editor"]
    place = {"purpose": Purpose.ORGANISATION, "roles": roles}
    make_invitation(organisation=organisation, invited_by=owner, **place)
    open_link(client)

    client.post("/invitations/decline/", {"do": "never"})

    with pytest.raises(InvitationError, match="asked not to be invited"):
        invite_person("New@example.org", organisation=organisation, by=owner, **place)
    invite_person("new@example.org", organisation=other, by=make_staff(), **place)


@pytest.mark.parametrize("method", ["get", "head"])
def test_nobody_declines_by_following_a_link(client, method):
    make_invitation()
    open_link(client)

    assert getattr(client, method)("/invitations/decline/").status_code == 405
    assert Invitation.objects.get().state == "open"


def test_declining_needs_the_link(client):
    make_invitation()

    assert client.post("/invitations/decline/", {"do": "never"}).status_code == 410
    assert DoNotInvite.objects.count() == 0


def test_sending_again_waits_five_minutes():
    staff = make_staff()
    invitation = invite_person("new@example.org", Purpose.STAFF, by=staff)

    with pytest.raises(InvitationError, match="five minutes"):
        resend_invitation(invitation, by=staff)


def test_inviting_the_same_person_again_renews_the_invitation():
    staff = make_staff()
    invite_person("new@example.org", Purpose.STAFF, by=staff)
    Invitation.objects.update(invited_at=timezone.now() - timedelta(days=20))

    invite_person("new@example.org", Purpose.STAFF, by=staff)

    assert Invitation.objects.open().count() == 1


# -- The link -------------------------------------------------------------------------------------


def test_the_link_moves_the_secret_out_of_the_address_and_accepts_nothing(client):
    make_invitation()
    user = make_user("new@example.org", password=PASSWORD)
    log_in(client, user)

    response = open_link(client)
    page = client.get("/invitations/")

    assert (response.status_code, response["Location"]) == (302, "/invitations/")
    for answer in (response, page):
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "same-origin"
    assert "Accept" in page.content.decode()
    assert Invitation.objects.get().accepted_at is None


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_mail_scanner_that_follows_the_link_changes_nothing(client, method):
    make_invitation()

    getattr(client, method)("/invitations/a secret/", follow=True)

    assert Invitation.objects.open().count() == 1


def test_a_guessed_link_makes_no_session(client):
    response = open_link(client, "guessed")

    assert "sessionid" not in response.cookies
    assert client.get("/invitations/").status_code == 410


@pytest.mark.parametrize(
    "fields",
    [
        {"accepted_at": timezone.now()},
        {"withdrawn_at": timezone.now()},
        {"expires_at": timezone.now() - timedelta(seconds=1)},
    ],
)
def test_an_ended_invitation_opens_nothing(client, fields):
    make_invitation(**fields)
    open_link(client)

    assert client.get("/invitations/").status_code == 410
    assert client.post("/accounts/signup/", NEW).status_code == 200
    assert User.objects.count() == 0


def test_an_invitation_withdrawn_between_opening_and_accepting_opens_nothing(client):
    invitation = make_invitation()
    user = make_user("new@example.org", password=PASSWORD)
    log_in(client, user)
    open_link(client)
    withdraw_invitation(invitation, by=make_staff())

    response = client.post("/invitations/")

    assert response.status_code == 410
    assert User.objects.get(pk=user.pk).is_staff is False


# -- What is always true --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "law"),
    [
        ({"purpose": "organisation"}, "invitation_names_what_it_opens"),
        (
            {"accepted_at": timezone.now(), "withdrawn_at": timezone.now()},
            "invitation_ends_one_way",
        ),
    ],
)
def test_the_database_holds_the_laws_of_invitations(fields, law):
    invitation = make_invitation()
    for name, value in fields.items():
        setattr(invitation, name, value)

    with pytest.raises(ValidationError):
        invitation.full_clean()
    with pytest.raises(IntegrityError, match=law), transaction.atomic():
        invitation.save()


def test_the_database_holds_one_pending_invitation_for_each_thing():
    make_invitation()
    second = Invitation(email="new@example.org", purpose="staff", expires_at=timezone.now())

    with pytest.raises(ValidationError, match="already invited"):
        second.full_clean(exclude=["invited_by"])
    with pytest.raises(IntegrityError, match="invitation_one_pending"), transaction.atomic():
        make_invitation(secret="another")
