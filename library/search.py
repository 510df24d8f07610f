"""The one door to the library's search: a query in words, the items that answer it, in order.

Everything happens inside Postgres, on what a person may see (`library.engine`). `find` reads what
an address asks for; a page of the list takes `Search.page`, feeds and exports take `Search.items`.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from math import ceil
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db import connection
from django.db.models import F
from django.db.models.expressions import RawSQL
from django.utils.functional import cached_property as django_cached_property

from cja_portal.kit.hits import Hit
from cja_portal.kit.text import clean_query
from library import engine
from library.engine import MOST_PAGES, ON_A_PAGE, Asked, Place
from library.facets import ENOUGH, Narrowing, least_of, read_narrowing, rounded
from library.found import found
from library.models import Item
from library.page_hits import best_pages
from library.readers import Reader, reader_of
from library.snippets import plain_text, rows_for

SORTS = {
    "relevance": "Best match",
    "newest": "Date published",
    "added": "Date added",
    "title": "Title",
}
MOST_ALIASES = 3

# Postgres stacks a "not" for each hyphen in a row, and its stack is small.
_HYPHENS = re.compile(r"(?:-\s*){2,}")
# "-word" and -"several words": what the reader does not want is neither marked nor explained.
_UNWANTED = re.compile(r'(?<!\S)-(?:"[^"]*"?|\S+)')


@dataclass(frozen=True)
class Query:
    """What somebody asked for, read once by Postgres."""

    text: str = ""
    words: str = ""  # As a tsquery; blank if there is no word in it.
    own_stems: frozenset = frozenset()  # Of the wanted words,
    stems: frozenset = frozenset()  # and the aliases' as well.
    title_key: str = ""
    aliases: tuple = ()  # What was also searched for.

    def __bool__(self):
        return bool(self.text)


# -- Reading what was typed ---------------------------------------------------------------------

# Words that no index keeps, as in "IT", are looked for in titles alone (see `library.cards`).
READ = """
WITH RECURSIVE said AS (
    SELECT library_words(%(text)s) AS text, library_words(%(wanted)s) AS wanted
), asked AS (
    SELECT websearch_to_tsquery('english', text) AS query,
        to_tsvector('english', wanted) AS vector, wanted
    FROM said
), alias AS (
    SELECT row_number() OVER (ORDER BY id) AS number, vector @@ term_query AS has_term,
        term, meaning, term_query, meaning_query,
        plainto_tsquery('english', library_words(term)) AS term_words,
        plainto_tsquery('english', library_words(meaning)) AS meaning_words
    FROM library_searchalias, asked
    WHERE %(widen)s AND (vector @@ term_query OR vector @@ meaning_query)
    ORDER BY id LIMIT %(most)s
), either AS (
    SELECT number, CASE WHEN has_term THEN meaning ELSE term END AS other,
        CASE WHEN has_term THEN term_words ELSE meaning_words END AS loose,
        CASE WHEN has_term THEN term_query ELSE meaning_query END AS exact,
        CASE WHEN has_term THEN meaning_query ELSE term_query END AS added
    FROM alias
), widened AS (
    SELECT 0::bigint AS number, query, ARRAY[]::text[] AS others FROM asked
    UNION ALL
    SELECT number, wider, CASE WHEN wider = query THEN others ELSE others || other END
    FROM (
        SELECT either.number, query, others, other, CASE
            WHEN exact = loose THEN ts_rewrite(query, exact, exact || added)
            ELSE ts_rewrite(ts_rewrite(query, loose, loose || added), exact, exact || added)
        END AS wider
        FROM widened JOIN either ON either.number = widened.number + 1
    ) AS step
)
SELECT CASE WHEN numnode(widened.query) > 0 THEN widened.query::text ELSE (
        SELECT string_agg(quote_literal('Z:' || lexeme), ' & ')
        FROM unnest(tsvector_to_array(to_tsvector('simple', wanted))) AS lexeme
    ) END,
    tsvector_to_array(vector),
    tsvector_to_array(to_tsvector('english', library_words(VARIADIC ARRAY['']::text[] || others))),
    portal_sort_key(%(wanted)s), others
FROM widened, asked ORDER BY number DESC LIMIT 1
"""


def read_query(text, *, widen=True):
    """The query in `text`: quotes, "or" and "-" as in any search engine; never an error."""
    text = clean_query(text)
    if not text:
        return Query()
    asked = _HYPHENS.sub(" ", text)
    wanted = _UNWANTED.sub(" ", asked)
    parameters = {"text": asked, "wanted": wanted, "most": MOST_ALIASES, "widen": widen}
    with connection.cursor() as cursor:
        cursor.execute(READ, parameters)
        words, own, others, title_key, aliases = cursor.fetchone()
    return Query(
        text, words or "", frozenset(own), frozenset([*own, *others]), title_key, tuple(aliases)
    )


# -- Finding and ordering -----------------------------------------------------------------------


@dataclass(frozen=True)
class Search:
    """What the address of a list asks for, answered for one reader."""

    query: Query
    narrowing: Narrowing
    sort: str
    is_exact: bool
    user: object
    reader: Reader
    place: Place = field(default_factory=Place)

    @property
    def items(self):
        """All items that answer, in order; for what goes on without pages."""
        items = _items(self.query, self.narrowing, self.user, self.reader)
        return _ordered(items, self.query, self.sort)

    @cached_property
    def page(self):
        """Twenty of them, with what all add up to; raises TakesTooLong."""
        asked = Asked(self.query, self.narrowing, self.reader, self.sort, self.place)
        return Page(self, engine.answer(asked))

    @property
    def filter_groups(self):
        return self.narrowing.filter_groups(self.page.answer)

    @property
    def without_choices(self):
        return replace(self, narrowing=Narrowing.nothing(), place=Place())

    @property
    def kept(self):
        """What the form of the facets has to hand on."""
        kept = {"q": self.query.text, "exact": "1" if self.is_exact else ""}
        return kept | {"sort": self.sort if self.sort != _usual_sort(self.query) else ""}

    @property
    def kept_query(self):
        return urlencode({name: value for name, value in self.kept.items() if value})


def find(asked, user):
    """The search in a query string: q, facets, sort, "exact" for no other names of things, page."""
    is_exact = "exact" in asked
    query = read_query(asked.get("q", ""), widen=not is_exact)
    reader = reader_of(user)
    sort = asked.get("sort", "")
    sort = sort if sort in SORTS else _usual_sort(query)
    if sort == "relevance" and not query.words:
        sort = "newest"
    narrowing = read_narrowing(asked, reader)
    return Search(query, narrowing, sort, is_exact, user, reader, _place(asked, sort))


def _usual_sort(query):
    return "relevance" if query else "newest"


def count(text, user):
    """How many items answer a query, for this person."""
    search = Search(read_query(text), Narrowing.nothing(), "newest", False, user, reader_of(user))
    return search.page.total


def _items(query, narrowing, user, reader):
    items = Item.objects.visible_to(user)
    if query and not query.words:
        return items.none()
    if not query and not narrowing.pairs:
        return items
    told = engine.condition(query, reader, narrowing.terms())
    sql = f"SELECT item_id FROM library_card WHERE {told}".replace("%", "%%")
    return items.filter(pk__in=RawSQL(sql, ()))


def _ordered(items, query, sort):
    """`items` in the order asked for, always the same among equals."""
    if sort == "title":
        return items.order_by("sort_title", "pk")
    if sort == "added":
        sql = "SELECT added_at FROM library_card WHERE NOT is_partial AND item_id = library_item.id"
        return items.annotate(added_at=RawSQL(f"({sql})", ())).order_by("-added_at", "-pk")
    if sort == "newest":
        return items.newest_first()
    rank = engine.rank(query).replace("%", "%%")
    sql = f"SELECT {rank} FROM library_card card WHERE NOT is_partial AND item_id = library_item.id"
    ranked = items.annotate(rank=RawSQL(f"({sql})", ()))
    return ranked.order_by("-rank", F("published_on").desc(nulls_last=True), "-pk")


def best(text, user, limit):
    """The few items that answer a search across the whole portal."""
    query = read_query(text)
    if not query.words:
        return []
    nothing, reader = Narrowing.nothing(), reader_of(user)
    try:
        answer = engine.answer(Asked(query, nothing, reader, "relevance", with_counts=False))
    except engine.TakesTooLong:
        return []
    return [_hit(item) for item in found(answer.ids[:limit], user)]


def _hit(item):
    names = ", ".join(publisher.name for publisher in item.publisher_list)
    return Hit(
        title=item.full_title,
        url=item.get_absolute_url(),
        summary=plain_text(item.summary),
        kind=item.get_kind_display(),
        reason=", ".join(part for part in [names, item.date_in_words] if part),
    )


# -- Pages ----------------------------------------------------------------------------------------


class Pages(Paginator):
    """Those that can be asked for by number, of a list that is counted elsewhere."""

    def __init__(self, total, reach):
        super().__init__((), ON_A_PAGE)
        self.total, self.reach = total, reach

    @django_cached_property
    def count(self):
        return self.total

    @django_cached_property
    def num_pages(self):
        return max(1, min(ceil(self.reach / ON_A_PAGE), MOST_PAGES))


class Page:
    """A page of hits, as the template shows it and the ways on from it."""

    def __init__(self, search, answer):
        self.search, self.answer = search, answer
        self.total = max(answer.total, answer.reach)
        self.is_about, self.is_loose = answer.is_about, answer.is_loose
        self.is_least = answer.is_about and answer.sampled < ENOUGH
        is_ranked = search.sort == "relevance"
        self.paginator = Pages(self.total, answer.reach if is_ranked else self.total)
        self.of = max(1, ceil(self.total / ON_A_PAGE))
        most = self.of if search.place.item else self.paginator.num_pages
        self.number = min(search.place.number, most)

    @cached_property
    def object_list(self):
        return found(self.answer.ids, self.search.user)

    @cached_property
    def rows(self):
        pages = best_pages(self.object_list, self.search.query)
        return rows_for(self.object_list, self.search.query, pages)

    @property
    def shown_total(self):
        """To three figures, where it is "about"."""
        return rounded(self.total) if self.is_about else self.total

    @property
    def total_in_words(self):
        """The figure, or what is nearly sure where it comes from a sample."""
        if self.is_least:
            least = least_of(self.answer.sampled, self.answer.rates[""])
            return f"At least {max(least, self.answer.reach):,}"
        return f"{'About ' if self.is_about else ''}{self.shown_total:,}"

    @property
    def goes_by_place(self):
        """Whether the way on leads from the last hit shown and not to a number."""
        return self.search.sort in engine.ORDERS and self.of > MOST_PAGES

    @property
    def is_cut(self):
        """Whether there are more hits than pages of the best of them."""
        return self.search.sort == "relevance" and self.of > self.paginator.num_pages

    @property
    def reach(self):
        """How many of the best can be turned to."""
        return min(self.answer.reach, MOST_PAGES * ON_A_PAGE)

    def has_other_pages(self):
        return self.has_previous() or self.has_next()

    def has_previous(self):
        return self.number > 1

    def has_next(self):
        if self.goes_by_place:
            return self.search.place.is_before or self.answer.has_more
        return self.number < self.paginator.num_pages

    def previous_page_number(self):
        return self.number - 1

    def next_page_number(self):
        return self.number + 1

    @property
    def after(self):
        return f"{self.answer.marks[-1]}~{self.answer.ids[-1]}" if self.answer.ids else None

    @property
    def before(self):
        """Blank where the page before is the first, which needs no place."""
        return f"{self.answer.marks[0]}~{self.answer.ids[0]}" if self.number > 2 else None


def _place(asked, sort):
    """Where the page begins: after or before a hit, in an order by date or title; or a number."""
    number = _number(asked.get("page"))
    for name in ("after", "before"):
        mark, _, item = clean_query(asked.get(name, ""), longest=400).rpartition("~")
        is_item = item.isascii() and item.isdigit() and len(item) < 18
        if sort in engine.ORDERS and number > 1 and is_item and _is_mark(mark, sort):
            return Place(number, mark, int(item), name == "before")
    return Place(min(number, MOST_PAGES))


def _number(text):
    text = text or "1"
    is_number = text.isascii() and text.isdigit() and len(text) < 9
    return max(1, int(text)) if is_number else 1


def _is_mark(mark, sort):
    readers = {"newest": date.fromisoformat, "added": datetime.fromisoformat, "title": str}
    try:
        readers[sort](mark)
    except ValueError:
        return False
    return True
