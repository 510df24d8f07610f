import re

import pytest

from tests.browser.embed.hosts import TEXT, WAIT, marked

pytestmark = pytest.mark.browser


def test_nothing_is_sent_but_addresses_of_files(show, host):
    window = show("<main><p>bail and a CANARY</p></main>")
    window.get_by_role("button", name="bail").click()
    window.get_by_role("dialog").locator(".name").wait_for()

    to_us = [one for one in window.requests if one.url.startswith(host.portal)]
    paths = [one.url.removeprefix(f"{host.portal}/dictionary/embed/v1/") for one in to_us]
    shapes = [
        r"\w+/words\.js",
        r"labels\.json",
        r"data/\w+/labels\.json",
        r"data/\w+/guards\.json",
        r"data/\w+/meanings/\d+\.json",
    ]

    assert len(paths) == 5
    assert all(re.fullmatch(shape, path) for shape, path in zip(shapes, paths, strict=True))
    assert {one.method for one in to_us} == {"GET"}
    assert [one.headers.get("cookie") for one in to_us] == [None] * 5
    assert {one.headers.get("referer") or "" for one in to_us[1:]} == {""}
    assert window.context.cookies() == []
    assert window.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_no_name_is_added_to_the_page(show, host):
    names = "Object.getOwnPropertyNames(window).sort()"
    window = show("<main>bail</main>")
    with_script = window.evaluate(names)

    window.goto(host.page("<main>bail</main>", head=""))

    assert with_script == window.evaluate(names)


def test_undo_gives_back_the_page_node_by_node(show):
    window = show(f"<main><p>{TEXT}</p><p>bail <b>remand</b></p></main>")
    nodes = """() => {
        const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        const found = [];
        while (texts.nextNode()) found.push(texts.currentNode.data);
        return found.filter((text) => text.trim());
    }"""
    words = "document.querySelector('script[crossorigin]').words"

    window.evaluate(f"{words}.undo()")
    assert window.evaluate(nodes) == [TEXT, "bail ", "remand"]
    assert window.locator("[data-cja-word]").count() == 0

    window.evaluate(f"{words}.mark()")
    assert marked(window) == ["bail", "Crown Court", "community order", "remand"]


def test_a_reader_switches_the_marks_off(show):
    window = show(f"<main><p>{TEXT}</p></main>")

    window.get_by_role("button", name="bail").click()
    window.get_by_role("button", name="Stop marking words").click()

    assert marked(window) == []
    assert window.locator("p").inner_html() == TEXT


def test_twice_on_one_page_is_the_same_as_once(show, host):
    body = f"<main><p>{TEXT}</p><h2>Then</h2><p>{TEXT}</p></main>"
    once = marked(show(body))

    twice = marked(show(body, head=host.tag() * 2, scripts=2))

    assert twice == once


def test_two_parts_of_one_page_have_their_own_places(show, host):
    head = host.tag(root="#one", jurisdiction="scotland") + host.tag(root="#two")

    window = show("<p id=one>bail</p><p id=two>bail</p>", head=head, scripts=2)

    assert marked(window) == ["bail", "bail"]


def test_a_changed_script_is_refused(window, host):
    window.route(
        "**/words.js",
        lambda route: route.fulfill(
            body="window.evil = 1", headers={"Access-Control-Allow-Origin": "*"}
        ),
    )

    window.goto(host.page("<main>bail</main>"))

    assert window.evaluate("window.evil") is None
    assert "integrity" in " ".join(window.complaints)


def test_our_own_page_shows_it_at_work(window):
    window.goto("/dictionary/embed/?jurisdiction=scotland")
    window.evaluate(WAIT, 1)

    window.locator("#example").get_by_role("button", name="bail").click()

    panel = window.get_by_role("dialog")
    panel.locator(".name").wait_for()
    assert "Scotland" in panel.inner_text()
    assert "England and Wales" not in panel.inner_text()
    assert window.complaints == []


def test_the_snippet_of_the_page_works_when_pasted(show, window, host):
    window.goto("/dictionary/embed/?jurisdiction=scotland&root=%23story")
    snippet = window.locator("#snippet").text_content()
    served_here = re.sub(r'src="https?://[^/]+', f'src="{host.portal}', snippet)

    assert marked(show("<main>remand</main><p id=story>bail</p>", head=served_here)) == ["bail"]
