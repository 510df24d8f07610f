from datetime import date

import pytest
from django.urls import reverse

from dictionary.actions import withdraw_entry
from dictionary.models import Entry, LabelKind
from tests.factories import make_entry, make_label, make_relation, make_sense, make_theme

pytestmark = pytest.mark.django_db

LIST = reverse("dictionary:entry-list")


def page(client, address, **query):
    response = client.get(address, query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_list_shows_every_word_under_its_letter(client):
    make_entry("Bail")
    make_entry("Arrest")

    html = page(client, LIST)

    assert html.index("Arrest") < html.index("Bail")
    assert '<a href="#letter-A">A</a>' in html
    assert "<span>Z</span>" in html


def test_a_topic_shows_its_words_with_their_meaning(client):
    make_entry("Arrest", topics=[make_theme()], plain="The police hold you. They say why.")
    make_entry("Jury")

    html = page(client, LIST, topic="policing")

    assert "The police hold you." in html
    assert "Jury" not in html


def test_a_search_works_as_a_plain_form(client):
    make_entry("Bail")

    html = page(client, LIST, q="bial")

    assert "<strong>1 word</strong>" in html
    assert "Spelled like “Bail”" in html


def test_no_result_offers_next_steps(client):
    make_entry("Bail")

    html = page(client, LIST, q="qwertyuiop")

    assert "We found no word like “qwertyuiop”" in html
    assert reverse("search") + "?q=qwertyuiop" in html


def test_a_nation_in_the_address_is_kept_by_the_search(client):
    make_entry("Procurator fiscal", jurisdiction="scotland")

    html = page(client, LIST, jurisdiction="scotland")

    assert '<input type="hidden" name="jurisdiction" value="scotland">' in html


def test_suggestions_are_plain_links(client):
    make_label(make_entry("Bail"), "surety")

    html = page(client, reverse("dictionary:entry-suggest"), q="sur")

    assert 'href="/dictionary/bail/"' in html
    assert "Also called “surety”" in html
    assert "<html" not in html


def test_an_entry_says_source_law_date_review_and_that_it_is_a_draft(client):
    make_entry("Bail", law_as_of=date(2026, 3, 22), review_due=date(2027, 6, 30))

    html = page(client, "/dictionary/bail/")

    for words in ("Example Act 2000", "22 March 2026", "30 June 2027", "not yet checked"):
        assert words in html


def test_a_checked_entry_says_when(client):
    make_entry("Bail", checked_on=date(2026, 10, 1))

    html = page(client, "/dictionary/bail/")

    assert "Checked by a lawyer on 1 October 2026." in html
    assert "not yet checked" not in html


def test_each_nation_has_its_own_meaning(client):
    entry = make_entry("Defendant", plain="The person on trial.")
    make_sense(entry, "scotland", name="Accused", plain="The Scottish word.")

    english = page(client, "/dictionary/defendant/")
    scottish = page(client, "/dictionary/defendant/", jurisdiction="scotland")

    assert "<h1>Defendant</h1>" in english
    assert "<h1>Accused</h1>" in scottish


def test_a_nation_without_a_meaning_of_its_own_is_told_so(client):
    make_entry("Crown Court")

    html = page(client, "/dictionary/crown-court/", jurisdiction="scotland")

    assert "We have no meaning for Scotland." in html


def test_a_word_not_in_force_says_so(client):
    make_entry("Community caution", is_in_force=False)

    assert "This is not in force." in page(client, "/dictionary/community-caution/")


def test_a_former_word_names_what_replaced_it(client):
    newer = make_entry("Criminal behaviour order")
    make_entry("ASBO", valid_to=date(2015, 3, 23), replaced_by=newer)

    html = page(client, "/dictionary/asbo/")

    assert "It ended on 23 March 2015." in html
    assert 'href="/dictionary/criminal-behaviour-order/"' in html


def test_relations_show_on_both_pages(client):
    bail, remand = make_entry("Bail"), make_entry("Remand")
    make_relation(bail, remand, "opposite", "You are locked up.")

    assert 'href="/dictionary/remand/"' in page(client, "/dictionary/bail/")
    assert 'href="/dictionary/bail/"' in page(client, "/dictionary/remand/")


def test_a_relation_to_a_hidden_entry_is_hidden(client):
    bail, secret = make_entry("Bail"), make_entry("Secret", is_published=False)
    make_relation(bail, secret)

    assert "Secret" not in page(client, "/dictionary/bail/")


def test_a_headword_that_editors_change_is_no_readers_business_yet(client):
    bail, remand, gone = make_entry("Bail"), make_entry("Remand"), make_entry("Gone")
    make_relation(remand, bail)
    withdraw_entry(gone, by=None, because="It was wrong.")
    Entry.objects.exclude(pk=remand.pk).update(headword="Zebra")
    addresses = [
        *("/dictionary/", "/dictionary/?letter=B", "/dictionary/changes/", "/dictionary/bail/v/"),
        *("/dictionary/bail/", "/dictionary/bail/v/1/1/", "/dictionary/gone/v/"),
    ]

    pages = {address: page(client, address) for address in addresses}
    pages["/dictionary/gone/"] = client.get("/dictionary/gone/").content.decode()
    pages["/dictionary/remand/"] = page(client, "/dictionary/remand/")

    assert [address for address, text in pages.items() if "Zebra" in text] == []
    assert [address for address, text in pages.items() if "Bail" not in text] == [
        *("/dictionary/gone/v/", "/dictionary/gone/"),
    ]
    assert "Bail" not in page(client, "/dictionary/?letter=Z")


def test_a_version_of_a_withdrawn_entry_warns_and_stays_out_of_search_engines(client):
    bail = make_entry("Bail")
    withdraw_entry(bail, by=None, because="It was wrong.")

    text = page(client, "/dictionary/bail/v/1/")

    assert "It was wrong." in text
    assert '<meta name="robots" content="noindex">' in text


def test_a_draft_entry_cannot_be_told_from_one_that_is_not_there(client):
    make_entry("Secret", is_published=False)

    assert client.get("/dictionary/secret/").status_code == 404
    assert client.get("/dictionary/nothing/").status_code == 404


@pytest.mark.parametrize("query", [{}, {"topic": "policing"}, {"letter": "b"}, {"q": "bail"}])
def test_lists_ask_the_database_as_often_for_one_row_as_for_three(
    client, django_assert_num_queries, query
):
    theme = make_theme()
    make_entry("Bail", topics=[theme])
    page(client, LIST, **query)
    with django_assert_num_queries(QUERIES[tuple(query)]):
        page(client, LIST, **query)

    make_entry("Bail hostel", topics=[theme])
    make_entry("Bail in Scotland", topics=[theme])
    page(client, LIST, **query)
    with django_assert_num_queries(QUERIES[tuple(query)]):
        page(client, LIST, **query)


QUERIES = {(): 4, ("topic",): 3, ("letter",): 3, ("q",): 4}


@pytest.mark.parametrize(("topic", "is_offered"), [("Victims", True), ("Courts", False)])
def test_the_way_out_comes_first_on_pages_for_victims(client, topic, is_offered):
    entry = make_entry("Stalking", topics=[make_theme(topic)])

    html = page(client, entry.get_absolute_url())

    way_out = html.find('class="quick-exit"')
    assert (html.find("<main") < way_out < html.find("<h1>")) is is_offered
    assert (way_out == -1) is not is_offered


@pytest.mark.parametrize("guess", ["bail", "court-bail", "BAIL"])
def test_a_guessed_address_that_is_a_name_leads_to_its_entry(client, guess):
    make_label(make_entry("Bail", slug="bail-court"), "court bail")

    response = client.get(f"/dictionary/{guess}/")

    assert response.headers["location"] == "/dictionary/bail-court/"


def test_a_name_of_two_entries_leads_to_neither(client):
    make_label(make_entry("Inspectorate of Prisons"), "HMIP", LabelKind.ACRONYM)
    make_label(make_entry("Inspectorate of Probation"), "HMIP", LabelKind.ACRONYM)

    assert client.get("/dictionary/hmip/").status_code == 404


def test_an_entry_stays_in_england_though_its_law_has_ended_there(client):
    entry = make_entry("ASBO", plain="It ended here.", valid_to=date(2015, 3, 22))
    make_sense(entry, "scotland", plain="It lives on in Scotland.")

    assert '<div class="plain"><p>It ended here.' in page(client, "/dictionary/asbo/")


def test_an_opposite_is_not_named_once_more_as_related(client):
    bail, remand = make_entry("Bail"), make_entry("Remand")
    make_relation(bail, remand, "opposite")
    make_relation(remand, bail, "related")

    html = page(client, "/dictionary/bail/")

    assert "The opposite" in html
    assert "Related words" not in html


def test_another_name_leads_to_the_entry_with_what_was_asked(client):
    make_label(make_entry("Release on temporary licence"), "ROTL", "acronym")

    answer = client.get("/dictionary/rotl/?on=2020-01-01&jurisdiction=scotland")

    entry = "/dictionary/release-on-temporary-licence/"
    assert answer["Location"] == f"{entry}?on=2020-01-01&jurisdiction=scotland"
