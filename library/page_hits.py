"""The page of a file that answers a query best, for the few items that are shown.

Only of files that the reader may open, by the rule of `Document.objects.visible_to`: of items that
`library.found` has just asked about, and not kept from everyone.
"""

from functools import cache
from typing import NamedTuple

from django.db import connection

from library.models import Document
from library.wording import any_of, quoted

MOST_STEMS = 12

# The items are few: their documents lead to the pages, whatever the words. A page that has all
# comes first, then one with most of them; that only for an item whose record has not all itself.
BEST = """
WITH met AS (
    SELECT page.id AS page_id, document.item_id, page.number, document.position,
        page.words @@ %(query)s::tsquery AS has_all, {shared} AS shared,
        ts_rank(page.words, %(any)s::tsquery, 1) AS rank,
        coalesce(card.record, card.words) @@ %(query)s::tsquery AS is_told
    FROM library_document document
    JOIN library_page page ON page.document_id = document.id
    JOIN library_card card ON card.item_id = document.item_id AND NOT card.is_partial
    WHERE document.item_id = ANY(%(items)s) AND document.id IN ({documents})
        AND page.words @@ %(any)s::tsquery
), best AS (
    SELECT DISTINCT ON (item_id) item_id, page_id, has_all FROM met WHERE has_all OR NOT is_told
    ORDER BY item_id, has_all DESC, shared DESC, rank DESC, position, number
)
SELECT best.item_id, has_all, page.number, page.label, page.text, document.name, document.title
FROM best JOIN library_page page ON page.id = page_id
JOIN library_document document ON document.id = page.document_id
"""


class BestPage(NamedTuple):
    """A page of a file that meets a query best of all of an item's."""

    item: int
    has_all: bool  # Whether all words stand on it.
    number: int
    label: str
    text: str
    name: str  # Of the file,
    title: str  # which is often blank.

    @property
    def printed(self):
        return self.label or str(self.number)


def best_pages(items, query):
    """At most one page for each of the items, which `found` gave."""
    opened = [item.pk for item in items if item.opens_files]
    if not opened or not query.stems:
        return []
    with connection.cursor() as cursor:
        cursor.execute(*_statement(opened, query))
        return [BestPage(*told) for told in cursor.fetchall()]


def _statement(ids, query):
    stems = [quoted(stem) for stem in sorted(query.own_stems or query.stems)[:MOST_STEMS]]
    names = {f"stem{place}": stem for place, stem in enumerate(stems)}
    shared = " + ".join(f"(page.words @@ %({name})s::tsquery)::int" for name in names)
    wanted = {"query": query.words, "any": any_of(map(quoted, sorted(query.stems)))}
    told = BEST.format(shared=shared, documents=_documents())
    return told, names | wanted | {"items": ids}


@cache
def _documents():
    """The SQL of the documents that can be read today, whoever may open them."""
    documents = Document.objects.not_kept_back().current().order_by().values("pk")
    return connection.ops.compose_sql(*documents.query.sql_with_params())
