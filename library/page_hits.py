"""The page of a file that answers a query best, for the few items that are shown.

Only of files that the reader may open: `Document.objects.visible_to` is asked each time.
"""

from django.db import connection

from library.models import Document, Page
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
    WHERE document.id IN ({documents}) AND page.words @@ %(any)s::tsquery
), best AS (
    SELECT DISTINCT ON (item_id) item_id, page_id, has_all FROM met WHERE has_all OR NOT is_told
    ORDER BY item_id, has_all DESC, shared DESC, rank DESC, position, number
)
SELECT best.item_id, has_all, page.number, page.label, page.text, document.name, document.title
FROM best JOIN library_page page ON page.id = page_id
JOIN library_document document ON document.id = page.document_id
"""


def best_pages(items, query, user):
    """At most one page for each item, with `has_all`: whether all words stand on it."""
    if not items or not query.stems:
        return []
    by_id = {item.pk: item for item in items}
    with connection.cursor() as cursor:
        cursor.execute(*_statement(items, query, user))
        return [_page(by_id[item], *told) for item, *told in cursor.fetchall()]


def _page(item, has_all, number, label, text, name, title):
    document = Document(item=item, name=name, title=title)
    page = Page(document=document, number=number, label=label, text=text)
    page.has_all = has_all
    return page


def _statement(items, query, user):
    documents = Document.objects.visible_to(user).current().filter(item__in=items)
    sql, parameters = documents.order_by().values("pk").query.sql_with_params()
    told = connection.ops.compose_sql(sql, parameters).replace("%", "%%")
    stems = [quoted(stem) for stem in sorted(query.own_stems or query.stems)[:MOST_STEMS]]
    names = {f"stem{place}": stem for place, stem in enumerate(stems)}
    shared = " + ".join(f"(page.words @@ %({name})s::tsquery)::int" for name in names)
    wanted = {"query": query.words, "any": any_of(map(quoted, sorted(query.stems)))}
    return BEST.format(shared=shared, documents=told), names | wanted
