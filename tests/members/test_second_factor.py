from datetime import timedelta

import pytest
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.utils import timezone

from members.actions.affiliations import change_roles, join_organisation
from members.models import Affiliation, Role
from members.models.affiliation import GRACE
from members.second_factor import needs_proof_now
from tests.factories import (
    make_affiliation,
    make_judge,
    make_organisation,
    make_outsider,
    make_owner,
    make_participant,
    make_staff,
    make_user,
)
from tests.logins import PASSWORD, code_of, log_in, set_up_app, sign_in

pytestmark = pytest.mark.django_db

PUBLIC = "/themes/"
HOME = "/my/"
ORGANISATION = "/my/organisations/example-charity/contact/"
SET_UP = "/accounts/2fa/"


def owner_of(days):
    """Since so many days."""
    since = timezone.now() - timedelta(days=days)
    place = make_affiliation(
        make_user("owner@example.org"), make_organisation(), Role.OWNER, became_owner_at=since
    )
    return place.user


def finance():
    return make_affiliation(make_user(), make_organisation(), Role.FINANCE).user


def signatory():
    return make_affiliation(make_user(), make_organisation(), Role.SIGNATORY).user


def editor():
    return make_affiliation(make_user(), make_organisation(), Role.EDITOR).user


def staff_of_an_organisation():
    return make_affiliation(make_staff(), make_organisation(), Role.PARTICIPANT).user


# -- Who is asked, and where ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "closed"),
    [
        (staff_of_an_organisation, [PUBLIC, ORGANISATION]),
        (lambda: owner_of(days=15), [ORGANISATION]),
        (lambda: owner_of(days=13), []),
        (finance, [ORGANISATION]),
        (signatory, []),
        (editor, []),
        (lambda: make_participant(make_organisation()), []),
    ],
)
def test_who_gets_which_pages_without_a_second_step(client, make, closed):
    client.force_login(make())

    answers = {page: client.get(page) for page in [PUBLIC, HOME, ORGANISATION]}

    assert [page for page, answer in answers.items() if answer.status_code != 200] == closed
    assert {answers[page]["Location"] for page in closed} <= {SET_UP}


@pytest.mark.parametrize("make", [staff_of_an_organisation, lambda: owner_of(days=15), finance])
def test_with_a_proved_second_step_everything_opens(client, make):
    sign_in(client, make())

    assert {client.get(page).status_code for page in [PUBLIC, HOME, ORGANISATION]} == {200}


@pytest.mark.parametrize("make", [make_judge, make_outsider])
def test_nobody_else_is_asked(client, make):
    client.force_login(make())

    assert "second step" not in client.get(HOME).content.decode().partition("<aside>")[0]


def test_no_method_goes_around(client):
    client.force_login(owner_of(days=15))

    answers = {client.generic(method, ORGANISATION) for method in ["POST", "PUT", "HEAD"]}

    assert {answer["Location"] for answer in answers} == {SET_UP}


def test_an_older_session_shows_the_second_step_and_goes_on(client):
    owner = owner_of(days=3)
    owner.set_password(PASSWORD)
    owner.save()
    log_in(client, owner)
    secret = set_up_app(owner)  # on another device, after this session began

    asked = client.get(ORGANISATION)["Location"]
    client.post(asked, {"code": code_of(secret), "next": ORGANISATION})

    assert asked == f"/accounts/2fa/reauthenticate/?next={ORGANISATION.replace('/', '%2F')}"
    assert client.get(ORGANISATION).status_code == 200


def set_up_in_this_session(client):
    page = client.get("/accounts/2fa/totp/activate/", follow=True)
    if page.redirect_chain:
        client.post(page.redirect_chain[-1][0], {"password": PASSWORD})
        page = client.get("/accounts/2fa/totp/activate/")
    code = code_of(page.context["form"].secret)
    return client.post("/accounts/2fa/totp/activate/", {"code": code})


def test_whoever_sets_it_up_has_shown_it(client, monkeypatch):
    monkeypatch.setattr("django.db.transaction.on_commit", lambda act, **kwargs: act())
    staff = staff_of_an_organisation()
    staff.set_password(PASSWORD)
    staff.save()
    log_in(client, staff)
    asked = client.get(HOME).content.decode()
    set_up_in_this_session(client)

    assert "The admin opens as soon as you have one." in asked
    assert [client.get(page).status_code for page in [PUBLIC, ORGANISATION, "/admin/"]] == [200] * 3


def test_one_more_proves_nothing_about_the_first(client, monkeypatch):
    monkeypatch.setattr("django.db.transaction.on_commit", lambda act, **kwargs: act())
    owner = owner_of(days=3)
    owner.set_password(PASSWORD)
    owner.save()
    log_in(client, owner)
    Authenticator.objects.create(user=owner, type=Authenticator.Type.WEBAUTHN, data={})

    set_up_in_this_session(client)

    assert Authenticator.objects.filter(user=owner, type=Authenticator.Type.TOTP).exists()
    assert client.get(ORGANISATION).status_code == 302


def test_another_s_second_step_proves_nothing(client):
    owner, other = owner_of(days=15), make_user("other@example.org")
    sign_in(client, owner)

    Authenticator.objects.update(user=other)

    assert client.get(ORGANISATION)["Location"] == SET_UP


# -- The days of grace ----------------------------------------------------------------------------


def test_the_banner_counts_the_days(client):
    client.force_login(owner_of(days=11.5))

    pages = [client.get(page).content.decode() for page in [HOME, ORGANISATION, SET_UP]]

    assert ["3 days left to set up a second step" in page for page in pages] == [True, True, False]


@pytest.mark.parametrize(("days", "days_left"), [(13.5, "1 day left"), (15, "as soon as you have")])
def test_the_banner_on_the_last_day_and_after(client, days, days_left):
    client.force_login(owner_of(days=days))

    assert days_left in client.get(HOME).content.decode()


def test_the_grace_begins_with_the_role_and_not_with_the_place():
    organisation = make_organisation()
    make_owner(organisation)
    place = make_affiliation(make_user(), organisation)

    place = change_roles(place, [Role.OWNER], by=None)

    assert place.factor_due_at > timezone.now() + GRACE - timedelta(minutes=1)


def test_the_grace_does_not_begin_again_for_an_owner_who_lost_the_role():
    organisation = make_organisation()
    make_owner(organisation)
    first = timezone.now() - timedelta(days=20)
    place = make_affiliation(make_user(), organisation, Role.OWNER, became_owner_at=first)

    for roles in ([Role.EDITOR], [Role.OWNER]):
        place = change_roles(place, roles, by=None)

    assert place.factor_due_at == first + GRACE


def test_an_owner_by_invitation_has_the_grace_from_that_day():
    place = join_organisation(make_user(), make_organisation(), roles=[Role.OWNER], by=None)

    assert Affiliation.objects.get().factor_due_at > timezone.now() + timedelta(days=13)
    assert place.became_owner_at


def test_owners_cannot_remove_their_last_factor_even_in_the_days_of_grace(client):
    sign_in(client, owner_of(days=3))

    page = client.post("/accounts/2fa/totp/deactivate/")

    assert "You need a second step." in page.content.decode()
    assert Authenticator.objects.count() == 1


# -- Signing in an organisation's name ------------------------------------------------------------


def sign(rf, client, user):
    """What a page for signing answers to somebody with this client's session."""
    request = rf.post("/sign/")
    request.user, request.session, request._messages = user, client.session, Messages()
    return needs_proof_now(lambda request: HttpResponse("Signed."))(request)


class Messages(list):
    def add(self, level, message, extra_tags):
        self.append(message)


def test_signing_has_no_days_of_grace(rf, client):
    user = signatory()
    client.force_login(user)

    assert sign(rf, client, user)["Location"] == SET_UP


def test_a_proved_second_step_signs(rf, client):
    user = signatory()
    sign_in(client, user)

    assert sign(rf, client, user).content == b"Signed."


def test_whoever_signs_has_shown_in_the_last_minutes_who_it_is(rf, client, settings):
    user = signatory()
    sign_in(client, user)

    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0

    with pytest.raises(ReauthenticationRequired):
        sign(rf, client, user)
