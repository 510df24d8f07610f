"""Everything is reached, seen and worked with the keys alone."""

import pytest
from playwright.sync_api import expect

from tests.pages import Page
from tests.site import OWNER

pytestmark = pytest.mark.browser

TYPICAL = [
    Page("home", "/"),
    Page("dictionary:entry-list", "/dictionary/"),
    Page("dictionary:entry-detail", "/dictionary/release-on-temporary-licence/"),
    Page("library:item-list", "/library/"),
    Page("library:item-detail", "/library/stop-and-scrutinise/"),
    Page("members:organisation-list", "/members/"),
    Page("awards:cycle-detail", "/awards/2016/"),
    Page("account_login", "/accounts/login/"),
    Page("members:profile-edit", "/my/organisations/example-charity/profile/", OWNER),
]
MOST_STOPS = 400

# What has the focus: its place in the page, whether it is seen, and how it is marked.
FOCUSED = """() => {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const all = [...document.querySelectorAll("*")];
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    const middle = document.elementFromPoint(
        Math.min(Math.max(box.x + box.width / 2, 0), innerWidth - 1),
        Math.min(Math.max(box.y + Math.min(box.height, 24) / 2, 0), innerHeight - 1));
    return {
        place: all.indexOf(element),
        name: `${element.tagName} ${(element.innerText || element.name || "").trim().slice(0, 40)}`,
        isMarked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        isSeen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight
            && (element.contains(middle) || Boolean(middle?.contains(element))),
    };
}"""
REACHABLE = """() => {
    const wanted = "a[href], button, input:not([type=hidden]), select, textarea, summary";
    const seen = (element) => element.checkVisibility({visibilityProperty: true})
        && !element.disabled && !element.closest("details:not([open]) > :not(summary)")
        && element.tabIndex >= 0;
    return [...document.querySelectorAll(wanted)].filter(seen).length;
}"""


def walk(window):
    """Every stop of the Tab key, in order."""
    stops = []
    while len(stops) < MOST_STOPS:
        window.keyboard.press("Tab")
        stop = window.evaluate(FOCUSED)
        if stop is None or (stops and stop["place"] <= stops[0]["place"]):
            break
        stops.append(stop)
    return stops


@pytest.mark.parametrize("listed", TYPICAL, ids=str)
def test_the_tab_key_reaches_everything_in_order_and_in_sight(open_window, listed):
    window = open_window(listed.who)
    window.goto(listed.path)
    reachable = window.evaluate(REACHABLE)

    stops = walk(window)

    places = [stop["place"] for stop in stops]
    assert places == sorted(places)
    assert [stop["name"] for stop in stops if not stop["isMarked"]] == []
    assert [stop["name"] for stop in stops if not stop["isSeen"]] == []
    assert len(stops) >= min(reachable, MOST_STOPS)


@pytest.mark.parametrize("listed", TYPICAL, ids=str)
def test_the_first_stop_skips_to_the_main_part(open_window, listed):
    window = open_window(listed.who)
    window.goto(listed.path)

    window.keyboard.press("Tab")
    skip = window.get_by_role("link", name="Skip to the main content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    window.keyboard.press("Enter")

    expect(window.locator("#main")).to_be_focused()
    window.keyboard.press("Tab")
    assert window.evaluate(
        "document.activeElement === document.body"
        " || Boolean(document.activeElement.closest('main, footer'))"
    )


def test_suggestions_are_walked_with_the_arrow_keys(page):
    page.goto("/dictionary/")
    box = page.get_by_role("searchbox")
    box.press_sequentially("bail", delay=20)
    links = page.locator(".suggestions a")
    expect(links.first).to_be_visible()

    box.press("ArrowDown")
    expect(links.first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(box).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(links.last).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(box).to_be_focused()


@pytest.mark.parametrize("path", ["/library/", "/members/"])
def test_a_filter_is_chosen_with_the_space_bar_and_keeps_the_focus(page, path):
    page.goto(path)
    choice = page.locator("form.facets input[type=checkbox]").first
    before = page.locator("#results .count strong").inner_text()
    choice.focus()

    page.keyboard.press("Space")

    expect(page.locator("#results .count strong")).not_to_have_text(before)
    expect(page.locator("form.facets input[type=checkbox]:checked")).to_have_count(1)
    expect(page.locator("form.facets input[type=checkbox]:checked")).to_be_focused()


@pytest.mark.parametrize("path", ["/library/", "/members/"])
def test_filters_fold_on_a_small_screen_and_open_with_a_key(open_window, path):
    page = open_window(viewport={"width": 390, "height": 844})
    page.goto(path)
    choice = page.locator("form.facets input[type=checkbox]").first
    expect(choice).to_be_hidden()

    page.locator("form.facets summary").first.focus()
    page.keyboard.press("Enter")

    expect(choice).to_be_visible()
