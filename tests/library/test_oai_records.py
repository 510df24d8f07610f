"""OAI-PMH: the form of each record."""

from datetime import datetime

import pytest
from lxml import etree

from library.models import Item
from tests.factories import (
    make_area,
    make_document,
    make_item,
    make_organisation,
    make_theme,
)
from tests.library.oai import NAMES, name_of, texts

pytestmark = pytest.mark.django_db


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
