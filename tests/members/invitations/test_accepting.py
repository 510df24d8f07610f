from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.utils import timezone

from members.actions import invitations
from members.actions.affiliations import change_roles
from members.actions.invitations import (
    MOST_OPEN,
    InvitationError,
    accept_invitation,
    invite_person,
    resend_invitation,
)
from members.models import (
    Affiliation,
    AuditEvent,
    Invitation,
    InvitationLink,
    Role,
    User,
)
from tests.factories import (
    make_affiliation,
    make_invitation,
    make_organisation,
    make_outsider,
    make_owner,
    make_user,
)
from tests.logins import PASSWORD, log_in
from tests.members.invitations.links import NEW, open_link
from tests.races import race, without_row_locks

pytestmark = pytest.mark.django_db


# -- Accepting with a new account -----------------------------------------------------------------


def test_a_new_person_makes_an_account_with_the_verified_address(client):
    make_invitation()
    open_link(client)

    response = client.post("/accounts/signup/", NEW)

    user = User.objects.get()
    assert response["Location"] == "/my/"
    assert (user.email, user.name, user.is_staff) == ("new@example.org", "New person", True)
    assert list(user.groups.values_list("name", flat=True)) == ["staff"]
    addresses = EmailAddress.objects.values_list("email", "verified", "primary")
    assert list(addresses) == [("new@example.org", True, True)]
    assert Invitation.objects.get().accepted_by == user
    assert client.get("/my/").status_code == 200


def test_a_new_person_is_told_that_the_invitation_is_accepted(client):
    make_invitation()
    open_link(client)

    page = client.post("/accounts/signup/", NEW, follow=True)

    assert "Welcome. You have accepted the invitation." in page.content.decode()


def test_another_address_is_refused_and_leaves_nothing_behind(client):
    make_invitation()
    open_link(client)

    response = client.post("/accounts/signup/", NEW | {"email": "other@example.org"})

    assert "for the address it was sent to" in response.content.decode()
    assert (User.objects.count(), EmailAddress.objects.count()) == (0, 0)
    assert Invitation.objects.open().count() == 1


def test_the_invitation_is_used_up_by_the_sign_up(client):
    make_invitation()
    other = Client()
    open_link(client)
    open_link(other)
    client.post("/accounts/signup/", NEW)

    response = other.post("/accounts/signup/", NEW)

    assert "Accounts come by invitation" in response.content.decode()
    assert User.objects.count() == 1


def test_a_weak_password_is_refused(client):
    make_invitation()
    open_link(client)

    response = client.post("/accounts/signup/", NEW | {"password1": "password1234"})

    assert response.status_code == 200
    assert User.objects.count() == 0


def test_an_account_opens_through_csrf_protection_only():
    make_invitation()
    client = Client(enforce_csrf_checks=True)
    open_link(client)

    assert client.post("/accounts/signup/", NEW).status_code == 403
    assert client.post("/invitations/").status_code == 403


# -- Accepting with an account --------------------------------------------------------------------


def test_a_person_with_an_account_accepts_by_a_press_of_the_button(client):
    organisation = make_organisation()
    owner = make_owner(organisation)
    user = make_outsider(password=PASSWORD)
    make_invitation(
        user.email,
        purpose="organisation",
        organisation=organisation,
        roles=["editor"],
        invited_by=owner,
    )
    log_in(client, user)
    open_link(client)

    response = client.post("/invitations/")

    assert response["Location"] == "/my/"
    place = Affiliation.objects.get(user=user)
    assert (place.organisation, place.roles) == (organisation, ["editor"])


def test_any_verified_address_of_the_person_counts(client):
    make_invitation("second@example.org", purpose="judge")
    user = make_outsider(password=PASSWORD)
    EmailAddress.objects.create(user=user, email="second@example.org", verified=True)
    log_in(client, user)
    open_link(client)

    client.post("/invitations/")

    assert user.is_in_group("judges")


@pytest.mark.parametrize("verified", [None, False])
def test_the_link_alone_opens_nothing_for_somebody_else(client, verified):
    make_invitation()
    user = make_outsider(password=PASSWORD)
    if verified is not None:
        EmailAddress.objects.create(user=user, email="new@example.org", verified=verified)
    log_in(client, user)
    open_link(client)

    page = client.get("/invitations/").content.decode()
    client.post("/invitations/")

    assert "n…@example.org" in page
    assert "new@example.org" not in page
    assert User.objects.get(pk=user.pk).is_staff is False
    assert Invitation.objects.open().count() == 1


def test_somebody_with_an_account_is_sent_to_log_in_first(client):
    make_user("new@example.org")
    make_invitation()
    open_link(client)

    page = client.get("/invitations/").content.decode()

    assert "/accounts/login/?next=/invitations/" in page
    assert "Accounts come by invitation" in client.get("/accounts/signup/").content.decode()


def test_an_invitation_does_not_work_twice(client):
    user = make_user("new@example.org", password=PASSWORD)
    invitation = make_invitation(purpose="judge")
    accept_invitation(invitation, by=user)
    user.groups.clear()

    with pytest.raises(InvitationError):
        accept_invitation(invitation, by=user)

    assert user.is_in_group("judges") is False


def test_roles_are_capped_by_what_the_inviter_may_give_on_the_day_of_acceptance(client):
    organisation = make_organisation()
    owner = make_owner(organisation)
    user = make_user("new@example.org", password=PASSWORD)
    make_invitation(
        purpose="organisation", organisation=organisation, roles=["owner"], invited_by=owner
    )
    make_affiliation(make_outsider(), organisation, Role.OWNER)
    change_roles(owner.affiliations.get(), ["participant"], by=owner)
    log_in(client, user)
    open_link(client)

    response = client.post("/invitations/")

    assert response.status_code == 410
    assert "When another owner sends the invitation again" in response.content.decode()
    assert Affiliation.objects.filter(user=user).exists() is False


def test_another_owner_who_sends_it_again_brings_the_first_link_back_to_life(client):
    organisation = make_organisation()
    left, owner = make_outsider(), make_owner(organisation)
    user = make_user("new@example.org", password=PASSWORD)
    invitation = make_invitation(
        purpose="organisation",
        organisation=organisation,
        roles=["editor"],
        invited_by=left,
        invited_at=timezone.now() - timedelta(hours=1),
    )
    log_in(client, user)
    open_link(client)
    before = client.post("/invitations/").status_code

    resend_invitation(invitation, by=owner)
    client.post("/invitations/")

    assert before == 410
    assert Affiliation.objects.get(user=user).roles == ["editor"]


def test_roles_are_added_to_those_a_person_holds():
    organisation = make_organisation()
    owner, user = make_owner(organisation), make_user("new@example.org")
    make_affiliation(user, organisation, Role.FINANCE)
    invitation = make_invitation(
        purpose="organisation", organisation=organisation, roles=["editor"], invited_by=owner
    )

    accept_invitation(invitation, by=user)

    assert Affiliation.objects.get(user=user).roles == ["editor", "finance"]


def test_logging_out_forgets_the_invitation(client):
    make_invitation()
    user = make_outsider(password=PASSWORD)
    log_in(client, user)
    open_link(client)

    client.post("/accounts/logout/")

    assert client.get("/invitations/").status_code == 410


def accept_twenty_times_at_once():
    user = make_user("new@example.org")
    invitation = make_invitation(purpose="judge")
    together = Barrier(20)

    def accept(_):
        row = Invitation.objects.get(pk=invitation.pk)
        together.wait(timeout=30)
        try:
            accept_invitation(row, by=user)
            return True
        except InvitationError:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(accept, range(20)))

    return answers.count(True), AuditEvent.objects.filter(verb="members.accept").count()


@pytest.mark.django_db(transaction=True)
def test_of_twenty_who_accept_at_once_one_succeeds():
    assert accept_twenty_times_at_once() == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_all_twenty_would_succeed(monkeypatch):
    together = Barrier(20)

    def read_together(invitation):
        invitation.refresh_from_db()
        together.wait(timeout=30)

    monkeypatch.setattr(invitations, "lock_invitation", read_together)

    assert accept_twenty_times_at_once() == (20, 20)


# -- At once --------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_guarded", [True, False])
def test_an_inviter_who_loses_the_role_at_that_moment_gives_nothing(monkeypatch, is_guarded):
    organisation = make_organisation()
    owner, user = make_owner(organisation), make_user("new@example.org")
    make_affiliation(make_outsider(), organisation, Role.OWNER)
    invitation = make_invitation(
        purpose="organisation", organisation=organisation, roles=["owner"], invited_by=owner
    )
    if not is_guarded:
        without_row_locks(monkeypatch)

    _, second = race(
        lambda: change_roles(owner.affiliations.get(), ["participant"], by=owner),
        lambda: accept_invitation(Invitation.objects.get(pk=invitation.pk), by=user),
    )

    assert isinstance(second, InvitationError) == is_guarded
    assert user.affiliations.exists() != is_guarded


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_guarded", [True, False])
def test_two_letters_at_once_do_not_pass_the_limit(monkeypatch, is_guarded):
    organisation = make_organisation()
    owner = make_owner(organisation)
    place = {"purpose": "organisation", "organisation": organisation, "roles": ["editor"]}
    for number in range(MOST_OPEN - 1):
        make_invitation(f"new{number}@example.org", secret=str(number), **place)
    InvitationLink.objects.update(sent_at=timezone.now() - timedelta(days=3))
    if not is_guarded:
        without_row_locks(monkeypatch)

    _, second = race(
        lambda: invite_person("one@example.org", by=owner, **place),
        lambda: invite_person("two@example.org", by=owner, **place),
    )

    assert isinstance(second, InvitationError) == is_guarded
    assert organisation.invitations.open().count() == MOST_OPEN + (not is_guarded)
