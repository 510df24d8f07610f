"""Which items have a phrase on a page of their files: the index of pages knows at once where all of
its words stand on one page, which are few pages, unless the words are everywhere."""

from library.statements import run, written
from library.wording import any_of, parse

MOST_PAGES = 20_000  # There is time to read so many.

LIKELY = "EXPLAIN (FORMAT JSON) SELECT FROM library_page WHERE words @@ %s::tsquery"
ITEMS = """
SELECT %s, coalesce(array_agg(DISTINCT document.item_id), '{}')
FROM library_page page JOIN library_document document ON document.id = page.document_id
WHERE page.words @@ %s::tsquery AND document.removed_in_id IS NULL
    AND document.reading <> 'infected'
"""


def items_with(phrases):
    """{phrase: ids of the items}; None if there are too many pages to look through."""
    words = [parse(phrase).loose for phrase in phrases]
    if not all(words) or _pages_with(any_of(words)) > MOST_PAGES:
        return None
    found = [written(ITEMS, phrase, phrase) for phrase in phrases]
    return dict(run(" UNION ALL ".join(found)))


def _pages_with(words):
    """About how many there are, by what Postgres knows of the words."""
    [(plan,)] = run(written(LIKELY, words))[0]
    return plan["Plan"]["Plan Rows"]
