"""The one door to the library's search: a query in words, the items that answer it, in order.

Everything happens inside Postgres, on what a person may see; nothing here decides who may see what.
"""

import re
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.contrib.postgres.search import SearchQueryField, SearchRank
from django.db import connection
from django.db.models import Case, F, FloatField, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, ExtractYear

from cja_portal.kit.hits import Hit
from cja_portal.kit.text import clean_query, fold
from library.facets import Narrowing, read_narrowing
from library.models import Answers, Item
from library.snippets import plain_text

SORTS = {"relevance": "Best match", "newest": "Newest", "title": "Title"}
WEIGHTS = [0.05, 0.2, 0.5, 1]  # D to A: body, summary and themes, names, title
MOST_ALIASES = 3
LEAST_LIKENESS = 0.35

# Postgres stacks a "not" for each hyphen in a row, and its stack is small.
_HYPHENS = re.compile(r"(?:-\s*){2,}")
# "-word" and -"several words": what the reader does not want is neither marked nor explained.
_UNWANTED = re.compile(r'(?<!\S)-(?:"[^"]*"?|\S+)')


@dataclass(frozen=True)
class Query:
    """What somebody asked for, read once by Postgres."""

    text: str = ""
    words: str = ""  # As a tsquery; blank if every word is one that no index keeps, as in "IT".
    stems: frozenset = frozenset()  # Of the wanted words, the aliases' as well.
    title_key: str = ""
    aliases: tuple = ()  # What was also searched for.

    def __bool__(self):
        return bool(self.text)


# -- Reading what was typed ---------------------------------------------------------------------

READ = """
WITH said AS (SELECT library_words(%(text)s) AS text, library_words(%(wanted)s) AS wanted),
    asked AS (
        SELECT websearch_to_tsquery('english', text) AS query,
            to_tsvector('english', wanted) AS vector
        FROM said
    )
SELECT query::text, tsvector_to_array(vector), portal_sort_key(%(wanted)s), ARRAY(
        SELECT id FROM library_searchalias
        WHERE vector @@ term_query OR vector @@ meaning_query ORDER BY id LIMIT %(most)s
    )
FROM asked
"""

WIDEN = """
WITH alias AS (
    SELECT *, %(query)s::tsquery AS query, (%(vector)s::text)::tsvector AS vector
    FROM library_searchalias WHERE id = %(alias)s
), turned AS (
    SELECT query, vector @@ term_query AS has_term, term, meaning, term_query, meaning_query,
        plainto_tsquery('english', library_words(term)) AS term_words,
        plainto_tsquery('english', library_words(meaning)) AS meaning_words
    FROM alias
), either AS (
    SELECT query,
        CASE WHEN has_term THEN meaning ELSE term END AS other,
        CASE WHEN has_term THEN term_words ELSE meaning_words END AS loose,
        CASE WHEN has_term THEN term_query ELSE meaning_query END AS exact,
        CASE WHEN has_term THEN meaning_query ELSE term_query END AS added
    FROM turned
)
SELECT other, tsvector_to_array(to_tsvector('english', library_words(other))),
    (CASE WHEN exact = loose THEN ts_rewrite(query, exact, exact || added)
    ELSE ts_rewrite(ts_rewrite(query, loose, loose || added), exact, exact || added) END)::text
FROM either
"""


def read_query(text, *, widen=True):
    """The query in `text`: quotes, "or" and "-" as in any search engine; never an error."""
    text = clean_query(text)
    if not text:
        return Query()
    asked = _HYPHENS.sub(" ", text)
    wanted = _UNWANTED.sub(" ", asked)
    with connection.cursor() as cursor:
        cursor.execute(READ, {"text": asked, "wanted": wanted, "most": MOST_ALIASES})
        words, stems, title_key, aliases = cursor.fetchone()
    query = Query(text, words, frozenset(stems), title_key)
    return _widened(query, aliases) if widen else query


def _widened(query, alias_ids):
    """With the other name of each thing that has two."""
    vector = " ".join(f"'{stem}':{place}" for place, stem in enumerate(sorted(query.stems), 1))
    for alias in alias_ids:
        with connection.cursor() as cursor:
            cursor.execute(WIDEN, {"query": query.words, "vector": vector, "alias": alias})
            other, stems, words = cursor.fetchone()
        if words != query.words:
            query = replace(
                query,
                words=words,
                stems=query.stems | set(stems),
                aliases=(*query.aliases, other),
            )
    return query


# -- Finding and ordering -----------------------------------------------------------------------


@dataclass(frozen=True)
class Search:
    """What the address of a list asks for, answered for one reader."""

    query: Query
    narrowing: Narrowing
    sort: str
    unfiltered: object  # The items that answer the words.
    items: object  # Those of them that meet the facets, in order.
    is_exact: bool

    @property
    def kept(self):
        """What the form of the facets has to hand on."""
        kept = {"q": self.query.text, "exact": "1" if self.is_exact else ""}
        return kept | {"sort": self.sort if self.sort != _usual_sort(self.query) else ""}

    @property
    def kept_query(self):
        return urlencode({name: value for name, value in self.kept.items() if value})


def find(asked, user):
    """The search in a query string: q, facets, sort, and "exact" for no other names of things."""
    is_exact = "exact" in asked
    query = read_query(asked.get("q", ""), widen=not is_exact)
    visible = Item.objects.visible_to(user)
    narrowing = read_narrowing(asked, visible)
    sort = asked.get("sort", "")
    sort = sort if sort in SORTS else _usual_sort(query)
    unfiltered = matching(visible, query)
    items = ordered(narrowing.narrow(unfiltered), query, sort)
    return Search(query, narrowing, sort, unfiltered, items, is_exact)


def _usual_sort(query):
    return "relevance" if query else "newest"


def matching(items, query):
    """Those of `items` that answer the query; all of them if there is none."""
    if not query:
        return items
    if query.words:
        return items.filter(Answers(F("search_words"), _as_tsquery(query.words)))
    words = fold(query.text).split()
    found = items if words else items.none()
    for word in words:
        found = found.filter(sort_title__regex=rf"\m{word}\M")
    return found


def ordered(items, query, sort):
    """`items` in the order asked for, always the same among equals."""
    if sort == "title":
        return items.order_by("sort_title", "pk")
    if sort == "newest" or not query.words:
        return items.newest_first()
    ranked = items.annotate(rank=_rank(query))
    return ranked.order_by("-rank", F("published_on").desc(nulls_last=True), "-pk")


def _rank(query):
    """The weighted words, and more for the very title; among near equals the newer work."""
    words = SearchRank(
        F("search_words"), _as_tsquery(query.words), weights=WEIGHTS, normalization=Value(1)
    )
    title = Case(
        When(sort_title=query.title_key, then=Value(1.0)),
        When(sort_title__startswith=query.title_key, then=Value(0.3)),
        default=Value(0.0),
    )
    age = (Coalesce(ExtractYear("published_on"), Value(1980)) - Value(1980)) / Value(2000.0)
    return Cast(words, FloatField()) + title + Cast(age, FloatField())


def _as_tsquery(words):
    return Cast(Value(words), SearchQueryField())


def best(query, user, limit):
    """The few items that answer a search across the whole portal."""
    asked = read_query(query)
    if not asked:
        return []
    items = ordered(matching(Item.objects.visible_to(user), asked), asked, "relevance")
    return [_hit(item) for item in items.for_rows()[:limit]]


def _hit(item):
    names = ", ".join(organisation.name for organisation in item.publisher_list)
    return Hit(
        title=item.full_title,
        url=item.get_absolute_url(),
        summary=plain_text(item.summary),
        kind=item.get_kind_display(),
        reason=", ".join(part for part in [names, item.date_in_words] if part),
    )


# -- When nothing was found -----------------------------------------------------------------------

NEAREST = """
WITH shown AS ({titles}), words AS (
    SELECT DISTINCT regexp_split_to_table(lower(shown.words), '[^a-z0-9]+') AS word FROM shown
)
SELECT asked.word, (
    SELECT words.word FROM words
    WHERE length(words.word) > 3 AND similarity(words.word, asked.word) >= %s
    ORDER BY similarity(words.word, asked.word) DESC, words.word LIMIT 1
)
FROM unnest(%s::text[]) AS asked(word) WHERE asked.word NOT IN (SELECT word FROM words)
"""


def similar_query(items, query):
    """The query with each word that no title holds changed to the likest one; blank if none is.

    The words come from `items` alone, so that nothing is given away that the reader may not see.
    """
    words = re.findall(r"[a-z]{4,}", query.text.lower())
    titles = items.order_by().values(words=Concat("title", Value(" "), "subtitle"))
    sql, parameters = titles.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(NEAREST.format(titles=sql), [*parameters, LEAST_LIKENESS, words])
        nearest = {word: near for word, near in cursor.fetchall() if near}
    text = re.sub(r"[a-z]{4,}", lambda found: nearest.get(found[0], found[0]), query.text.lower())
    return text if nearest else ""
