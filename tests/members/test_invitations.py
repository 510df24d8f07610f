import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test import Client
from django.utils import timezone

from members.actions import invitations
from members.actions.affiliations import change_roles
from members.actions.invitations import (
    MOST_A_DAY,
    MOST_OPEN,
    InvitationError,
    accept_invitation,
    invite_person,
    resend_invitation,
    withdraw_invitation,
)
from members.models import (
    Affiliation,
    AuditEvent,
    DoNotInvite,
    Invitation,
    InvitationLink,
    Role,
    User,
)
from members.models.invitation import LIFETIME, Purpose, digest_of
from tests.factories import (
    make_affiliation,
    make_invitation,
    make_judge,
    make_organisation,
    make_outsider,
    make_owner,
    make_participant,
    make_staff,
    make_user,
)
from tests.logins import PASSWORD, log_in
from tests.races import race

pytestmark = pytest.mark.django_db
NEW = {"email": "new@example.org", "name": "New person", "password1": PASSWORD}


@pytest.fixture
def letters(django_capture_on_commit_callbacks):
    """Everything in the test's transaction counts as committed when the block ends."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def link_in(letter):
    address = next(word for word in letter.body.split() if "/invitations/" in word)
    return address.partition("/invitations/")[2].strip("/")


def open_link(client, secret="a secret"):
    return client.get(f"/invitations/{secret}/")


# -- Inviting -------------------------------------------------------------------------------------


def test_the_letter_holds_a_secret_of_which_only_the_digest_is_kept(letters):
    with letters():
        invitation = invite_person("New@Example.org ", Purpose.STAFF, by=make_staff())

    secret = link_in(mail.outbox[0])
    assert mail.outbox[0].to == ["new@example.org"]
    assert len(secret) == 43  # 256 bits
    digest = hashlib.sha256(secret.encode()).hexdigest()
    assert invitation.links.get().secret_digest == digest
    assert secret not in str(list(Invitation.objects.values("uuid", "links__secret_digest")))
    assert invitation.expires_at - invitation.invited_at == timedelta(days=7)


def test_what_people_call_themselves_stays_out_of_the_letter(letters):
    organisation = make_organisation("Example\nBcc: all@example.org")
    owner = make_owner(organisation, name="Win a prize at https://evil.example")
    with letters():
        invite_person(
            "new@example.org",
            Purpose.ORGANISATION,
            organisation=organisation,
            roles=["editor"],
            by=owner,
        )

    letter = mail.outbox[0]
    assert "evil.example" not in letter.body
    assert letter.recipients() == ["new@example.org"]
    assert letter.subject == "Invitation: join Example Bcc: all@example.org on the CJA portal"


def test_no_letter_goes_out_when_the_change_is_undone(django_capture_on_commit_callbacks):
    staff = make_staff()

    def invite_and_fail():
        with transaction.atomic():
            invite_person("new@example.org", Purpose.STAFF, by=staff)
            raise ZeroDivisionError

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ZeroDivisionError):
        invite_and_fail()

    assert (mail.outbox, Invitation.objects.count()) == ([], 0)


def who(name, organisation):
    makers = {"owner": make_owner, "participant": make_participant}
    others = {"judge": make_judge, "staff": make_staff, "outsider": make_outsider}
    if name in makers:
        return makers[name](organisation)
    if name == "superuser":
        return make_staff(is_superuser=True)
    return None if name == "operator" else others[name]()


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("operator", {"judge", "staff", "administrator"}),
        ("superuser", {"organisation", "judge", "staff", "administrator"}),
        ("staff", {"organisation", "judge", "staff"}),
        ("owner", {"organisation"}),
        ("participant", set()),
        ("judge", set()),
        ("outsider", set()),
    ],
)
def test_who_may_invite_to_what(name, may):
    organisation = make_organisation()
    by, done = who(name, organisation), set()

    for purpose in Purpose:
        is_place = purpose == Purpose.ORGANISATION
        fields = {"organisation": organisation, "roles": [Role.OWNER]} if is_place else {}
        try:
            invite_person("new@example.org", purpose, by=by, **fields)
            done.add(purpose.value)
        except InvitationError:
            pass

    assert done == may


def test_an_owner_of_one_organisation_invites_nobody_into_another():
    owner, other = make_owner(make_organisation()), make_organisation("Example Service")

    with pytest.raises(InvitationError):
        invite_person(
            "new@example.org", Purpose.ORGANISATION, organisation=other, roles=["owner"], by=owner
        )


def test_somebody_who_belongs_is_not_invited_again():
    organisation = make_organisation()
    owner, participant = make_owner(organisation), make_participant(organisation)

    with pytest.raises(InvitationError, match="already belongs"):
        invite_person(
            participant.email,
            Purpose.ORGANISATION,
            organisation=organisation,
            roles=["owner"],
            by=owner,
        )


def test_an_organisation_can_send_so_many_invitations_a_day():
    organisation = make_organisation()
    owner = make_owner(organisation)
    fields = {"organisation": organisation, "roles": ["participant"], "by": owner}
    for number in range(MOST_A_DAY):
        invite_person(f"new{number}@example.org", Purpose.ORGANISATION, **fields)

    with pytest.raises(InvitationError, match="20 invitations a day"):
        invite_person("one.more@example.org", Purpose.ORGANISATION, **fields)


def test_sending_again_keeps_the_older_links_alive_as_long_as_the_newest(letters):
    staff = make_staff()
    with letters():
        invitation = invite_person("new@example.org", Purpose.STAFF, by=staff)
    nearly = timezone.now() - timedelta(days=6)
    Invitation.objects.update(invited_at=nearly, expires_at=nearly + LIFETIME)
    with letters():
        resend_invitation(invitation, by=staff)

    first, second = map(link_in, mail.outbox)
    Invitation.objects.update(expires_at=F("expires_at") - timedelta(days=2))  # the first is gone
    for secret in (first, second):
        client = Client()
        open_link(client, secret)
        assert client.get("/invitations/").status_code == 200
    assert first != second


def test_all_links_end_when_one_of_them_was_used(letters, client):
    staff, user = make_staff(), make_user("new@example.org", password=PASSWORD)
    invitation = make_invitation(purpose="judge", secret="older")
    invitation.links.create(secret_digest=digest_of("newer"))
    accept_invitation(invitation, by=user)
    log_in(client, user)

    for secret in ("older", "newer"):
        open_link(client, secret)
        assert client.get("/invitations/").status_code == 410
    with pytest.raises(InvitationError):
        resend_invitation(invitation, by=staff)


def test_letters_sent_again_count_for_the_day():
    organisation = make_organisation()
    owner = make_owner(organisation)
    fields = {"organisation": organisation, "roles": ["participant"], "by": owner}
    invitation = invite_person("new@example.org", Purpose.ORGANISATION, **fields)
    for number in range(1, MOST_A_DAY):
        invitation.links.create(secret_digest=str(number))
    Invitation.objects.update(invited_at=timezone.now() - timedelta(hours=1))

    with pytest.raises(InvitationError, match="20 invitations a day"):
        resend_invitation(invitation, by=owner)


def test_so_many_invitations_of_an_organisation_are_open_at_once():
    organisation = make_organisation()
    owner = make_owner(organisation)
    place = {"purpose": "organisation", "organisation": organisation, "roles": ["editor"]}
    for number in range(MOST_OPEN):
        make_invitation(f"new{number}@example.org", secret=str(number), **place)
    InvitationLink.objects.update(sent_at=timezone.now() - timedelta(days=3))

    with pytest.raises(InvitationError, match="25 invitations are open"):
        invite_person("one.more@example.org", by=owner, **place)
    withdraw_invitation(Invitation.objects.first(), by=owner)
    invite_person("one.more@example.org", by=owner, **place)

    assert organisation.invitations.open().count() == MOST_OPEN


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


# -- The operator ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("flags", "purpose"), [([], "staff"), (["--superuser"], "administrator")])
def test_the_operator_invites_the_first_staff(letters, flags, purpose):
    with letters():
        call_command("invite_staff", "first@example.org", *flags)

    assert Invitation.objects.get().purpose == purpose
    assert mail.outbox[0].to == ["first@example.org"]


def test_the_operator_hears_of_a_wrong_address():
    with pytest.raises(CommandError, match="valid email"):
        call_command("invite_staff", "nonsense")


def test_an_administrator_becomes_a_superuser(client):
    make_invitation(purpose="administrator")
    open_link(client)

    client.post("/accounts/signup/", NEW)

    assert User.objects.get().is_superuser


# -- At once --------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_an_inviter_who_loses_the_role_at_that_moment_gives_nothing():
    organisation = make_organisation()
    owner, user = make_owner(organisation), make_user("new@example.org")
    make_affiliation(make_outsider(), organisation, Role.OWNER)
    invitation = make_invitation(
        purpose="organisation", organisation=organisation, roles=["owner"], invited_by=owner
    )

    _, second = race(
        lambda: change_roles(owner.affiliations.get(), ["participant"], by=owner),
        lambda: accept_invitation(Invitation.objects.get(pk=invitation.pk), by=user),
    )

    assert isinstance(second, InvitationError)
    assert not user.affiliations.exists()


@pytest.mark.django_db(transaction=True)
def test_two_letters_at_once_do_not_pass_the_limit():
    organisation = make_organisation()
    owner = make_owner(organisation)
    place = {"purpose": "organisation", "organisation": organisation, "roles": ["editor"]}
    for number in range(MOST_OPEN - 1):
        make_invitation(f"new{number}@example.org", secret=str(number), **place)
    InvitationLink.objects.update(sent_at=timezone.now() - timedelta(days=3))

    _, second = race(
        lambda: invite_person("one@example.org", by=owner, **place),
        lambda: invite_person("two@example.org", by=owner, **place),
    )

    assert isinstance(second, InvitationError)
    assert organisation.invitations.open().count() == MOST_OPEN
