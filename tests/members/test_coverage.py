"""The map and the table of gaps: every number is what the directory finds."""

import re
from html import unescape

import pytest

from members.coverage import level_of
from members.map_shapes import BORDERS, OUTLINES, SHAPES
from tests.factories import make_area, make_organisation, make_theme

pytestmark = pytest.mark.django_db


@pytest.fixture
def field():
    kingdom = make_area("United Kingdom")
    england = make_area("England", parent=kingdom)
    wales = make_area("Wales", parent=kingdom)
    london = make_area("London", parent=england)
    prison, race = make_theme("Prison"), make_theme("Race")
    make_organisation("One", themes=[prison], areas=[london])
    make_organisation("Two", themes=[prison, race], areas=[england])
    make_organisation("Three", themes=[race], areas=[kingdom])
    make_organisation("Four", themes=[race], areas=[wales])
    make_organisation("Hidden", themes=[race], areas=[wales], is_listed=False)
    make_organisation("Example Charity", themes=[race], areas=[wales], is_example=True)


def links(page):
    """Address and number of each link whose whole text is a number."""
    found = re.findall(r'<a [^>]*href="(/members/\?[^"]+)"[^>]*>(.*?)</a>', page, re.DOTALL)
    numbers = ((address, re.findall(r">\s*(\d+)|^(\d+)", words)) for address, words in found)
    return [(unescape(address), int("".join(n[0]))) for address, n in numbers if n]


@pytest.mark.parametrize(
    "address", ["/members/map/", "/members/coverage/", "/members/coverage/?reach=place"]
)
def test_each_number_is_what_its_link_finds(client, field, address):
    shown = links(client.get(address).content.decode())

    for target, number in shown:
        assert client.get(target).context["count"] == number, target
    assert len(shown) == (6 if "map" in address else 4)


def test_the_table_says_how_many_places_are_empty(client, field):
    everybody = client.get("/members/coverage/").content.decode()
    local = client.get("/members/coverage/?reach=place").content.decode()

    assert "<strong>1 of 4</strong>" in everybody  # nobody on prison in Wales
    assert "<strong>2 of 4</strong>" in local


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("address", "queries"), [("map", 7), ("coverage", 5)])
def test_pages_need_as_many_queries_for_few_as_for_many(
    client, django_assert_num_queries, count, address, queries
):
    themes, areas = [make_theme("Prison")], [make_area("Wales"), make_area("London")]
    for number in range(count):
        make_organisation(f"Number {number}", themes=themes, areas=areas)

    with django_assert_num_queries(queries):
        client.get(f"/members/{address}/")


@pytest.mark.parametrize(
    ("count", "level"), [(0, 0), (1, 1), (2, 1), (3, 2), (5, 2), (6, 3), (10, 3), (11, 4), (20, 4)]
)
def test_the_more_the_darker(count, level):
    assert level_of(count, 20) == level


def test_nothing_is_nothing_even_if_nobody_works_anywhere():
    assert level_of(0, 0) == 0


def test_every_outline_closes_where_it_began():
    """A border left out or turned round would draw a line across the map."""
    for slug, (borders, _, _) in OUTLINES.items():
        lines = [
            BORDERS[name.removeprefix("-")][:: -1 if name.startswith("-") else 1]
            for name in borders.split()
        ]
        for line, following in zip(lines, lines[1:] + lines[:1], strict=True):
            assert line[-1] == following[0], slug
    assert len(SHAPES) == 12
