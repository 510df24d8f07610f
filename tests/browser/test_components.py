"""What the scripts add, and what stands without them."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

NARROW = {"viewport": {"width": 390, "height": 800}}


def type_into_search(page, text):
    page.locator("#search").press_sequentially(text)
    page.locator(".suggestions a").first.wait_for()


def focused(page):
    return page.evaluate("document.activeElement.id || document.activeElement.getAttribute('href')")


# -- Suggestions ----------------------------------------------------------------------------------


def test_suggestions_are_links_and_are_announced(page):
    page.goto("/dictionary/")

    type_into_search(page, "stop and")

    count = page.locator(".suggestions a").count()
    words = "1 suggestion" if count == 1 else f"{count} suggestions"
    assert page.locator("#announcer").text_content() == words
    assert "/dictionary/stop-and-search/" in page.locator(".suggestions").inner_html()


def test_typing_goes_on_from_a_suggestion(page):
    page.goto("/dictionary/")
    type_into_search(page, "stop an")

    page.keyboard.press("ArrowDown")
    page.keyboard.press("d")

    assert page.locator("#search").input_value() == "stop and"


def test_escape_closes_the_suggestions_and_keeps_the_words(page):
    page.goto("/dictionary/")
    type_into_search(page, "stop and")

    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")

    assert page.locator(".suggestions").is_hidden()
    assert focused(page) == "search"
    assert page.locator("#search").input_value() == "stop and"


def test_enter_goes_to_the_results_page(page):
    page.goto("/dictionary/")
    type_into_search(page, "stop and")

    page.keyboard.press("Enter")

    page.wait_for_url("**/dictionary/?q=stop+and")


def test_one_letter_asks_for_nothing(page):
    asked = []
    page.goto("/dictionary/", wait_until="networkidle")
    page.on("request", lambda request: asked.append(request.url))

    page.locator("#search").press_sequentially("s")
    page.wait_for_timeout(300)

    assert [url for url in asked if "suggest" in url] == []


# -- Filters --------------------------------------------------------------------------------------


def choose_first_filter(page):
    box = page.locator(".facets input[type=checkbox]").first
    box.focus()
    page.keyboard.press("Space")
    return box.get_attribute("id")


def test_a_chosen_filter_refreshes_the_list_in_place(page):
    page.goto("/members/")
    before = page.locator(".count strong").text_content()

    chosen = choose_first_filter(page)
    page.wait_for_url("**/members/?*")
    page.locator(f"#{chosen}:checked").wait_for()

    after = page.locator(".count strong").text_content()
    assert after != before
    expect(page.locator("#announcer")).to_have_text(after)
    assert focused(page) == chosen


def test_back_undoes_a_filter(page):
    page.goto("/members/")
    before = page.locator(".count strong").text_content()
    choose_first_filter(page)
    page.wait_for_url("**/members/?*")

    page.go_back()

    page.wait_for_url("**/members/")
    expect(page.locator(".count strong")).to_have_text(before)
    expect(page.locator(".facets input:checked")).to_have_count(0)


def test_words_refresh_the_library_in_place_as_one_step_of_back(page):
    page.goto("/library/")
    steps = page.evaluate("history.length")
    page.locator("#search").press_sequentially("police")
    page.wait_for_url("**/library/?q=police")

    page.locator("#search").press_sequentially(" zzqx")
    page.wait_for_url("**/library/?q=police+zzqx")
    expect(page.locator("#announcer")).to_have_text("0 items for “police zzqx”")

    assert (focused(page), page.evaluate("history.length")) == ("search", steps + 1)
    assert page.locator("aside").is_hidden()
    assert page.locator("#opening").text_content() == ""
    page.go_back()
    page.wait_for_url("**/library/")
    assert page.locator("#search").input_value() == ""


def test_newer_words_drop_the_older_question_and_keep_the_choices(page):
    dropped = []
    page.goto("/library/")
    chosen = choose_first_filter(page)
    page.wait_for_url("**/library/?*")
    page.locator(f"#{chosen}:checked").wait_for()
    choice = page.url.partition("?")[2]
    page.on("requestfailed", lambda request: dropped.append(request.url))
    page.route("**/library/?q=police*", lambda route: None)

    with page.expect_request("**/library/?q=police*"):
        page.locator("#search").fill("police")
    page.locator("#search").fill("prison")
    page.wait_for_url("**/library/?q=prison*")

    assert [url.partition("?")[2] for url in dropped] == [f"q=police&{choice}"]
    assert page.url.endswith(f"/library/?q=prison&{choice}")
    assert page.locator(f"#{chosen}").is_checked()


def test_nothing_typed_or_seen_is_kept_in_the_browser(page):
    page.goto("/members/")
    choose_first_filter(page)
    page.wait_for_url("**/members/?*")

    assert page.evaluate("localStorage.length") == 0
    assert "organisation" not in page.evaluate("JSON.stringify(sessionStorage)")


def test_filters_stand_open_on_a_wide_screen_without_scripts(open_window):
    page = open_window(java_script_enabled=False)
    page.goto("/members/")

    assert page.locator(".facets input[type=checkbox]").first.is_visible()
    assert page.locator(".facets button").is_visible()
    assert page.locator(".facets > details > summary").is_hidden()


def test_filters_fold_on_a_narrow_screen_without_scripts(open_window):
    page = open_window(java_script_enabled=False, **NARROW)
    page.goto("/members/")
    first = page.locator(".facets input[type=checkbox]").first

    assert first.is_hidden()

    page.locator(".facets > details > summary").click()
    assert first.is_visible()


# -- Comforts -------------------------------------------------------------------------------------


def test_a_password_can_be_shown_and_hidden_again(page):
    page.goto("/accounts/login/")
    field = page.locator("input[name=password]")

    page.get_by_role("button", name="Show the password").click()
    assert field.get_attribute("type") == "text"

    page.get_by_role("button", name="Hide the password").click()
    assert field.get_attribute("type") == "password"


def test_leaving_quickly_replaces_the_page(page):
    page.goto("/about/")
    page.goto("/privacy/")
    page.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="weather"))

    page.get_by_role("link", name="Leave this site quickly").click()
    page.wait_for_url("https://www.bbc.co.uk/weather")
    page.go_back()

    assert page.url.endswith("/about/")


def test_the_print_button_is_not_there_without_scripts(open_window):
    page = open_window(java_script_enabled=False)
    page.goto("/dictionary/stop-and-search/")

    assert page.locator("[data-print]").is_hidden()
