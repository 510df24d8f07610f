import json
from html import escape

import pytest

from tests.browser.embed.hosts import TEXT, WAIT, marked

pytestmark = pytest.mark.browser


def test_a_meaning_opens_by_keyboard_and_closes_again(show):
    window = show(f"<main><p>{TEXT}</p></main>")
    word = window.get_by_role("button", name="bail")
    panel = window.get_by_role("dialog", name="The meaning of bail")

    window.keyboard.press("Tab")
    assert window.evaluate("document.activeElement.textContent") == "bail"
    assert not panel.is_visible()

    window.keyboard.press("Enter")
    panel.locator(".note").first.wait_for()
    assert "Law as of" in panel.inner_text()
    assert "Draft: not yet checked by a lawyer." in panel.inner_text()
    assert "England and Wales" in panel.inner_text()
    assert panel.evaluate("panel => panel.getRootNode().activeElement === panel")

    window.keyboard.press("Escape")
    assert not panel.is_visible()
    assert word.evaluate("word => word.getRootNode().activeElement === word")
    assert window.complaints == []


def test_the_meaning_leads_to_the_whole_entry(show, host):
    window = show(f"<main><p>{TEXT}</p></main>")

    window.get_by_role("button", name="bail").click()

    link = window.get_by_role("link", name="Read the whole entry")
    assert link.get_attribute("href") == f"{host.portal}/dictionary/bail-court/"


def test_the_meaning_fits_a_narrow_window(show):
    show("<main></main>").set_viewport_size({"width": 320, "height": 480})
    window = show(f"<main><p>{'word ' * 40}{TEXT}</p></main>")

    window.get_by_role("button", name="Crown Court").click()
    panel = window.get_by_role("dialog")
    panel.locator(".note").first.wait_for()

    box = panel.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320
    assert box["y"] >= 0


def test_a_meaning_that_cannot_be_fetched_says_so(show):
    window = show("<main>bail</main>")
    window.route("**/meanings/*", lambda route: route.abort())

    window.get_by_role("button", name="bail").click()

    window.get_by_text("The meaning could not be fetched. Try again later.").wait_for()


def test_hostile_words_stay_text(window, host):
    evil = "</script><img src=x onerror=window.evil=1>"
    data = {
        "shelf": 32,
        "places": ["uk"],
        "guarded": [3],
        "entries": "5:0|4:0",
        "own": "|||",
        "exact": "|",
        "names": f"bail;__proto__;constructor|{evil.replace(';', '%3B')}",
        "forms": "|;|;|;",
    }
    sense = {"place": evil, "jurisdiction": "uk", "plain": evil, "status": evil, "law_as_of": evil}
    meaning = {"name": evil, "path": "javascript:window.evil=1", "senses": [sense]}
    open_to_all = {"Access-Control-Allow-Origin": "*"}
    answers = {
        "**/labels.json": data,
        "**/guards.json": [[["\u0000"], ["\ud800"]]],
        "**/meanings/0.json": {"5": meaning},
    }
    for address, answer in answers.items():
        window.route(address, _answering(answer, open_to_all))

    window.goto(host.page(f"<main>bail __proto__ constructor {escape(evil)}</main>"))
    window.evaluate(WAIT, 1)
    window.get_by_role("button", name="bail").click()
    panel = window.get_by_role("dialog")
    panel.locator(".name").wait_for()

    assert panel.locator(".name").text_content() == evil
    assert panel.locator("img, script, a").count() == 0
    assert window.evaluate("window.evil") is None
    assert marked(window)[0] == "bail"


def _answering(answer, headers):
    return lambda route: route.fulfill(body=json.dumps(answer), headers=headers)
