"""How long a quotation takes to be found: python -m tests.benchmarks.quoting [pages]

In a database of its own beside the local one, made for this run and dropped after it. A quotation
is 25 words of a page with three words changed and one left out. On a busy machine the clock counts
other people's work too: the last line says what the processor did, here and in Postgres.
"""

import random
import statistics
import sys
import time
from pathlib import Path

from tests.benchmarks.library import slow
from tests.benchmarks.production import be_like_production
from tests.benchmarks.works import Language, copy, filled_quickly, rows

PAGES, WORDS_ON_PAGE, DOCUMENT, QUOTES = 5_000, 300, 100, 100
SEED, MOST_P95 = 2026, 100


def main():
    be_like_production()
    run(*map(int, sys.argv[1:]))


def run(count=PAGES):
    """Imports here: what they import reads the settings that `main` has just made."""
    from django.test.utils import setup_databases, teardown_databases

    databases = setup_databases(verbosity=0, interactive=False)
    try:
        print(report(random.Random(SEED), count))
    finally:
        teardown_databases(databases, verbosity=0)


def report(chance, count):
    texts = fill(chance, count)
    cases = [faulty(chance, texts) for _ in range(QUOTES)]
    times, work, found = zip(*(timed(*case) for case in cases), strict=True)
    verdict = "within" if slow(times) <= MOST_P95 else "over"
    return (
        f"{count:,} pages: {sum(found)} of {QUOTES} quotations on their page\n"
        f"milliseconds: {figures(times)} ({verdict} {MOST_P95})\n"
        f"of the processor: {figures(work)}"
    )


def figures(times):
    return f"p50 {statistics.median(times):.1f}, p95 {slow(times):.1f}"


def fill(chance, count):
    """Pages of words that are as often or rare as in real text; gives the texts of some by page."""
    from django.db import transaction

    documents, quoted = make_documents(-(-count // DOCUMENT)), {}
    language, chosen = Language(chance), set(chance.sample(range(count), QUOTES))

    def pages():
        for place in range(count):
            key = documents[place // DOCUMENT].pk, place % DOCUMENT + 1
            text = language.text(WORDS_ON_PAGE)
            if place in chosen:
                quoted[key] = text
            yield *key, "", text

    with transaction.atomic(), filled_quickly() as cursor:
        copy(cursor, "library_page", ["document_id", "number", "label", "text"], pages())
    rows("VACUUM ANALYZE library_page")
    return quoted


def make_documents(count):
    from django.utils.timezone import now

    from library.models import Document, Item

    item = Item.objects.create(
        slug="corpus", kind="report", title="Corpus", status="published", published_at=now()
    )
    return Document.objects.bulk_create(
        Document(
            item=item,
            name=f"corpus-{number}.pdf",
            content_type="application/pdf",
            size=1,
            sha256="0" * 64,
            reading="read",
            page_count=DOCUMENT,
        )
        for number in range(count)
    )


def faulty(chance, texts):
    key, text = chance.choice(list(texts.items()))
    words = text.split()
    start = chance.randrange(len(words) - 26)
    quote = words[start : start + 26]
    del quote[chance.randrange(5, 20)]
    for wrong in chance.sample(range(len(quote)), 3):
        quote[wrong] = "something"
    return key, " ".join(quote)


def timed(key, quote):
    from django.contrib.auth.models import AnonymousUser

    from library.quotes import find_quote

    start, before = time.perf_counter(), work_done()
    places = find_quote(quote, AnonymousUser())
    taken, work = (time.perf_counter() - start) * 1000, work_done() - before
    return taken, work, key in {(place.page.document_id, place.page.number) for place in places}


def work_done():
    """Milliseconds of processor time, of us and of our connection in Postgres if it is near."""
    from django.db import connection

    connection.ensure_connection()
    backend = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    near = int(backend.read_text().split()[0]) / 1e6 if backend.exists() else 0
    return time.process_time() * 1000 + near


if __name__ == "__main__":
    main()
