"""Generated works for `tests.benchmarks.library`: items, their publishers and themes, and pages."""

import io
import json
import os
import random
import time
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import accumulate

from tests.benchmarks.searching import word

ITEMS = int(os.environ.get("BENCH_ITEMS", "10000"))
DIFFERENT = min(ITEMS, 100_000)
PAGES = int(os.environ.get("BENCH_PAGES", DIFFERENT * 3 // 10))
PAGES_OF_DOCUMENT, WORDS_OF_PAGE = 20, 250
VOCABULARY, CHUNK, SEED = 30_000, 20_000, 2026
THEMES, ORGANISATIONS = 16, 130
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


def make_works():
    """All of them, where the database has not had them from a run before."""
    from django.db import transaction

    if count_of("library_card") >= ITEMS:
        return
    with transaction.atomic():
        fill(random.Random(SEED))
    rows("VACUUM ANALYZE")
    told("statistics")


def count_of(table):
    return rows(f"SELECT count(*) FROM {table}")[0][0]


def rows(sql, parameters=None):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else None


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
    with filled_quickly() as cursor:
        if count_of("library_card") < DIFFERENT:
            fill_with_different(cursor, chance)
        multiply(cursor)
        told("copies")
    told("indexes")


@contextmanager
def filled_quickly():
    """Without the slow indexes, which are made anew afterwards, and for words in the one spelling.

    To be entered in a transaction.
    """
    from django.db import connection

    from library.spelling import create_function

    with connection.cursor() as cursor:
        indexes = index_definitions(cursor)
        cursor.execute(f"DROP INDEX {', '.join(SLOW)}")
        cursor.execute(QUICK_WORDS)
        cursor.execute("SET LOCAL library.cards = 'later'; SET LOCAL maintenance_work_mem = '1GB'")
        yield cursor
        cursor.execute(create_function() + "SET CONSTRAINTS ALL IMMEDIATE")
        for definition in indexes:
            cursor.execute(definition)


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
