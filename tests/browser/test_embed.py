"""The dictionary on a page of somebody else: another origin, with the strictest policy."""

import json
import random
import re
from dataclasses import dataclass
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from dictionary.embed import current_script, current_words

pytestmark = pytest.mark.browser

# Playwright's own waiting needs eval, which the host's policy refuses.
WAIT = """(count) => new Promise((done) => {
    const look = () => (window.ready >= count ? done() : setTimeout(look, 20));
    look();
})"""
LISTEN = """window.ready = 0;
addEventListener("words-marked", () => { window.ready += 1; });"""
# The words are in the starter content, which tests/dictionary/test_starter.py holds.
TEXT = "He was on bail. Bail ended, and the Crown Court gave a community order."


@dataclass
class Host:
    """A website of a member: `page(body)` is the address of a page with our script."""

    server: ThreadingHTTPServer
    portal: str

    def __post_init__(self):
        self.pages = {}
        self.origin = f"http://127.0.0.1:{self.server.server_port}"

    @property
    def policy(self):
        own = f"script-src {self.portal}; connect-src {self.portal}"
        return f"default-src 'none'; {own}; require-trusted-types-for 'script'"

    def tag(self, **data):
        script = current_script()
        address = f"{self.portal}/dictionary/embed/v1/{script.digest}/words.js"
        given = " ".join(f'data-{name}="{escape(value)}"' for name, value in data.items())
        return (
            f'<script defer src="{address}" integrity="{script.integrity}" '
            f'crossorigin="anonymous" {given}></script>'
        )

    def page(self, body, head=None, language="en-GB"):
        head = self.tag() if head is None else head
        self.pages["/"] = f'<!doctype html><html lang="{language}"><title>Host</title>{head}{body}'
        return f"{self.origin}/"


@pytest.fixture
def host(server):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            page = host.pages.get(self.path)
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", host.policy)
            self.end_headers()
            self.wfile.write((page or "").encode())

        def log_message(self, *arguments):
            """Quietly."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    host = Host(listening, server)
    thread = Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    yield host
    listening.shutdown()
    listening.server_close()
    thread.join()


@pytest.fixture
def window(page):
    """A window that notes what its pages ask for and complain of."""
    page.add_init_script(LISTEN)
    page.requests, page.complaints = [], []
    page.on("request", lambda request: page.requests.append(request))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("console", lambda said: _note(page, said))
    return page


def _note(page, said):
    if said.type in {"error", "warning"} and "favicon" not in str(said.location):
        page.complaints.append(said.text)


@pytest.fixture
def show(window, host):
    """Opens a page with this body and waits for the marks."""

    def show_page(body, scripts=1, **options):
        window.goto(host.page(body, **options))
        window.evaluate(WAIT, scripts)
        return window

    return show_page


def marked(window):
    return window.locator("[data-cja-word]").all_text_contents()


# -- Which words ----------------------------------------------------------------------------------


def test_the_first_use_is_marked_under_the_strictest_policy(show):
    window = show(f"<main><p>{TEXT}</p></main>")

    assert marked(window) == ["bail", "Crown Court", "community order"]
    assert window.locator("p").text_content() == TEXT
    assert window.complaints == []


@pytest.mark.parametrize(
    "closed",
    [
        "<a href='/x'>bail</a>",
        "<h2>bail</h2>",
        "<code>bail</code>",
        "<pre>bail</pre>",
        "<form><input name=matches><input name=closest>bail</form>",
        "<label>bail</label>",
        "<button>bail</button>",
        "<div data-no-words><p>bail</p></div>",
        "<p lang=cy>bail</p>",
        "<p lang=''>bail</p>",
        "<div contenteditable>bail</div>",
        "<template>bail</template>",
        "<span role=link>bail</span>",
        "<p>co-<b>bail</b></p>",
        "<p>b<b>ail</b></p>",
    ],
)
def test_what_is_closed_stays_as_it_is(show, closed):
    window = show(f"<main>{closed}<p>remand</p></main>")

    assert marked(window) == ["remand"]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("<main><p lang=cy>bail <i lang=en>bail</i></p></main>", ["bail"]),
        ("<main><p>bail</p><h2>Then</h2><p>bail, bail</p></main>", ["bail", "bail"]),
        ("<main><p>bail</p><section>bail</section><p>bail</p></main>", ["bail"] * 3),
        ("<main><p>bail</p><p>bail</p></main>", ["bail"]),
        ("<p>remand</p><main>bail</main>", ["bail"]),
        ("<p>remand</p><article>bail</article>", ["bail"]),
        ("<p>remand</p><p>bail</p>", ["remand", "bail"]),
        ("<main><p>Crown\n   Court</p></main>", ["Crown\n   Court"]),
        ("<main><p>Crown</p><p>Court</p><p></p></main>", []),
        ("<main><p>Crown<br>Court and <img alt=''>bail</p></main>", ["bail"]),
        ("<main></main>", []),
    ],
)
def test_where_it_looks(show, body, found):
    assert marked(show(body)) == found


def test_a_page_in_another_language_is_left_alone(show):
    assert marked(show("<main><p>bail</p></main>", language="cy")) == []


def test_it_looks_where_it_is_told(show, host):
    head = host.tag(root="#story")

    window = show("<main><p>bail</p><p id=story>remand</p></main>", head=head)

    assert marked(window) == ["remand"]


def test_no_more_words_than_asked_for_in_each_thousand(show, host):
    few = "bail, remand, Crown Court, community order. "
    body = f"<main><p>{few}{'other ' * 1000}{few}</p><h2>Then</h2><p>{few}</p></main>"

    window = show(body, head=host.tag(most="2"))

    assert marked(window) == ["bail", "remand", "Crown Court", "community order"]


def test_a_page_three_thousand_elements_deep_is_read(show):
    depth = 500  # Browsers flatten what is nested deeper in a document.
    window = show(f"<main>{'<b>' * depth}bail{'</b>' * depth}</main>")

    window.evaluate("""() => {
        const words = document.querySelector("script[crossorigin]").words;
        words.undo();
        let inner = document.querySelector("main");
        inner.hidden = true; // Chromium's own layout gives up first.
        for (let depth = 0; depth < 3000; depth += 1) {
            inner = inner.appendChild(document.createElement("div"));
        }
        inner.textContent = "remand";
        words.mark();
    }""")

    assert marked(window) == ["bail", "remand"]


def test_an_unknown_place_is_said_and_nothing_happens(window, host):
    window.goto(host.page("<main>bail</main>", head=host.tag(jurisdiction="france")))
    window.wait_for_event("console")

    assert marked(window) == []
    assert window.complaints[0].startswith("Dictionary words: data-jurisdiction must be one of")


def test_a_word_without_a_meaning_in_the_place_is_not_marked(show, host):
    body = "<main><p>The Crown Court and bail.</p></main>"
    places = ["scotland", "england-and-wales"]

    found = [marked(show(body, head=host.tag(jurisdiction=place))) for place in places]

    assert found == [["bail"], ["Crown Court", "bail"]]


# -- The meaning ----------------------------------------------------------------------------------


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
        "lines": "5:0\tbail\t__proto__|\tconstructor|\n0",
        "special": [[9, "0", [evil], 0, ["\u0000"], ["\ud800"]]],
    }
    sense = {"place": evil, "jurisdiction": "uk", "plain": evil, "status": evil, "law_as_of": evil}
    meaning = {"name": evil, "path": "javascript:window.evil=1", "senses": [sense]}
    open_to_all = {"Access-Control-Allow-Origin": "*"}
    answers = {"**/labels.json": data, "**/meanings/0.json": {"5": meaning}}
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


# -- A good guest ---------------------------------------------------------------------------------


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
        r"data/\w+/meanings/\d+\.json",
    ]

    assert len(paths) == 4
    assert all(re.fullmatch(shape, path) for shape, path in zip(shapes, paths, strict=True))
    assert {one.method for one in to_us} == {"GET"}
    assert [one.headers.get("cookie") for one in to_us] == [None] * 4
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


# -- The page about it ----------------------------------------------------------------------------


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


# -- The same rules as the dictionary's own -------------------------------------------------------

ODD = [
    *(
        "-",
        " ",
        "\n",
        "\n\n",
        "-\n",
        "\u00ad",
        "\u200b",
        "\u2011",
        "’",
        "'",
        "\u0301",
        "ß",
        "İ",
        "Σ",
    ),
    *(
        ". ",
        ", ",
        " - ",
        "\t",
        "\r\n",
        "\u00a0",
        "\x85",
        "\x1c",
        "ﬁ",
        "😀",
        "\ud800",
        "_",
        "1",
        "ª",
        "Ⅷ",
    ),
    *(
        "the ",
        " of ",
        "co-",
        "s",
        "'s",
        "in ",
        "PACE OF A LIFE",
        "\x00",
        "é",
        "\u2028",
        "\ufeff",
        "ﬀ",
    ),
]


def random_texts(count):
    """Names of the dictionary in every letter case, among odd characters."""
    choose = random.Random(20261123)
    entries = current_words().entries.values()
    names = [form.text for entry in entries for form in entry.forms_in("")]
    guards = [
        word
        for entry in entries
        for label in entry.labels
        for word in (*label.not_before, *label.not_after)
    ]
    cased = [str, str, str.upper, str.lower, str.title, str.swapcase]
    pieces = [
        lambda: choose.choice(cased)(choose.choice(names)),
        lambda: choose.choice(ODD),
        lambda: choose.choice(guards or ODD),
        lambda: choose.choice(names).replace(" ", choose.choice(ODD)),
        lambda: " ",
    ]
    for _ in range(count):
        yield "".join(choose.choice(pieces)() for _ in range(choose.randrange(1, 24)))


FIND = """(texts) => texts.map((codes) => {
    const text = String.fromCodePoint(...codes);
    const place = (index) => Array.from(text.slice(0, index)).length;
    const { find } = document.querySelector("script[crossorigin]").words;
    return find(text).map(({start, end, keys}) => [place(start), place(end), keys]);
})"""


@pytest.mark.parametrize("place", ["", "scotland"])
def test_the_browser_finds_what_the_dictionary_finds(show, host, place):
    window = show("<main></main>", head=host.tag(**({"jurisdiction": place} if place else {})))
    matcher = current_words().matcher_for(place)
    texts = list(random_texts(5000))

    codes = [[ord(char) for char in text] for text in texts]
    found = window.evaluate(FIND, codes)

    expected = [
        [[match.start, match.end, list(match.keys)] for match in matcher.find(text)]
        for text in texts
    ]
    different = [
        (text, ours, theirs)
        for text, ours, theirs in zip(texts, expected, found, strict=True)
        if ours != theirs
    ]
    assert different == []
    assert sum(map(len, expected)) > 1500
