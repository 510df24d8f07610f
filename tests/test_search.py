"""One question, answered by all four rooms."""

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cja_portal.search import search
from tests.factories import (
    make_award,
    make_entry,
    make_item,
    make_label,
    make_organisation,
    make_published_cycle,
    make_theme,
    make_user,
)

pytestmark = pytest.mark.django_db


def ask(client, query):
    return client.get("/search/", {"q": query})


def titles(page):
    return {room.name: [hit.title for hit in room.hits] for room in page.context["answer"].rooms}


def fill(number=0):
    make_entry(f"Probation word {number}", plain="About probation. More of it.")
    organisation = make_organisation(f"Probation charity {number}")
    make_item(f"Probation report {number}", publishers=[organisation])
    make_published_cycle(2030 + number)
    make_award(f"Probation winner {number}", year=2030 + number, organisation=organisation)


def test_every_room_answers_with_its_best(client):
    fill()

    page = ask(client, "probation")

    assert titles(page) == {
        "Dictionary": ["Probation word 0"],
        "Library": ["Probation report 0"],
        "Members": ["Probation charity 0"],
        "Awards": ["Probation winner 0"],
    }
    text = page.content.decode()
    for address in ("/dictionary/?q=probation", "/library/?q=probation", "/members/?q=probation"):
        assert address in text


def test_a_word_that_is_called_just_so_stands_on_top_with_its_meaning(client):
    entry = make_entry("Recall", plain="Being sent back to prison. It is quick.")
    make_entry("Licence", plain="The rules outside. Breaking them may lead to recall.")

    page = ask(client, "RECALL")

    assert page.context["answer"].word.pk == entry.pk
    assert "It is quick." in page.content.decode()
    assert titles(page)["Dictionary"] == ["Licence"]


def test_another_name_of_a_word_is_the_word(client):
    entry = make_entry("Release on temporary licence")
    make_label(entry, "ROTL", "acronym")

    assert ask(client, "rotl").context["answer"].word.pk == entry.pk


def test_the_beginning_of_a_word_is_only_a_hit(client):
    make_entry("Recall")

    page = ask(client, "rec")

    assert page.context["answer"].word is None
    assert titles(page)["Dictionary"] == ["Recall"]


def test_misspelling_is_forgiven(client):
    make_entry("Subpoena")

    assert titles(ask(client, "sepeena"))["Dictionary"] == ["Subpoena"]


def test_no_room_shows_more_than_five(client):
    for number in range(7):
        fill(number)

    assert [len(hits) for hits in titles(ask(client, "probation")).values()] == [5, 5, 5, 5]


def test_what_is_not_public_is_not_found(client):
    make_entry("Probation draft", is_published=False)
    make_organisation("Probation unlisted", is_listed=False)
    make_item("Probation paper", status="draft")
    make_published_cycle()
    make_award("Probation draft", published_at=None)

    assert set(map(len, titles(ask(client, "probation")).values())) == {0}


@pytest.mark.parametrize("query", ["", "   ", "\x00\x01", "\t\n"])
def test_an_empty_question_gets_a_helpful_page(client, query):
    page = ask(client, query)

    assert page.context["answer"].rooms == []
    assert "One search looks through all four rooms." in page.content.decode()


def test_a_missing_question_gets_the_same_page(client):
    assert "One search looks through" in client.get("/search/").content.decode()


def test_nothing_found_says_what_to_do(client):
    text = ask(client, "zzzzqqqq <script>").content.decode()

    assert "We found nothing for “zzzzqqqq &lt;script&gt;”" in text
    assert "Try fewer words" in text


# -- Odd questions --------------------------------------------------------------------------------

PIECES = [
    *("probation", '"', "'", "''", "“", "”", "-", "OR", "AND", "NOT", "|", "&", "!", "<->", ":*"),
    *("(", ")", "((", "\\", "%", "_", "*", "?", "$1", ";--", "\x00", "\x1f", "\ud800", "\ufeff"),
    *(
        "🙂",
        "👩‍👩‍👧‍👦",
        "é",
        "ß",
        "İ",
        "שלום",
        "مرحبا",
        "\u202e",
        "\u200b",
        "日本",
        "<b>",
        "{{ x }}",
    ),
    *("a" * 10_000, "word " * 2_000, "\n", "\t", "0", "-1", "1e999", "../..", "null", "{}", "[]"),
]


def odd_queries(count):
    pick = random.Random(7)
    singles = list(PIECES)
    mixed = [
        pick.choice(["", " "]).join(pick.choices(PIECES, k=pick.randint(2, 6)))
        for _ in range(count - len(singles))
    ]
    return singles + mixed


def test_two_hundred_odd_questions_get_a_page_each(client):
    fill()
    queries = odd_queries(200)

    codes = {ask_raw(client, query) for query in queries}

    assert (len(queries), codes) == (200, {200})


def ask_raw(client, query):
    encoded = query.encode("utf-8", "surrogatepass")
    quoted = "".join(f"%{byte:02X}" for byte in encoded)
    return client.get(f"/search/?q={quoted}").status_code


# -- Its cost -------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["probation", "probation word 0", "nothing like it"])
def test_the_number_of_queries_does_not_grow(client, query):
    fill()
    ask(client, query)
    with CaptureQueriesContext(connection) as one:
        ask(client, query)
    fill(1)
    fill(2)
    ask(client, query)  # makes the index of names anew

    with CaptureQueriesContext(connection) as three:
        ask(client, query)

    assert len(one) == len(three) <= 13


def test_staff_find_no_unpublished_award():
    make_published_cycle()
    make_award("Probation draft", published_at=None)
    make_theme()

    rooms = search("probation", make_user(is_staff=True)).rooms

    assert [room.hits for room in rooms if room.name == "Awards"] == [[]]
