import re

import pytest

from tests.factories import make_document, make_item

pytestmark = pytest.mark.django_db


def results(client, query):
    """The page parts of the results, without line breaks."""
    page = client.get("/library/", {"q": query}).content.decode()
    return [" ".join(part.split()) for part in re.findall(r'<p class="snip on-page">.*?</p>', page)]


def test_a_hit_in_a_file_leads_to_its_page_with_the_words_marked(client):
    item = make_item("A report", slug="a-report")
    make_document(item, pages=["Nothing.", "Women on <b>remand</b> and in the dock.", "Remand."])

    (shown,) = results(client, "remand women")

    assert shown == (
        '<p class="snip on-page"><a href="/library/a-report/files/report.pdf/page/2/'
        '?q=remand+women">Page 2</a>: <mark>Women</mark> on &lt;b&gt;<mark>remand</mark>&lt;/b&gt;'
        " and in the dock.</p>"
    )


def test_the_printed_number_and_the_title_of_the_file_are_said(client):
    document = make_document(make_item(), title="Annex B", pages=["A curlew."])
    document.pages.update(label="xii")

    assert "Page xii of Annex B</a>" in results(client, "curlew")[0]


def test_words_on_different_pages_are_said_to_be(client):
    make_document(make_item(), pages=["A curlew.", "A dunlin and an egret.", "A fulmar."])

    (shown,) = results(client, "curlew dunlin egret")

    assert "Page 2</a>" in shown
    assert "(your words are on different pages; this one has most of them)" in shown


def test_a_page_with_some_of_the_words_is_not_shown_where_the_record_has_all(client):
    make_document(make_item("Curlew and dunlin"), pages=["A curlew."])

    assert results(client, "curlew dunlin") == []
    assert len(results(client, "curlew")) == 1


def test_a_phrase_has_to_stand_on_one_page(client):
    make_document(make_item(), pages=["Stop here.", "And search there."])
    make_document(make_item(), "b.pdf", pages=["On stop and search."])

    shown = results(client, '"stop and search"')

    assert ["b.pdf" in one for one in shown] == [True]
    assert "<mark>stop and search</mark>" in shown[0]


def test_spellings_are_marked_on_pages_too(client):
    make_document(make_item(), pages=["The gaol enquiry on re-offending, organized in café style."])

    (shown,) = results(client, "jail inquiry reoffending organised cafe")

    assert shown.count("<mark>") == 2  # Neighbours share one, also over small words.


def test_pages_are_asked_for_once_however_many_results(client, django_assert_num_queries):
    for _ in range(3):
        make_document(make_item(), pages=["A curlew.", "Two curlews."])
    client.get("/library/?q=curlew")

    with django_assert_num_queries(5):
        client.get("/library/?q=curlew")
