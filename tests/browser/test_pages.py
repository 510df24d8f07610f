"""Every page of the list, as a browser shows it and as axe judges it."""

from collections import Counter
from pathlib import Path

import pytest

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
# A new secret at each look, codes that are shown once, and a step that is all script.
NEVER_TWICE_THE_SAME = {"mfa_activate_totp", "mfa_view_recovery_codes", "mfa_add_webauthn"}
ZOOMED = {"width": 320, "height": 256}  # What is left of 1280 × 1024 at 400 %.
# A link of the admin fades from one colour to the next: axe is to see where it ends.
ASK_AXE = """async (rules) => {
    document.getAnimations()
        .filter((change) => change instanceof CSSTransition)
        .forEach((change) => change.finish());
    const found = await axe.run({runOnly: rules});
    return found.violations.map((rule) =>
        `${rule.id}: ` + rule.nodes.map((node) => node.target.join(" ")).join(", "));
}"""
TOO_WIDE = """() => {
    const room = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= room) return [];
    return [...document.querySelectorAll("body *")]
        .filter((element) => element.getBoundingClientRect().right > room + 1)
        .slice(0, 5)
        .map((element) => `${element.tagName}.${element.className}`);
}"""

WORDS = """() => {
    const main = document.querySelector("main").cloneNode(true);
    const left = "[hidden], noscript, script, [data-live] button";
    main.querySelectorAll(left).forEach((element) => element.remove());
    main.querySelectorAll("[data-cja-word]").forEach((mark) => mark.replaceWith(mark.textContent));
    main.normalize();
    const texts = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    const words = [];
    while (texts.nextNode()) words.push(...texts.currentNode.data.split(/\\s+/));
    return words.filter(Boolean);
}"""


@pytest.fixture
def visit(open_window, server, settings):
    """Opens a page of the list; what it asks others for and complains of is kept in the window."""

    def visit_one(page, without="", **options):
        settings.DEBUG = page.is_development
        window = open_window(page.who, **options)
        if without:
            window.route(without, lambda route: route.abort())
        window.complaints, window.strangers = [], []
        window.on("console", lambda said: _note_complaint(window, said))
        window.on("pageerror", lambda error: window.complaints.append(str(error)))
        window.on("request", lambda request: _note_stranger(window, request, server))
        answer = window.goto(page.path.format(**places()))
        assert answer.status == page.status
        window.evaluate("document.fonts.ready")
        return window

    return visit_one


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
def test_page_is_good(visit, page):
    window = visit(page)
    is_compared = not page.is_admin and page.name not in NEVER_TWICE_THE_SAME
    lost = _words_without_scripts(visit, page) - _words(window) if is_compared else {}
    faults = {"lost without scripts": sorted(lost), "in light": _judged_by_axe(window)}
    window.emulate_media(color_scheme="dark")
    window.set_viewport_size(ZOOMED)
    faults |= {
        "in dark, on a small screen": _judged_by_axe(window, OF_LOOKS),
        "wider than a small screen": window.evaluate(TOO_WIDE),
        "complaints of the browser": window.complaints,
        "requests to others": window.strangers,
    }

    assert {name: found for name, found in faults.items() if found} == {}


def _words_without_scripts(visit, page):
    """Styles are left out too: they add no words, and many requests."""
    window = visit(page, java_script_enabled=False, without="**/static/**")
    words = _words(window)
    assert words
    return words


def _words(window):
    """All that the page says, but for the button that scripts make needless."""
    return Counter(window.evaluate(WORDS))
