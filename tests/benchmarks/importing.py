"""How quickly a table of items is taken in: python -m tests.benchmarks.importing [items]

Beside it, in the same run and database, the least that any import could do: the same rows, already
checked and in the right form, copied to a table beside and upserted by Postgres alone. The cards of
the search cost the same on both sides, so they are timed apart; with them the whole is judged too.
"""

import random
import sys
import time
from io import StringIO
from unittest import mock

from tests.benchmarks.production import be_like_production

ITEMS, SEED, LEAST_SHARE = 5_000, 2026, 0.3
WORDS = str.split(
    "bail prison youth report court police review women remand after before health law service"
)


def main():
    be_like_production()
    run(*map(int, sys.argv[1:]))


def run(count=ITEMS):
    """Imports here: what they import reads the settings that `main` has just made."""
    from django.test.utils import setup_databases, teardown_databases

    databases = setup_databases(verbosity=0, interactive=False)
    try:
        print(report(count))
    finally:
        teardown_databases(databases, verbosity=0)


def report(count):
    chance = random.Random(SEED)
    rows = [_row(chance, number) for number in range(count)]
    bare, bare_cards = _bare(rows)
    whole, cards = _ours(rows)
    return "\n".join(
        [
            f"Import of {count:,} items: {whole:.1f} s, of which {cards:.1f} s are the search's",
            _compared("checked and taken over", whole - cards, bare, count),
            _compared("with the cards of the search", whole, bare + bare_cards, count),
        ]
    )


def _compared(what, ours, bare, count):
    share = bare / ours
    return (
        f"{what}: {count / ours:,.0f} a second; copy and upsert {count / bare:,.0f}; "
        f"{share:.0%} of that ({'at least' if share >= LEAST_SHARE else 'less than'} "
        f"{LEAST_SHARE:.0%})"
    )


def _row(chance, number):
    title = " ".join(chance.choices(WORDS, k=7)).capitalize()
    summary = " ".join(chance.choices(WORDS, k=60)).capitalize()
    return f"{title} {number}", f"{chance.randrange(1990, 2026)}-05", summary


def _ours(rows):
    """Seconds of the whole, and of writing cards within it."""
    from library.imports import csv_files, loading

    lines = "".join(f'"{title}",{day},"Lead, Policy","{summary}"\n' for title, day, summary in rows)
    table = StringIO(f"title,published,people,summary\n{lines}", newline="")
    on_cards = []
    with mock.patch.object(loading, "refresh_cards", _timed(loading.refresh_cards, on_cards)):
        start = time.perf_counter()
        report = loading.take_in(csv_files.read(table))
        taken = time.perf_counter() - start
    assert (report.new, report.faults) == (len(rows), []), report.faults[:3]
    return taken, sum(on_cards)


def _timed(act, times):
    def timed(*given):
        start = time.perf_counter()
        act(*given)
        times.append(time.perf_counter() - start)

    return timed


def _bare(rows):
    """Seconds of copying and upserting, and of writing the cards afterwards."""
    from django.db import connection

    from library.cards import cards_later, refresh_cards
    from library.imports.loading import _usual_values

    lines = StringIO(
        "".join(
            f"bare-{place}\t{row[0]}\t{row[1]}-01\t{row[2]}\n" for place, row in enumerate(rows)
        )
    )
    usual = _usual_values(False)
    given = ["slug", "title", "published_on", "summary", "kind", "precision"]
    others = {name: value for name, value in usual.items() if name not in given}
    others |= {"language": "en", "licence": "not-stated", "import_key": None}
    others |= dict.fromkeys(
        ["subtitle", "series", "number", "isbn", "doi", "link", "link_kind"], ""
    )
    columns = ", ".join([*given, *others])
    start = time.perf_counter()
    with cards_later(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE bare (slug text, title text, published_on date, summary text)"
        )
        cursor.copy_expert("COPY bare FROM STDIN", lines)
        cursor.execute(
            f"INSERT INTO library_item ({columns}) SELECT slug, title, published_on, summary, "
            f"'report', 'month', {', '.join(['%s'] * len(others))} FROM bare "
            "ON CONFLICT (slug) DO UPDATE SET title = excluded.title",
            list(others.values()),
        )
    taken = time.perf_counter() - start
    refresh_cards()
    cards = time.perf_counter() - start - taken
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE library_item, library_card CASCADE")
    return taken, cards


if __name__ == "__main__":
    main()
