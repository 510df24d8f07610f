"""OAI-PMH: dates, and lists that go on page by page."""

from datetime import UTC, datetime, timedelta

import pytest

from library.models import Item
from tests.factories import (
    LONG_AGO,
    make_area,
    make_document,
    make_item,
    make_organisation,
    make_theme,
    set_changed_at,
)
from tests.library.oai import LIST, NAMES, codes, error_of, make_at, texts

pytestmark = pytest.mark.django_db


# -- Dates ------------------------------------------------------------------------------------

NOON = datetime(2024, 1, 2, 12, 0, 0, 700_000, tzinfo=UTC)
DATES = {
    "its day": ({"from": "2024-01-02", "until": "2024-01-02"}, True),
    "the day before": ({"until": "2024-01-01"}, False),
    "the day after": ({"from": "2024-01-03"}, False),
    "its second": ({"from": "2024-01-02T12:00:00Z", "until": "2024-01-02T12:00:00Z"}, True),
    "the second before": ({"until": "2024-01-02T11:59:59Z"}, False),
    "the second after": ({"from": "2024-01-02T12:00:01Z"}, False),
    "until the end of time": ({"until": "9999-12-31"}, True),
    "from the beginning": ({"from": "0001-01-01"}, True),
}


@pytest.mark.parametrize("case", DATES)
def test_dates_include_their_whole_day_or_second(case, ask):
    asked, is_listed = DATES[case]
    item = make_at(NOON)

    root = ask(LIST, **asked)

    assert codes(root) == ([item.code] if is_listed else [])
    if is_listed:
        assert texts(root, ".//oai:datestamp") == ["2024-01-02T12:00:00Z"]


# -- Pages ------------------------------------------------------------------------------------


def test_a_list_in_one_piece_has_no_token(ask):
    make_item()

    assert texts(ask(LIST), ".//oai:resumptionToken") == []


def test_a_long_list_goes_on_to_an_empty_token(ask, monkeypatch):
    monkeypatch.setattr("library.oai.HEADERS_AT_ONCE", 2)
    items = [make_at(LONG_AGO, f"Item {number}") for number in range(5)]

    pages, tokens = [ask(LIST)], []
    while texts(pages[-1], ".//oai:resumptionToken")[0]:
        tokens += texts(pages[-1], ".//oai:resumptionToken")
        pages.append(ask(verb="ListIdentifiers", resumptionToken=tokens[-1]))

    marks = [page.find(".//oai:resumptionToken", NAMES).attrib for page in pages]
    assert [code for page in pages for code in codes(page)] == [item.code for item in items]
    assert [dict(mark) for mark in marks] == [
        {"cursor": str(cursor), "completeListSize": "5"} for cursor in (0, 2, 4)
    ]
    assert codes(ask(verb="ListIdentifiers", resumptionToken=tokens[-1])) == codes(pages[-1])


def test_a_token_is_for_its_verb_and_cannot_be_altered(ask, monkeypatch):
    monkeypatch.setattr("library.oai.HEADERS_AT_ONCE", 1)
    make_item(), make_item()
    [token] = texts(ask(LIST), ".//oai:resumptionToken")

    assert error_of(ask(verb="ListRecords", resumptionToken=token)) == "badResumptionToken"
    altered = token[:-1] + ("a" if token[-1] != "a" else "b")
    assert error_of(ask(verb="ListIdentifiers", resumptionToken=altered)) == "badResumptionToken"


def test_a_token_keeps_the_set_and_the_dates(ask, monkeypatch):
    monkeypatch.setattr("library.oai.HEADERS_AT_ONCE", 1)
    wanted = [make_at(NOON, themes=[make_theme("Race", slug="race")])]
    wanted.append(make_at(NOON, themes=wanted[0].themes.all()))
    make_at(NOON)
    make_at(LONG_AGO, themes=wanted[0].themes.all())

    first = ask(LIST, set="topic:race", **{"from": "2024-01-01", "until": "2024-01-03"})
    [token] = texts(first, ".//oai:resumptionToken")
    second = ask(verb="ListIdentifiers", resumptionToken=token)

    assert codes(first) + codes(second) == [item.code for item in wanted]
    assert texts(second, ".//oai:resumptionToken") == [None]


def test_what_changes_during_a_harvest_comes_again_at_its_end(ask, monkeypatch):
    monkeypatch.setattr("library.oai.HEADERS_AT_ONCE", 2)
    items = [make_at(LONG_AGO + timedelta(days=day), f"Item {day}") for day in range(6)]
    first = ask(LIST)
    set_changed_at(items[0], NOON)
    set_changed_at(items[4], NOON)
    Item.objects.filter(pk=items[3].pk).update(audience="members")

    found, page = codes(first), first
    while token := texts(page, ".//oai:resumptionToken")[0]:
        page = ask(verb="ListIdentifiers", resumptionToken=token)
        found += codes(page)

    order = [0, 1, 2, 5, 0, 4, 3]
    assert found == [items[number].code for number in order]


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(("verb", "queries"), [("ListRecords", 9), ("ListIdentifiers", 7)])
def test_a_page_asks_the_same_of_the_database_for_one_and_for_three(
    verb, queries, number, client, django_assert_num_queries
):
    for place in range(number):
        item = make_item(
            publishers=[make_organisation(f"Charity {place}")],
            authors=["A One", "B Two"],
            themes=[make_theme(f"Theme {place}")],
            nations=[make_area(f"Area {place}")],
        )
        make_document(item)
        make_document(item, "annex.pdf")
        gone = make_item()
        Item.objects.filter(pk=gone.pk).update(audience="staff")

    with django_assert_num_queries(queries):
        client.get(f"/library/oai?verb={verb}&metadataPrefix=mods")
