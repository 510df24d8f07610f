"""Passkeys with a virtual authenticator of Chromium, at localhost: a number is no site's name."""

import pytest
from django.urls import reverse

from tests.factories import make_staff
from tests.logins import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(site_database, browser, live_server, settings):
    """Not on the filled portal, which these tests would change; that is copied beforehand."""
    settings.SITE_ORIGIN = live_server.url
    context = browser.new_context(base_url=live_server.url, locale="en-GB")
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def key(page):
    """A phone or computer that knows its owner's finger."""
    protocol = page.context.new_cdp_session(page)
    protocol.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    answer = protocol.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return protocol, answer["authenticatorId"]


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def log_in_with_password(page):
    page.goto(reverse("account_login"))
    page.get_by_label("E-mail address").fill("staff@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page.locator("main"), "Log in")
    page.wait_for_url("**/my/")


def add_key(page):
    page.goto(reverse("mfa_add_webauthn"))
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, "Go on")
    press(page, "Add the key")
    page.get_by_text("The key is added.").wait_for()


def test_a_passkey_is_added_and_then_opens_the_admin_by_itself(page, key):
    make_staff(password=PASSWORD)
    log_in_with_password(page)
    add_key(page)
    press(page, "Log out")

    page.goto(reverse("account_login") + "?next=/admin/")
    press(page, "Use a passkey")

    page.get_by_role("heading", name="Work waiting").wait_for()
    assert page.url.endswith("/admin/")


def test_a_key_proves_it_in_a_session_that_began_without(page, key):
    make_staff(password=PASSWORD)
    log_in_with_password(page)
    older = page.context.cookies()
    page.context.clear_cookies()
    log_in_with_password(page)
    add_key(page)
    page.context.clear_cookies()
    page.context.add_cookies(older)

    page.goto("/admin/")
    press(page, "Use your passkey or key")

    page.get_by_role("heading", name="Work waiting").wait_for()
    assert page.url.endswith("/admin/")


def test_a_finger_that_is_not_known_is_answered_with_a_sentence(page, key):
    make_staff(password=PASSWORD)
    log_in_with_password(page)
    add_key(page)
    press(page, "Log out")
    protocol, authenticator = key
    refusal = {"authenticatorId": authenticator, "isUserVerified": False}
    protocol.send("WebAuthn.setUserVerified", refusal)

    page.goto(reverse("account_login"))
    press(page, "Use a passkey")

    page.get_by_text("That did not work. Try again, or use another way.").wait_for(timeout=70_000)
    assert page.url.endswith("/accounts/login/")
