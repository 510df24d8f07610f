"""What the library adds to a person's own page."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from tests.factories import (
    make_affiliation,
    make_item,
    make_organisation,
    make_saved_search,
    make_shelf,
    make_theme,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client):
    """Of an organisation that works on policing and on prison."""
    themes = [make_theme("Policing"), make_theme("Prison")]
    user = make_user()
    make_affiliation(user, make_organisation(themes=themes))
    client.force_login(user)
    return user


def my_page(client):
    return client.get("/my/").content.decode()


def test_what_is_new_in_the_themes_of_my_organisations_comes_first(client, person):
    policing, prison = person.affiliations.get().organisation.themes.order_by("slug")
    make_item("Older work, newly here", themes=[policing, prison], published_at=now())
    make_item("Newer work, long here", themes=[prison], published_at=now() - timedelta(days=9))
    make_item("About courts", themes=[make_theme("Courts")])

    page = my_page(client)

    assert page.index("Older work, newly here") < page.index("Newer work, long here")
    assert page.count("Older work, newly here") == 1
    assert "About courts" not in page
    assert "/library/?theme=policing&amp;theme=prison&amp;sort=newest" in page


def test_an_item_counts_as_new_from_the_hour_it_came_into_sight(client, person):
    policing = person.affiliations.get().organisation.themes.get(slug="policing")
    week_ago, day_ago = now() - timedelta(days=7), now() - timedelta(days=1)
    make_item("Held back", themes=[policing], published_at=week_ago, visible_from=day_ago)
    make_item("Here at once", themes=[policing], published_at=now() - timedelta(days=3))

    page = my_page(client)

    assert page.index("Held back") < page.index("Here at once")


def test_only_what_i_may_see_is_new(client, person):
    policing = person.affiliations.get().organisation.themes.get(slug="policing")
    make_item("For members", themes=[policing], audience="members")
    make_item("For staff", themes=[policing], audience="staff")
    make_item("To come", themes=[policing], visible_from=now() + timedelta(minutes=1))

    page = my_page(client)

    assert [title in page for title in ("For members", "For staff", "To come")] == [
        True,
        False,
        False,
    ]


def test_without_themes_there_is_no_such_part(client):
    make_item()
    client.force_login(make_user())

    assert "New in your themes" not in my_page(client)


def test_my_page_leads_to_shelves_and_searches(client, person):
    make_shelf(person)
    make_saved_search("q=prison", owner=person)
    make_saved_search("q=courts", owner=person)

    words = " ".join(my_page(client).split())

    assert '<dt>Shelves</dt><dd>1. <a href="/library/shelf/">' in words
    assert '<dt>Saved searches</dt><dd>2. <a href="/library/searches/">' in words
