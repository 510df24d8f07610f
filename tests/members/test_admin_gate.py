import re
import time
from datetime import date

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import get_resolver

from members import second_factor
from members.models import Invitation
from tests.awards.factories import make_nomination, make_running_cycle
from tests.factories import (
    make_area,
    make_award,
    make_entry,
    make_invitation,
    make_item,
    make_organisation,
    make_outsider,
    make_published_cycle,
    make_staff,
    make_submission,
    make_theme,
)
from tests.logins import PASSWORD, code_of, log_in, log_in_with_app, set_up_app, sign_in

pytestmark = pytest.mark.django_db


def admin_addresses():
    """Every page of the admin, with an id that may or may not exist."""
    resolver = next(p for p in get_resolver().url_patterns if p.pattern.regex.match("admin/"))
    return sorted({f"/admin/{route}" for route in _routes(resolver)})


def _routes(resolver, before=""):
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _routes(pattern, route)
        else:
            yield _filled(route)


def _filled(route):
    for part, example in EXAMPLES.items():
        route = re.sub(part, example, route)
    return "members/" if route.startswith("^") and "app_label" in route else route.lstrip("^")


EXAMPLES = {
    r"<(path:object_id|path:content_type_id|int:\w+)>": "1",
    r"<uuid:\w+>": "00000000-0000-4000-8000-000000000000",
    r"<(path|str|slug):\w+>|\(\?P<url>\.\*\)\$": "nothing",
}

LOGIN_ITSELF = "/admin/login/"


def test_the_walk_sees_the_pages_of_every_model():
    addresses = admin_addresses()

    for model in admin.site._registry:
        home = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert {home, f"{home}add/", f"{home}1/change/", f"{home}1/history/"} <= set(addresses)
    assert [address for address in addresses if "<" in address or "(?P" in address] == []


def pages_that_open(client):
    """What answers with anything but a way to the login, or a refusal."""
    opened = []
    for address in admin_addresses():
        for ask in (client.get, client.post):
            response = ask(address)
            if not _is_closed(response):
                opened.append((address, response.status_code))
    return opened


def _is_closed(response):
    if response.status_code in {302, 301}:
        way = response["Location"]
        return way == "/admin/" or way.startswith(("/admin/login/", "/accounts/"))
    return response.status_code in {403, 404}


def test_anonymous_people_get_nothing(client):
    assert pages_that_open(client) == []


def test_staff_without_a_second_step_get_nothing(client):
    log_in(client, make_staff(is_superuser=True, password=PASSWORD))

    assert pages_that_open(client) == []


def test_a_superuser_with_a_proved_second_step_opens_pages(client):
    """So the tests above could have failed."""
    log_in_with_app(client, make_staff(is_superuser=True, password=PASSWORD))

    for address in ("/admin/", "/admin/members/user/", "/admin/members/invitation/add/"):
        assert not _is_closed(client.get(address)), address
    assert _is_closed(client.get(LOGIN_ITSELF))


# -- Where each is sent ---------------------------------------------------------------------------


def test_anonymous_people_are_sent_to_the_login_and_back(client):
    response = client.get("/admin/members/user/", follow=True)

    assert response.redirect_chain[-1][0] == "/accounts/login/?next=/admin/members/user/"


def test_those_who_are_not_staff_are_refused_in_our_words(client):
    client.force_login(make_outsider())

    response = client.get("/admin/", follow=True)

    assert response.status_code == 403
    assert "403.html" in [template.name for template in response.templates]


def test_staff_without_a_second_step_are_sent_to_set_one_up(client):
    log_in(client, make_staff(password=PASSWORD))

    response = client.get("/admin/", follow=True)

    assert response.redirect_chain[-1][0] == "/accounts/2fa/"


def test_staff_who_proved_nothing_in_this_session_type_a_code_and_go_on(client):
    staff = make_staff(password=PASSWORD)
    log_in(client, staff)
    secret = set_up_app(staff)  # on another device, after this session began

    asked = client.get("/admin/members/organisation/", follow=True).redirect_chain[-1][0]
    client.post(asked, {"code": code_of(secret), "next": "/admin/members/organisation/"})

    assert asked == "/accounts/2fa/reauthenticate/?next=%2Fadmin%2Fmembers%2Forganisation%2F"
    assert "Use your password" not in client.get(asked).content.decode()
    assert client.get("/admin/members/organisation/").status_code == 200


def test_staff_with_a_key_and_a_password_are_asked_for_the_key(client):
    staff = make_staff(password=PASSWORD)
    client.force_login(staff)
    Authenticator.objects.create(user=staff, type="webauthn", data={"name": "Key 1"})

    response = client.get("/admin/login/")

    assert response["Location"] == "/accounts/2fa/webauthn/reauthenticate/?next=%2Fadmin%2F"


def test_a_password_typed_again_proves_no_second_step(client):
    staff = make_staff(password=PASSWORD)
    log_in(client, staff)
    set_up_app(staff)

    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    assert client.get("/admin/").status_code == 302


def test_staff_who_proved_it_at_login_go_straight_in(client):
    response = log_in_with_app(client, make_staff(password=PASSWORD))

    assert response["Location"] == "/my/"
    assert client.get("/admin/").status_code == 200


def test_recovery_codes_without_a_second_step_do_not_count(client):
    staff = make_staff(password=PASSWORD)
    log_in_with_app(client, staff)

    Authenticator.objects.filter(type="totp").update(type="recovery_codes")

    assert client.get("/admin/").status_code == 302


def test_a_proof_by_a_second_step_that_was_removed_since_does_not_count(client):
    staff = make_staff(password=PASSWORD)
    log_in_with_app(client, staff)
    before = client.get("/admin/").status_code

    Authenticator.objects.all().delete()
    set_up_app(staff)

    assert (before, client.get("/admin/").status_code) == (200, 302)


def test_a_proof_of_yesterday_does_not_count(client, monkeypatch):
    log_in_with_app(client, make_staff(password=PASSWORD))
    before = client.get("/admin/").status_code
    now = time.time()

    monkeypatch.setattr(second_factor.time, "time", lambda: now + second_factor.LASTS)

    assert (before, client.get("/admin/").status_code) == (200, 302)


def test_the_demonstration_asks_for_no_second_step_but_for_staff_all_the_same(client, settings):
    settings.REQUIRE_SECOND_FACTOR = False
    client.force_login(make_staff())
    stranger = Client()
    stranger.force_login(make_outsider())

    assert client.get("/admin/").status_code == 200
    assert stranger.get("/admin/", follow=True).status_code == 403


# -- The published attack: a session of staff becomes a superuser's -------------------------------


def test_staff_cannot_become_a_superuser_by_posting_their_password(client):
    superuser = make_staff(email="chief@example.org", is_superuser=True, password=PASSWORD)
    set_up_app(superuser)
    staff = make_staff(password="another password")
    log_in_with_app_and(client, staff, "another password")

    for address in ("/admin/login/", "/admin/login/?next=/admin/members/user/"):
        client.post(address, {"username": superuser.email, "password": PASSWORD})

    assert client.session["_auth_user_id"] == str(staff.pk)
    records = client.session[AUTHENTICATION_METHODS_SESSION_KEY]
    assert [record["method"] for record in records] == ["password", "mfa"]


def log_in_with_app_and(client, user, password):
    secret = set_up_app(user)
    log_in(client, user, password)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})


def test_anonymous_people_cannot_log_in_by_the_address_of_the_admin(client):
    superuser = make_staff(is_superuser=True, password=PASSWORD)

    response = client.post("/admin/login/", {"username": superuser.email, "password": PASSWORD})

    assert response["Location"].startswith("/accounts/login/")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/admin/login/"])
def test_the_gate_leads_to_no_other_site_and_not_in_a_circle(client, target):
    log_in_with_app(client, make_staff(password=PASSWORD))

    response = client.get("/admin/login/", {"next": target})

    assert response["Location"] == "/admin/"


def test_passwords_are_changed_at_the_accounts_pages_only(client):
    log_in_with_app(client, make_staff(is_superuser=True, password=PASSWORD))

    response = client.post("/admin/password_change/", {"old_password": PASSWORD})

    assert response["Location"] == "/accounts/password/change/"
    assert client.get("/admin/members/user/1/password/").status_code in {302, 404}


def test_secrets_and_verified_addresses_have_no_page():
    registered = {model._meta.label for model in admin.site._registry}

    assert registered.isdisjoint(
        {"mfa.Authenticator", "account.EmailAddress", "usersessions.UserSession", "auth.Group"}
    )


# -- What staff find inside -----------------------------------------------------------------------


def test_the_index_opens_on_the_work_that_waits(client):
    log_in_with_app(client, make_staff(password=PASSWORD))
    make_invitation()
    make_invitation("other@example.org", secret="another")
    make_entry("Bail", review_due=date(2025, 6, 1))
    make_entry("Charge", checked_on=date(2025, 6, 1))
    make_item("A report")
    make_item("Another report", link="https://www.example.org/", link_kind="publisher")
    charity = make_organisation()
    make_submission(charity, status="draft")
    make_submission(charity, status="submitted")
    published = make_submission(charity, status="published").item
    published.change_requests.create(kind="withdrawal", text="It is wrong.")
    published.change_requests.create(kind="version", text="Newer.", outcome="declined")
    published.copy_requests.create(kind="audio", email="reader@example.org")
    make_nomination(make_running_cycle().categories.get(), state="submitted")

    context = client.get("/admin/").context

    assert {queue.label: queue.count for queue in context["waiting_work"]} == {
        "Works that members submitted": 1,
        "Requests about published works": 1,
        "Readers who ask for another format or a copy": 1,
        "Entries to check by a lawyer": 1,
        "Entries whose review is overdue": 1,
        "Items without a link or a file": 1,
        "Open invitations": 2,
        "Nominations to screen": 1,
    }
    assert {queue.count for queue in context["quiet_work"]} == {0}
    for queue in context["waiting_work"] + context["quiet_work"]:
        assert client.get(queue.address).context["cl"].result_count == queue.count


def test_people_see_only_the_work_that_they_may_do(client):
    staff = make_staff(password=PASSWORD)
    staff.groups.clear()
    log_in_with_app(client, staff)

    context = client.get("/admin/").context

    assert (context["waiting_work"], context["quiet_work"]) == ([], [])


def test_staff_keep_the_content_but_not_the_people(client):
    log_in_with_app(client, make_staff(password=PASSWORD))

    may_not = client.post("/admin/members/user/1/change/", {"is_staff": "on"}).status_code

    assert client.get("/admin/members/organisation/add/").status_code == 200
    assert client.get("/admin/dictionary/entry/add/").status_code == 200
    assert client.get("/admin/members/user/").status_code == 200
    assert client.get("/admin/members/user/add/").status_code == 403
    assert may_not in {302, 403}


def test_the_group_staff_administers_no_people():
    rights = Group.objects.get(name="staff").permissions.values_list("codename", flat=True)

    assert {"add_entry", "change_organisation", "view_user", "add_invitation"} <= set(rights)
    assert {"add_user", "change_user", "delete_user", "change_affiliation"}.isdisjoint(rights)


def test_staff_invite_in_the_admin_but_no_administrators(client):
    sign_in(client, make_staff(password=PASSWORD))
    page = client.get("/admin/members/invitation/add/").content.decode()
    fields = {"email": "new@example.org", "purpose": "judge"}

    done = client.post("/admin/members/invitation/add/", fields)
    refused = client.post("/admin/members/invitation/add/", fields | {"purpose": "administrator"})

    assert "To administer the portal" not in page
    assert done["Location"] == "/admin/members/invitation/"
    assert refused.status_code == 200
    assert list(Invitation.objects.values_list("purpose", flat=True)) == ["judge"]
    page = client.get(f"/admin/members/invitation/{Invitation.objects.get().pk}/change/")
    assert Invitation.objects.get().links.get().secret_digest not in page.content.decode()


# -- Questions in addresses -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "question"),
    [
        ("user", "password__startswith=argon2"),
        ("user", "password=x"),
        ("invitation", "links__secret_digest__startswith=a"),
        ("affiliation", "user__password__startswith=a"),
        ("auditevent", "by__password__startswith=a"),
    ],
)
def test_no_list_tells_a_secret_letter_by_letter(client, settings, model, question):
    settings.REQUIRE_SECOND_FACTOR = False
    client.force_login(make_staff())

    assert client.get(f"/admin/members/{model}/?{question}").status_code == 400
    assert client.get(f"/admin/members/{model}/").status_code == 200


# -- What was public stays ------------------------------------------------------------------------


def test_staff_delete_nothing_that_was_public_or_that_all_rooms_share(client, settings):
    settings.REQUIRE_SECOND_FACTOR = False
    client.force_login(make_staff())
    public = [
        *(make_item(), make_item(status="withdrawn"), make_award(), make_published_cycle(2031)),
        *(make_theme(), make_area()),
    ]

    assert {_asks_to_delete(client, thing) for thing in public} == {403}
    assert _asks_to_delete(client, make_item(status="draft")) == 200


def _asks_to_delete(client, thing):
    place = f"{thing._meta.app_label}/{thing._meta.model_name}"
    return client.get(f"/admin/{place}/{thing.pk}/delete/").status_code
