"""Which items have a phrase on a page of their files: the index of pages knows at once where all of
its words stand on one page, which are few pages, unless the words are everywhere."""

from library.statements import TakesTooLong, ends_after, run, written
from library.wording import any_of, parse

MOST_PAGES = 20_000  # There is time to read so many,
SHARE = 0.4  # of the patience, unless they have to be fetched from the disk.

LIKELY = "EXPLAIN (FORMAT JSON) SELECT FROM library_page WHERE words @@ %s::tsquery"
ITEMS = """
SELECT %s, coalesce(array_agg(DISTINCT item_id), '{}')
FROM (SELECT DISTINCT document_id FROM library_page WHERE words @@ %s::tsquery) AS page,
LATERAL (
    SELECT item_id FROM library_document
    WHERE id = document_id AND removed_in_id IS NULL AND reading <> 'infected' OFFSET 0
) AS document
"""


def items_with(phrases):
    """{phrase: ids of the items}; None if there are too many pages to look through in time."""
    words = [parse(phrase).loose for phrase in phrases]
    if not all(words) or _pages_with(any_of(words)) > MOST_PAGES:
        return None
    found = [written(ITEMS, phrase, phrase) for phrase in phrases]
    try:
        return dict(run(" UNION ALL ".join(found), ends_after(SHARE)))
    except TakesTooLong:
        return None


def _pages_with(words):
    """About how many there are, by what Postgres knows of the words."""
    [(plan,)] = run(written(LIKELY, words), ends_after())[0]
    return plan["Plan"]["Plan Rows"]
