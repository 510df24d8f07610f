"""The pages on which the four rooms meet."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.models import Theme
from tests.factories import (
    make_award,
    make_entry,
    make_item,
    make_organisation,
    make_published_cycle,
    make_theme,
)

pytestmark = pytest.mark.django_db
MEANING = "The meaning, which is told in one whole sentence that needs no other."


def fill(theme, number=0):
    make_entry(
        f"Word {number}",
        topics=[theme],
        plain=MEANING + " And more.",
    )
    organisation = make_organisation(f"Charity {number}", themes=[theme])
    make_item(f"Report {number}", publishers=[organisation], themes=[theme])
    make_published_cycle(2030 + number)
    make_award(f"Winner {number}", year=2030 + number, organisation=organisation)


def test_a_theme_gathers_all_four_rooms(client):
    theme = make_theme("Stop and search", description="The powers to stop people.")
    fill(theme)

    text = client.get("/themes/stop-and-search/").content.decode()

    for words in (
        *("The powers to stop people.", "Word 0", MEANING, "Report 0", "Charity 0"),
        *("Winner 0", "/dictionary/?topic=stop-and-search", "/library/?theme=stop-and-search"),
    ):
        assert words in text
    assert "And more." not in text


def test_only_what_is_public_and_on_the_theme_is_shown(client):
    theme, other = make_theme("Courts"), make_theme("Prison")
    fill(other)
    make_entry("Draft word", topics=[theme], is_published=False)
    make_item("Draft report", themes=[theme], status="draft")
    make_organisation("Unlisted charity", themes=[theme], is_listed=False)

    page = client.get("/themes/courts/")
    text = page.content.decode()

    assert (page.context["theme"].word_count, page.context["theme"].item_count) == (0, 0)
    for words in ("Word 0", "Report 0", "Winner 0", "Draft", "Unlisted"):
        assert words not in text


def test_the_list_counts_what_each_room_holds(client):
    full, empty = make_theme("Courts", position=1), make_theme("Prison", position=2)
    fill(full, 0)
    fill(full, 1)
    make_entry("Draft word", topics=[full], is_published=False)

    page = client.get("/themes/")

    [(goal, themes)] = page.context["goals"]
    counts = {
        theme: (theme.word_count, theme.item_count, theme.organisation_count) for theme in themes
    }
    assert goal == "Better policing"
    assert counts == {full: (2, 2, 2), empty: (0, 0, 0)}


def test_an_empty_portal_has_a_page_of_themes(client):
    assert "No theme is set up yet" in client.get("/themes/").content.decode()


def test_an_unknown_theme_is_not_found(client):
    assert client.get("/themes/nothing/").status_code == 404


def test_pages_about_abuse_have_a_quick_exit(client):
    make_theme("Violence")
    make_theme("Courts")

    def has_exit(slug):
        return 'class="quick-exit"' in client.get(f"/themes/{slug}/").content.decode()

    assert (has_exit("violence"), has_exit("courts")) == (True, False)


@pytest.mark.parametrize("address", ["/themes/", "/themes/courts/"])
def test_one_and_three_of_each_take_the_same_number_of_queries(client, address):
    theme = make_theme("Courts")
    make_theme("Prison")
    fill(theme)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    fill(theme, 1)
    fill(theme, 2)
    make_theme("Women")

    with CaptureQueriesContext(connection) as three:
        client.get(address)

    assert len(one) == len(three) <= 12
    assert Theme.objects.count() == 3
