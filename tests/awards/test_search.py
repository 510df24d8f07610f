"""Awards in the search across the portal, and on the pages of other rooms."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template

from awards.models import Result
from awards.search import best
from awards.templatetags.awards_tags import pounds
from tests.factories import make_award, make_organisation, make_published_cycle, make_theme

pytestmark = pytest.mark.django_db

ANYONE = AnonymousUser()


def titles(query, limit=5):
    return [hit.title for hit in best(query, ANYONE, limit)]


def test_a_name_a_work_and_a_year_are_found():
    make_published_cycle(2030)
    make_award("Zoë Example", for_work="Letters from inside", category="Outstanding Journalism")

    assert titles("zoe") == ["Zoë Example"]
    assert titles("LETTERS inside") == ["Zoë Example"]
    assert titles("outstanding journalism 2030") == ["Zoë Example"]
    assert titles("2030") == ["Example Awards 2030", "Zoë Example"]
    assert titles("letters outside") == []


def test_the_named_come_first_then_winners_then_the_newest():
    make_published_cycle(2029)
    make_published_cycle(2030)
    make_award("Prison choir", year=2029, category="A")
    make_award("Prison band", year=2030, category="A")
    make_award("Prison paper", category="A", result=Result.SHORTLISTED)
    make_award("Somebody", category="Prison work")

    assert titles("prison") == ["Prison band", "Prison choir", "Prison paper", "Somebody"]
    assert titles("prison", limit=2) == ["Prison band", "Prison choir"]


def test_a_hit_says_what_was_won():
    make_published_cycle()
    award = make_award(prize_pence=400000, for_work="Example work")

    hit = best("example winner", ANYONE, 5)[0]

    assert hit.kind == "Winner, Example Category 2030"
    assert hit.summary == "Example work. £4,000"
    assert hit.url == f"/awards/2030/example-category/#award-{award.pk}"


def test_a_demonstration_says_so():
    make_published_cycle()
    make_award(is_demonstration=True)

    assert best("example winner", ANYONE, 5)[0].reason == "Demonstration, not a real award"


@pytest.mark.parametrize("query", ["", " ", "\x00", "!?", "%", "_", "'", "x" * 10_000, "🙂"])
def test_an_odd_query_finds_nothing(query):
    make_published_cycle()
    make_award()

    assert titles(query) == []


@pytest.mark.parametrize(
    ("pence", "shown"),
    [(None, ""), (400000, "£4,000"), (1250, "£12.50"), (5, "£0.05"), (100_000_000, "£1,000,000")],
)
def test_prizes_read_as_pounds(pence, shown):
    assert pounds(pence) == shown


# -- On the pages of other rooms --------------------------------------------------------------


def render(source, **context):
    template = Template("{% load awards_tags %}" + source)
    return template.render(Context({"user": ANYONE, **context})).strip()


def test_an_organisation_shows_its_awards():
    make_published_cycle()
    charity = make_organisation("Example Charity")
    make_award("Example Charity", organisation=charity, prize_pence=200000)
    make_award("Draft", organisation=charity, published_at=None)

    html = render("{% awards_of organisation %}", organisation=charity)

    assert "Example Category 2030" in html
    assert "£2,000" in html
    assert "Draft" not in html


def test_a_theme_shows_its_awards():
    theme = make_theme("Victims")
    make_published_cycle(2030, "For Victims").categories.get().themes.add(theme)
    make_award("Example Person", category="For Victims")

    assert "Example Person" in render("{% awards_about theme %}", theme=theme)


def test_nothing_is_said_where_there_is_nothing():
    assert render("{% awards_of organisation %}", organisation=make_organisation()) == ""
    assert render("{% awards_about theme %}", theme=make_theme()) == ""
