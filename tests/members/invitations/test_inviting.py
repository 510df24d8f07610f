import hashlib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F
from django.test import Client
from django.utils import timezone

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
    Invitation,
    InvitationLink,
    Role,
    User,
)
from members.models.invitation import LIFETIME, Purpose, digest_of
from tests.factories import (
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
from tests.members.invitations.links import NEW, link_in, open_link

pytestmark = pytest.mark.django_db


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
