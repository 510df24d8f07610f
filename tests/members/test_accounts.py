import json
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from cja_portal.kit.seal import seal, unseal
from members import tasks
from members.accounts import SecondFactorAdapter
from members.models import User
from tests.factories import make_outsider, make_staff
from tests.logins import PASSWORD, code_of, log_in, log_in_with_app, set_up_app

pytestmark = pytest.mark.django_db


def code_in_letter(number=-1):
    """The code stands alone on its line."""
    lines = [line for line in mail.outbox[number].body.splitlines() if line]
    return next(line for line in lines if len(line) < 12 and " " not in line)


# -- Logging in -----------------------------------------------------------------------------------


def test_a_password_logs_in_and_leads_home(client):
    outsider = make_outsider(password=PASSWORD)

    response = log_in(client, outsider)

    assert (response.status_code, response["Location"]) == (302, "/my/")


def test_a_code_by_mail_logs_in_without_a_password(client):
    make_outsider()

    client.post("/accounts/login/code/", {"email": "outsider@example.org"})
    response = client.post("/accounts/login/code/confirm/", {"code": code_in_letter()})

    assert (response.status_code, response["Location"]) == (302, "/my/")


def test_a_second_step_is_asked_after_a_code_by_mail_too(client):
    secret = set_up_app(make_outsider())
    client.post("/accounts/login/code/", {"email": "outsider@example.org"})

    first = client.post("/accounts/login/code/confirm/", {"code": code_in_letter()})
    half_way = client.get("/my/").status_code
    second = client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})

    assert first["Location"] == "/accounts/2fa/authenticate/"
    assert half_way == 302
    assert second["Location"] == "/my/"


def test_login_changes_the_session_key(client):
    outsider = make_outsider(password=PASSWORD)
    planted = client.session
    planted["invitation"] = "nothing"
    planted.save()
    before = planted.session_key

    log_in(client, outsider)

    assert client.session.session_key != before


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_login_leads_to_no_other_site(client, target):
    outsider = make_outsider(password=PASSWORD)
    data = {"login": outsider.email, "password": PASSWORD, "next": target}

    response = client.post("/accounts/login/", data)

    assert response["Location"] == "/my/"


@pytest.mark.parametrize("address", ["/accounts/logout/", "/accounts/reauthenticate/"])
def test_no_other_page_of_the_account_leads_to_another_site(client, address):
    log_in(client, make_outsider(password=PASSWORD))
    data = {"password": PASSWORD, "next": "https://evil.example"}

    response = client.post(address, data)

    assert response.status_code == 302
    assert response["Location"] in {"/", "/my/"}


def test_login_leads_where_the_person_was_going(client):
    outsider = make_outsider(password=PASSWORD)
    data = {"login": outsider.email, "password": PASSWORD, "next": "/accounts/sessions/"}

    response = client.post("/accounts/login/", data)

    assert response["Location"] == "/accounts/sessions/"


def test_a_closed_account_cannot_log_in(client):
    outsider = make_outsider(password=PASSWORD, is_active=False)

    response = log_in(client, outsider)

    assert response["Location"] == "/accounts/inactive/"
    assert client.get("/my/").status_code == 302


def test_closing_an_account_acts_on_the_next_request(client):
    outsider = make_outsider(password=PASSWORD)
    log_in(client, outsider)
    before = client.get("/my/").status_code

    User.objects.update(is_active=False)

    assert (before, client.get("/my/").status_code) == (200, 302)


def test_after_five_wrong_passwords_even_the_right_one_must_wait(client):
    outsider = make_outsider(password=PASSWORD)
    for _ in range(5):
        log_in(client, outsider, "wrong password")

    response = log_in(client, outsider)

    assert response.status_code == 200
    assert "Wait five minutes" in response.content.decode()


def test_too_many_requests_are_answered_with_a_page_that_says_when_to_come_back(client):
    for _ in range(20):
        client.post("/accounts/password/reset/", {"email": "x@example.org"})

    response = client.post("/accounts/password/reset/", {"email": "x@example.org"})

    assert response.status_code == 429
    assert "429.html" in [template.name for template in response.templates]
    assert int(response["Retry-After"]) > 0


def test_the_limit_counts_together_over_all_processes(client, settings):
    """Each process of the server has a memory of its own; the limit must not stand there."""
    assert settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache")


@pytest.mark.parametrize("data", [{}, {"login": "x@example.org", "password": "wrong"}])
def test_the_forms_speak_our_words_before_and_after_a_mistake(client, data):
    page = client.post("/accounts/login/", data) if data else client.get("/accounts/login/")

    form = page.content.decode()
    assert ">E-mail address<" in form
    assert "placeholder" not in form
    assert 'autocomplete="username"' in form
    assert 'autocomplete="current-password"' in form


# -- Known and unknown addresses are answered alike -----------------------------------------------


@pytest.mark.parametrize(
    ("address", "field", "letters"),
    [
        ("/accounts/login/code/", "email", [["outsider@example.org"]]),
        ("/accounts/password/reset/", "email", [["outsider@example.org"]]),
        ("/accounts/login/", "login", []),
        ("/lost-second-step/", "email", [["outsider@example.org"]]),
    ],
)
def test_known_and_unknown_addresses_get_the_same_answer(
    address, field, letters, django_capture_on_commit_callbacks
):
    set_up_app(make_outsider(password=PASSWORD))
    emails = ["outsider@example.org", "unknownx@example.org"]

    with django_capture_on_commit_callbacks(execute=True):
        known, unknown = (_answers(address, field, email) for email in emails)

    assert known == unknown
    assert [letter.to for letter in mail.outbox] == letters


def _answers(address, field, email):
    """Status, headers, cookies and body of the answer, and of the page that it leads to."""
    client = Client()
    first = client.post(address, {field: email, "password": "wrong"})
    last = client.get(first["Location"]) if first.status_code == 302 else first
    return [
        (one.status_code, dict(one.headers), _kinds(one.cookies), _body(one, email))
        for one in (first, last)
    ]


def _kinds(cookies):
    """Their names and lives: what they hold is drawn by lot."""
    return {name: (one["max-age"], one["path"], one["samesite"]) for name, one in cookies.items()}


def _body(response, email):
    lines = response.content.decode().replace(email, "ADDRESS").splitlines()
    return [line for line in lines if "csrfmiddlewaretoken" not in line]


@pytest.mark.parametrize("address", ["/accounts/login/code/", "/accounts/password/reset/"])
def test_an_unknown_address_costs_the_same_work_and_gets_no_letter(monkeypatch, address):
    make_outsider(password=PASSWORD)
    kept = []
    monkeypatch.setattr(type(tasks.send_mail), "enqueue", lambda task, sealed: kept.append(sealed))

    for email in ["outsider@example.org", "unknown@example.org"]:
        Client().post(address, {"email": email})

    recipients = [json.loads(unseal(sealed))["to"] for sealed in kept]
    assert recipients == [["outsider@example.org"], []]


def test_a_wrong_password_and_an_unknown_address_get_the_same_sentence(client):
    outsider = make_outsider(password=PASSWORD)

    wrong = log_in(client, outsider, "wrong password").content.decode()
    unknown = client.post("/accounts/login/", {"login": "x@example.org", "password": "wrong"})

    sentence = "The e-mail address or the password is not right."
    assert (sentence in wrong, sentence in unknown.content.decode()) == (True, True)


# -- Letters --------------------------------------------------------------------------------------


def test_the_queue_keeps_letters_sealed(client, monkeypatch):
    make_outsider()
    kept = []
    monkeypatch.setattr(type(tasks.send_mail), "enqueue", lambda task, sealed: kept.append(sealed))

    client.post("/accounts/login/code/", {"email": "outsider@example.org"})

    letter = json.loads(unseal(kept[0]))
    assert letter["to"] == ["outsider@example.org"]
    assert "outsider@example.org" not in kept[0]


def test_the_link_to_a_new_password_names_our_site_whatever_host_was_asked(client, settings):
    settings.SITE_ORIGIN, settings.ALLOWED_HOSTS = "https://portal.example.org", ["*"]
    make_outsider(password=PASSWORD)

    client.post(
        "/accounts/password/reset/",
        {"email": "outsider@example.org"},
        headers={"host": "evil.test"},
    )

    assert "https://portal.example.org/accounts/password/reset/key/" in mail.outbox[0].body
    assert "evil.test" not in mail.outbox[0].body


def test_the_link_sets_a_new_password_once(client, settings):
    make_outsider(password=PASSWORD)
    client.post("/accounts/password/reset/", {"email": "outsider@example.org"})
    link = next(word for word in mail.outbox[0].body.split() if "/reset/key/" in word)
    form = client.get(urlsplit(link).path, follow=True)

    client.post(
        form.redirect_chain[-1][0],
        {"password1": "fresh words here", "password2": "fresh words here"},
    )

    assert User.objects.get().check_password("fresh words here")
    assert "no longer works" in Client().get(urlsplit(link).path).content.decode()


# -- There is no open sign-up ---------------------------------------------------------------------


def test_nobody_signs_up_without_an_invitation(client):
    data = {"email": "new@example.org", "name": "New", "password1": PASSWORD}

    page = client.get("/accounts/signup/").content.decode()
    client.post("/accounts/signup/", data)

    assert "Accounts come by invitation" in page
    assert (User.objects.count(), EmailAddress.objects.count()) == (0, 0)


# -- Second steps ---------------------------------------------------------------------------------


def test_setting_up_an_app_asks_who_it_is_then_takes_a_code(
    client, django_capture_on_commit_callbacks
):
    outsider = make_outsider(password=PASSWORD)
    log_in(client, outsider)

    asked = client.get("/accounts/2fa/totp/activate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})

    assert asked["Location"].startswith("/accounts/reauthenticate/")
    kinds = outsider.authenticator_set.values_list("type", flat=True)
    assert sorted(kinds) == ["recovery_codes", "totp"]
    assert mail.outbox[-1].subject == "An app with codes was set up"


def test_secrets_of_second_steps_are_not_kept_in_clear():
    secret = set_up_app(make_outsider())

    kept = Authenticator.objects.get().data["secret"]

    assert secret not in kept
    assert unseal(kept) == secret


def test_an_older_key_still_opens_what_it_sealed(settings):
    settings.SECRET_KEY = "the older key"
    sealed = seal("a secret")

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the newer key", ["the older key"]

    assert unseal(sealed) == "a secret"


def test_a_secret_whose_key_is_gone_fits_no_code(client, settings, caplog):
    outsider = make_outsider(password=PASSWORD)
    secret = set_up_app(outsider)
    settings.SECRET_KEY = "another key"

    log_in(client, outsider)
    response = client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})

    assert "This code is not right" in response.content.decode()
    assert "SECRET_KEY_FALLBACKS" in caplog.text


def test_passkeys_belong_to_the_site_and_not_to_the_host_that_was_asked(settings):
    settings.SITE_ORIGIN = "https://portal.example.org"

    entity = SecondFactorAdapter().get_public_key_credential_rp_entity()

    assert entity == {"id": "portal.example.org", "name": "CJA portal"}


@pytest.mark.parametrize(("is_required", "may"), [(True, False), (False, True)])
def test_staff_keep_their_last_second_step_where_it_is_required(settings, is_required, may):
    settings.REQUIRE_SECOND_FACTOR = is_required
    set_up_app(make_staff())

    answer = SecondFactorAdapter().can_delete_authenticator(Authenticator.objects.get())

    assert answer is may


def test_staff_cannot_remove_their_last_key_by_its_own_page(client):
    staff = make_staff(password=PASSWORD)
    log_in_with_app(client, staff)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    credential = {"clientExtensionResults": {}}
    data = {"name": "Key 1", "credential": credential}
    key = Authenticator.objects.create(user=staff, type="webauthn", data=data)
    Authenticator.objects.filter(type="totp").delete()

    response = client.post(f"/accounts/2fa/webauthn/keys/{key.pk}/remove/", follow=False)

    assert response["Location"] == "/accounts/2fa/webauthn/"
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_others_cannot_remove_my_key(client):
    key = Authenticator.objects.create(user=make_staff(), type="webauthn", data={"name": "Key 1"})
    outsider = make_outsider(password=PASSWORD)
    log_in(client, outsider)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    response = client.post(f"/accounts/2fa/webauthn/keys/{key.pk}/remove/")

    assert response.status_code == 404
    assert Authenticator.objects.count() == 1
