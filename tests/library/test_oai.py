"""OAI-PMH 2.0: every verb and every error."""

import pytest
from django.test import Client
from lxml import etree

from library.models import Item
from tests.factories import (
    LONG_AGO,
    make_item,
    make_organisation,
)
from tests.library.oai import (
    FAR_OFF,
    LIST,
    NAMES,
    checked,
    codes,
    error_of,
    make_at,
    name_of,
    texts,
)

pytestmark = pytest.mark.django_db


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
