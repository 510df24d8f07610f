"""The sitemap names what everyone may open, and nothing else."""

import re
from datetime import timedelta

import pytest
from django.utils.timezone import now

from tests.factories import (
    LONG_AGO,
    make_award,
    make_collection,
    make_document,
    make_entry,
    make_item,
    make_organisation,
    make_published_cycle,
    make_theme,
    set_changed_at,
)

pytestmark = pytest.mark.django_db


def addresses(client):
    text = client.get("/sitemap.xml").content.decode()
    return re.findall(r"<loc>http://testserver([^<]*)</loc>", text)


def test_it_names_every_public_page(client):
    make_theme("Courts")
    make_entry("Bail")
    charity = make_organisation("Example Charity", slug="charity")
    item = make_item("Report", slug="report", publishers=[charity])
    make_collection("First things", item)
    make_published_cycle(2030, "First")

    named = addresses(client)

    assert {
        *("/", "/dictionary/", "/dictionary/explain/", "/library/", "/members/"),
        *("/members/coverage/", "/members/map/"),
        *("/awards/", "/awards/roll-of-honour/"),
        *("/themes/", "/themes/courts/", "/dictionary/bail/", "/library/report/"),
        *("/library/collections/", "/library/collections/first-things/"),
        *("/members/charity/", "/awards/2030/", "/awards/2030/first/", "/about/"),
        *("/accessibility/", "/privacy/", "/dictionary/data/", "/library/data/", "/library/quote/"),
    } == set(named)
    assert len(named) == len(set(named))
    assert {client.get(address).status_code for address in named} == {200}


def test_it_leaves_out_what_is_hidden_or_an_example(client):
    make_entry("Bail", is_published=False)
    make_collection("Unready", make_item("Report", slug="report", status="draft"), is_public=False)
    make_organisation("Unlisted", is_listed=False)
    make_organisation("Example Service", is_example=True)
    make_published_cycle(2029, "First", published_at=None)
    make_published_cycle(2030, "First", withdrawn_at=LONG_AGO)
    make_published_cycle(2031, "First", is_demonstration=True)
    make_award()

    named = addresses(client)

    assert not [
        one for one in named if re.search(r"20\d\d|bail|report|unready|unlisted|example", one)
    ]


def test_it_names_public_files_and_no_others(client):
    closed = make_item("Closed", slug="closed", files_audience="members")
    make_document(make_item("Open", slug="open"), "open.pdf", pages=["Bail.", "", "Remand."])
    make_document(closed, "closed.pdf", pages=["Secret."])

    named = addresses(client)

    assert [one for one in named if "open.pdf" in one] == [
        "/library/open/files/open.pdf",
        *[f"/library/open/files/open.pdf/page/{number}/" for number in (1, 3)],
    ]
    assert "/library/closed/" in named
    assert not [one for one in named if "closed.pdf" in one]


def test_a_scheduled_item_changed_when_its_hour_came(client):
    hour = now() - timedelta(minutes=5)
    item = make_item("Report", visible_from=hour)
    set_changed_at(item, LONG_AGO)

    text = client.get("/sitemap-items.xml").content.decode()

    assert f"<lastmod>{hour:%Y-%m-%d}</lastmod>" in text


def test_more_than_one_file_can_hold_are_an_index_of_files(client, monkeypatch):
    monkeypatch.setattr("cja_portal.sitemaps.MOST_IN_ONE_FILE", 3)
    monkeypatch.setattr("cja_portal.sitemaps.Items.limit", 2)
    for number in range(3):
        make_item(f"Item {number}")

    text = client.get("/sitemap.xml").content.decode()

    files = re.findall(r"<loc>http://testserver([^<]*)</loc>", text)
    assert "<sitemapindex" in text
    assert {"/sitemap-items.xml", "/sitemap-items.xml?p=2"} <= set(files)
    pages = [client.get(file).content.decode() for file in files]
    assert sum(page.count("/library/item-") for page in pages) == 3


def test_it_says_when_pages_changed(client):
    entry = make_entry("Bail")

    text = client.get("/sitemap.xml").content.decode()

    assert f"<lastmod>{entry.updated_at:%Y-%m-%d}</lastmod>" in text
