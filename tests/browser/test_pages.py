"""Every page of the list, as a browser shows it and as axe judges it."""

from collections import Counter
from pathlib import Path

import pytest

from tests.browser.conftest import USUAL, sign_in
from tests.pages import PAGES
from tests.site import places

pytestmark = pytest.mark.browser

AXE = (Path(__file__).parent / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What colours and the size of the screen can change in a page that was judged whole before.
OF_LOOKS = [
    *("color-contrast", "link-in-text-block", "meta-viewport", "scrollable-region-focusable"),
    *("target-size", "page-has-heading-one", "landmark-one-main", "region"),
]
ZOOMED = {"width": 320, "height": 256}  # What is left of 1280 × 1024 at 400 %.
# A link of the admin fades from one colour to the next: axe is to see where it ends.
ASK_AXE = """async (rules) => {
    document.getAnimations()
        .filter((change) => change instanceof CSSTransition)
        .forEach((change) => change.finish());
    const found = await axe.run({runOnly: rules, resultTypes: ["violations"]});
    return found.violations.map((rule) =>
        `${rule.id}: ` + rule.nodes.map((node) => node.target.join(" ")).join(", "));
}"""
TOO_WIDE = """() => {
    const room = document.documentElement.clientWidth;
    const width = document.documentElement.scrollWidth;
    if (width <= room) return [];
    const wide = [...document.querySelectorAll("body *")]
        .filter((element) => element.getBoundingClientRect().right > room + 1)
        .slice(0, 5)
        .map((element) => `${element.tagName}.${element.className}`);
    return [`${width} pixels`, ...wide];
}"""

# The page as it came, or as scripts left it; hidden things count only where they came hidden.
WORDS = """(sent) => {
    const page = sent ? new DOMParser().parseFromString(sent, "text/html") : document;
    const main = page.querySelector("main").cloneNode(true);
    const aids = "button[type=button], [data-live] button, [data-longest] + .figure-number";
    const left = sent ? "noscript, script" : "noscript, script, [hidden]";
    main.querySelectorAll(`${aids}, ${left}`).forEach((element) => element.remove());
    main.querySelectorAll("[data-cja-word]").forEach((mark) => mark.replaceWith(mark.textContent));
    main.normalize();
    const texts = page.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    const words = [];
    while (texts.nextNode()) words.push(...texts.currentNode.data.split(/\\s+/));
    return words.filter(Boolean);
}"""


@pytest.fixture(scope="session")
def window(browser, server):
    """One for all pages, so that what they share is fetched once."""
    window = browser.new_context(**USUAL | {"base_url": server}).new_page()
    window.complaints, window.strangers = [], []
    window.on("console", lambda said: _note_complaint(window, said))
    window.on("pageerror", lambda error: window.complaints.append(str(error)))
    window.on("request", lambda request: _note_stranger(window, request, server))
    yield window
    window.context.close()


@pytest.fixture
def visit(window, server, site, settings):
    """Opens a page of the list; what it asks others for and complains of is kept in the window."""

    def visit_one(page):
        settings.DEBUG = page.is_development
        sign_in(window.context, page.who, server)
        answer = window.goto(page.path.format(**places()))
        assert answer.status == page.status
        window.evaluate("document.fonts.ready")
        return answer.text()

    window.emulate_media(color_scheme="light")
    window.set_viewport_size(USUAL["viewport"])
    yield visit_one
    window.goto("about:blank")
    window.complaints.clear()
    window.strangers.clear()


def _note_complaint(window, said):
    """Chromium complains of the page itself when that is one for errors, as it should be."""
    if said.type in {"error", "warning"} and said.location.get("url") != window.url:
        window.complaints.append(said.text)


def _note_stranger(window, request, server):
    if not request.url.startswith((f"{server}/", "data:", "blob:")):
        window.strangers.append(request.url)


def _judged_by_axe(window, rules=RULES):
    if window.evaluate("typeof axe") == "undefined":
        window.evaluate(AXE)
    return window.evaluate(ASK_AXE, rules)


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_page_is_good(window, visit, page):
    sent = _words(window, visit(page))
    shown = _words(window)
    faults = {
        "said by scripts alone": [] if page.is_admin else sorted(shown - sent),
        "in light": _judged_by_axe(window),
    }
    window.emulate_media(color_scheme="dark")
    window.set_viewport_size(ZOOMED)
    faults |= {
        "in dark, on a small screen": _judged_by_axe(window, OF_LOOKS),
        "wider than a small screen": window.evaluate(TOO_WIDE),
        "complaints of the browser": window.complaints,
        "requests to others": window.strangers,
    }

    assert sent
    assert {name: found for name, found in faults.items() if found} == {}


def _words(window, sent=""):
    """All that the page says, but for aids that only scripts can give, or need not."""
    return Counter(window.evaluate(WORDS, sent))
