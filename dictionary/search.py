"""Finding an entry from whatever somebody types, and saying why it was found.

The names of all published entries are few (thousands), so they are held in memory, in an index that
is made anew when an entry changes; the meanings are searched in Postgres.
"""

import re
from dataclasses import dataclass
from threading import Lock, Thread

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import Count, Max, Sum

from cja_portal.kit.text import clean_query, fold, sentences
from dictionary.index import Index, Match, Name
from dictionary.models import Entry, EntryVersion, Jurisdiction, LabelKind
from dictionary.published import PublishedEntry

SUGGESTIONS = 8
MOST_RESULTS = 30
MOST_MEANINGS = 10
MEANING_RANK = 45  # below a name that is surely alike, above one that is barely so
QUOTED_WORDS = 20


@dataclass(frozen=True)
class Answer:
    """What a search found; `instead` is the word that was searched for in place of the query."""

    matches: list
    instead: str = ""


def search(text, *, jurisdiction=""):
    """All entries that answer `text`, best first."""
    query = fold(clean_query(text))
    if not query:
        return Answer([])
    index = current_index()
    found = index.find(query, jurisdiction)
    meanings = [] if len(found) >= MOST_RESULTS else _in_meanings(text, jurisdiction)
    if found or meanings:
        return Answer(_best_of(found + meanings)[:MOST_RESULTS])
    return _answer_to_similar_word(index, query, jurisdiction)


def suggest(text, *, jurisdiction=""):
    """The few entries to show while somebody types."""
    query = fold(clean_query(text))
    return _best_of(current_index().find(query, jurisdiction))[:SUGGESTIONS] if query else []


def _answer_to_similar_word(index, query, jurisdiction):
    word = index.similar_word(query)
    matches = _in_meanings(word, jurisdiction) if word else []
    return Answer(matches, instead=word if matches else "")


def _best_of(matches):
    best = {}
    for match in sorted(matches, key=lambda match: -match.rank):
        best.setdefault(match.entry_id, match)
    return list(best.values())


def _in_meanings(text, jurisdiction):
    query = SearchQuery(clean_query(text), config="english", search_type="websearch")
    versions = EntryVersion.objects.current().saying(query)
    if jurisdiction:
        versions = versions.filter(jurisdictions__overlap=[jurisdiction, Jurisdiction.UK])
    # Ids first and all of them: for a few rows Postgres would read every text, past the index.
    ids = sorted(versions.values_list("pk", flat=True))[:MOST_MEANINGS]
    chosen = EntryVersion.objects.filter(pk__in=ids or [0]).order_by("pk")
    found = chosen.values_list("entry_id", "entry__headword", "meanings")
    beginnings = _beginnings(text)
    return [
        Match(
            entry_id,
            f"It says: “{_quotation(meanings, beginnings)}”",
            MEANING_RANK + len(_beginnings(headword) & beginnings),
        )
        for entry_id, headword, meanings in found
    ]


def _beginnings(text):
    """The first letters of each telling word, the same in most of its forms."""
    return {word[:5] for word in fold(text).split() if len(word) > 2}


def _quotation(meanings, beginnings):
    """The sentence with the most of the words, the earliest of several; shortened if it is long."""
    telling = max(
        sentences(meanings),
        key=lambda one: len(_beginnings(one) & beginnings),
    )
    return _shortened(telling.split(), beginnings)


def _shortened(words, beginnings):
    """At most so many words, from a little before the first that was asked for."""
    place = next((n for n, word in enumerate(words) if fold(word)[:5] in beginnings), 0)
    first = max(0, min(place - 5, len(words) - QUOTED_WORDS))
    last = first + QUOTED_WORDS
    return " ".join(["…"] * (first > 0) + words[first:last] + ["…"] * (last < len(words)))


# -- The index of names -------------------------------------------------------------------------


SMALL = 4_000  # names
_latest = {}  # the index and the stamp of what it was made from
_making, _at_work = Lock(), Lock()


def current_index():
    """The index of what is public now.

    After a publication a small index is made anew at once; a large one by a thread, while the one
    before it answers for another second. Whoever shows entries asks whether they are public still.
    """
    stamp, known = current_stamp(), _latest.get("index")
    if known is None or (_latest["stamp"] != stamp and len(known.names) <= SMALL):
        return _make(stamp)
    if _latest["stamp"] != stamp and _making.acquire(blocking=False):
        Thread(target=_make_apart, args=[stamp], daemon=True).start()
    return known


def _make(stamp):
    with _at_work:
        if _latest.get("stamp") != stamp:
            parts = _parts()
            words = sorted(set().union(*(part.meaning_words for part in parts)))
            names = [name for part in parts for name in part.names]
            _latest.update(index=Index(names, words), stamp=stamp)
        return _latest["index"]


def _make_apart(stamp):
    try:
        _make(stamp)
    finally:
        _making.release()
        connection.close()


def current_stamp():
    """A text that changes whenever a version is published, withdrawn or restored."""
    state = Entry.objects.published().aggregate(
        count=Count("id"), total=Sum("current_id"), newest=Max("current__published_at")
    )
    return f"{state['count']}.{state['total']}.{state['newest']}"


@dataclass(frozen=True)
class _Part:
    """What one version gives to the index."""

    names: tuple
    meaning_words: frozenset


# By version and its time: a version never changes, so that only new ones are read.
_known = {}


def _parts():
    """The parts of all current versions; reads those that this process has not read before."""
    current = set(EntryVersion.objects.current().values_list("pk", "published_at"))
    missing = [pk for pk, _ in current - _known.keys()]
    versions = EntryVersion.objects.filter(pk__in=missing).select_related("entry")
    for version in versions.only("entry__slug", "snapshot", "published_at").order_by():
        entry = PublishedEntry(version, slug=version.entry.slug)
        _known[version.pk, version.published_at] = _part(entry)
    for former in _known.keys() - current:
        _known.pop(former, None)
    return [_known[key] for key in sorted(current) if key in _known]


def _part(entry):
    """Of its plain data: to make thousands of meanings whole would take half of the time."""
    return _Part(tuple(_names(entry)), frozenset(_meaning_words(entry)))


def _names(entry):
    """Every name of an entry, with the places where it is used."""
    places = {sense["id"]: sense["jurisdiction"] for sense in entry.snapshot["senses"]}
    everywhere = frozenset(places.values())
    own_name = LabelKind.PREFERRED, everywhere, None
    yield Name(entry.pk, entry.headword, *own_name, headword=entry.headword)
    for label in entry.labels:
        own = frozenset({places[label.sense]}) if label.sense else everywhere
        yield Name(entry.pk, label.text, label.kind, own, label, headword=entry.headword)


def _meaning_words(entry):
    """The longer words of its meanings, for the mending of a misspelled one."""
    for sense in entry.snapshot["senses"]:
        text = f"{sense['plain']} {sense['means_for_you']} {sense['legal']}".lower()
        for word in set(re.findall(r"[^\W\d_]{5,}", text)):
            yield word if word.isascii() else fold(word)
