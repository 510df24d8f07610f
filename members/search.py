"""Finding an organisation by any name it has or had, or by what it does, and saying why.

Postgres finds the candidates through the index on `search_text`; there are at most a few thousand,
so ranking and the reason are decided here, in one place.
"""

from dataclasses import dataclass

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Q
from rapidfuzz.distance import OSA

from cja_portal.kit.hits import Hit
from cja_portal.kit.text import clean_query, fold
from members.models import Organisation

EXACT, NAME, FORMER, SUMMARY, ALIKE = range(5)
ARTICLES = {"a", "an", "the"}
LEAST_LIKENESS = 0.5  # What is less alike is mostly found by chance.


@dataclass(frozen=True)
class Match:
    """An organisation that was found, how well, and why where its name does not show it."""

    pk: int
    rank: int
    reason: str = ""


def find(query, organisations):
    """The matches for a cleaned query, best first, equals in the order of the alphabet."""
    words = _words(query)
    if not words:
        return []
    found = organisations.filter(*(_has_word(word) for word in words))
    matches = [_explain(words, *row) for row in _rows(found)]
    return sorted(matches, key=lambda match: match.rank) or _find_alike(words, organisations)


def _words(query):
    """Folded, and without the articles that nobody remembers, unless there is nothing else."""
    words = fold(query).split()
    return [word for word in words if word not in ARTICLES] or words


def _find_alike(words, organisations):
    """Names within a slip or two of each word; only if there are none, similar words anywhere."""
    close = [row[0] for row in _rows(organisations) if _is_close(words, row[1:])]
    if not close:
        likeness = TrigramWordSimilarity(" ".join(words), "search_text")
        alike = organisations.annotate(likeness=likeness).filter(likeness__gte=LEAST_LIKENESS)
        close = alike.order_by("-likeness", "sort_name").values_list("pk", flat=True)
    return [Match(pk, ALIKE, "Spelled in a similar way") for pk in close]


def _is_close(words, names):
    name, short_name, former_names = names
    own = fold(" ".join([name, short_name, *former_names])).split()
    return all(any(_slips(word, part) <= _allowed_slips(word) for part in own) for word in words)


def _slips(word, other):
    return OSA.distance(word, other, score_cutoff=_allowed_slips(word))


def _allowed_slips(word):
    """How many letters may be wrong, missing, extra or swapped in a word of this length."""
    if len(word) < 4:
        return 0
    return 1 if len(word) <= 6 else 2


def best(query, user, limit):
    """The few organisations that answer a search across the whole portal."""
    listed = Organisation.objects.visible_to(user).listed()
    matches = find(clean_query(query), listed)[:limit]
    rows = listed.in_bulk([match.pk for match in matches])
    return [_hit(rows[match.pk], match.reason) for match in matches]


def _hit(organisation, reason):
    return Hit(
        title=organisation.name,
        url=organisation.get_absolute_url(),
        summary=organisation.summary,
        kind=organisation.get_kind_display(),
        reason=reason,
    )


def _has_word(word):
    """Contains comes first: it is what the index can answer; the pattern then wants word starts."""
    return Q(search_text__contains=word) & Q(search_text__regex=rf"\m{word}")


def _rows(organisations):
    return organisations.order_by("sort_name").values_list(
        "pk", "name", "short_name", "former_names"
    )


def _explain(words, pk, name, short_name, former_names):
    """The rank, and the name that was met where it is not the one that the reader will see."""
    if " ".join(words) in {fold(name), fold(short_name)}:
        return Match(pk, EXACT, "" if _begin(words, name) else f"Also known as {short_name}")
    if _begin(words, name):
        return Match(pk, NAME)
    if _begin(words, short_name):
        return Match(pk, NAME, f"Also known as {short_name}")
    for former in former_names:
        if _begin(words, former):
            return Match(pk, FORMER, f"Formerly {former}")
    return Match(pk, SUMMARY)


def _begin(words, name):
    """Whether each of the words begins a word of the name."""
    own = fold(name).split()
    return all(any(part.startswith(word) for part in own) for word in words)
