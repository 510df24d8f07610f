"""The face of the portal."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from awards.models import Result
from cja_portal import home
from tests.factories import (
    make_award,
    make_entry,
    make_item,
    make_organisation,
    make_published_cycle,
    make_theme,
    make_user,
)

pytestmark = pytest.mark.django_db
RECALL = "Being sent back to prison before the whole of a sentence has been served."


def test_an_empty_portal_still_opens(client):
    page = client.get("/")

    assert page.status_code == 200
    assert 'action="/search/"' in page.content.decode()


def test_the_rooms_show_their_figures_and_examples(client):
    make_entry(
        "Recall",
        slug="recall",
        plain=RECALL + " It is quick.",
    )
    make_entry("Draft word", is_published=False)
    make_item("The newest report", published_on=timezone.localdate(), precision="day")
    make_organisation("Example Charity")
    make_organisation("Example Service", is_example=True)
    make_published_cycle(2030)
    make_award("Example Winner", prize_pence=400000)

    page = client.get("/")
    text = page.content.decode()

    assert page.context["words"]["count"] == 1
    assert page.context["items"]["count"] == 1
    assert page.context["organisation_count"] == 1
    for words in (
        *(RECALL, "The newest report", "Example Winner", "£4,000"),
        *("/members/?theme=restorative-justice", "/members/?area=north-east"),
    ):
        assert words in text
    assert "It is quick." not in text


def test_the_latest_winner_is_real_and_no_shortlist(client):
    make_published_cycle(2031)
    make_award("Example", year=2031, is_demonstration=True)
    make_published_cycle(2029)
    make_published_cycle(2030)
    make_award("Winner", year=2029)
    make_award("Nearly", year=2030, result=Result.SHORTLISTED)

    assert client.get("/").context["winner"].recipient == "Winner"


def test_each_day_explains_another_word(monkeypatch):
    for slug in home.EXPLAINED_WORDS:
        make_entry(slug.replace("-", " "), slug=slug)
    first = date(2030, 1, 1)

    def explained(day):
        monkeypatch.setattr(home.timezone, "localdate", lambda: day)
        return home.words(make_user())["explained"].slug

    days = [first + timedelta(days=number) for number in range(len(home.EXPLAINED_WORDS))]
    assert {explained(day) for day in days} == set(home.EXPLAINED_WORDS)


def test_words_without_the_chosen_ones_are_the_first_there_are(client):
    for headword in ("Arrest", "Bail", "Charge", "Defendant"):
        make_entry(headword)

    listed = client.get("/").context["words"]["listed"]

    assert [entry.headword for entry in listed] == ["Arrest", "Bail", "Charge"]


def test_themes_stand_under_their_goals(client):
    make_theme("Prison")
    make_theme("Stop and search")

    assert client.get("/").context["goals"] == [("Better policing", list(home.Theme.objects.all()))]


def fill(number):
    theme = make_theme(f"Theme {number}")
    slug = home.LISTED_WORDS[number]
    make_entry(slug, slug=slug)
    make_entry(home.EXPLAINED_WORDS[number], slug=home.EXPLAINED_WORDS[number])
    organisation = make_organisation(f"Example {number}", themes=[theme])
    make_item(f"Report {number}", publishers=[organisation], themes=[theme])
    make_published_cycle(2030 + number)
    make_award(year=2030 + number, organisation=organisation)


def test_one_and_three_of_each_take_the_same_number_of_queries(client):
    fill(0)
    with CaptureQueriesContext(connection) as one:
        client.get("/")
    fill(1)
    fill(2)

    with CaptureQueriesContext(connection) as three:
        client.get("/")

    assert len(one) == len(three) <= 12
