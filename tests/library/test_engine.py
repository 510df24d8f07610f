"""The answers of the search are those of a count by hand, page by page."""

import random
from datetime import date
from urllib.parse import quote

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import QueryDict

from library import engine, phrases, statements
from library.facets import ENOUGH
from library.search import find
from library.wording import parse
from tests.factories import make_document, make_item, make_organisation, make_theme

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()
BIRDS = ["avocet", "bittern", "curlew", "dunlin", "egret", "fulmar", "gannet", "heron"]


def search(address):
    return find(QueryDict(address), NOBODY)


# -- Exactness ------------------------------------------------------------------------------------


def make_birds(chance, count=70):
    """Each with words in its title and on two pages; gives the words by place."""
    themes = [make_theme(name) for name in ["Bog", "Cliff", "Dune"]]
    organisations = [make_organisation(name) for name in ["One", "Two", "Three"]]
    known = []
    for _ in range(count):
        title = chance.sample(BIRDS, chance.randint(1, 3))
        pages = [
            chance.sample(BIRDS, chance.randint(1, 3)) for _ in range(chance.choice([0, 0, 2]))
        ]
        chosen = chance.sample(themes, chance.randint(0, 2))
        by = chance.sample(organisations, chance.randint(1, 2))
        year = chance.choice([1990, 2001, 2011, 2012, 2024])
        fields = {
            "kind": chance.choice(["report", "review"]),
            "published_on": date(year, 1, 1),
            "status": chance.choice(["published", "published", "draft"]),
            "audience": chance.choice(["public", "public", "members"]),
            "files_audience": chance.choice(["public", "public", "members"]),
        }
        item = make_item(" ".join(title), themes=chosen, publishers=by, **fields)
        make_document(item, pages=[" ".join(page) for page in pages]) if pages else None
        if (item.status, item.audience) == ("published", "public"):
            seen = pages if item.files_audience == "public" else []
            known.append((item, title, seen, {theme.slug for theme in chosen}, by, year))
    return known


def asked_at_random(chance):
    words = chance.sample(BIRDS, 2)
    query = chance.choice(["{}", "{} {}", "{} or {}", "{} -{}", '"{} {}"', '{} -"{} {}"', ""])
    asked = QueryDict(mutable=True)
    asked["q"] = query.format(*words, chance.choice(BIRDS))
    choices = {
        "kind": ["report", "review"],
        "theme": ["bog", "cliff", "dune"],
        "organisation": ["one", "two", "three"],
        "year": ["before-2000", "2000", "2010", "2020"],
    }
    for facet, values in choices.items():
        asked.setlist(facet, chance.sample(values, chance.choice([0, 0, 0, 1, 2])))
    return asked


def values_of(known):
    item, _, _, themes, by, year = known
    return {
        "kind": {item.kind},
        "theme": themes,
        "organisation": {organisation.slug for organisation in by},
        "year": {"before-2000" if year < 2000 else str(year - year % 5)},
    }


def answers(known, query):
    _, title, pages, *_ = known
    words = {*title, *(word for page in pages for word in page)}
    if not query:
        return True

    def holds(phrase):
        return any(phrase in " ".join(place) for place in [title, *pages])

    first, _, rest = query.partition(" -")
    if rest:
        is_wanted = holds(rest.strip('"')) if '"' in rest else rest in words
        return first in words and not is_wanted
    if " or " in query:
        return bool(words & set(query.split(" or ")))
    return holds(query.strip('"')) if '"' in query else set(query.split()) <= words


def meets(known, asked, but=""):
    return all(
        facet == but or not asked.getlist(facet) or set(asked.getlist(facet)) & values
        for facet, values in values_of(known).items()
    )


def test_every_count_of_five_hundred_searches_equals_a_count_by_hand():
    chance = random.Random(1867)
    works = make_birds(chance)
    hits = 0
    for _ in range(500):
        asked = asked_at_random(chance)
        said = [known for known in works if answers(known, asked["q"])]
        met = [known for known in said if meets(known, asked)]
        result = find(asked, NOBODY)

        assert result.page.total == len(met), asked
        assert not result.page.is_about
        assert set(result.page.answer.ids) <= {known[0].pk for known in met}
        assert len(result.page.answer.ids) == min(20, len(met))
        for group in result.filter_groups:
            if group.name not in values_of(works[0]):
                continue
            beside = [known for known in said if meets(known, asked, but=group.name)]
            counts = {choice.value: choice.count for choice in group.choices}
            for value in set(counts).union(*(values_of(known)[group.name] for known in beside)):
                by_hand = sum(value in values_of(known)[group.name] for known in beside)
                assert counts.get(value, 0) == by_hand, (asked, group.name, value)
        hits += len(met)
    assert hits > 2_000


# -- More than can be counted ---------------------------------------------------------------------

MANY = """
INSERT INTO library_item (
    slug, kind, title, subtitle, summary, published_on, precision, series, number, isbn, doi,
    project, language, licence, licence_certainty, content_notes, link, link_kind, link_note,
    certainty, note, status, published_at, withdrawn_because, audience, files_audience, created_at,
    updated_at
) SELECT 'many-' || n,
    CASE WHEN n % 5 = 0 THEN 'review' WHEN n % 97 = 0 THEN 'podcast' ELSE 'report' END,
    CASE WHEN n % 3 = 0 THEN 'Heron ' ELSE 'Egret ' END || n, '', 'Common bird.',
    date '2000-01-01' + n % 8000, 'day', '', '', '', '', '', 'en', 'crown', 'high', '{}',
    '', '', '', 'high', '', 'published', now(), '', 'public', 'public', now(), now()
FROM generate_series(1, 6000) n
"""


@pytest.fixture
def many(monkeypatch):
    """With the limits of a large library, so that a small one shows what happens there."""
    with connection.cursor() as cursor:
        cursor.execute(MANY)
        cursor.execute("ANALYZE library_card")
    monkeypatch.setattr(engine, "MOST_EXACT", 1_000)
    monkeypatch.setattr(engine, "MOST_RANKED", 500)
    monkeypatch.setattr("library.search.ENOUGH", 50)


def test_large_figures_are_about_right_and_say_so(many, client):
    everything, herons = search("").page, search("q=heron").page

    assert everything.is_about
    assert everything.shown_total == pytest.approx(6000, rel=0.1)
    assert herons.shown_total == pytest.approx(2000, rel=0.1)
    page = client.get("/library/?q=bird").content.decode()
    assert "<strong>About " in page
    assert "some</span>" in page or "over " in page


def test_small_selections_of_large_ones_are_exact(many):
    page = search("q=bird&kind=podcast").page

    assert (page.total, page.is_about) == (49, False)


def test_a_figure_is_about_only_if_enough_were_counted(many, monkeypatch):
    monkeypatch.setattr("library.facets.ENOUGH", 250)
    kinds = {one.value: one.about for one in search("q=bird").filter_groups[0].choices}

    assert kinds["report"].startswith("about 4,")
    assert kinds["review"].startswith("over ")
    assert int(kinds["review"].removeprefix("over ").replace(",", "")) <= 1200
    assert ENOUGH >= 1000


@pytest.mark.parametrize("sort", ["newest", "added", "title"])
def test_going_on_page_by_page_shows_each_item_once(many, sort, client):
    seen, address = [], f"q=heron&sort={sort}"
    for number in range(2, 103):
        page = search(address).page
        seen += page.answer.ids
        if not page.has_next():
            break
        place = f"&after={quote(page.after)}" if page.goes_by_place else ""
        address = f"q=heron&sort={sort}&page={number}{place}"

    assert seen == list(search(f"q=heron&sort={sort}").items.values_list("pk", flat=True))
    back = search(f"q=heron&sort={sort}&page={number - 2}&before={quote(page.before)}").page
    assert back.answer.ids == seen[-20 - len(page.answer.ids) : -len(page.answer.ids)]


@pytest.mark.parametrize(
    "place", ["x~1", "2020-01-01~", "~", "2020-01-01~1~", "2020-01-01~9999999999999999999", "\0~1"]
)
def test_a_wrong_place_is_no_error(place, client):
    make_item()
    for sort in ["newest", "added", "title", "relevance"]:
        response = client.get("/library/", {"sort": sort, "page": 2, "after": place, "q": "report"})
        assert response.status_code == 200


def test_the_best_thousand_of_many_are_shown_with_a_sentence(many, client):
    make_item("Bird", published_on=date(1950, 1, 1))

    first = search("q=bird").page
    last = client.get("/library/?q=bird&page=50").content.decode()

    assert first.rows[0].item.title == "Bird"  # The very title, however old.
    assert first.paginator.num_pages == 50
    assert "These are the 1,000 best matches." in last
    assert 'aria-current="page"><span class="visually-hidden">Page </span>50' in last


def test_a_phrase_of_words_that_stand_everywhere_is_looked_for_in_a_part(client, monkeypatch):
    monkeypatch.setattr(engine, "_checking_rate", lambda sampled: 16)
    monkeypatch.setattr(phrases, "MOST_PAGES", 0)
    # Of numbers that no sample has.
    together = [
        make_item(pk=pk, published_on=date(year, 1, 1)) for pk, year in ((1, 2020), (3, 2010))
    ]
    for item in together:
        make_document(item, pages=["A heron, a curlew.", "The heron curlew."])
    make_document(make_item(pk=4), pages=["A heron.", "A curlew."])

    page = search('q="heron curlew"').page

    assert [row.item.pk for row in page.rows] == [item.pk for item in together]
    assert page.total_in_words == "At least 2"
    assert page.paginator.num_pages == 1
    assert search('q="curlew heron"').page.total == 3  # Never "nothing", but as said here:
    assert "no time to look for your words side by side" in body(client, '"curlew heron"')
    assert "side by side" not in body(client, '"heron curlew"')


def body(client, words):
    return client.get("/library/", {"q": words}).content.decode()


# -- What is asked of Postgres --------------------------------------------------------------------


def test_no_statement_of_a_search_is_prepared_on_the_server(client):
    make_document(make_item("Heron"), pages=["A heron."])
    for _ in range(8):
        client.get('/library/?q="a heron"&kind=report&sort=newest')
        client.get("/library/?q=heron&theme=x")

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        assert cursor.fetchone() == (0,)
    assert not connection.settings_dict["OPTIONS"].get("server_side_binding")


@pytest.mark.django_db(transaction=True)
def test_a_search_that_takes_too_long_is_given_up_politely(client, monkeypatch):
    make_item("Heron")
    monkeypatch.setattr(statements, "PATIENCE", 100)
    monkeypatch.setattr(engine, "condition", lambda *told: "pg_sleep(1) IS NOT NULL")

    response = client.get("/library/?q=heron")

    assert response.status_code == 503
    assert "stopped looking after two seconds" in response.content.decode()
    with connection.cursor() as cursor:  # The settings of that statement were for it alone.
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)


@pytest.mark.parametrize(
    ("query", "loose"),
    [
        ("'a' & 'b'", "('a') & ('b')"),
        ("'a' <-> 'b' <2> 'c'", "(('a') & ('b')) & ('c')"),
        ("'a' & !('b' <-> 'c')", "('a')"),
        ("'a' | 'b' <-> 'c'", "('a') | (('b') & ('c'))"),
        ("'a' | !('b' <-> 'c')", ""),
        ("!'a'", "!('a')"),
        ("'it''s' & 'a\\\\b'", "('it''s') & ('a\\\\b')"),
    ],
)
def test_a_phrase_narrows_by_its_words_first(query, loose):
    assert parse(query).loose.replace(" ", "") == loose.replace(" ", "")


def test_items_and_pages_say_the_same(many):
    result = search("q=bird&kind=podcast&sort=newest")

    assert list(result.items.values_list("pk", flat=True)[:20]) == result.page.answer.ids
