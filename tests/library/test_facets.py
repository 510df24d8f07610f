import random
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict

from library.cards import SPAN
from library.models import Item
from library.search import find
from tests.factories import make_item, make_organisation, make_theme

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()
FACETS = ["kind", "theme", "organisation", "year"]


def values_of(item, facet):
    """What a facet says of an item, counted without any SQL of ours."""
    if facet == "kind":
        return {item.kind}
    if facet == "theme":
        return {theme.slug for theme in item.themes.all()}
    if facet == "organisation":
        return {organisation.slug for organisation in item.publisher_list}
    if item.published_on is None:
        return {"undated"}
    year = item.published_on.year
    return {"before-2000" if year < 2000 else str(year - year % SPAN)}


def make_library(chance, count=40):
    themes = [make_theme(name) for name in ["Prison", "Race", "Women"]]
    organisations = [make_organisation(name) for name in ["A", "B", "C", "D"]]
    for _ in range(count):
        year = chance.choice([1981, 1999, 2000, 2004, 2005, 2016, 2024, 2026, None])
        make_item(
            chance.choice(["Bail", "Remand", "Bail and remand"]),
            kind=chance.choice(["report", "briefing", "review"]),
            themes=chance.sample(themes, chance.randint(0, 3)),
            publishers=chance.sample(organisations, chance.randint(1, 2)),
            published_on=date(year, 1, 1) if year else None,
            precision="year" if year else "",
            status=chance.choice(["published", "published", "published", "draft"]),
        )


def chosen_at_random(chance, items):
    asked = QueryDict(mutable=True)
    asked["q"] = chance.choice(["", "bail", "remand", "bail remand", "bail or remand"])
    for facet in FACETS:
        values = sorted({value for item in items for value in values_of(item, facet)})
        asked.setlist(facet, chance.sample(values, chance.choice([0, 0, 1, 2])))
    return asked


def meets(item, asked, but=""):
    return all(
        facet == but
        or not asked.getlist(facet)
        or set(asked.getlist(facet)) & values_of(item, facet)
        for facet in FACETS
    )


def answers(item, query):
    words = set(item.title.lower().split())
    if " or " in query:
        return bool(words & {"bail", "remand"})
    return set(query.split()) <= words


def test_all_counts_equal_a_recount_by_hand():
    chance = random.Random(2026)
    make_library(chance)
    items = list(Item.objects.filter(status="published").for_page())

    for _ in range(60):
        asked = chosen_at_random(chance, items)
        search = find(asked, NOBODY)
        said = [item for item in items if answers(item, asked["q"])]

        assert search.narrowing.unknown == ()
        assert set(search.items) == {item for item in said if meets(item, asked)}
        for group in search.filter_groups:
            beside = [item for item in said if meets(item, asked, but=group.name)]
            for choice in group.choices:
                holders = [item for item in beside if choice.value in values_of(item, group.name)]
                assert choice.count == len(holders)
                assert choice.is_selected == (choice.value in asked.getlist(group.name))
            offered = {choice.value for choice in group.choices}
            assert offered >= {value for item in beside for value in values_of(item, group.name)}


def groups(address):
    return {group.name: group for group in find(QueryDict(address), NOBODY).filter_groups}


def test_a_selected_choice_stays_when_it_finds_nothing():
    make_item(kind="report", themes=[make_theme("Prison")])
    make_theme("Race")

    theme = groups("theme=race&kind=report")["theme"]

    assert [(one.value, one.label, one.count, one.is_selected) for one in theme.choices] == [
        ("prison", "Prison", 1, False),
        ("race", "Race", 0, True),
    ]


def test_years_go_from_new_to_old_with_words_for_the_ends():
    this_year = date.today().year
    for year in [1981, 2003, this_year]:
        make_item(published_on=date(year, 1, 1))
    make_item(published_on=None, precision="")

    labels = [choice.label for choice in groups("")["year"].choices]

    newest = f"{this_year - this_year % SPAN} and after"
    assert labels == [newest, "2000 to 2004", "Before 2000", "No date"]


def test_the_most_frequent_choice_comes_first_and_equals_by_name():
    for kind in ["review", "briefing", "report", "report"]:
        make_item(kind=kind)

    assert [choice.label for choice in groups("")["kind"].choices] == [
        *("Report", "Briefing", "Review"),
    ]


@pytest.mark.parametrize(
    ("address", "unknown"),
    [
        ("kind=poem", ("Kind",)),
        ("theme=nowhere&theme=%00", ("Theme",)),
        ("organisation=hidden-publisher", ("Publisher",)),
        ("year=2001&year=x", ("Year",)),
        ("year=1980", ("Year",)),
        ("kind=&theme=", ()),
        ("kind=report&kind=report&kind=poem", ("Kind",)),
        ("kind=" + "x" * 10_000, ("Kind",)),
        ("&".join(f"theme=x{number}" for number in range(900)), ("Theme",)),
    ],
)
def test_unknown_choices_are_named_and_left_out(address, unknown, client):
    hidden = make_organisation("Hidden publisher")
    make_item("Draft", status="draft", publishers=[hidden])
    make_item("Open")

    response = client.get(f"/library/?{address}")

    assert response.status_code == 200
    assert response.context["search"].narrowing.unknown == unknown
    assert response.content.decode().count("so it was left out.") == len(unknown)
    assert [row.item.title for row in response.context["rows"]] == ["Open"]


def test_a_publisher_of_hidden_items_only_is_not_offered():
    make_item(status="draft", publishers=[make_organisation("Hidden publisher")])
    make_item(publishers=[make_organisation("Open publisher")])

    assert [one.value for one in groups("")["organisation"].choices] == ["open-publisher"]
