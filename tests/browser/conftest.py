"""Pages in the system's own Chromium; where there is none, these tests are skipped."""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.site import session_key

# Playwright's plain API runs an event loop in this thread, which Django takes for a mistake.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
APPLICATIONS = [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
]
USUAL = {
    "locale": "en-GB",
    "viewport": {"width": 1280, "height": 800},
    "reduced_motion": "reduce",
}
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


def _chromium():
    named = os.environ.get("CHROMIUM", "")
    found = [shutil.which(name) for name in [named, *NAMES, *APPLICATIONS] if name]
    return next(filter(None, found), None)


def _no_chromium():
    reason = "There is no Chromium here: install it, or name it in the variable CHROMIUM."
    if os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser(site_database):
    """Started after the database was copied: Playwright's event loop gives this thread a second
    connection, and Postgres copies no database that somebody is connected to."""
    chromium = _chromium() or _no_chromium()
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET + sandbox)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(site_database):
    """The filled portal, for all tests at once: they leave it as they found it."""
    server = LiveServer("localhost")
    yield server.url
    server.stop()


@pytest.fixture
def open_window(browser, server, site):
    """A new window, as on a fresh machine: `open_window(OWNER, color_scheme="dark")`."""
    contexts = []

    def open_one(who="", **options):
        context = browser.new_context(**USUAL | {"base_url": server} | options)
        contexts.append(context)
        context.set_default_timeout(10_000)
        sign_in(context, who, server)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


def sign_in(context, who, server):
    """From now on the windows of this context are opened by `who`, or by anyone at all."""
    context.clear_cookies()
    if who:
        context.add_cookies([{"name": "sessionid", "value": session_key(who), "url": server}])


@pytest.fixture
def page(open_window):
    """`page.goto("/library/")`"""
    return open_window()
