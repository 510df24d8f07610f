"""The files, the permanent addresses and what browsers and feed readers are told."""

import json
import re
from datetime import date
from xml.etree import ElementTree

import html5lib
import pytest

from dictionary.actions import withdraw_entry
from tests.factories import make_entry, make_label, make_sense, make_user, publish

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
NASTY = 'Bail</script><script>alert("1")</script><!-- & \u2028 \u2029'


# -- Files ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "media_type"),
    [
        ("ttl", "text/turtle"),
        ("rdf", "application/rdf+xml"),
        ("jsonld", "application/ld+json"),
        ("tbx", "application/x-tbx+xml"),
        ("csv", "text/csv; charset=utf-8"),
        ("json", "application/json"),
    ],
)
def test_each_file_has_its_name_and_type_and_is_sent_once(client, form, media_type):
    make_entry("Bail")
    first = client.get(f"/dictionary/export.{form}")

    again = client.get(f"/dictionary/export.{form}", headers={"if-none-match": first["ETag"]})

    assert first["Content-Type"] == media_type
    assert f'filename="criminal-justice-dictionary.{form}"' in first["Content-Disposition"]
    assert first["Access-Control-Allow-Origin"] == "*"
    assert b"Bail has a meaning." in first.content
    assert again.status_code == 304


def test_there_is_no_file_of_another_form(client):
    assert client.get("/dictionary/export.exe").status_code == 404


def test_the_page_on_data_leads_to_everything(client):
    make_entry("Bail")

    html = client.get("/dictionary/data/").content.decode()

    for address in re.findall(r'href="(/(?:dictionary|api)/[^"]*)"', html):
        assert client.get(address).status_code in {200, 302}, address
    for form in ("csv", "json", "ttl", "rdf", "jsonld", "tbx"):
        assert f"/dictionary/export.{form}" in html
    assert "No licence for these texts has been chosen yet." in html


def test_the_page_on_data_opens_without_any_entry(client):
    assert "All 0 words" in client.get("/dictionary/data/").content.decode()


def test_the_list_of_words_leads_to_paper_and_data(client):
    html = client.get("/dictionary/").content.decode()

    for address in ("/dictionary/data/", "/dictionary/booklet.pdf", "/dictionary/offline.html"):
        assert f'href="{address}"' in html


# -- Permanent addresses ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("text/turtle", "ttl"),
        ("application/rdf+xml", "rdf"),
        ("application/ld+json", "jsonld"),
        ("text/html;q=0.5, text/turtle", "ttl"),
    ],
)
def test_a_program_gets_the_form_it_asks_for(client, accept, form):
    sense = make_entry("Bail").senses.get()

    response = client.get(f"/dictionary/id/{sense.pk}/", headers={"accept": accept})

    assert response.status_code == 303
    assert response["Location"] == f"/dictionary/id/{sense.pk}.{form}"
    assert "Accept" in response["Vary"]


@pytest.mark.parametrize(
    "accept", ["", "*/*", "text/html", "text/html,text/turtle;q=0.9", "image/png"]
)
def test_everyone_else_gets_the_page(client, accept):
    sense = make_entry("Bail").senses.get()

    response = client.get(f"/dictionary/id/{sense.pk}/", headers={"accept": accept})

    assert response.status_code == 302
    assert response["Location"] == "/dictionary/bail/?jurisdiction=england-and-wales"


def test_a_meaning_taken_out_of_its_entry_keeps_its_address(client):
    entry = make_entry("Bail")
    former = make_sense(entry, "scotland")
    former.sources.all().delete()
    former.labels.all().delete()
    former.delete()
    publish(entry)

    page = client.get(f"/dictionary/id/{former.pk or 0}/")
    assert page.status_code == 404  # the number 0 was never given

    number = entry.versions.order_by("number")[1].snapshot["senses"][1]["id"]
    assert client.get(f"/dictionary/id/{number}/").status_code == 410
    told = client.get(f"/dictionary/id/{number}.ttl")
    assert told.status_code == 410
    assert b"The entry no longer has this meaning." in told.content


def test_a_draft_has_no_address_yet(client):
    entry = make_entry("Bail")
    hidden = make_entry("Secret", is_published=False).senses.get()
    entry.current = None

    for address in (f"/dictionary/id/{hidden.pk}/", f"/dictionary/id/{hidden.pk}.ttl"):
        assert client.get(address).status_code == 404


# -- schema.org -------------------------------------------------------------------------------


def json_ld(html):
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(html)
    blocks = [one for one in tree.iter("script") if one.get("type") == "application/ld+json"]
    return [json.loads(block.text) for block in blocks]


def test_a_page_tells_its_meaning_as_a_defined_term(client):
    entry = make_entry("Bail", plain="Being free while you wait.")
    make_label(entry, "surety")
    sense = entry.senses.get()

    (term,) = json_ld(client.get("/dictionary/bail/").content.decode())

    assert term["@type"] == "DefinedTerm"
    assert term["@id"] == f"http://127.0.0.1:8000/dictionary/id/{sense.pk}/"
    assert (term["name"], term["description"]) == ("Bail", "Being free while you wait.")
    assert (term["termCode"], term["alternateName"]) == (str(sense.pk), ["surety"])
    assert term["inDefinedTermSet"]["@type"] == "DefinedTermSet"


def test_no_label_breaks_out_of_the_script(client):
    entry = make_entry("Bail", plain=NASTY)
    make_label(entry, NASTY)

    html = client.get("/dictionary/bail/").content.decode()

    (term,) = json_ld(html)
    assert (term["description"], term["alternateName"]) == (NASTY, [NASTY])
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', html)[1]
    assert not set(block) & set("<>&\u2028\u2029")
    assert "alert" in block


def test_an_old_version_does_not_claim_to_be_the_term(client):
    publish(make_entry("Bail"))

    assert json_ld(client.get("/dictionary/bail/v/1/").content.decode()) == []


# -- Feed and browser search ------------------------------------------------------------------


def test_the_feed_tells_versions_and_withdrawals(client):
    make_entry("Bail")
    gone = make_entry("Wrong")
    withdraw_entry(gone, by=make_user(), because="It was wrong.")

    feed = ElementTree.fromstring(client.get("/dictionary/changes.atom").content)

    entries = feed.findall(f"{ATOM}entry")
    assert [entry.find(f"{ATOM}title").text for entry in entries] == [
        "Wrong: withdrawn",
        "Wrong: version 1",
        "Bail: version 1",
    ]
    ids = [entry.find(f"{ATOM}id").text for entry in entries]
    assert len(set(ids)) == 3
    assert feed.find(f"{ATOM}updated").text == entries[0].find(f"{ATOM}updated").text
    links = [entry.find(f"{ATOM}link").get("href") for entry in entries]
    assert links[2] == "http://127.0.0.1:8000/dictionary/bail/v/1/"


def test_a_browser_learns_how_to_search(client):
    html = client.get("/dictionary/").content.decode()
    assert 'rel="search" type="application/opensearchdescription+xml"' in html

    response = client.get("/dictionary/opensearch.xml")
    root = ElementTree.fromstring(response.content)

    assert response["Content-Type"] == "application/opensearchdescription+xml"
    assert len(root.find(f"{SEARCH}ShortName").text) <= 16
    urls = {url.get("type"): url.get("template") for url in root.findall(f"{SEARCH}Url")}
    assert urls["text/html"] == "http://127.0.0.1:8000/dictionary/?q={searchTerms}"
    assert urls["application/x-suggestions+json"].endswith("?q={searchTerms}")


def test_a_browser_gets_suggestions_in_its_own_shape(client):
    make_entry("Bail", plain="Being free. While you wait.")

    response = client.get("/dictionary/opensearch-suggestions/", {"q": "bai"})

    assert response["Content-Type"] == "application/x-suggestions+json"
    assert response.json() == [
        "bai",
        ["Bail"],
        ["Being free. While you wait."],
        ["http://127.0.0.1:8000/dictionary/bail/"],
    ]
    nothing = client.get("/dictionary/opensearch-suggestions/", {"q": "\0"})
    assert nothing.json() == ["", [], [], []]


def test_the_sitemap_says_when_each_entry_was_published(client):
    entry = make_entry("Bail")
    entry.current.__class__.objects.filter(pk=0).exists()

    text = client.get("/sitemap.xml").content.decode()

    told = re.search(r"<loc>[^<]*/dictionary/bail/</loc><lastmod>([^<]*)<", text)[1]
    assert told == f"{entry.current.published_at:%Y-%m-%d}"
    assert date.fromisoformat(told)
