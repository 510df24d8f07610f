"""How long a search of the library takes, on generated works: python -m tests.benchmarks.library

In a database of its own beside the local one, made for this run and dropped after it. 10,000 items
by default; `BENCH_ITEMS=1000000` for more, of which 100,000 differ and the others are copies of
these, with 30,000 pages of text; `BENCH_PAGES=300000` for more. `BENCH_KEEP=1` keeps the database,
and a second run finds it filled.

Each page is asked for over HTTP, from gunicorn as in production, in turns with its floor. The floor
is the time that no way of writing the page in Python could save: the very statements that this page
asks, sent bare one after another on a connection with their rows fetched, and then a view that
answers with a constant from the same server through the same middleware (/healthz): the "bare
engine, row fetch, snippets and hello" of a whole page. The page marks the words of its snippets in
Python, for Postgres knows one spelling only; the floor has Postgres cut and mark them
(`ts_headline` on the summaries and pages of files that are shown), so that its answer is as whole
as the page's. "× bare" is the ratio to the floor without that.
So the ratio says what reading the query, composing the statements and writing the HTML add. Fewer
or quicker statements lower the page and the floor alike. Beside it stands the page as the ORM would
write it at first.

Until 24 November 2026 pages and bare view were asked for through Django's test client, and until
23 November "× bare" was the only ratio.
"""

import os
import random
import re
import statistics
from dataclasses import dataclass, field

from tests.benchmarks.production import be_like_production, served
from tests.benchmarks.searching import milliseconds
from tests.benchmarks.works import ITEMS, PAGES, SEED, make_works, rows

# An odd number of words: with an even one the median falls into the gap between two of them, and
# chance says on which side where some words of a class are counted exactly and others in a sample.
ROUNDS, WORDS_OF_CLASS = 36, 9
NAIVE_ROUNDS = 4 if ITEMS <= 100_000 else 1  # Where it takes many seconds.
# The share of all items that have the word.
CLASSES = {"rare": 0.00014, "medium": 0.012, "common": 0.047, "very common": 0.23}
MOST_P50, MOST_P95, SLOWEST, MOST_ASKED = 1.3, 1.8, 2_000, 10
MOST_PAGES_P50, ABOUT_SEARCHES, ABOUT_WITHIN = 1.5, 100, 0.1
TOO_LONG = 503
PATIENCE = re.compile(r"statement_timeout = \d+")  # The floor waits for as long as it takes.


def main():
    be_like_production()
    run()


def run():
    """Imports here and below: what they import reads the settings that `main` has just made."""
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    keep = bool(os.environ.get("BENCH_KEEP"))
    connection.settings_dict["TEST"]["NAME"] = f"{connection.settings_dict['NAME']}_bench"
    call_command("collectstatic", interactive=False, verbosity=0)
    databases = setup_databases(verbosity=0, interactive=False, keepdb=keep, serialized_aliases=[])
    try:
        make_works()
        with served(connection.settings_dict["NAME"]) as site:
            report(site)
    finally:
        if not keep:
            teardown_databases(databases, verbosity=0)


# -- The searches ---------------------------------------------------------------------------------


def searches(chance):
    """Some query strings of each class, from how many items hold a word."""
    told_by_sample = rows(
        "SELECT word, ndoc * 32.0 / %s FROM ts_stat("
        "'SELECT words FROM library_card WHERE sample < 4') WHERE word ~ '^[a-z]'",
        [ITEMS],
    )
    shares = [(float(share), one) for one, share in told_by_sample]
    words = {
        name: [
            one for _, one in sorted(shares, key=lambda pair: abs(pair[0] - share))[:WORDS_OF_CLASS]
        ]
        for name, share in CLASSES.items()
    }
    made = {name: [f"q={one}" for one in some] for name, some in words.items()}
    made["two words"] = pairs(words["medium"], words["common"], "q={}+{}")
    made["two common words"] = pairs(words["common"], words["very common"], "q={}+{}")
    made["a or b"] = pairs(words["medium"], words["medium"][::-1], "q={}+or+{}")
    made["phrase"] = [f"q=%22{one}%22" for one in phrases(chance)]
    made["common, kind, year, theme"] = [
        f"{one}&kind=report&year=2020&theme=theme-{place}"
        for place, one in enumerate(made["common"])
    ]
    made["very common, theme"] = [
        f"{one}&theme=theme-{place}" for place, one in enumerate(made["very common"])
    ]
    made["common by date"] = [f"{one}&sort=newest" for one in made["common"]]
    made["none"] = [f"q=zzz{place}qqq" for place in range(WORDS_OF_CLASS)]
    made["everything"] = [""]
    return made


def pairs(some, others, form):
    return [form.format(one, other) for one, other in zip(some, others, strict=True)]


def phrases(chance):
    """Two words that stand together on some page."""
    texts = rows("SELECT text FROM library_page ORDER BY id LIMIT %s", [WORDS_OF_CLASS])
    for (text,) in texts:
        words = text.split()
        place = chance.randrange(len(words) - 1)
        yield "+".join(words[place : place + 2])


def report(site):
    """Printed line by line: in a large library each takes its minutes."""
    chance = random.Random(SEED)
    say(f"{ITEMS:,} items, {PAGES:,} pages; milliseconds")
    say(
        f"{'class':26} {'hits':>9} {'page p50':>9} {'p95':>7} {'floor p50':>9} {'p95':>7} "
        f"{'× p50':>6} {'× p95':>6} {'× bare':>6} {'naive':>8} {'× naive':>8} "
        f"{'asked':>6}"
    )
    classes = searches(chance)
    figures = {name: measured(site, name, queries, chance) for name, queries in classes.items()}
    say(verdict("p50", MOST_P50, {name: one.p50 for name, one in figures.items()}))
    say(verdict("p95", MOST_P95, {name: one.p95 for name, one in figures.items()}))
    say(limited("Slowest page, ms", max(one.slowest for one in figures.values()), SLOWEST))
    say(
        limited("Most statements of a page", max(one.asked for one in figures.values()), MOST_ASKED)
    )
    say(pages_of_files(site, classes["rare"], chance))
    say(deep_pages(site))
    say(abouts(chance))


def say(line):
    print(line, flush=True)


def verdict(what, most, ratios):
    over = [name for name, ratio in ratios.items() if ratio > most]
    told = f"FAILS for {', '.join(over)}" if over else "holds"
    return f"Page ≤ {most} × its floor, {what}: {told}"


def limited(what, figure, most):
    return f"{what}: {figure:,.0f}, at most {most:,}: {'holds' if figure <= most else 'FAILS'}"


@dataclass
class Times:
    """Milliseconds of a class of searches."""

    asked: int  # The most statements that a page of it asks.
    page: list = field(default_factory=list)
    floor: list = field(default_factory=list)
    bare: list = field(default_factory=list)  # The floor without snippets.
    naive: list = field(default_factory=list)

    @property
    def p50(self):
        return statistics.median(self.page) / statistics.median(self.floor)

    @property
    def beside_bare(self):
        return statistics.median(self.page) / statistics.median(self.bare)

    @property
    def p95(self):
        return slow(self.page) / slow(self.floor)

    @property
    def slowest(self):
        return max(self.page)


def slow(times):
    return statistics.quantiles(times, n=20)[-1]


def measured(site, name, queries, chance):
    """The page, its floors and the naive way in turns, each now sooner and now later."""
    asked = max(len(statements_of(query)) for query in queries)  # Of a process new to their words.
    bare = {query: statements_of(query) for query in queries}
    floor = {query: with_snippets(query, bare[query]) for query in queries}
    times = Times(asked)
    for query in queries:
        page_time(site, query)
    for turn in range(ROUNDS):
        query = queries[turn % len(queries)]
        for kind in chance.sample(["page", "floor", "bare"], 3):
            if kind == "page":
                times.page.append(page_time(site, query))
            elif kind == "floor":
                times.floor.append(floor_time(site, floor[query]))
            else:
                times.bare.append(floor_time(site, bare[query]))
        if turn < NAIVE_ROUNDS:
            times.naive.append(milliseconds(lambda query=query: naive(site, query)))
    say(line(name, page_of(queries[0]).shown_total, times))
    return times


def page_time(site, query):
    return milliseconds(lambda: site.get(f"/library/?{query}"))


def floor_time(site, statements):
    bare = milliseconds(lambda: send_bare(statements))
    return bare + milliseconds(lambda: site.get("/healthz"))


def page_of(query):
    from django.contrib.auth.models import AnonymousUser
    from django.http import QueryDict

    from library.search import find

    return find(QueryDict(query), AnonymousUser()).page


def statements_of(query):
    """What the page of a search asks of Postgres."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        response = Client(headers={"host": "localhost"}).get(f"/library/?{query}")
    if response.status_code not in {200, TOO_LONG}:
        raise SystemExit(f"{query} answered {response.status_code}.")
    return [PATIENCE.sub("statement_timeout = 0", one["sql"]) for one in captured.captured_queries]


SNIPPETS = """
SELECT ts_headline('english', text, %s::tsquery, 'MaxWords=34, MinWords=17')
FROM unnest(%s::text[]) AS text
"""


def with_snippets(query, statements):
    """The statements, with the one by which Postgres would mark the hits in place of our own."""
    from library.page_hits import best_pages
    from library.statements import TakesTooLong, written

    try:
        page = page_of(query)
    except TakesTooLong:
        return statements
    if not (page.object_list and page.search.query.words):
        return statements
    pages = best_pages(page.object_list, page.search.query)
    texts = [item.summary for item in page.object_list] + [one.text for one in pages]
    return [*statements, written(SNIPPETS, page.search.query.words, texts)]


def send_bare(statements):
    from django.db import connection

    with connection.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            cursor.fetchall()


def naive(site, query):
    """The page as one would write it first: count, three facets, and the best, by the ORM."""
    from django.contrib.postgres.search import SearchQuery, SearchRank
    from django.db.models import Count
    from django.http import QueryDict

    from library.models import Item

    asked = QueryDict(query)
    items = Item.objects.filter(status="published", audience="public")
    for facet, lookup in {"kind": "kind__in", "theme": "themes__slug__in"}.items():
        if asked.getlist(facet):
            items = items.filter(**{lookup: asked.getlist(facet)})
    if asked.get("q"):
        query = SearchQuery(asked["q"], config="english", search_type="websearch")
        items = items.filter(text_words=query)
    items.count()
    for facet in ("kind", "themes__name", "publishers__name"):
        list(items.order_by().values(facet).annotate(count=Count("pk")))
    if asked.get("q"):
        items = items.annotate(rank=SearchRank("text_words", query)).order_by("-rank", "-pk")
    list(items.for_rows()[:20])
    site.get("/healthz")


def line(name, hits, times):
    page, floor = statistics.median(times.page), statistics.median(times.floor)
    naive = statistics.median(times.naive)
    return (
        f"{name:26} {hits:9,} {page:9.1f} {slow(times.page):7.1f} {floor:9.1f} "
        f"{slow(times.floor):7.1f} {times.p50:6.2f} {times.p95:6.2f} "
        f"{times.beside_bare:6.2f} {naive:8.1f} {naive / page:8.1f} {times.asked:6}"
    )


def pages_of_files(site, queries, chance):
    """Searches among items with a file alone, so that all hits show one of its pages."""
    queries = [f"{query}&format=main" for query in queries]
    statements = {query: with_snippets(query, statements_of(query)) for query in queries}
    pages, bare = [], []
    for turn in range(ROUNDS):
        query = queries[turn % len(queries)]
        pages.append(page_time(site, query))
        bare.append(milliseconds(lambda query=query: send_bare(statements[query])))
    ratio = statistics.median(pages) / statistics.median(bare)
    told = "holds" if ratio <= MOST_PAGES_P50 else "FAILS"
    return f"Pages of files: {ratio:.2f} × bare SQL, {told} (p50 {statistics.median(pages):.1f} ms)"


def deep_pages(site):
    """The fiftieth page by date, reached as a reader reaches it, beside the first."""
    query = first = "sort=newest"
    for number in range(2, 51):
        page = page_of(query)
        query = f"{first}&page={number}" + (f"&after={page.after}" if page.goes_by_place else "")
    near, far = [], []
    for _ in range(ROUNDS):
        near.append(milliseconds(lambda: site.get(f"/library/?{first}")))
        far.append(milliseconds(lambda: site.get(f"/library/?{query}")))
    ratio = statistics.median(far) / statistics.median(near)
    return f"By date: page 50 takes {ratio:.2f} × page 1."


def abouts(chance):
    """Whether figures that say "about" are within a tenth, on searches with very many hits."""
    from library.facets import ENOUGH

    wrong, figures, asked = [], 0, broad(chance)
    for query in asked:
        page, exact = page_of(query), exactly(query)
        if not page.is_about:
            continue
        told = {"": (page.shown_total, 1e9)}
        told |= {
            key: (count * page.answer.rates.get("", 1), count)
            for key, (_, count) in page.answer.counts.items()
        }
        for key, (figure, sampled) in told.items():
            if sampled >= ENOUGH:
                figures += 1
                wrong += [query] if abs(figure / exact[key] - 1) > ABOUT_WITHIN else []
    return f"About: {len(asked)} searches, {figures} figures, {len(wrong)} off by over a tenth."


def broad(chance):
    """Searches that so many items answer that they are counted in a sample."""
    told = rows(
        "SELECT word FROM ts_stat('SELECT words FROM library_card WHERE sample < 4') "
        "WHERE word ~ '^[a-z]' AND ndoc * 32 > 25000 ORDER BY ndoc DESC LIMIT 300"
    )
    words = [word for (word,) in told]
    return [f"q={word}" for word in chance.sample(words, min(ABOUT_SEARCHES, len(words)))]


def exactly(query):
    """The total, and that of each value of a facet, counted to the last."""
    from django.contrib.auth.models import AnonymousUser
    from django.http import QueryDict

    from library.engine import condition
    from library.search import find

    search = find(QueryDict(query), AnonymousUser())
    told = condition(search.query, search.reader)
    return dict(
        rows(
            f"WITH hits AS MATERIALIZED (SELECT facets FROM library_card WHERE {told}) "
            "SELECT '', count(*) FROM hits UNION ALL "
            "SELECT value, count(*) FROM hits, unnest(facets) AS value GROUP BY value"
        )
    )


if __name__ == "__main__":
    main()
