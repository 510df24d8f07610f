from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.utils.timezone import now

from library.models import SearchAlias
from library.search import best, find, read_query
from library.suggesting import looser_query, similar_queries
from tests.factories import (
    make_area,
    make_item,
    make_organisation,
    make_theme,
)

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()

# Two spellings of one thing: each finds what is written in the other.
PAIRS = """
organisation|organization  organisations|organizations  criminalisation|criminalization
criminalised|criminalized  recognise|recognize  analyse|analyze  behaviour|behavior
antisocial behaviour|anti-social behavior  labour|labor  neighbourhood|neighborhood
honour-based|honor-based  colour|color  favourable|favorable  rumours|rumors
misdemeanour|misdemeanor  harbouring|harboring  offence|offense  offences|offenses
defence|defense  licence|license  licensed|licenced  unlicensed|unlicenced  practice|practise
programme|program  programmes|programs  centre|center  victim-centred|victim-centered
theatre|theater  travelled|traveled  counsellor|counselor  counselling|counseling
labelled|labeled  cancelled|canceled  enrolment|enrollment  fulfil|fulfill  skilful|skillful
wilful|willful  judgment|judgement  acknowledgment|acknowledgement  ageing|aging
adviser|advisor  inquiry|enquiry  jail|gaol  grey|gray  sceptical|skeptical
paediatric|pediatric  catalogue|catalog  re-offending|reoffending  reoffend|re-offended
co-operation|cooperation  re-settlement|resettlement  co-defendant|codefendant
over-crowding|overcrowding  under-reporting|underreporting  multi-agency|multiagency
multi agency|multi-agency  anti-racism|antiracism  non-custodial|noncustodial
non custodial|non-custodial  pre-sentence|presentence  pre-sentence report|pre sentence report
pre-charge|precharge  post-release|postrelease  post-conviction|post conviction
well-being|wellbeing  well being|wellbeing  on-line|online  off line|offline  e-mail|email
health care|healthcare  cyber-crime|cybercrime  cyber crime|cybercrime  self-harm|self harm
decision-making|decision making  stop-and-search|stop and search  stop & search|stop and search
HMP/YOI|HMP YOI  and/or bail|and or bail  prisoners’|prisoners  children's|childrens
women’s|women's  U.K.|UK  H.M.P.|HMP  e.g.|eg  covid-19|covid 19  covid–19|COVID-19  s.91|s 91
Sec.60|sec 60  10 per cent|10 percent  café|cafe  Lammy|LAMMY
re offending|reoffending  re-offend|re offend  co operation|co-operation
over represented|over-represented  inter agency|interagency  over crowding|overcrowding
“joint enterprise”|joint enterprise  under‑reported|under-reported
"""
PAIRS = [pair.split("|") for line in PAIRS.strip().split("\n") for pair in line.split("  ")]
# Words that look alike and are not the same.
STRANGERS = [
    ("criminalisation", "criminal"),
    ("organisation", "organ"),
    ("offence", "offensive"),
    ("presentence", "present"),
    ("custody", "custodian"),
    ("prison", "poison"),
    ("re: offending", "reoffending"),
    ("over production", "overproduction"),
]


def found(text, **asked):
    query = QueryDict(mutable=True)
    query.update({"q": text, **asked})
    search = find(query, NOBODY)
    items = list(search.items)
    assert search.page.total == len(items)
    assert [one.pk for one in search.page.object_list] == [item.pk for item in items[:20]]
    return items


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_two_spellings_find_the_same(one, other):
    first, second = make_item(f"On {one} today"), make_item(summary=f"About {other}.")

    assert set(found(one)) == set(found(other)) == {first, second}


@pytest.mark.parametrize("text", ["the", "IT", "more &", '"the more"', "more the", "the -of"])
def test_words_that_no_index_keeps_are_looked_for_in_titles(text):
    item = make_item("The more and the IT")
    make_item("Bail", summary="The more and the IT of bail.")

    assert found(text) == [item]
    assert found("the unlikeliest") == []


@pytest.mark.parametrize(("one", "other"), STRANGERS)
def test_words_that_only_look_alike_stay_apart(one, other):
    first, second = make_item(one), make_item(other)

    assert (found(one), found(other)) == ([first], [second])


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("women prison", {"Women in prison", "Prison and women"}),
        ('"women in prison"', {"Women in prison"}),
        ("women -prison", {"Women at court"}),
        ("court or prison", {"Women at court", "Women in prison", "Prison and women"}),
        ('women -"women in prison"', {"Women at court", "Prison and women"}),
        ("-women", {"Men at work"}),
        ("men", {"Men at work"}),
        ("nothing", set()),
        ('"unfinished women', set()),
        ("at", {"Women at court", "Men at work"}),
        ("the", set()),
        ("!!!", set()),
    ],
)
def test_operators(query, titles):
    for title in ["Women in prison", "Prison and women", "Women at court", "Men at work"]:
        make_item(title)

    assert {item.title for item in found(query)} == titles


def test_the_empty_query_finds_everything():
    make_item()

    assert len(found("  ")) == 1


@pytest.mark.parametrize(
    "query",
    [
        *("Howard League", "Prison Officers", "POA", "Macpherson", "Cm 4262-I", "Race", "Wales"),
        "Howard Race Wales Macpherson",
    ],
)
def test_names_series_themes_and_nations_are_searched_too(query):
    publisher = make_organisation(
        "Howard League", short_name="POA", former_names=["Prison Officers Union"]
    )
    item = make_item(
        series="Cm 4262-I",
        publishers=[publisher],
        authors=["Sir William Macpherson"],
        themes=[make_theme("Race")],
        nations=[make_area("Wales")],
    )
    make_item("Another")

    assert found(query) == [item]


def ranked(query, **fields):
    asked = QueryDict(mutable=True)
    asked.update({"q": query, **fields})
    return [item.title for item in find(asked, NOBODY).items]


def test_the_title_counts_more_than_names_and_these_more_than_the_summary():
    make_item("Summary", summary="Bail and other things.")
    make_item("Names", authors=["Bail Information Unit"])
    make_item("On bail and other things", published_on=date(1990, 1, 1))
    make_item("Bail", published_on=date(1981, 1, 1))

    assert ranked("bail") == ["Bail", "On bail and other things", "Names", "Summary"]


def test_among_equals_the_newer_comes_first_and_then_the_later_record():
    make_item("Bail X", published_on=date(2019, 1, 1))
    make_item("Bail Y", published_on=date(2021, 1, 1))
    make_item("Bail Z", published_on=date(2021, 1, 1))

    assert ranked("bail") == ["Bail Z", "Bail Y", "Bail X"]


def test_other_orders():
    make_item("The bail of A", published_on=date(2019, 1, 1))
    make_item("Bail of B", published_on=date(2021, 1, 1))

    assert ranked("bail", sort="newest") == ["Bail of B", "The bail of A"]
    assert ranked("bail", sort="title") == ["The bail of A", "Bail of B"]
    assert ranked("", sort="relevance") == ["Bail of B", "The bail of A"]
    assert ranked("bail", sort="nonsense") == ranked("bail")


# -- Two names of one thing -----------------------------------------------------------------------


def with_alias():
    SearchAlias.objects.create(term="ROTL", meaning="release on temporary licence")
    return {
        "long": make_item("Release on temporary licence"),
        "short": make_item("ROTL and work"),
        "loose": make_item("A temporary licence after release"),
    }


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("ROTL", {"long", "short"}),
        ("rotl work", {"short"}),
        ("release on temporary license", {"long", "short", "loose"}),
        ('"release on temporary licence"', {"long", "short"}),
        ("temporary licence", {"long", "loose"}),
        ("-ROTL", {"long", "loose"}),
    ],
)
def test_a_search_for_one_name_finds_the_other(query, names):
    items = with_alias()

    assert set(found(query)) == {items[name] for name in names}


def test_the_query_says_what_was_also_searched_for():
    with_alias()

    assert read_query("ROTL").aliases == ("release on temporary licence",)
    assert read_query("release on temporary licence").aliases == ("ROTL",)
    assert read_query("bail").aliases == ()


def test_the_reader_can_have_only_their_own_words():
    items = with_alias()

    assert found("ROTL", exact="1") == [items["short"]]


# -- Nothing found --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "similar"),
    [
        ("probaton", "probation"),
        ("womne probatoin", "women probation"),
        ("zzzzzz", ""),
        ("probation", ""),
        ("", ""),
    ],
)
def test_the_likest_words_of_the_library_are_offered(query, similar):
    make_item("Women on probation")

    offered = similar_queries(read_query(query), NOBODY)

    assert offered == ([{"text": similar, "count": 1}] if similar else [])


def test_a_hidden_title_gives_no_word_away():
    make_item("Whistleblowing", status="draft")
    make_item("Bail", visible_from=now() + timedelta(days=1), summary="Hullabaloo.")
    later_hidden = make_item("Quagmires")
    later_hidden.audience = "members"
    later_hidden.save()

    for typo in ["whistleblowin", "hulabaloo", "quagmire"]:
        assert similar_queries(read_query(typo), NOBODY) == []


# -- The portal's search --------------------------------------------------------------------------


def test_best_gives_the_few_best_that_the_reader_may_see():
    make_item("Bail", slug="bail", subtitle="a study", summary="*Plain* & short.", kind="research")
    make_item("On bail")
    make_item("Bail for staff", audience="staff")

    hits = best("bail", NOBODY, 1)

    assert [(hit.title, hit.url, hit.summary, hit.kind) for hit in hits] == [
        ("Bail: a study", "/library/bail/", "Plain & short.", "Research")
    ]
    assert len(best("bail", NOBODY, 5)) == 2
    assert best("", NOBODY, 5) == []


# -- Odd queries ----------------------------------------------------------------------------------

PIECES = [
    *(
        "\0",
        "\x07",
        "‮",
        "مرحبا",
        "😀",
        "👩‍⚖️",
        "é" * 300,
        "a" * 10_000,
        "'",
        '"',
        "\\",
        "%",
        "_",
        "*",
    ),
    *("(", ")", "&", "|", "!", "<->", ":", ":*", "-", "--", "-'", "or", "and or", "''", "{}", "%s"),
    *(
        "'; drop table library_item; --",
        "\ud800",
        "\u200b",
        "１２",
        "ﬁ",
        "§ 60",
        "a:b",
        "1/2",
        "<b>",
    ),
]
ENDINGS = ["", "x", " prison ", '"', "-", " or "]


@pytest.mark.parametrize("piece", PIECES)
def test_an_odd_query_is_answered(piece, client):
    make_item("Prison")

    for ending in ENDINGS:
        query = f"{piece}{ending}".encode("utf-8", "replace").decode()
        response = client.get("/library/", {"q": query})

        assert response.status_code == 200
        assert b'class="count"' in response.content


def test_there_are_at_least_two_hundred_odd_queries():
    assert len({piece + ending for piece in PIECES for ending in ENDINGS}) >= 200


@pytest.mark.parametrize(
    ("query", "looser"),
    [
        ("sentence inflation", "sentence or inflation"),
        ("pre-charge bail", "pre-charge or bail"),
        ("inflation", ""),
        ('"sentence inflation"', ""),
        ("sentence -inflation", ""),
        ("sentence OR inflation", ""),
    ],
)
def test_a_looser_query_asks_for_any_of_the_words(query, looser):
    assert looser_query(read_query(query)) == looser
