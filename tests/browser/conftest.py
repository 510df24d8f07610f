"""Pages in the system's own Chromium; where there is none, these tests are skipped."""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

# Playwright's plain API runs an event loop in this thread, which Django takes for a mistake.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
APPLICATIONS = [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
]
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
def browser():
    chromium = _chromium() or _no_chromium()
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET + sandbox)
        yield browser
        browser.close()


@pytest.fixture
def page(browser, live_server):
    """A new window on the running portal: `page.goto("/library/")`."""
    context = browser.new_context(base_url=live_server.url, locale="en-GB")
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()
