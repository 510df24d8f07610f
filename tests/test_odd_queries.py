"""Wrong input gets a sentence, never a fault: five hundred odd queries against every search."""

import random
import string
from html import unescape
from urllib.parse import quote, quote_from_bytes

import html5lib
import pytest

from cja_portal.kit.text import clean_query
from tests.site import client_of

FINE = {200, 400, 404}
SEED = 2026
HOW_MANY = 500
SEARCHES = [
    "/search/",
    "/dictionary/",
    "/dictionary/suggest-entries/",
    "/library/",
    "/members/",
]
PARAMETERS = {
    "/search/": ["q", "page", "room", "sort"],
    "/dictionary/": ["q", "letter", "topic", "jurisdiction", "page"],
    "/dictionary/suggest-entries/": ["q", "jurisdiction"],
    "/dictionary/release-on-temporary-licence/": ["jurisdiction"],
    "/library/": [
        *("q", "kind", "theme", "organisation", "publisher", "year", "nation", "audience"),
        *("sort", "page", "from", "to", "q[]"),
    ],
    "/library/feed.atom": ["q", "kind", "theme", "year", "before"],
    "/library/export.ris": ["q", "kind", "theme", "year"],
    "/library/quote/": ["quote"],
    "/library/oai": [
        *("verb", "identifier", "metadataPrefix", "from", "until", "set", "resumptionToken"),
    ],
    "/members/": ["q", "kind", "area", "theme", "evidence", "letter", "page"],
    "/awards/": ["q", "page"],
    "/awards/roll-of-honour/": ["year", "category", "organisation", "page"],
    "/themes/": ["page"],
}
GOOD_VALUES = {
    "q": "prison",
    "kind": "report",
    "theme": "prison",
    "year": "2019",
    "page": "1",
    "letter": "A",
    "area": "london",
}

# Each by itself, against every search.
CLASSICS = [
    *("", " ", "\t\n", "\0", "a\0b", "'", '"', "''", '""', "\\", "\\\\", "`", "$$", ";", "--", "%"),
    *("%%", "_", "*", "?", "()", "(", ")", "((((", "))))", "[", "]", "{", "}", "<", ">", "<>", "|"),
    *("&", "!", ":", ":*", "a:*", "a & b", "a | b", "!a", "a <-> b", "a <2> b", "'a':1A", "a'b"),
    *('"never closed', 'closed too often""', "(a | b", "a b)", "& a", "a &", "| |", "! !", "OR"),
    *("AND", "NOT", "or or or", "-", "--a", "-a -b", '-"a b"', '-"', "a -", "*:*", "~a", "a^2"),
    *("' OR '1'='1", "'; DROP TABLE library_item; --", "1; SELECT pg_sleep(9)", "%27%20OR%201=1"),
    *("UNION SELECT NULL", "$1", "%s", "%(q)s", "{q}", "{{ q }}", "{% csrf_token %}", "${7*7}"),
    *("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)"),
    *("../../etc/passwd", "file:///etc/passwd", "C:\\Windows", "a/b/c", "/////", "http://[::1"),
    *(
        "😀",
        "👩‍⚖️",
        "🏴󠁧󠁢󠁷󠁬󠁳󠁿",
        "é",
        "e\u0301",
        "ﬁ",
        "ß",
        "İ",
        "ı",
        "ﷺ",
        "𝔭𝔯𝔦𝔰𝔬𝔫",
        "ｐｒｉｓｏｎ",
        "Z̴̡̛a̷l̸g̵o̶",
    ),
    *(
        "\u202eprison",
        "\u200fسجن",
        "עברית ו-English",
        "中文",
        "日本語の検索",
        "ไทย",
        "हिन्दी",
        "\ufeff",
    ),
    *("\u0000\u0001\u0002", "\x1b[31m", "\x7f", "\u2028", "\u200b", "\u00ad", "\ufffe", "\ufffd"),
    *("\ud800", "\udfff", "a\ud83d", "\udc00\ud800", "𐀀", "\U0010ffff", "\ue000"),
    *(
        "a" * 10_000,
        "a " * 5_000,
        "(" * 5_000,
        '"' * 5_001,
        "-" * 10_000,
        "é" * 5_000,
        "😀" * 2_500,
    ),
    *("a&" * 2_000, "a:*|" * 2_000, "\u202e" * 3_000, "\u0301" * 5_000, "of the " * 1_500),
    *(
        "-1",
        "0",
        "1e999",
        "NaN",
        "Infinity",
        "9" * 400,
        "0x1f",
        "१२",
        "①",
        "٣",
        "1_000",
        "+1",
        "1.5",
    ),
    *("null", "None", "undefined", "true", "[]", "{}", "[object Object]", "the", "and the of"),
]
# Not even text, as they stand in an address.
RAW = [
    *("%00", "%", "%%", "%zz", "%u0041", "%E0%80%80", "%C0%AF", "%ED%A0%80", "%F5%80%80%80", "%FF"),
    *(
        "%FE%FF",
        "%80",
        "a%",
        "%2",
        "+++",
        "%2B%26%3D",
        "%0D%0ASet-Cookie:a=b",
        "a%00b",
        "%EF%BF%BE",
    ),
    *("&&&", "a&q=b&q=c", "a=b=c", "a;b;c", "a#b", "%25%30%30", "\xe9", "\xff\xfe"),
]
STRUCTURES = [
    *("q[]=a", "q[]=a&q[]=b", "q[a]=b", "q[a][b]=c", "q.a=b", "q=a&q=b", "q", "=", "&", "?q=a"),
    *(
        "q=a&page=",
        "page=0",
        "page=-1",
        "page=999999",
        "page=abc",
        "page=1e3",
        "page=%00",
        "page=last",
    ),
    *(
        "page=1&page=2",
        "page[]=2",
        "page=99999999999999999999999",
        "page=%D9%A3",
        "page=1.5",
        "page=+2",
    ),
    *("sort=junk", "sort=", "sort=-id", "sort=newest&sort=title", "sort=%00", "sort=title;--"),
    *("Q=a", "q =a", "%71=a", "__proto__=a", "constructor=a", "pk=1", "id__gt=0", "status=draft"),
    "&".join(f"kind={number}" for number in range(900)),
    "&".join(f"unknown{number}=a" for number in range(900)),
    "&".join(f"p{number}=a" for number in range(1_200)),
]
ALPHABETS = [
    string.printable,
    "'\"\\()[]{}<>|&!:*~@#$%^,.;-_=+?/` ",
    "abcdefgh ()|&!:*\"'-",
    "\u0000\u0001\u0008\u001f\u007f\u0085\u00a0\u200b\u200d\u200e\u200f\u202a\u202e\u2066\ufeff",
    "أبجد هوز حطي كلمن سعفص قرشت אבגדה",
    "😀😁👩‍⚖️👨🏿‍🦽🏴󠁧󠁢󠁥󠁮󠁧󠁿⚖️",
    "\ud800\udbff\udc00\udfffab ",
]
WORDS = ["prison", "bail", "stop and search", "rolt", "women", "the", "2019", "report", "of"]
GLUE = ["", " ", " & ", " | ", " OR ", " AND ", " -", ' "', '" ', ":*", "!", " <-> ", "'", ")", "("]


def odd_texts():
    """The classics, and others made of all sorts of letters and of words glued together."""
    chance = random.Random(SEED)
    made = [_made_up(chance) for _ in range(HOW_MANY - len(CLASSICS))]
    return CLASSICS + made


def _made_up(chance):
    if chance.random() < 0.5:
        parts = chance.choices(WORDS, k=chance.randint(1, 6))
        return "".join(part + chance.choice(GLUE) for part in parts)
    alphabet = chance.choice(ALPHABETS)
    return "".join(chance.choices(alphabet, k=chance.choice([1, 2, 5, 20, 80, 300])))


def encoded(text):
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"), safe="")


@pytest.fixture
def ask(site):
    """Opens an address as anyone; a fault becomes the answer 500."""
    client = client_of(raise_request_exception=False)
    return lambda path, query: client.get(path, QUERY_STRING=query)


def said(response):
    """The words of the main part, or of the whole fragment."""
    tree = html5lib.parse(response.content.decode(), namespaceHTMLElements=False)
    part = next(tree.iter("main"), tree)
    return unescape(" ".join("".join(part.itertext()).split()))


def test_there_are_five_hundred_odd_queries():
    assert len(odd_texts()) == HOW_MANY


@pytest.mark.long
@pytest.mark.parametrize("path", SEARCHES)
def test_every_odd_query_is_answered_in_words(ask, path):
    wrong, silent = {}, set()
    for place, text in enumerate(odd_texts()):
        answer = ask(path, f"q={encoded(text)}")
        if answer.status_code != 200:
            wrong[text[:60]] = answer.status_code
        elif place % 5 == 0 and not _tells_the_outcome(path, text, answer):
            silent.add(text[:60])

    assert (wrong, silent) == ({}, set())


def _tells_the_outcome(path, text, answer):
    """An empty query asks for nothing, and a list of suggestions may stay away."""
    is_fragment = "suggest" in path
    return is_fragment or not clean_query(text) or _speaks_of_the_outcome(said(answer))


def _speaks_of_the_outcome(words):
    """A sentence or a number: "Nothing found", "no items", "12 items"."""
    lowered = words.lower()
    is_counted = any(char.isdigit() for char in words)
    return is_counted or "nothing" in lowered or " no " in f" {lowered} "


@pytest.mark.parametrize("path", PARAMETERS)
def test_what_is_not_even_text_is_answered(ask, path):
    chance = random.Random(SEED)
    queries = [f"{quote(chance.choice(PARAMETERS[path]))}={raw}" for raw in RAW]

    statuses = {query: ask(path, query).status_code for query in queries}

    assert {query: status for query, status in statuses.items() if status not in FINE} == {}


@pytest.mark.parametrize("path", PARAMETERS)
def test_odd_shapes_of_an_address_are_answered(ask, path):
    wrong = {
        query[:60]: status
        for query in STRUCTURES
        for status in [ask(path, query).status_code]
        if status not in FINE
    }

    assert wrong == {}


@pytest.mark.parametrize("path", PARAMETERS)
def test_every_parameter_takes_odd_values(ask, path):
    """One at a time beside good ones, then all at once."""
    chance = random.Random(SEED)
    texts = odd_texts()
    names = PARAMETERS[path]
    wrong = {}
    for name in names:
        good = "&".join(f"{key}={GOOD_VALUES[key]}" for key in names if key in GOOD_VALUES)
        for text in chance.sample(texts, 8):
            query = f"{good}&{quote(name)}={encoded(text)}"
            wrong[query[:120]] = ask(path, query).status_code
    for _ in range(5):
        query = "&".join(f"{quote(name)}={encoded(chance.choice(texts))}" for name in names)
        wrong[query[:120]] = ask(path, query).status_code

    assert {query: status for query, status in wrong.items() if status not in {200, 404}} == {}


@pytest.mark.parametrize("path", ["/library/", "/members/"])
@pytest.mark.parametrize("number", ["0", "-1", "999999", "abc", "", "1e9", "%00", "9" * 40])
def test_an_odd_page_number_shows_a_page_that_there_is(ask, path, number):
    answer = ask(path, f"page={number}")

    assert answer.status_code == 200
    assert answer.context["page"].object_list


@pytest.mark.parametrize("slug", ["a" * 300, "%00", "%F0%9F%98%80", "a%2Fb", "..", "'", "-", "%FF"])
@pytest.mark.parametrize(
    "room",
    ["/dictionary/", "/library/", "/library/shelves/", "/members/", "/themes/", "/awards/"],
)
def test_an_odd_address_is_not_found(ask, room, slug):
    assert ask(f"{room}{slug}/", "").status_code in {400, 404}


def test_a_year_beyond_all_calendars_is_not_found(ask):
    years = ["0", "99999", "9" * 30]

    assert [ask(f"/awards/{year}/", "").status_code for year in years] == [404, 404, 404]
