import random

import pytest

from dictionary.embed import current_words

pytestmark = pytest.mark.browser


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


FIND = """(texts) => Promise.all(texts.map(async (codes) => {
    const text = String.fromCodePoint(...codes);
    const place = (index) => Array.from(text.slice(0, index)).length;
    const { find } = document.querySelector("script[crossorigin]").words;
    const found = await find(text);
    return found.map(({start, end, keys}) => [place(start), place(end), keys]);
}))"""


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
