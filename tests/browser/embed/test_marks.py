import pytest

from tests.browser.embed.hosts import TEXT, marked

pytestmark = pytest.mark.browser


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


def test_guards_hold_on_a_page_and_are_fetched_only_where_a_guarded_name_stands(show):
    window = show("<main><p>The burden of proof.</p></main>")
    assert not [one for one in window.requests if "guards" in one.url]

    window = show("<main><p>Water was bailed out. They had to bail out of it. Remand.</p></main>")

    assert marked(window) == ["Remand"]
    assert len([one for one in window.requests if "guards" in one.url]) == 1


def test_no_more_words_than_asked_for_in_each_thousand(show, host):
    few = "bail, remand, Crown Court, community order. "
    body = f"<main><p>{few}{'other ' * 1000}{few}</p><h2>Then</h2><p>{few}</p></main>"

    window = show(body, head=host.tag(most="2"))

    assert marked(window) == ["bail", "remand", "Crown Court", "community order"]


def test_a_page_three_thousand_elements_deep_is_read(show):
    depth = 500  # Browsers flatten what is nested deeper in a document.
    window = show(f"<main>{'<b>' * depth}bail{'</b>' * depth}</main>")

    window.evaluate("""async () => {
        const words = document.querySelector("script[crossorigin]").words;
        words.undo();
        let inner = document.querySelector("main");
        inner.hidden = true; // Chromium's own layout gives up first.
        for (let depth = 0; depth < 3000; depth += 1) {
            inner = inner.appendChild(document.createElement("div"));
        }
        inner.textContent = "remand";
        await words.mark();
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
