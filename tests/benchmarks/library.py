"""How long a search of the library takes, on generated works: python -m tests.benchmarks.library

In a database of its own beside the local one, made for this run and dropped after it. 10,000 items
by default; `BENCH_ITEMS=1000000` for more, of which 100,000 differ and the others are copies of
these, with 30,000 pages of text; `BENCH_PAGES=300000` for more. `BENCH_KEEP=1` keeps the database,
and a second run finds it filled.

Each page is asked for through Django's test client, in turns with its floor: the statements of
that very page sent bare, and a bare view. So the ratio says what Django and we add to Postgres.
"""

import io
import json
import os
import random
import statistics
import time
from datetime import date, timedelta
from itertools import accumulate

import django

from tests.benchmarks.production import be_like_production
from tests.benchmarks.searching import milliseconds, word

ITEMS = int(os.environ.get("BENCH_ITEMS", "10000"))
DIFFERENT = min(ITEMS, 100_000)
PAGES = int(os.environ.get("BENCH_PAGES", DIFFERENT * 3 // 10))
PAGES_OF_DOCUMENT, WORDS_OF_PAGE = 20, 250
VOCABULARY, CHUNK, SEED = 30_000, 20_000, 2026
ROUNDS, WORDS_OF_CLASS = 30, 8
THEMES, ORGANISATIONS = 16, 130
# The share of all items that have the word.
CLASSES = {"rare": 0.00014, "medium": 0.012, "common": 0.047, "very common": 0.23}
SLOW = ["card_words", "card_words_large_sample", "card_words_small_sample"]
SLOW += ["page_words", "item_text_words"]
CHANGED = {
    "item_id": f"item_id + copy * {DIFFERENT}",
    "slug": "slug || '-' || copy",
    "words": "coalesce(record, words)",
    "record": "NULL",
    "sample": f"(item_id + copy * {DIFFERENT}) * 2654435761 % 4294967296 / {2**32 // 128}",
}
QUICK_WORDS = """
CREATE OR REPLACE FUNCTION library_words(VARIADIC parts text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT lower(array_to_string(parts, ' . ')) $$
"""


def main():
    be_like_production()
    django.setup()
    run()


def run():
    """Imports here and below: what they import reads the settings that `main` has just made."""
    from django.core.management import call_command
    from django.db import connection, transaction
    from django.test.utils import setup_databases, teardown_databases

    keep = bool(os.environ.get("BENCH_KEEP"))
    connection.settings_dict["TEST"]["NAME"] = f"{connection.settings_dict['NAME']}_bench"
    call_command("collectstatic", interactive=False, verbosity=0)
    databases = setup_databases(verbosity=0, interactive=False, keepdb=keep, serialized_aliases=[])
    try:
        if count_of("library_card") < ITEMS:
            with transaction.atomic():
                fill(random.Random(SEED))
            rows("VACUUM ANALYZE")
            told("statistics")
        print(report())
    finally:
        if not keep:
            teardown_databases(databases, verbosity=0)


def count_of(table):
    return rows(f"SELECT count(*) FROM {table}")[0][0]


def rows(sql, parameters=None):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else None


# -- The works ------------------------------------------------------------------------------------


class Language:
    """Words by the law of Zipf and Mandelbrot, drawn many at a time."""

    def __init__(self, chance):
        self.chance = chance
        made = list(dict.fromkeys(word(chance) for _ in range(VOCABULARY * 3)))
        folded = rows("SELECT one FROM unnest(%s) AS one WHERE library_words(one) = one", [made])
        self.words = [one for (one,) in folded][:VOCABULARY]
        self.weights = list(accumulate(1 / (rank + 2.7) ** 1.05 for rank in range(len(self.words))))

    def text(self, count):
        return " ".join(self.chance.choices(self.words, cum_weights=self.weights, k=count))


def fill(chance):
    from django.db import connection

    from library.spelling import create_function

    with connection.cursor() as cursor:
        indexes = index_definitions(cursor)
        cursor.execute(f"DROP INDEX {', '.join(SLOW)}")
        cursor.execute(QUICK_WORDS)
        cursor.execute("SET LOCAL library.cards = 'later'; SET LOCAL maintenance_work_mem = '1GB'")
        if count_of("library_card") < DIFFERENT:
            fill_with_different(cursor, chance)
        multiply(cursor)
        told("copies")
        cursor.execute(create_function() + "SET CONSTRAINTS ALL IMMEDIATE")
        for definition in indexes:
            cursor.execute(definition)
    told("indexes")


def fill_with_different(cursor, chance):
    from library.cards import refresh_cards

    rows("TRUNCATE library_item, members_theme, members_organisation CASCADE")
    rows("TRUNCATE library_card, library_word")
    language = Language(chance)
    told("words")
    copy_works(cursor, chance, language)
    told("works")
    copy_pages(cursor, language)
    told("pages")
    refresh_cards()
    told("cards")


def multiply(cursor):
    """Copies of the works, without files, until there are enough."""
    from library.models import Card, Item, Publisher

    copies = ITEMS // DIFFERENT - 1
    for model in (Item, Publisher, Item.themes.through, Card) if copies else ():
        names = [field.column for field in model._meta.concrete_fields if not field.generated]
        names = [name for name in names if name not in {"id", "code"}]
        values = [CHANGED.get(name, name) for name in names]
        if model is Item:
            names, values = ["id", *names], [f"id + copy * {DIFFERENT}", *values]
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({', '.join(names)}) "
            f"SELECT {', '.join(values)} FROM {model._meta.db_table}, "
            f"generate_series(1, {copies}) AS copy"
        )


def told(what):
    print(f"{time.strftime('%X')} {what}", flush=True)


def index_definitions(cursor):
    cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = ANY(%s)", [SLOW])
    return [definition for (definition,) in cursor.fetchall()]


def copy(cursor, table, columns, values):
    """In pieces, so that a million rows need no memory."""
    buffer = io.StringIO()
    for place, value in enumerate(values, start=1):
        buffer.write("\t".join(map(str, value)) + "\n")
        if place % CHUNK == 0:
            send(cursor, table, columns, buffer)
    send(cursor, table, columns, buffer)


def send(cursor, table, columns, buffer):
    buffer.seek(0)
    cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", buffer)
    buffer.seek(0)
    buffer.truncate()


def copy_works(cursor, chance, language):
    from library.models import Item, Kind
    from tests.factories import make_organisation, make_theme

    themes = [make_theme(f"Theme {number}").pk for number in range(THEMES)]
    organisations = [make_organisation(f"Charity {one}").pk for one in range(ORGANISATIONS)]
    fixed = usual(Item(), status="published", precision="day")
    fixed["updated_at"] = fixed["created_at"]
    columns = ["id", *fixed]
    kinds, newest = list(Kind.values), date(2026, 6, 1)

    def works():
        for pk in range(1, DIFFERENT + 1):
            day = newest - timedelta(days=int(9_000 * chance.random() ** 2))
            own = {
                "slug": f"work-{pk}",
                "title": language.text(chance.randint(4, 10)),
                "summary": language.text(60),
                "kind": kinds[min(int(chance.expovariate(0.4)), len(kinds) - 1)],
                "published_on": day,
                "published_at": f"{day} 09:00Z",
            }
            yield [pk, *(fixed | own).values()]

    copy(cursor, "library_item", columns, works())
    copy(
        cursor,
        "library_publisher",
        ["item_id", "organisation_id", "position"],
        ((pk, chance.choice(organisations), 0) for pk in range(1, DIFFERENT + 1)),
    )
    copy(
        cursor,
        "library_item_themes",
        ["item_id", "theme_id"],
        (
            (pk, theme)
            for pk in range(1, DIFFERENT + 1)
            for theme in set(chance.choices(themes, k=2))
        ),
    )


def usual(first, **own):
    """What `first` holds by default, but for `own`, by column and as COPY reads it."""
    fields = [field for field in first._meta.concrete_fields if not field.generated]
    return {
        field.column: written(field, getattr(first, field.attname))
        for field in fields
        if field.column not in {"id", "code"}
    } | own


def written(field, value):
    if value is None:
        return "\\N"
    if isinstance(value, list | dict):
        is_array = field.get_internal_type() == "ArrayField"
        return "{}" if is_array else json.dumps(value)
    return value


def copy_pages(cursor, language):
    from library.models import Document

    documents = PAGES // PAGES_OF_DOCUMENT
    step = max(1, DIFFERENT // documents)
    fixed = usual(Document(), name="report.pdf", file="none", sha256="0" * 64, reading="read")
    fixed |= {"content_type": "application/pdf", "size": 1, "page_count": PAGES_OF_DOCUMENT}

    def made():
        for number in range(1, documents + 1):
            yield [number, *(fixed | {"item_id": number * step}).values()]

    copy(cursor, "library_document", ["id", *fixed], made())
    copy(
        cursor,
        "library_page",
        ["document_id", "number", "label", "text"],
        (
            [document, number, number, language.text(WORDS_OF_PAGE)]
            for document in range(1, documents + 1)
            for number in range(1, PAGES_OF_DOCUMENT + 1)
        ),
    )


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


def report():
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    lines = [
        f"{ITEMS:,} items, {PAGES:,} pages; milliseconds",
        f"{'class':26} {'hits':>9} {'page p50':>9} {'p95':>7} {'floor p50':>9} {'p95':>7} "
        f"{'× p50':>6} {'× p95':>6} {'naive':>8} {'× naive':>8}",
    ]
    for name, queries in searches(random.Random(SEED)).items():
        lines.append(line(name, measured(client, queries)))
        print(lines[-1], flush=True)
    lines.append(deep_pages(client))
    return "\n".join(lines)


def measured(client, queries):
    """Times of the page, of its floor and of the naive way, taken in turns."""
    statements = {query: statements_of(client, query) for query in queries}
    times = {"page": [], "floor": [], "naive": []}
    for turn in range(max(ROUNDS, len(queries))):
        query = queries[turn % len(queries)]
        address = f"/library/?{query}"
        times["page"].append(milliseconds(lambda address=address: client.get(address)))
        bare = milliseconds(lambda query=query: send_bare(statements[query]))
        times["floor"].append(bare + milliseconds(lambda: client.get("/healthz")))
        if turn < len(queries) / 2:
            times["naive"].append(milliseconds(lambda query=query: naive(client, query)))
    return page_of(queries[0]).shown_total, times


def page_of(query):
    from django.contrib.auth.models import AnonymousUser
    from django.http import QueryDict

    from library.search import find

    return find(QueryDict(query), AnonymousUser()).page


def statements_of(client, query):
    """What the page of a search asks of Postgres."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        response = client.get(f"/library/?{query}")
    if response.status_code != 200:
        raise SystemExit(f"{query} answered {response.status_code}.")
    return [one["sql"] for one in captured.captured_queries]


def send_bare(statements):
    from django.db import connection

    with connection.connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            cursor.fetchall()


def naive(client, query):
    """The page as one would write it first: count, three facets, and the best, by the ORM."""
    from django.contrib.postgres.search import SearchQuery, SearchRank
    from django.db.models import Count
    from django.http import QueryDict

    from library.models import Item

    asked = QueryDict(query)
    items = Item.objects.filter(status="published", audience="public")
    for facet, field in {"kind": "kind__in", "theme": "themes__slug__in"}.items():
        if asked.getlist(facet):
            items = items.filter(**{field: asked.getlist(facet)})
    if asked.get("q"):
        query = SearchQuery(asked["q"], config="english", search_type="websearch")
        items = items.filter(text_words=query)
    items.count()
    for facet in ("kind", "themes__name", "publishers__name"):
        list(items.order_by().values(facet).annotate(count=Count("pk")))
    if asked.get("q"):
        items = items.annotate(rank=SearchRank("text_words", query)).order_by("-rank", "-pk")
    list(items.for_rows()[:20])
    client.get("/healthz")


def line(name, told):
    hits, times = told
    page, floor = times["page"], times["floor"]
    naive = statistics.median(times["naive"])
    p50, p95 = statistics.median(page), statistics.quantiles(page, n=20)[-1]
    floor50, floor95 = statistics.median(floor), statistics.quantiles(floor, n=20)[-1]
    return (
        f"{name:26} {hits:9,} {p50:9.1f} {p95:7.1f} {floor50:9.1f} {floor95:7.1f} "
        f"{p50 / floor50:6.2f} {p95 / floor95:6.2f} {naive:8.1f} {naive / p50:8.1f}"
    )


def deep_pages(client):
    """The fiftieth page by date, reached as a reader reaches it, beside the first."""
    query = first = "sort=newest"
    for number in range(2, 51):
        page = page_of(query)
        query = f"{first}&page={number}" + (f"&after={page.after}" if page.goes_by_place else "")
    near, far = [], []
    for _ in range(ROUNDS):
        near.append(milliseconds(lambda: client.get(f"/library/?{first}")))
        far.append(milliseconds(lambda: client.get(f"/library/?{query}")))
    ratio = statistics.median(far) / statistics.median(near)
    return f"By date: page 50 takes {ratio:.2f} × page 1."


if __name__ == "__main__":
    main()
