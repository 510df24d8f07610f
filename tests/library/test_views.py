from datetime import date
from xml.etree import ElementTree

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from library.models import SearchAlias
from tests.factories import (
    make_document,
    make_entry,
    make_item,
    make_organisation,
    make_theme,
    make_user,
)
from tests.library.full_items import make_full_item
from tests.logins import sign_in

pytestmark = pytest.mark.django_db


# -- The list -------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(
    ("address", "queries"),
    [("", 4), ("?q=bail", 5), ("?q=bail&kind=report&theme=theme-0&organisation=charity-0", 6)],
)
def test_the_list_asks_the_same_of_the_database_for_one_and_for_three(
    address, queries, number, client, django_assert_num_queries
):
    SearchAlias.objects.create(term="ROTL", meaning="release on temporary licence")
    theme, charity = make_theme("Theme 0"), make_organisation("Charity 0")
    for one in range(1, number + 1):
        item = make_full_item(one)
        item.themes.add(theme)
        item.publishings.create(organisation=charity)
    client.get(f"/library/{address}")

    with django_assert_num_queries(queries):
        response = client.get(f"/library/{address}")

    assert len(response.context["rows"]) == number


def test_results_have_who_and_why(client):
    make_full_item(1)

    page = client.get("/library/?q=bail").content.decode()

    assert "<mark>Bail</mark> number 1" in page
    assert "Report · Charity 1 · 2020" in page
    assert '<p class="snip">About <mark>bail</mark> and more.</p>' in page
    assert "<strong>1 item</strong>" in page


def test_twenty_a_page_and_a_page_too_far_is_the_last(client):
    for number in range(21):
        make_item(f"Item {number}", published_on=date(2000 + number, 1, 1))

    first, last = client.get("/library/"), client.get("/library/?page=99")

    assert [len(first.context["rows"]), len(last.context["rows"])] == [20, 1]
    assert last.context["rows"][0].item.title == "Item 0"


@pytest.mark.parametrize("page", ["x", "-1", "0", "9" * 5000, "1.5", "\0"])
def test_a_wrong_page_is_no_error(page, client):
    make_item()

    assert len(client.get("/library/", {"page": page}).context["rows"]) == 1


def test_nothing_found_offers_only_what_would_find_something(client):
    make_item("Women on probation", kind="report")
    make_item("Bail", kind="briefing")

    narrowed = client.get("/library/?q=probation&kind=briefing").content.decode()
    misspelled = client.get("/library/?q=probaton").content.decode()
    hopeless = client.get("/library/?q=zzzzz").content.decode()

    assert "Without the choices</a> there is 1 item." in narrowed
    assert '<a href="?q=probation">probation</a>? It finds 1 item.' in misspelled
    assert "Did you mean" not in narrowed + hopeless
    assert "Without the choices" not in misspelled + hopeless


def test_items_with_one_of_the_words_are_offered_where_none_has_all(client):
    make_item("Sentence lengths")
    make_item("Inflation")

    page = client.get("/library/?q=sentence+inflation").content.decode()

    assert '<a href="?q=sentence%20or%20inflation">2 items have one of them</a>' in page


def test_what_was_also_searched_is_said_and_can_be_switched_off(client):
    SearchAlias.objects.create(term="ROTL", meaning="release on temporary licence")
    make_item("Release on temporary licence")
    make_item("ROTL")

    widened = client.get("/library/?q=ROTL").content.decode()
    exact = client.get("/library/?q=ROTL&exact=1").content.decode()

    assert "also searched: <em>release on temporary licence</em>" in widened
    assert 'href="?q=ROTL&amp;exact=1">only my words</a>' in widened
    assert "<strong>2 items</strong>" in widened
    assert "<strong>1 item</strong>" in exact
    assert '<input type="hidden" name="exact" value="1">' in exact


BARE_DRAFT = [
    *("", "?q=brimfathom", "?kind=report", "?sort=title", "{slug}/", "{code}/", "feed.atom"),
    *("export.ris", "export.bib", "export.csl.json", "export.csv", "unapi?id={code}&format=mods"),
    *("unapi?id={code}&format=rdf_zotero", "{slug}/files/report.pdf/page/1/", "shelf/keep/{slug}/"),
    *("quote/?quote=the+brimfathom+is+written+here", "{slug}/request/", "searches/save/"),
]


def test_a_draft_with_nothing_but_a_file_is_no_error_for_staff(client, settings):
    settings.REQUIRE_SECOND_FACTOR = False
    sign_in(client, make_user(is_staff=True))
    item = make_item("", kind="", status="draft", slug=f"draft-{'0' * 32}")
    make_document(item, pages=["The brimfathom is written here."])

    answers = [
        client.get(f"/library/{address.format(slug=item.slug, code=item.code)}", follow=True)
        for address in BARE_DRAFT
    ]

    assert all(b"".join(answer) and answer.status_code == 200 for answer in answers)
    assert "Without a title yet" in answers[0].content.decode()


def test_hidden_items_leave_no_trace_in_the_list(client):
    hidden = {"publishers": [make_organisation("Secretive body")], "kind": "podcast"}
    make_item("Unheard of whistle", summary="Unheard of.", status="draft", **hidden)
    make_item("Open")

    for address in ["", "?q=unheard", "?q=whistl", "?organisation=secretive-body", "?kind=podcast"]:
        page = client.get(f"/library/{address}").content.decode()

        assert "Secretive body" not in page
        assert "Unheard of" not in page
        assert "whistle" not in page


def test_staff_see_drafts_marked_as_such(client):
    sign_in(client, make_user(is_staff=True))
    make_item("A draft", status="draft")

    page = " ".join(client.get("/library/").content.decode().split())

    assert 'A draft</a></h3> <p class="who">Report · 2020 · <span class="tag warn">Draft' in page


# -- The feed -------------------------------------------------------------------------------------

ATOM = "{http://www.w3.org/2005/Atom}"


def feed(client, query=""):
    response = client.get(f"/library/feed.atom{query}")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def test_the_feed_of_a_search_holds_what_it_finds_and_nothing_hidden(client):
    item = make_full_item(1, slug="bail")
    make_item("Bail for staff", audience="staff")
    make_item("Remand")

    entries = feed(client, "?q=bail&kind=report").findall(f"{ATOM}entry")

    assert [entry.findtext(f"{ATOM}title") for entry in entries] == ["Bail number 1"]
    assert entries[0].findtext(f"{ATOM}id").endswith(f":library/{item.code}")
    assert entries[0].findtext(f"{ATOM}summary") == "About bail and more."


def test_the_feed_of_the_library_is_sound_when_empty_and_undated(client):
    assert feed(client).findall(f"{ATOM}entry") == []

    make_item(published_on=None, precision="")

    assert len(feed(client).findall(f"{ATOM}entry")) == 1


# -- On other pages -------------------------------------------------------------------------------


def render(tag, user, **context):
    request = RequestFactory().get("/")
    request.user = user
    template = Template("{% load library_tags %}" + tag)
    return template.render(Context({"request": request, **context}))


def test_an_organisation_shows_its_publications_and_the_way_to_all(django_assert_num_queries):
    charity, user = make_organisation("Example Charity"), make_user()
    for number in range(12):
        make_item(f"Item {number}", publishers=[charity])
    make_item("Draft", publishers=[charity], status="draft")
    make_item("Not theirs")

    with django_assert_num_queries(3):
        page = render("{% publications_of organisation %}", user, organisation=charity)

    assert page.count("<li>") == 10
    assert '<a href="/library/?organisation=example-charity">All 12 publications' in page
    assert "Draft" not in page
    assert "Not theirs" not in page


def test_a_theme_shows_its_items_and_nothing_if_there_are_none():
    user, theme = make_user(), make_theme()
    assert render("{% items_about theme %}", user, theme=theme).strip() == ""

    make_item("Bail", themes=[theme])

    assert "Bail</a>" in render("{% items_about theme %}", user, theme=theme)


def test_a_record_explains_the_words_of_its_title(client):
    make_entry("Stop and search")
    make_item("Using stop and search fairly", slug="fairly")

    page = client.get("/library/fairly/").content.decode()

    assert '<a class="tag" href="/dictionary/stop-and-search/">Stop and search</a>' in page
