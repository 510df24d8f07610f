"""The public pages of the awards."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from awards.actions.published import withdraw_award, withdraw_cycle
from awards.models import Result
from tests.factories import (
    make_award,
    make_cycle,
    make_organisation,
    make_published_cycle,
    make_theme,
    make_user,
)

pytestmark = pytest.mark.django_db

PAGES = [
    "/awards/",
    "/awards/2030/",
    "/awards/2030/example-category/",
    "/awards/roll-of-honour/",
    "/search/?q=example",
    "/themes/",
    "/themes/policing/",
    "/sitemap.xml",
    "/",
]
AWARD_PAGES = PAGES[:4]


def text_of(client, address):
    return client.get(address).content.decode()


def a_full_year(year=2030, names=1):
    cycle = make_published_cycle(year, "Example Category")
    for number in range(names):
        organisation = make_organisation(f"Example {year} {number}")
        award = make_award(
            f"Winner {number}", year=year, organisation=organisation, judges_words="Well done."
        )
        award.corrections.create(note="A name was wrong.")
        make_award(f"Shortlisted {number}", year=year, result=Result.SHORTLISTED)
        cycle.judges.create(name=f"Judge {number}")
        cycle.sources.create(title=f"Source {number}", url="https://example.org/")
        cycle.rules.create(text=f"Rule {number}.")
    return cycle


@pytest.mark.parametrize("address", AWARD_PAGES)
def test_pages_ask_the_same_number_of_queries_for_one_and_for_three(client, address):
    a_full_year()
    client.get(address)  # The dictionary's index of names is made once.
    with CaptureQueriesContext(connection) as one:
        assert client.get(address).status_code == 200
    for year in (2031, 2032):
        a_full_year(year, names=3)
    for number in (5, 6):
        make_award(f"Winner {number}", organisation=make_organisation(f"More {number}"))

    with CaptureQueriesContext(connection) as three:
        client.get(address)

    assert len(one) == len(three) <= 12


def test_the_years_stand_newest_first_with_their_winners_and_gaps(client):
    make_published_cycle(2026, known="Little is known of 2026.")
    make_published_cycle(2029, "Example Category")
    make_award(year=2029, prize_pence=400000)

    page = client.get("/awards/")

    assert [year["cycle"].year for year in page.context["years"]] == [2029, 2026]
    assert page.context["missing"] == [2027, 2028]
    assert "Nothing was found for 2027 and 2028." in page.content.decode()
    assert "£4,000" in page.content.decode()


def test_a_year_tells_what_is_known_and_what_is_not(client):
    cycle = make_published_cycle(2030, "Known", "Unknown", known="Half is known.", place="Soho")
    cycle.categories.filter(slug="unknown").update(outcome_note="The winner was not found.")
    cycle.judges.create(name="Example Judge", role="Example Charity")
    cycle.sources.create(title="Example page", url="https://example.org/awards")
    make_award(category="Known", prize_pence=200050, for_work="Example work")

    text = text_of(client, "/awards/2030/")

    for words in (
        *("Half is known.", "Soho", "Example Judge, Example Charity", "£2,000.50"),
        *("Example work", "The winner was not found.", 'href="https://example.org/awards"'),
        *("The date is not known.", "Not known."),
    ):
        assert words in text


def test_a_category_shows_words_corrections_and_its_other_years(client):
    make_published_cycle(2029, "Example Category")
    make_published_cycle(2030, "Example Category")
    make_award("Earlier Winner", year=2029)
    award = make_award(citation="For *years* of work.", judges_words="We were moved.")
    award.corrections.create(note="The name was misspelled.")
    make_award("Nearly", result=Result.SHORTLISTED)

    text = text_of(client, "/awards/2030/example-category/")

    for words in (
        *("For <em>years</em> of work.", "We were moved.", "The name was misspelled."),
        *("Nearly", "Earlier Winner", "/awards/2029/example-category/"),
    ):
        assert words in text


def test_the_roll_is_narrowed_by_year_category_and_organisation(client):
    make_published_cycle(2029)
    make_published_cycle(2030)
    charity = make_organisation("Example Charity")
    make_award("A", year=2029, category="First", organisation=charity)
    make_award("B", year=2030, category="First")
    make_award("C", year=2030, category="Second")

    def names(query):
        page = client.get(f"/awards/roll-of-honour/{query}")
        return [award.recipient for award in page.context["awards"]]

    assert names("") == ["B", "C", "A"]
    assert names("?year=2030") == ["B", "C"]
    assert names("?category=first") == ["B", "A"]
    assert names("?organisation=example-charity") == ["A"]
    assert names("?year=2029&category=second") == []


@pytest.mark.parametrize("query", ["year=nineteen", "category=%00", "organisation=none", "year="])
def test_an_unknown_choice_gets_a_sentence_and_the_whole_roll(client, query):
    make_published_cycle()
    make_award()

    page = client.get(f"/awards/roll-of-honour/?{query}")

    assert len(page.context["awards"]) == 1
    says_so = "choose one from the list" in page.content.decode()
    assert says_so is not query.endswith("=")


def test_a_withdrawn_award_leaves_every_page_at_once(client):
    theme = make_theme("Policing")
    make_published_cycle(2030, "Example Category").categories.get().themes.add(theme)
    award = make_award("Example Person")
    shown = {address for address in PAGES if "Example Person" in text_of(client, address)}

    withdraw_award(award, by=make_user(is_staff=True))

    assert shown == {*AWARD_PAGES, "/search/?q=example", "/themes/policing/", "/"}
    assert not any("Example Person" in text_of(client, address) for address in PAGES)


def test_a_withdrawn_year_is_gone(client):
    cycle = make_published_cycle(2030, "Example Category")

    withdraw_cycle(cycle, by=make_user(is_staff=True))

    assert client.get("/awards/2030/").status_code == 404
    assert client.get("/awards/2030/example-category/").status_code == 404


@pytest.mark.parametrize(
    "address", ["/awards/2029/", "/awards/2030/other/", "/awards/99999999999/"]
)
def test_what_is_not_there_is_not_found(client, address):
    make_published_cycle(2030, "Example Category")

    assert client.get(address).status_code == 404


# -- Two worlds -----------------------------------------------------------------------------------


def without_secrets(text):
    return re.sub(r"csrf\w+|nonce-\S+", "", text)


def answers(client):
    pages = [client.get(address) for address in [*PAGES, "/awards/2031/", "/search/?q=secret"]]
    return [(page.status_code, without_secrets(page.content.decode())) for page in pages]


def test_what_is_prepared_changes_no_public_answer(client):
    theme = make_theme("Policing")
    make_published_cycle(2030, "Example Category")
    make_award()
    before = answers(client)

    cycle = make_cycle(2031, "Secret Category", known="A secret.")
    cycle.categories.get().themes.add(theme)
    make_cycle(2030, "Secret Category", known="A secret.")
    make_award("Secret Winner", year=2031, category="Secret Category")
    make_award("Secret Winner", category="Example Category", published_at=None)

    assert answers(client) == before


def test_what_is_published_does_change_them(client):
    make_theme("Policing")
    make_published_cycle(2030, "Example Category")
    before = answers(client)

    make_award("Secret Winner")

    assert answers(client) != before
