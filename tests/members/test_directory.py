"""The directory: searching by any name, narrowing down, and counting truly."""

import random
from itertools import product

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from cja_portal.kit.text import clean_query
from members.directory import Directory
from members.models import Organisation, Stage
from members.models.organisation import Evidence, Kind
from members.search import best, find
from tests.factories import make_area, make_organisation, make_theme, make_user

pytestmark = pytest.mark.django_db

ADDRESS = "/members/"
ANONYMOUS = AnonymousUser()


def found(query):
    listed = Organisation.objects.listed()
    names = dict(listed.values_list("pk", "name"))
    return [(names[match.pk], match.reason) for match in find(clean_query(query), listed)]


def names_on(page):
    return [row["organisation"].name for row in page.context["results"]]


# -- Searching ------------------------------------------------------------------------------------


@pytest.fixture
def field():
    make_organisation(
        "With You", former_names=["Addaction"], summary="Helps people with drugs and alcohol."
    )
    make_organisation("Prison Advice and Care Trust", short_name="Pact", summary="Helps families.")
    make_organisation("Prison Reform Trust", summary="Works on prison policy.")
    make_organisation("Clinks", summary="Supports charities that work with people in prison.")
    make_organisation("Magistrates' Association", slug="ma", summary="For magistrates.")
    make_organisation("JUSTICE", summary="Works on law reform.")
    make_organisation("Centre for Justice Innovation", summary="Research on courts.")
    make_organisation("Éclat", slug="eclat", summary="Makes theatre.")
    make_organisation("Prison Press", is_listed=False)


@pytest.mark.parametrize(
    ("query", "answers"),
    [
        ("Addaction", [("With You", "Formerly Addaction")]),
        ("adda", [("With You", "Formerly Addaction")]),
        ("addacton", [("With You", "Spelled in a similar way")]),
        ("with you", [("With You", "")]),
        ("PACT", [("Prison Advice and Care Trust", "Also known as Pact")]),
        ("pac", [("Prison Advice and Care Trust", "Also known as Pact")]),
        ("trust prison", [("Prison Advice and Care Trust", ""), ("Prison Reform Trust", "")]),
        ("the prison reform trust", [("Prison Reform Trust", "")]),
        ("justice", [("JUSTICE", ""), ("Centre for Justice Innovation", "")]),
        ("magistrates’ association", [("Magistrates' Association", "")]),
        ("magistrates association", [("Magistrates' Association", "")]),
        ("eclat", [("Éclat", "")]),
        ("éclat", [("Éclat", "")]),
        ("clynks", [("Clinks", "Spelled in a similar way")]),
        ("alcohol", [("With You", "")]),
        ("zzzz", []),
        ("%", []),
        ("_", []),
        ("", []),
    ],
)
def test_find_meets_any_name_and_says_why(field, query, answers):
    assert found(query) == answers


def test_find_puts_exact_before_name_before_former_before_summary():
    make_organisation("Anchor", slug="d", summary="Once a part of Beacon.")
    make_organisation("Clover", slug="c", former_names=["Beacon House"])
    make_organisation("Beacon Trust", slug="b")
    make_organisation("Beacon", slug="a")

    assert [name for name, _ in found("beacon")] == ["Beacon", "Beacon Trust", "Clover", "Anchor"]


def test_best_gives_few_hits_ready_to_show(field):
    hits = best("addaction", ANONYMOUS, 3)

    assert [(hit.title, hit.url, hit.kind, hit.reason) for hit in hits] == [
        ("With You", "/members/with-you/", "Charity", "Formerly Addaction")
    ]
    assert len(best("trust", ANONYMOUS, 1)) == 1


def test_what_is_not_listed_is_not_found_by_anybody(field):
    assert "Prison Press" not in [hit.title for hit in best("prison", ANONYMOUS, 9)]
    assert "Prison Press" not in [hit.title for hit in best("prison", make_user(is_staff=True), 9)]


def test_page_shows_the_reason(client, field):
    page = client.get(ADDRESS, {"q": "Addaction"})

    assert names_on(page) == ["With You"]
    assert "<mark>Formerly Addaction</mark>" in page.content.decode()


PIECES = ["'", '"', "\\", "%", "_", "(", ")", "[", "*", "?", "|", "&", "!", ":", "<->", "--", ";"]
PIECES += [
    "\x00",
    "\n",
    "\t",
    "\u202e",
    "\ud7ff",
    "\ufeff",
    "👩🏽‍⚖️",
    "שלום",
    "سلام",
    "刑法",
    "ß",
    "ﬁ",
    "İ",
]
PIECES += [
    "or",
    "and",
    "not",
    "the",
    "justice",
    "10",
    "½",
    "²",
    "a" * 10_000,
    "\\m",
    "{}",
    "{{ 1 }}",
]


def odd_queries(count):
    draw = random.Random(20260630)
    return ["".join(draw.choices([*PIECES, " "], k=draw.randint(1, 8))) for _ in range(count)]


def test_odd_queries_do_no_harm(field):
    listed = Organisation.objects.listed()

    for query in [*PIECES, *odd_queries(200)]:
        assert len(find(clean_query(query), listed)) <= listed.count(), query[:80]


def test_odd_queries_get_a_page(client, field):
    for query in PIECES:
        page = client.get(ADDRESS, {"q": query, "theme": query, "area": query, "page": query})

        assert page.status_code == 200, query[:80]


def test_examples_are_counted_by_themselves(client):
    make_organisation("Clinks")
    make_organisation("Example Charity", is_example=True)

    text = client.get(ADDRESS).content.decode()

    assert "<strong>1 organisation and 1 example</strong>" in text


# -- Narrowing down -------------------------------------------------------------------------------


@pytest.fixture
def places():
    kingdom = make_area("United Kingdom")
    england, wales = make_area("England", parent=kingdom), make_area("Wales", parent=kingdom)
    return {
        "united-kingdom": kingdom,
        "england": england,
        "wales": wales,
        "london": make_area("London", parent=england),
        "south-west": make_area("South West", parent=england),
        "international": make_area("International"),
    }


@pytest.mark.parametrize(
    ("area", "names"),
    [
        ("london", {"In London", "In England", "In the United Kingdom"}),
        ("south-west", {"In England", "In the United Kingdom"}),
        ("england", {"In London", "In England", "In the United Kingdom"}),
        ("wales", {"In Wales", "In the United Kingdom"}),
        ("united-kingdom", {"In London", "In England", "In Wales", "In the United Kingdom"}),
        ("international", {"International"}),
    ],
)
def test_an_area_finds_who_works_in_it_across_it_or_in_a_part_of_it(client, places, area, names):
    for name, slug in [
        *(("In London", "london"), ("In England", "england"), ("In Wales", "wales")),
        *(("In the United Kingdom", "united-kingdom"), ("International", "international")),
    ]:
        make_organisation(name, areas=[places[slug]])
    make_organisation("Nowhere")

    page = client.get(ADDRESS, {"area": area})

    assert set(names_on(page)) == names


def test_those_who_only_work_all_over_can_be_left_out(client, places):
    for name, slug in [("Local", "london"), ("National", "england"), ("Other", "wales")]:
        make_organisation(name, areas=[places[slug]])

    page = client.get(ADDRESS, {"area": "london", "reach": "place"})
    nation = client.get(ADDRESS, {"area": "england", "reach": "place"})

    assert names_on(page) == ["Local"]
    assert names_on(nation) == ["Local", "National"]
    assert 'href="?area=london">Add those who work all over' in page.content.decode()
    assert '<input type="hidden" name="reach" value="place">' in page.content.decode()


def test_a_theme_that_belongs_to_a_stage_is_found_there(client):
    make_organisation("By theme", themes=[make_theme("Prison", stage="prison")])
    make_organisation("By choice", stages=["prison"])
    make_organisation("Neither", themes=[make_theme("Race")])

    page = client.get(ADDRESS, {"stage": "prison"})

    assert names_on(page) == ["By choice", "By theme"]


def test_choices_widen_in_a_group_and_narrow_between_groups(client):
    prison, race = make_theme("Prison"), make_theme("Race")
    make_organisation("One", themes=[prison])
    make_organisation("Two", themes=[race], kind="research")
    make_organisation("Three", themes=[race, prison], kind="research")

    either = client.get(ADDRESS, {"theme": ["prison", "race"]})
    both = client.get(ADDRESS, {"theme": "prison", "kind": "research"})

    assert names_on(either) == ["One", "Three", "Two"]
    assert names_on(both) == ["Three"]


def test_an_unknown_choice_counts_as_none(client):
    make_organisation("One")

    assert names_on(client.get(ADDRESS, {"theme": "nonsense", "kind": "x"})) == ["One"]


def random_world(draw, places):
    """Forty organisations, and what was said of each: the recount knows nothing of the database."""
    stages = {"prison": "prison", "courts": "court"}
    themes = {
        slug: make_theme(slug.title(), stage=stages.get(slug, ""))
        for slug in ("prison", "race", "courts", "women")
    }
    world = {}
    for number in range(40):
        said = {
            "kind": [draw.choice(Kind.values[:3])],
            "evidence": [draw.choice(Evidence.values)],
            "theme": draw.sample(list(themes), draw.randint(0, 3)),
            "area": draw.sample(list(places), draw.randint(0, 2)),
        }
        own_stages = draw.sample(["police", "prison", "after"], draw.randint(0, 2))
        said["stage"] = [*own_stages, *(stages[slug] for slug in said["theme"] if slug in stages)]
        organisation = make_organisation(
            f"Number {number}",
            kind=said["kind"][0],
            evidence=said["evidence"][0],
            stages=own_stages,
            themes=[themes[slug] for slug in said["theme"]],
            areas=[places[slug] for slug in said["area"]],
        )
        world[organisation.pk] = said
    return world


def works_there(places, works, wanted):
    """One lies in the other, whichever is the larger."""
    return wanted in upwards(places[works]) or works in upwards(places[wanted])


def upwards(area):
    return [area.slug, *(upwards(area.parent) if area.parent else [])]


def recount(world, places, chosen):
    def meets(said, name):
        pairs = product(said[name], chosen[name])
        if name == "area":
            return any(works_there(places, *pair) for pair in pairs)
        return any(one == other for one, other in pairs)

    names = [name for name in chosen if chosen[name]]
    return {pk for pk, said in world.items() if all(meets(said, name) for name in names)}


def test_every_count_is_what_the_choice_would_find(places):
    draw = random.Random(7)
    world = random_world(draw, places)
    options = {
        "kind": Kind.values[:3],
        "area": list(places),
        "theme": ["prison", "race", "courts", "women"],
        "evidence": Evidence.values,
        "stage": Stage.values,
    }

    for _ in range(20):
        chosen = {name: draw.sample(all_, draw.randint(0, 2)) for name, all_ in options.items()}
        asked = QueryDict(urlencode(chosen, doseq=True))
        directory = Directory(Organisation.objects.all(), asked)
        shown = {
            (group.name, choice.value): choice.count
            for group in directory.filter_groups()
            for choice in group.choices
        }

        assert {fact.pk for fact in directory.chosen()} == recount(world, places, chosen)
        assert shown == {
            (name, value): len(recount(world, places, chosen | {name: [value]}))
            for name, value in shown
        }
        assert len(shown) >= 15


# -- The page -------------------------------------------------------------------------------------


def test_page_is_in_order_of_name_with_a_way_to_each_letter(client):
    for name in [
        "The Zebra Trust",
        "Ábaco",
        "bees",
        *(f"Camp {number:02}" for number in range(30)),
    ]:
        make_organisation(name)

    first = client.get(ADDRESS)
    second = client.get(ADDRESS, {"page": 2})
    letters = {label: number for _, label, number in first.context["letters"]}

    assert names_on(first)[:3] == ["Ábaco", "bees", "Camp 00"]
    assert names_on(second)[-1] == "The Zebra Trust"
    assert (letters["A"], letters["C"], letters["Z"], letters["X"]) == (1, 1, 2, None)
    assert 'href="?page=2#letter-z"' in first.content.decode()
    assert 'id="letter-z"' in second.content.decode()


def test_page_says_what_we_do_not_know(client):
    page = client.get(ADDRESS).content.decode()

    assert "we do not say who is a member today" in page
    assert reverse("about") in page


def test_page_without_matches_helps(client):
    make_organisation("One")

    page = client.get(ADDRESS, {"q": "zzzzz"}).content.decode()

    assert "We found no organisation for “zzzzz”" in page


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("asked", [{}, {"q": "number", "theme": "prison"}])
def test_page_needs_as_many_queries_for_few_as_for_many(
    client, django_assert_num_queries, count, asked
):
    theme, area = make_theme("Prison"), make_area()
    for number in range(count):
        make_organisation(f"Number {number}", themes=[theme], areas=[area])

    with django_assert_num_queries(6 + bool(asked)):
        page = client.get(ADDRESS, asked)

    assert len(names_on(page)) == count


@pytest.mark.parametrize("count", [1, 3])
def test_organisation_page_needs_as_many_queries_for_few_as_for_many(
    client, django_assert_num_queries, count
):
    themes = [make_theme(f"Theme {number}") for number in range(count)]
    areas = [make_area(f"Area {number}") for number in range(count)]
    shown = make_organisation("One", themes=themes, areas=areas)
    for number in range(count):
        make_organisation(f"Number {number}", themes=themes)

    with django_assert_num_queries(8):
        page = client.get(shown.get_absolute_url())

    assert page.content.decode().count("Number ") == count
