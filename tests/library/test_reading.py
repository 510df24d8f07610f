"""Reading a document page by page, with the words that the reader came for."""

import re
from html import unescape

import pytest
from django.utils.html import strip_tags

from library.citations import Work, page_styles
from library.models import SearchAlias
from library.reading import Hits, contents_of, hits_in, number_of
from library.search import read_query
from tests.factories import (
    make_contributor,
    make_document,
    make_entry,
    make_item,
    make_organisation,
    make_user,
)
from tests.logins import sign_in

pytestmark = pytest.mark.django_db

FILE = "/library/a-report/files/report.pdf"
PAGES = [
    "Contents of the report",
    "The organisation of re-offending programmes.",
    "Nothing of the kind.",
    "Reoffending after release on temporary licence.",
    "A charity & <b>its</b> organisations.",
]


@pytest.fixture
def document(db):
    item = make_item("On remand", slug="a-report", publishers=[make_organisation()])
    document = make_document(item, pages=PAGES)
    document.pages.filter(number=1).update(label="i")
    for number in (2, 3, 4, 5):
        document.pages.filter(number=number).update(label=str(number - 1))
    return document


def page_at(client, rest):
    return client.get(f"{FILE}/page/{rest}")


def html(client, rest):
    return page_at(client, rest).content.decode()


def said(html):
    return " ".join(unescape(strip_tags(html)).split())


# -- Words -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "number", "marked"),
    [
        ("reoffending", 2, ["re-offending"]),
        ("re-offending", 4, ["Reoffending"]),
        ("organization", 2, ["organisation"]),
        ("organisation programs", 2, ["organisation", "programmes"]),
        ('"temporary licence"', 4, ["temporary licence"]),
        ('"licence release"', 4, ["release", "licence"]),
        ("license", 4, ["licence"]),
        ("release on licence", 4, ["release", "licence"]),
        ("organisation of reoffending", 2, ["organisation of re-offending"]),
        ("charity -zzz", 5, ["charity"]),
        ("zzz", 5, []),
        ("", 5, []),
    ],
)
def test_a_page_marks_what_the_list_marks(client, document, query, number, marked):
    text = page_at(client, f"{number}/?q={query}").context["reading"].html

    assert re.findall("<mark>(.*?)</mark>", text) == marked


def test_a_link_leads_to_the_first_mark(client, document):
    text = page_at(client, "4/?q=reoffending").context["reading"].html

    assert text.startswith('<p id="hit"><mark>Reoffending</mark>')


def test_the_other_name_of_a_thing_is_marked_and_said(client, document):
    SearchAlias.objects.create(term="ROTL", meaning="release on temporary licence")

    page, exact = html(client, "4/?q=ROTL"), html(client, "4/?q=ROTL&exact=1")

    assert "<mark>release on temporary licence</mark>" in page
    assert "Also searched: release on temporary licence (only my words)." in said(page)
    assert "<mark>" not in exact.partition("<article>")[2].partition("</article>")[0]
    assert "No page of this document has “ROTL”." in said(exact)


def test_a_page_is_escaped(client, document):
    page = html(client, "5/?q=<script>")

    assert "A charity &amp; &lt;b&gt;its&lt;/b&gt; organisations." in page
    assert "<b>its</b>" not in page
    assert "<script>&" not in page


# -- From hit to hit -------------------------------------------------------------------------------


def test_the_reader_knows_which_hit_it_is_and_goes_to_the_next(client, document):
    first, last = html(client, "2/?q=reoffending"), html(client, "4/?q=reoffending")

    assert "Hit 1 of 2 pages with reoffending" in said(first)
    assert f'href="{FILE}/page/4/?q=reoffending#hit">Next hit' in first
    assert "Previous hit" not in first
    assert "Hit 2 of 2 pages" in said(last)
    assert f'href="{FILE}/page/2/?q=reoffending#hit">' in last
    assert "Next hit" not in last


def test_between_two_hits_both_are_near(client, document):
    page = html(client, "3/?q=reoffending")

    assert "Your words are not on this page, but on 2 others." in said(page)
    assert "Previous hit" in page
    assert "Next hit" in page


def test_the_pages_with_the_words_are_listed_with_the_words(client, document):
    response = page_at(client, "2/?q=reoffending")

    assert response.context["reading"].snippets == [
        (2, "1", "The organisation of <mark>re-offending</mark> programmes."),
        (4, "3", "<mark>Reoffending</mark> after release on temporary licence."),
    ]
    assert "All 2 pages with your words" in response.content.decode()


def test_of_many_hits_those_around_the_reader_are_shown(client):
    make_document(make_item(slug="a-report"), pages=["About bail."] * 40)

    response = page_at(client, "20/?q=bail")

    numbers = [number for number, _, _ in response.context["reading"].snippets]
    assert numbers == list(range(14, 26))
    assert "12 of 40 pages with your words" in response.content.decode()


def test_words_on_different_pages_are_found_and_it_is_said(client, document):
    page = html(client, "2/?q=organisation+temporary+charity")

    assert "No page has all of your words. 3 pages have some of them." in said(page)
    assert "<mark>organisation</mark>" in page


def test_searching_inside_leads_to_the_nearest_page_with_the_words(client, document):
    onward = page_at(client, "3/?q=reoffending&find=1")
    here = page_at(client, "2/?q=reoffending&find=1")
    back = page_at(client, "5/?q=reoffending&find=1")
    nowhere = page_at(client, "3/?q=zzz&find=1")

    assert onward["Location"] == f"{FILE}/page/4/?q=reoffending#hit"
    assert here["Location"] == f"{FILE}/page/2/?q=reoffending#hit"
    assert back["Location"] == f"{FILE}/page/4/?q=reoffending#hit"
    assert nowhere.status_code == 200


def test_hits_know_their_neighbours():
    hits = Hits({3: "", 7: "", 9: ""})

    assert [hits.place(number) for number in (3, 7, 8)] == [1, 2, None]
    assert [hits.before(number) for number in (3, 4, 9, 99)] == [None, 3, 7, 9]
    assert [hits.after(number) for number in (1, 3, 8, 9)] == [3, 7, 9, None]
    assert [hits.nearest(number) for number in (1, 7, 8, 99)] == [3, 7, 9, 9]


@pytest.mark.parametrize("query", ["", "the", "''", "\\", "a'b\\c or \"", "!!! & | <->", "-bail"])
def test_odd_queries_are_no_error(client, document, query):
    hits_in(document.pages, read_query(query))

    assert client.get(f"{FILE}/page/2/", {"q": query, "find": "1"}).status_code in {200, 302}


# -- From page to page -----------------------------------------------------------------------------


def test_a_page_says_which_it_is_on_paper_and_in_the_file(client, document):
    page = html(client, "2/")

    assert "Printed as page 1, 2nd of 5 in the PDF." in said(page)
    assert f'href="{FILE}#page=2">Open the PDF at this page' in page
    assert "<title>Page 1 of On remand" in page


def test_a_page_printed_as_it_is_counted_says_so_once(client):
    make_document(make_item(slug="a-report"), pages=["One.", "Two."])

    assert "Page 2 of 2 in the PDF." in said(html(client, "2/"))


def test_pages_lead_on_and_keep_the_words(client, document):
    page = html(client, "2/?q=bail&exact=1")

    assert f'rel="prev" href="{FILE}/page/1/?q=bail&amp;exact=1"' in page
    assert f'rel="next" href="{FILE}/page/3/?q=bail&amp;exact=1"' in page
    assert 'rel="prev"' not in html(client, "1/")
    assert 'rel="next"' not in html(client, "5/")


@pytest.mark.parametrize(
    ("place", "number"),
    [("i", 1), ("I", 1), ("page 1", 2), ("p. 4", 5), ("5", 5), ("4", 5), (" 2 ", 3)],
)
def test_a_page_is_found_as_printed_before_it_is_as_counted(document, place, number):
    assert number_of(document.pages.order_by("number"), place) == number


@pytest.mark.parametrize("place", ["", "x", "0", "6", "99999999999999999999", "-1", "٣", "\0x"])
def test_a_page_that_is_not_there_is_said(client, document, place):
    response = client.get(f"{FILE}/page/2/", {"place": place})

    assert response.status_code == 200
    assert ("There is no page" in response.content.decode()) is bool(place.strip())


def test_jumping_keeps_the_words(client, document):
    assert page_at(client, "1/?q=bail&place=2")["Location"] == f"{FILE}/page/3/?q=bail"


@pytest.mark.parametrize("rest", ["0/", "6/", "99999999999/", "x/", "-1/"])
def test_there_are_no_other_pages(client, document, rest):
    assert page_at(client, rest).status_code == 404


def test_the_contents_mark_where_the_reader_is(document):
    document.outline = [[0, "One", 1], [1, "Two", 3], [0, "Nowhere", None], [0, "Three", 5]]

    here = [heading.title for heading in contents_of(document, 4) if heading.is_here]

    assert here == ["Two"]
    assert [heading.title for heading in contents_of(document, 1)] == ["One", "Two", "Three"]


# -- What is around it -----------------------------------------------------------------------------


def test_search_engines_are_led_to_the_page_without_words(client, document):
    page = html(client, "2/?q=bail")

    assert f'<link rel="canonical" href="http://127.0.0.1:8000{FILE}/page/2/">' in page
    assert "noindex" not in page


def test_search_engines_keep_out_of_what_is_not_for_everyone(client, document):
    document.item.files_audience = "staff"
    document.item.save()
    sign_in(client, make_user(is_staff=True))

    response = page_at(client, "2/")

    assert '<meta name="robots" content="noindex">' in response.content.decode()
    assert response["Cache-Control"] == "private, no-store"


def test_an_old_version_says_so_and_is_not_indexed(client, document):
    document.removed_in = document.item.versions.create(number=2, note="New figures.")
    document.save()

    page = html(client, "2/")

    assert "This file is an older version." in page
    assert "noindex" in page


@pytest.mark.parametrize("reading", ["waiting", "no-text", "encrypted", "damaged", "too-much"])
def test_a_document_without_text_says_why(client, reading):
    document = make_document(make_item(slug="a-report"), reading=reading)

    assert document.advice in unescape(html(client, "1/"))
    assert page_at(client, "2/").status_code == 404


def test_a_page_without_text_is_said_to_have_none(client):
    make_document(make_item(slug="a-report"), pages=["", "Two."])

    assert "This page has no text" in html(client, "1/?q=bail")


def test_the_dictionary_explains_the_page_in_its_own_language_only(client, document):
    make_entry("Temporary licence")

    assert "popovertarget" in html(client, "4/")
    document.language = "cy"
    document.save()
    welsh = html(client, "4/")
    assert "popovertarget" not in welsh
    assert 'class="sheet" aria-labelledby="text" lang="cy"' in welsh


def test_a_page_is_cited_with_its_printed_number(client, document):
    page = said(html(client, "1/"))

    assert "(Example Charity, 2020, p. i)" in page
    assert "On remand (2020) i <http://127.0.0.1:8000/library/a-report/>" in page


def test_authors_are_named_as_each_style_has_it():
    item = make_item(authors=["A One", "B Two", "C Three"])
    three = page_styles(Work(item, "https://example.org/", page="4"))
    make_contributor(item, "D Four")
    item = type(item).objects.get(pk=item.pk)
    four = page_styles(Work(item, "https://example.org/", page="4"))

    assert [citation for _, citation in three[:2]] == [
        "(One, Two and Three, 2020, p. 4)",
        "(One <i>et al.</i>, 2020, p. 4)",
    ]
    assert four[0][1] == "(One <i>et al.</i>, 2020, p. 4)"


@pytest.mark.parametrize("number", [2, 40])
def test_a_page_asks_the_same_of_the_database_however_many_there_are(
    client, number, django_assert_num_queries
):
    publishers = [make_organisation(f"Charity {one}") for one in range(number)]
    item = make_item(slug="a-report", publishers=publishers, authors=["A One", "B Two"])
    make_document(item, pages=["About bail and remand."] * number)
    html(client, "1/?q=bail")

    with django_assert_num_queries(9):
        html(client, "1/?q=bail")
