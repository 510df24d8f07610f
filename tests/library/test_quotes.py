import random
from itertools import product

import pytest
from django.contrib.auth.models import AnonymousUser

from library.quotes import Said, find_quote
from tests.factories import make_document, make_item, make_user

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()
REPORT = [
    "Chapter one. Every person in custody should see a nurse on the first day, they said.",
    "Prisons hold more people than they were built for. Overcrowding makes rehabilitation harder, "
    "because staff spend their days moving people between wings\ninstead of working with them.",
    "Nobody should be released on a Friday afternoon, when offices are closed until Monday.",
]
SENTENCE = (
    "Overcrowding makes rehabilitation harder, because staff spend their days moving people "
    "between wings instead of working with them"
)


def make_report(**fields):
    return make_document(make_item("A report", **fields), pages=REPORT)


def test_a_quotation_is_found_on_its_page_word_for_word():
    make_report()

    place, *others = find_quote(f"“{SENTENCE.upper()}!”", NOBODY)

    assert others == []
    assert (place.page.number, place.is_exact, place.alikeness) == (2, True, 1.0)
    assert place.wording.split() == f"{SENTENCE}.".split()
    assert place.before.endswith("than they were built for.")


def test_what_was_changed_is_told_word_by_word():
    make_report()

    (place,) = find_quote(
        "Overcrowding makes rehabilitation impossible, because staff spend all their days moving "
        "people between wings instead of with them",
        NOBODY,
    )

    assert place.differences == [("impossible", "harder"), ("all", ""), ("", "working")]
    assert place.wording.split() == f"{SENTENCE}.".split()


def test_every_sign_of_the_document_stands_beside_its_words():
    make_document(
        make_item("Signs"),
        pages=["We ask what matters: “people (and their homes) – no less” than walls."],
    )

    (place,) = find_quote(
        "We ask what counts: people and their houses – no less than walls", NOBODY
    )

    assert place.pieces == [
        ("We ask what", "", ""),
        ("", "counts:", "matters:"),
        ("“people (and their", "", ""),
        ("", "houses", "homes) –"),
        ("no less” than walls.", "", ""),
    ]
    told = " ".join(same or written for same, _, written in place.pieces)
    assert told == place.wording


def test_a_quotation_that_runs_over_the_edge_of_a_page_is_whole():
    make_report()

    places = find_quote(
        "instead of working with them. Nobody should be released on a Friday afternoon", NOBODY
    )

    assert [(place.is_exact, place.wording) for place in places] == [
        (True, "instead of working with them.\nNobody should be released on a Friday afternoon,")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The moon is made of a very green cheese, said the ministers of the day",
        "staff people wings days harder custody nurse Friday housing Monday",
        "the of and is to in by on",
        "'); drop table library_page; -- & | ! :* <-> \\ ' \"",
    ],
)
def test_what_nobody_said_is_not_found(text):
    make_report()

    assert find_quote(text, NOBODY) == []


def test_only_what_the_reader_may_open_is_looked_through():
    make_report(files_audience="staff")

    assert find_quote(SENTENCE, NOBODY) == []
    assert len(find_quote(SENTENCE, make_user(is_staff=True))) == 1


def test_the_words_of_a_text_are_compared_without_case_accents_and_marks():
    assert Said("The “Café’s” re-offending rates").words == [
        "the",
        "cafes",
        "re offending",
        "rates",
    ]


def test_each_of_a_hundred_quotations_with_faults_finds_its_page():
    chance = random.Random(7)
    words = ["".join(parts) + "nt" for parts in product(PARTS, repeat=3)]
    often = [1 / (place + 3) for place in range(len(words))]
    texts = [" ".join(chance.choices(words, often, k=300)) for _ in range(60)]
    make_document(make_item("Long"), pages=texts)

    cases = [_faulty(chance, texts) for _ in range(100)]

    assert [number for number, quote in cases if not _finds(number, quote)] == []


PARTS = ["bra", "cre", "dri", "flo", "gru", "ba", "de", "li", "mo", "nu", "pa", "re", "si", "to"]


def _faulty(chance, texts):
    """A page and 25 of its words, one left out and three changed."""
    place = chance.randrange(len(texts))
    words = texts[place].split()
    start = chance.randrange(len(words) - 26)
    quote = words[start : start + 26]
    del quote[chance.randrange(5, 20)]
    for wrong in chance.sample(range(len(quote)), 3):
        quote[wrong] = "something"
    return place + 1, " ".join(quote)


def _finds(number, quote):
    return any(place.page.number == number for place in find_quote(quote, NOBODY))
