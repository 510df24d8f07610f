"""How quickly a table of items is taken in: python -m tests.benchmarks.importing [items]

Beside it, in the same run and database, the least that any import could do: the same rows, already
checked and in the right form, copied and upserted by Postgres alone.
"""

import random
import sys
import time
from io import StringIO

import django

from tests.benchmarks.production import be_like_production

ITEMS, SEED, LEAST_SHARE = 10_000, 2026, 0.3
WORDS = str.split(
    "bail prison youth report court police review women remand after before health law service"
)


def main():
    be_like_production()
    django.setup()
    run(int(sys.argv[1]) if len(sys.argv) > 1 else ITEMS)


def run(count):
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
    bare, ours = _bare(rows), _ours(rows)
    share = bare / ours
    return (
        f"Import of {count:,} items: {ours:.1f} s, {count / ours:,.0f} a second; copy and upsert "
        f"alone {bare:.1f} s, {count / bare:,.0f} a second\n"
        f"that is {share:.0%} of their speed "
        f"({'at least' if share >= LEAST_SHARE else 'less than'} {LEAST_SHARE:.0%})"
    )


def _row(chance, number):
    title = " ".join(chance.choices(WORDS, k=7)).capitalize()
    summary = " ".join(chance.choices(WORDS, k=60)).capitalize()
    return f"{title} {number}", f"{chance.randrange(1990, 2026)}-05", summary


def _ours(rows):
    from library.imports import csv_files
    from library.imports.loading import take_in

    lines = "".join(f'"{title}",{day},"Lead, Policy","{summary}"\n' for title, day, summary in rows)
    table = StringIO(f"title,published,people,summary\n{lines}", newline="")
    start = time.perf_counter()
    report = take_in(csv_files.read(table))
    assert (report.new, report.faults) == (len(rows), []), report.faults[:3]
    return time.perf_counter() - start


def _bare(rows):
    from django.db import connection

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
    with connection.cursor() as cursor:
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
        cursor.execute("DELETE FROM library_item")
    return taken


if __name__ == "__main__":
    main()
