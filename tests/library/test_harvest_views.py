"""What other programs get: unAPI, link sets, files of a search, COinS and feeds."""

import csv
import io
import json
from datetime import timedelta

import feedparser
import pytest
from django.template import Context, Template
from django.utils.timezone import now
from lxml import etree

from library import harvest_views
from library.models import Item
from library.templatetags.citing_tags import coins
from tests.factories import (
    LONG_AGO,
    make_affiliation,
    make_area,
    make_document,
    make_item,
    make_organisation,
    make_theme,
    make_user,
)
from tests.logins import sign_in

pytestmark = pytest.mark.django_db
COMMA = "Department for Levelling Up, Housing and Communities"
RDF = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "bib": "http://purl.org/net/biblio#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "prism": "http://prismstandard.org/namespaces/1.2/basic/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "link": "http://purl.org/rss/1.0/modules/link/",
    "z": "http://www.zotero.org/namespaces/export#",
}


def make_cited_item(title="Women in prison", **fields):
    item = make_item(
        title,
        publishers=[make_organisation(COMMA, slug="dluhc")],
        authors=["Peter Keeling"],
        themes=[make_theme("Race")],
        nations=[make_area("Wales")],
        **{"slug": "women", "series": "Cm", "number": "9298"} | fields,
    )
    item.contributors.create(name=COMMA, kind="organisation", position=1)
    return item


def member():
    user = make_user()
    make_affiliation(user, make_organisation("Some Member"))
    return user


# -- unAPI ----------------------------------------------------------------------------------------


def formats(response):
    return [one.get("name") for one in etree.fromstring(response.content)]


def test_unapi_offers_zoteros_own_form_first(client):
    item = make_item()

    of_all = client.get("/library/unapi")
    of_one = client.get(f"/library/unapi?id={item.code}")

    assert formats(of_all)[:2] == ["rdf_zotero", "mods"]
    assert formats(of_one) == formats(of_all) == list(harvest_views.UNAPI_FORMATS)
    assert (of_all.status_code, of_one.status_code) == (200, 300)
    assert etree.fromstring(of_one.content).get("id") == item.code


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?id=bbbbbb", 404),
        ("?id=women", 404),
        ("?id=bbbbbb&format=mods", 404),
        ("?format=mods", 400),
        ("?id={code}&format=marc", 406),
        ("?id={code}&format=ris", 200),
    ],
)
def test_unapi_says_what_is_wrong(client, query, status):
    item = make_item(slug="women")

    assert client.get(f"/library/unapi{query.format(code=item.code)}").status_code == status


@pytest.mark.parametrize("odd", ["%00", "%ff%fe", "%ed%a0%80", "<b>", "9" * 5000, "१२"])
def test_unapi_takes_odd_values(client, odd):
    code = make_item().code

    assert client.get(f"/library/unapi?id={odd}").status_code == 404
    assert client.get(f"/library/unapi?id={odd}&format=ris").status_code == 404
    assert client.get(f"/library/unapi?id={code}&format={odd}").status_code == 406


@pytest.mark.parametrize("form", harvest_views.UNAPI_FORMATS)
def test_every_form_names_the_organisation_and_the_number(client, form):
    item = make_cited_item()

    text = client.get(f"/library/unapi?id={item.code}&format={form}").content.decode()

    assert COMMA.replace(",", "") in text.replace(",", "")
    assert "Cm 9298" in text


def test_zoteros_rdf_keeps_organisations_whole_and_the_number(client):
    item = make_cited_item(licence="ogl-3", summary="In *short*.")
    make_document(item, title="The <report>")

    text = client.get(f"/library/unapi?id={item.code}&format=rdf_zotero").content

    report = etree.fromstring(text).find("bib:Report", RDF)
    people = report.findall("bib:authors/rdf:Seq/rdf:li/foaf:Person", RDF)
    names = [
        (one.findtext("foaf:surname", "", RDF), one.findtext("foaf:givenName", "", RDF))
        for one in people
    ]
    assert names == [("Keeling", "Peter"), (COMMA, "")]
    assert report.findtext("z:itemType", "", RDF) == "report"
    assert report.findtext("prism:number", "", RDF) == "Cm 9298"
    assert report.findtext("dc:publisher/foaf:Organization/foaf:name", "", RDF) == COMMA
    assert report.findtext("dcterms:abstract", "", RDF) == "In short."
    assert report.findtext("dc:identifier/dcterms:URI/rdf:value", "", RDF).endswith("/women/")
    attachment = etree.fromstring(text).find("z:Attachment", RDF)
    assert attachment.findtext("dc:identifier/dcterms:URI/rdf:value", "", RDF).endswith(
        "/library/women/files/report.pdf"
    )
    assert attachment.findtext("dc:title", "", RDF) == "The <report>"


def test_zoteros_rdf_of_an_article_names_its_journal(client):
    item = make_item(kind="journal-article", series="Journal of Law", number="61(2)")

    text = client.get(f"/library/unapi?id={item.code}&format=rdf_zotero").content

    article = etree.fromstring(text).find("bib:Article", RDF)
    journal = article.find("dcterms:isPartOf/bib:Journal", RDF)
    assert [(etree.QName(one).localname, one.text) for one in journal] == [
        ("volume", "61"),
        ("number", "2"),
        ("title", "Journal of Law"),
    ]


def test_a_record_tells_zotero_where_to_ask(client):
    item = make_item(slug="women")

    page = client.get("/library/women/").content.decode()

    assert 'rel="unapi-server" type="application/xml"' in page
    assert f'<abbr class="unapi-id" title="{item.code}" hidden></abbr>' in page
    assert "Z3988" not in page.split('class="block cite"')[0]


# -- COinS ----------------------------------------------------------------------------------------


def test_a_list_offers_its_items_to_zotero(client, django_assert_num_queries):
    make_cited_item(title="<b> & 'more'")
    [item] = Item.objects.for_rows()

    with django_assert_num_queries(0):
        span = coins(item)

    assert str(span) == (
        '<span class="Z3988" title="ctx_ver=Z39.88-2004'
        "&amp;rft_val_fmt=info%3Aofi%2Ffmt%3Akev%3Amtx%3Abook&amp;rft.genre=report"
        "&amp;rft.btitle=%3Cb%3E+%26+%27more%27&amp;rft.aulast=Keeling&amp;rft.aufirst=Peter"
        "&amp;rft.aucorp=Department+for+Levelling+Up%2C+Housing+and+Communities"
        "&amp;rft.date=2020&amp;rft.pub=Department+for+Levelling+Up%2C+Housing+and+Communities"
        "&amp;rft_id=http%3A%2F%2F127.0.0.1%3A8000%2Flibrary%2Fwomen%2F"
        '&amp;rft.language=en"></span>'
    )
    assert str(span) in client.get("/library/").content.decode()


def test_the_tag_works_in_any_template():
    make_item("Bail")

    template = Template("{% load citing_tags %}{% coins item %}")

    assert "rft.btitle=Bail" in template.render(Context({"item": Item.objects.get()}))


# -- Links ----------------------------------------------------------------------------------------


def test_a_record_says_in_its_headers_where_its_parts_are(client):
    item = make_cited_item(licence="ogl-3", doi="10.1234/a")
    make_document(item)
    address = "http://127.0.0.1:8000/library/women/"

    header = client.head("/library/women/")["Link"]

    assert header.startswith(f'<{address}linkset.json>; rel="linkset"; type="application/linkset+')
    for part in [
        '<https://doi.org/10.1234/a>; rel="cite-as"',
        '<https://schema.org/Report>; rel="type"',
        '<http://127.0.0.1:8000/members/dluhc/>; rel="author"',
        f'<{address}cite.ris>; rel="describedby"; type="application/x-research-info-systems"',
        f'<{address}files/report.pdf>; rel="item"; type="application/pdf"',
        'rel="license"',
    ]:
        assert part in header


def test_headers_stay_short_and_the_link_set_is_whole(client):
    item = make_cited_item()
    for number in range(60):
        make_document(item, f"annex-{number}.pdf", kind="annex")

    header = client.get("/library/women/")["Link"]
    response = client.get("/library/women/linkset.json")

    assert len(header) < 4000
    assert response["Content-Type"] == "application/linkset+json"
    record, *others = json.loads(response.content)["linkset"]
    assert record["anchor"] == "http://127.0.0.1:8000/library/women/"
    assert len(record["item"]) == 60
    assert len(others) == 60 + len(record["describedby"])
    assert {"collection", "describes"} == {name for one in others for name in one} - {"anchor"}


def test_hidden_records_and_files_have_no_links(client):
    hidden = make_item(slug="hidden", audience="members")
    make_document(make_item(slug="open", files_audience="members"), "secret.pdf")
    client.force_login(member())

    assert not client.get(hidden.get_absolute_url()).has_header("Link")
    assert client.get("/library/hidden/linkset.json").status_code == 404
    assert "secret" not in client.get("/library/open/")["Link"]
    assert b"secret" not in client.get("/library/open/linkset.json").content


# -- Files of a search ----------------------------------------------------------------------------


def exported(client, address):
    return b"".join(client.get(address).streaming_content).decode()


@pytest.mark.parametrize("form", ["ris", "bib", "csl.json", "csv"])
def test_a_search_is_a_file(client, form):
    make_cited_item("Bail and more")
    make_item("Bail for staff", audience="staff")
    make_item("Remand")

    response = client.get(f"/library/export.{form}?q=bail")

    text = b"".join(response.streaming_content).decode()
    assert response["Content-Disposition"] == f'attachment; filename="cja-library.{form}"'
    assert response["Content-Type"].endswith("; charset=utf-8")
    assert "Keeling" in text
    assert "staff" not in text
    assert "Remand" not in text


def test_a_search_without_an_answer_is_an_empty_file(client):
    assert exported(client, "/library/export.ris?q=zzzz") == ""
    assert json.loads(exported(client, "/library/export.csl.json?q=zzzz")) == []


def test_no_other_form_is_exported(client):
    assert client.get("/library/export.docx").status_code == 404


def test_a_file_is_in_the_order_of_the_list(client, monkeypatch):
    monkeypatch.setattr(harvest_views, "EXPORTED_AT_ONCE", 2)
    for title in ["Cells", "Appeals", "Bail", "Damages", "Evidence"]:
        make_item(title)

    records = json.loads(exported(client, "/library/export.csl.json?sort=title"))

    assert [one["title"] for one in records] == ["Appeals", "Bail", "Cells", "Damages", "Evidence"]


def test_a_sheet_has_a_row_for_each_and_no_formulas(client):
    item = make_cited_item("=cmd|' /C calc'!A0", summary="One, *two*.")
    make_document(item)
    make_document(item, "secret.pdf", reading="infected")

    text = exported(client, "/library/export.csv")

    [row] = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    assert row["title"] == "'=cmd|' /C calc'!A0"
    assert row["authors"] == f"Peter Keeling; {COMMA}"
    assert row["files"] == "http://127.0.0.1:8000/library/women/files/report.pdf"
    assert row["summary"] == "One, two."
    assert (row["code"], row["nations"], row["published"]) == (item.code, "Wales", "2020")


def test_too_much_for_one_file_says_so_in_words(client, monkeypatch):
    monkeypatch.setattr(harvest_views, "MOST_EXPORTED", 1)
    make_item("Bail"), make_item("Bail again")

    response = client.get("/library/export.ris?q=bail")

    assert response.status_code == 400
    assert "more than 1 items" in response.content.decode()
    assert '<a href="/library/?q=bail">' in response.content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_a_file_asks_the_same_of_the_database_for_one_and_for_three(
    client, number, django_assert_num_queries
):
    for place in range(number):
        item = make_item(
            f"Bail {place}",
            publishers=[make_organisation(f"Charity {place}")],
            authors=["A One"],
            themes=[make_theme(f"Theme {place}")],
        )
        make_document(item)

    with django_assert_num_queries(8):
        exported(client, "/library/export.ris?q=bail")


def test_what_is_hidden_while_a_file_is_written_is_left_out(client, monkeypatch):
    monkeypatch.setattr(harvest_views, "EXPORTED_AT_ONCE", 1)
    make_item("Appeals"), make_item("Bail")

    pieces = client.get("/library/export.ris?sort=title").streaming_content
    first = next(pieces)
    Item.objects.update(audience="members")

    assert b"Appeals" in first
    assert b"".join(pieces) == b""


# -- Feeds ----------------------------------------------------------------------------------------


def feed(client, address="/library/feed.atom"):
    parsed = feedparser.parse(client.get(address).content)
    assert parsed.bozo == 0
    return parsed


def test_a_feed_is_sound_whatever_is_in_it(client):
    make_cited_item("<b>\x0b & \ufffe'more'", summary="*One* & <two> \x0c")

    parsed = feed(client, "/library/feed.atom?q=race%0b%26")

    [entry] = parsed.entries
    assert entry.title_detail.value == "<b> & 'more'"
    assert entry.author == COMMA
    assert [tag.term for tag in entry.tags] == ["Report", "Race"]


def test_an_entry_is_updated_when_its_hour_came_and_brings_public_files(client):
    hour = now() - timedelta(minutes=1)
    make_document(make_item("First", published_at=LONG_AGO, visible_from=hour), "open.pdf")
    make_document(make_item("Second", files_audience="members"), "secret.pdf")

    first, second = feed(client).entries

    assert first.title == "First"
    assert first.updated == hour.isoformat()
    [file] = first.enclosures
    assert file.href.endswith("files/open.pdf")
    assert (file.type, int(file.length)) == ("application/pdf", 23)
    assert second.enclosures == []


def test_a_long_feed_goes_on_and_loses_nothing(client, monkeypatch):
    monkeypatch.setattr("library.feeds.MOST", 2)
    for number in range(5):
        make_item(f"Bail {number}")

    page, titles = feed(client, "/library/feed.atom?q=bail&kind=report"), []
    while True:
        titles += [entry.title for entry in page.entries]
        links = {link.rel: link.href for link in page.feed.links}
        assert links["first"] == "http://127.0.0.1:8000/library/feed.atom?q=bail&kind=report"
        if "next" not in links:
            break
        make_item(f"Bail meanwhile {len(titles)}", published_at=now())
        page = feed(client, links["next"].removeprefix("http://127.0.0.1:8000"))

    assert titles == [f"Bail {number}" for number in (4, 3, 2, 1, 0)]


def test_the_feed_of_staff_goes_on_behind_drafts(client, monkeypatch):
    monkeypatch.setattr("library.feeds.MOST", 1)
    make_item("Public")
    make_item("Draft", status="draft")
    make_item("Another draft", status="draft")
    sign_in(client, make_user(is_staff=True))

    page, titles = feed(client), []
    while "next" in (links := {link.rel: link.href for link in page.feed.links}):
        titles += [entry.title for entry in page.entries]
        page = feed(client, links["next"].removeprefix("http://127.0.0.1:8000"))

    assert [*titles, page.entries[0].title] == ["Another draft", "Draft", "Public"]


@pytest.mark.parametrize("before", ["", "x", "-", "1-", "9" * 17 + "-1", "१-१"])
def test_a_place_that_is_none_is_the_beginning(client, before):
    make_item()

    assert len(feed(client, f"/library/feed.atom?before={before}").entries) == 1


# -- In words -------------------------------------------------------------------------------------


def test_a_page_explains_it_all_and_all_its_links_lead_somewhere(client):
    make_item("Example", slug="example")

    page = etree.HTML(client.get("/library/data/").content)

    links = [link for link in page.xpath("//main//a/@href") if link.startswith("/")]
    assert len(links) > 10
    assert {client.get(link).status_code for link in links} == {200, 300}


def test_it_is_there_before_there_are_items(client):
    assert client.get("/library/data/").status_code == 200
