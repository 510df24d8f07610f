"""A search as a query string that is always the same, and in words for people."""

from urllib.parse import urlencode

from django.http import QueryDict

from cja_portal.kit.moves import ImpossibleMove
from library.facets import LABELS, TITLES
from library.models.saved_search import LONGEST_QUERY
from library.search import find


def canonical_query(search):
    """The query string of what is on the screen: equal searches have equal ones."""
    words = [("q", search.query.text)] if search.query else []
    exact = [("exact", "1")] if words and search.is_exact else []
    query = urlencode([*words, *exact, *sorted(search.narrowing.pairs)])
    if len(query) > LONGEST_QUERY:
        raise ImpossibleMove("This search has too many choices to be kept.")
    return query


def in_words(search):
    """ "“stop and search”, Kind: Report or Review", for people."""
    words = [f"“{search.query.text}”"] if search.query else []
    choices = [
        f"{TITLES[facet]}: {_either(facet, values)}"
        for facet, values in search.narrowing.chosen.items()
        if values
    ]
    return ", ".join(words + choices) or "Everything in the library"


def _either(facet, values):
    return " or ".join(LABELS[facet](value, label) for value, label in values.items())


def query_in_words(saved):
    return in_words(find(QueryDict(saved.query), saved.reader))
