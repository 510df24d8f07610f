"""OAI-PMH 2.0: every verb, every error, dates, pages, and the form of what is sent."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from lxml import etree

from library import oai
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

pytestmark = pytest.mark.django_db
NAMES = {
    "oai": oai.OAI,
    "dc": "http://purl.org/dc/elements/1.1/",
    "mods": "http://www.loc.gov/mods/v3",
}
FAR_OFF = datetime(2999, 1, 1, tzinfo=UTC)
LIST = {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc"}


@pytest.fixture
def ask(client):
    """The answer to arguments, in XML; it always has the form of the protocol."""

    def ask(data=(), **arguments):
        response = client.get("/library/oai", {**dict(data), **arguments})
        assert response.status_code == 200
        assert response["Content-Type"] == "text/xml; charset=utf-8"
        return checked(response.content)

    return ask


def checked(content):
    root = etree.fromstring(content)
    parts = [etree.QName(part).localname for part in root]
    assert parts[:2] == ["responseDate", "request"]
    assert len(parts) == 3
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", root[0].text)
    return root


def texts(root, path):
    return [element.text for element in root.iterfind(path, NAMES)]


def error_of(root):
    [error] = root.iterfind("oai:error", NAMES)
    return error.get("code")


def codes(root):
    return [name.rpartition(":")[2] for name in texts(root, ".//oai:header/oai:identifier")]


def name_of(item):
    return oai.identifier_of(item.code)


def make_at(moment, title="A report", **fields):
    item = make_item(title, **fields)
    set_changed_at(item, moment)
    return item


# -- Errors -----------------------------------------------------------------------------------

ERRORS = {
    "no verb": ("", "badVerb"),
    "another verb": ("verb=Nope", "badVerb"),
    "two verbs": ("verb=Identify&verb=Identify", "badVerb"),
    "small letters": ("verb=identify", "badVerb"),
    "an argument too many": ("verb=Identify&from=2020-01-01", "badArgument"),
    "an argument twice": (
        "verb=ListIdentifiers&metadataPrefix=oai_dc&metadataPrefix=oai_dc",
        "badArgument",
    ),
    "no prefix": ("verb=ListRecords", "badArgument"),
    "no identifier": ("verb=GetRecord&metadataPrefix=oai_dc", "badArgument"),
    "another format": ("verb=ListRecords&metadataPrefix=marc21", "cannotDisseminateFormat"),
    "a format that is none": ("verb=ListRecords&metadataPrefix=%3Cb%3E", "badArgument"),
    "no such item": (
        "verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:nowhere:1",
        "idDoesNotExist",
    ),
    "formats of no such item": (
        "verb=ListMetadataFormats&identifier=oai:nowhere:1",
        "idDoesNotExist",
    ),
    "an identifier that is none": (
        'verb=GetRecord&metadataPrefix=oai_dc&identifier=a"<b>',
        "badArgument",
    ),
    "a day that is none": ("verb=ListRecords&metadataPrefix=oai_dc&from=2024-02-30", "badArgument"),
    "a time without seconds": (
        "verb=ListRecords&metadataPrefix=oai_dc&from=2024-02-03T10:00Z",
        "badArgument",
    ),
    "a day before all days": (
        "verb=ListRecords&metadataPrefix=oai_dc&until=0000-01-01",
        "badArgument",
    ),
    "two granularities": (
        "verb=ListRecords&metadataPrefix=oai_dc&from=2024-01-01&until=2024-01-02T00:00:00Z",
        "badArgument",
    ),
    "from after until": (
        "verb=ListRecords&metadataPrefix=oai_dc&from=2024-01-02&until=2024-01-01",
        "badArgument",
    ),
    "a set that is none": ("verb=ListRecords&metadataPrefix=oai_dc&set=a%20b", "badArgument"),
    "an unknown set": ("verb=ListRecords&metadataPrefix=oai_dc&set=org:none", "noRecordsMatch"),
    "before everything": (
        "verb=ListRecords&metadataPrefix=oai_dc&until=1990-01-01",
        "noRecordsMatch",
    ),
    "a made up token": ("verb=ListRecords&resumptionToken=eyJ9:abc", "badResumptionToken"),
    "an empty token": ("verb=ListRecords&resumptionToken=", "badResumptionToken"),
    "a token of odd letters": ("verb=ListRecords&resumptionToken=%00%01", "badResumptionToken"),
    "a token and more": (
        "verb=ListRecords&resumptionToken=a&metadataPrefix=oai_dc",
        "badArgument",
    ),
    "a token for sets": ("verb=ListSets&resumptionToken=a", "badResumptionToken"),
}


@pytest.mark.parametrize("case", ERRORS)
def test_each_error_has_its_code_and_repeats_no_wrong_argument(case, client):
    query, code = ERRORS[case]
    make_item()

    root = checked(client.get(f"/library/oai?{query}").content)

    assert error_of(root) == code
    if code in {"badVerb", "badArgument"}:
        assert root[1].attrib == {}
    elif code != "badResumptionToken":
        assert root[1].get("verb") in query


def test_an_empty_library_has_no_records(ask):
    assert error_of(ask(LIST)) == "noRecordsMatch"


def test_a_deleted_record_has_no_formats(ask):
    item = make_item()
    Item.objects.update(audience="members")

    assert error_of(ask(verb="ListMetadataFormats", identifier=name_of(item))) == (
        "noMetadataFormats"
    )


@pytest.mark.parametrize(
    "hidden", [{"status": "draft"}, {"audience": "members"}, {"visible_from": FAR_OFF}]
)
def test_what_the_public_never_saw_does_not_exist(ask, hidden):
    item = make_item(**hidden)

    answer = ask(verb="GetRecord", metadataPrefix="oai_dc", identifier=name_of(item))

    assert error_of(answer) == "idDoesNotExist"


def test_no_other_method_is_answered(client):
    assert client.put("/library/oai").status_code == 405


# -- Verbs ------------------------------------------------------------------------------------


def test_it_says_what_it_is(ask, settings):
    settings.SITE_ORIGIN = "https://portal.example.org"
    make_at(LONG_AGO)

    root = ask(verb="Identify")

    part = root.find("oai:Identify", NAMES)
    said = {etree.QName(one).localname: one.text for one in part if one.text}
    assert said == {
        "repositoryName": "Criminal Justice Alliance library",
        "baseURL": "https://portal.example.org/library/oai",
        "protocolVersion": "2.0",
        "adminEmail": "info@criminaljusticealliance.org.uk",
        "earliestDatestamp": "2020-01-01T00:00:00Z",
        "deletedRecord": "persistent",
        "granularity": "YYYY-MM-DDThh:mm:ssZ",
    }
    assert "<repositoryIdentifier>portal.example.org<" in etree.tostring(part).decode()
    assert root[1].text == "https://portal.example.org/library/oai"


def test_a_form_may_ask_from_anywhere():
    make_item()

    response = Client(enforce_csrf_checks=True).post("/library/oai", LIST)

    assert len(codes(checked(response.content))) == 1


def test_formats(ask):
    item = make_item()

    for answer in (
        ask(verb="ListMetadataFormats"),
        ask(verb="ListMetadataFormats", identifier=name_of(item)),
    ):
        assert texts(answer, ".//oai:metadataPrefix") == ["oai_dc", "mods"]


def test_sets_have_names_and_go_on_page_by_page(ask, monkeypatch):
    monkeypatch.setattr("library.harvest.ORGANISATIONS_AT_ONCE", 2)
    for number in range(3):
        make_item(publishers=[make_organisation(f"Charity {number}")])

    first = ask(verb="ListSets")
    [token] = texts(first, ".//oai:resumptionToken")
    second = ask(verb="ListSets", resumptionToken=token)

    assert texts(first, ".//oai:setSpec")[-2:] == ["org:charity-0", "org:charity-1"]
    assert texts(second, ".//oai:setSpec") == ["org:charity-2"]
    assert texts(second, ".//oai:setName") == ["Charity 2"]
    assert texts(second, ".//oai:resumptionToken") == [None]


def test_a_record_in_dublin_core(ask):
    item = make_full_item()

    root = ask(verb="GetRecord", metadataPrefix="oai_dc", identifier=name_of(item))

    [record] = root.iterfind(".//oai:record", NAMES)
    assert texts(record, "oai:header/oai:setSpec") == [
        *("type:report", "org:example-charity", "topic:race"),
    ]
    assert [
        (etree.QName(one).localname, one.text) for one in record.find("oai:metadata", NAMES)[0]
    ] == [
        ("title", "<b>ROTL</b> & more: a study"),
        ("creator", "Keeling, Peter"),
        ("creator", "Levelling Up, Housing and Communities"),
        ("subject", "Race"),
        ("description", "In short."),
        ("publisher", "Example Charity"),
        ("date", "2020-09"),
        ("type", "report"),
        ("type", "Report"),
        ("format", "application/pdf"),
        ("identifier", "http://127.0.0.1:8000/library/rotl/"),
        ("identifier", "http://127.0.0.1:8000/library/rotl/files/report.pdf"),
        ("identifier", "https://doi.org/10.1234/a"),
        ("source", "Cm 9298"),
        ("language", "en"),
        ("coverage", "England"),
        ("rights", "Open Government Licence v3.0"),
        (
            "rights",
            "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        ),
    ]


def make_full_item():
    item = make_item(
        "<b>ROTL</b> & more",
        subtitle="a \x0bstudy",
        slug="rotl",
        summary="In *short*.",
        published_on=datetime(2020, 9, 1),
        precision="month",
        publishers=[make_organisation()],
        authors=["Peter Keeling"],
        themes=[make_theme("Race")],
        nations=[make_area()],
        series="Cm",
        number="9298",
        doi="10.1234/a",
        licence="ogl-3",
    )
    item.contributors.create(
        name="Levelling Up, Housing and Communities", kind="organisation", position=1
    )
    make_document(item)
    make_document(item, "x.pdf", reading="infected")
    return item


def test_a_record_in_mods(ask):
    item = make_full_item()

    root = ask(verb="GetRecord", metadataPrefix="mods", identifier=name_of(item))

    mods = root.find(".//mods:mods", NAMES)
    assert texts(mods, "mods:name[@type='corporate']/mods:namePart") == [
        "Levelling Up, Housing and Communities"
    ]
    assert texts(mods, "mods:name[@type='personal']/mods:namePart") == ["Keeling", "Peter"]
    assert texts(mods, "mods:identifier[@type='report number']") == ["Cm 9298"]
    assert texts(mods, "mods:relatedItem[@type='series']/mods:titleInfo/mods:title") == ["Cm"]
    assert texts(mods, "mods:originInfo/mods:dateIssued") == ["2020-09"]
    assert texts(mods, "mods:location/mods:url") == [
        "http://127.0.0.1:8000/library/rotl/",
        "http://127.0.0.1:8000/library/rotl/files/report.pdf",
    ]


@pytest.mark.parametrize("prefix", ["oai_dc", "mods"])
def test_files_for_members_are_not_told_of(ask, prefix):
    item = make_item(files_audience="members")
    make_document(item, "secret.pdf")

    root = ask(verb="GetRecord", metadataPrefix=prefix, identifier=name_of(item))

    assert b"secret" not in etree.tostring(root)
    assert b"application/pdf" not in etree.tostring(root)


def test_a_deleted_record_is_a_heading_and_nothing_else(ask):
    item = make_item("Secret")
    Item.objects.update(audience="members")

    root = ask(verb="GetRecord", metadataPrefix="mods", identifier=name_of(item))

    [record] = root.iterfind(".//oai:record", NAMES)
    assert len(record) == 1
    assert record[0].get("status") == "deleted"
    assert b"Secret" not in etree.tostring(root)


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
