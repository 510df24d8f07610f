"""Finding an entry from whatever somebody types, and saying why it was found.

The names of all published entries are few (thousands), so they are held in memory, in an index that
is made anew when an entry changes; the meanings are searched in Postgres.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from django.contrib.postgres.search import SearchQuery
from django.db.models import Count, Sum
from rapidfuzz import process
from rapidfuzz.distance import OSA

from cja_portal.kit.text import clean_query, fold, sentences
from dictionary.models import Entry, EntryVersion, Jurisdiction, LabelKind
from dictionary.published import published
from dictionary.sounds import sound_key, sound_keys

SUGGESTIONS = 8
MOST_MEANINGS = 200
QUOTED_WORDS = 20


@dataclass(frozen=True)
class Name:
    """One name of an entry, ready to be compared."""

    entry_id: int
    text: str
    kind: str  # a LabelKind
    places: frozenset  # jurisdictions where it is used
    label: object = None  # the PublishedLabel; none for the headword of the page

    @property
    def folded(self):
        return fold(self.text)


@dataclass(frozen=True)
class Match:
    """An entry that was found, and the reason in words."""

    entry_id: int
    reason: str
    rank: float


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
    meanings = _in_meanings(text, jurisdiction)
    if found or meanings:
        return Answer(_best_of(found + meanings))
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
    beginnings = {word[:5] for word in fold(text).split() if len(word) > 2}
    return [
        Match(entry_id, f"It says: “{_quotation(meanings, beginnings)}”", 10)
        for entry_id, meanings in versions.values_list("entry_id", "meanings")[:MOST_MEANINGS]
    ]


def _quotation(meanings, beginnings):
    """The sentence with the most of the words, the earliest of several; shortened if it is long."""
    telling = max(
        sentences(meanings),
        key=lambda one: len({word[:5] for word in fold(one).split()} & beginnings),
    )
    return _shortened(telling.split(), beginnings)


def _shortened(words, beginnings):
    """At most so many words, from a little before the first that was asked for."""
    place = next((n for n, word in enumerate(words) if fold(word)[:5] in beginnings), 0)
    first = max(0, min(place - 5, len(words) - QUOTED_WORDS))
    last = first + QUOTED_WORDS
    return " ".join(["…"] * (first > 0) + words[first:last] + ["…"] * (last < len(words)))


# -- The index of names -------------------------------------------------------------------------


def current_index():
    """The index of what is public now; a version published or withdrawn changes the stamp."""
    return _index(**Entry.objects.published().aggregate(total=Sum("current_id"), count=Count("id")))


@lru_cache(maxsize=1)
def _index(total, count):
    entries = [published(entry) for entry in Entry.objects.published().select_related("current")]
    return Index([name for entry in entries for name in _names(entry)], _meaning_words(entries))


def _names(entry):
    """Every name of an entry, with the places where it is used."""
    places = {sense.id: sense.jurisdiction for sense in entry.senses}
    everywhere = frozenset(places.values())
    yield Name(entry.pk, entry.headword, LabelKind.PREFERRED, everywhere)
    for label in entry.labels:
        own = frozenset({places[label.sense]}) if label.sense else everywhere
        yield Name(entry.pk, label.text, label.kind, own, label)


def _meaning_words(entries):
    """The longer words of all meanings, for the mending of a misspelled one."""
    texts = (
        text
        for entry in entries
        for sense in entry.senses
        for text in (sense.plain, sense.means_for_you, sense.legal)
    )
    return sorted({word for text in texts for word in re.findall(r"[a-z]{5,}", fold(text))})


class Index:
    """All names, and the steps by which a query may meet one of them."""

    def __init__(self, names, meaning_words):
        self.names = names
        self.folded = [name.folded for name in names]
        self.with_word, self.with_sound = defaultdict(set), defaultdict(set)
        for place, name in enumerate(names):
            self.with_sound[sound_keys(name.folded)].add(place)
            for word in name.folded.split():
                self.with_word[word].add(place)
        self.words = sorted(self.with_word)
        self.words_sounding = _by_sound(self.words)
        self.meaning_words = meaning_words
        self.meaning_words_sounding = _by_sound(meaning_words)

    def find(self, query, jurisdiction=""):
        """By the letters typed; else by likeness and sound; else the names in a longer question."""
        found = self._as_typed(query) or self._alike(query) or self._within(query)
        matches = [(self.names[place], reason, rank) for place, reason, rank in found]
        return [
            Match(name.entry_id, reason, rank)
            for name, reason, rank in matches
            if not jurisdiction or not name.places.isdisjoint({jurisdiction, Jurisdiction.UK})
        ]

    def similar_word(self, query):
        """The word of the meanings that is spelled or sounds most like `query`, if one does."""
        near = _spelled_alike(query, self.meaning_words)
        alike = near or self.meaning_words_sounding[sound_key(query)]
        return min(alike, key=lambda word: OSA.distance(query, word), default="")

    def _as_typed(self, query):
        places = set.intersection(*(self._with_prefix(word) for word in query.split()))
        return [(place, _says(self.names[place]), self._rank(place, query)) for place in places]

    def _rank(self, place, query):
        own = self.folded[place]
        if own == query:
            return 100
        likeness = 90 if own.startswith(query) else 80
        headword_first = 4 if self.names[place].kind == LabelKind.PREFERRED else 0
        return likeness + headword_first - _extra(own, query)

    def _with_prefix(self, word):
        first = bisect_left(self.words, word)
        last = bisect_left(self.words, word + "\U0010ffff")
        return set().union(*(self.with_word[own] for own in self.words[first:last]))

    def _alike(self, query):
        reasons = {}
        for place in self._with_words_like(query):
            reasons[place] = ("Spelled like", 40 - _extra(self.folded[place], query))
        for place in self.with_sound[sound_keys(query)]:
            reasons[place] = ("Sounds like", 55)
        slips = allowed_slips(query)
        for _, distance, place in process.extract(
            query, self.folded, scorer=OSA.distance, score_cutoff=slips, limit=None
        ):
            reasons[place] = ("Spelled like", 70 - 5 * distance)
        return [
            (place, f"{reason} “{self.names[place].text}”", rank)
            for place, (reason, rank) in reasons.items()
        ]

    def _within(self, query):
        """Names that stand whole in the query, without those that are part of a longer one."""
        standing = {own for own in self.folded if f" {own} " in f" {query} "}
        whole = {own for own in standing if not any(_is_part(own, other) for other in standing)}
        return [
            (place, _says(self.names[place]), 60 + min(len(own), 30))
            for place, own in enumerate(self.folded)
            if own in whole
        ]

    def _with_words_like(self, query):
        found = [
            set().union(*(self.with_word[own] for own in self._words_like(word)))
            for word in query.split()
        ]
        return set.intersection(*found)

    def _words_like(self, word):
        sounding = self.words_sounding[sound_key(word)] if len(word) > 3 else []
        return {*_spelled_alike(word, self.words), *sounding}


def _is_part(own, other):
    return own != other and f" {own} " in f" {other} "


def _by_sound(words):
    sounding = defaultdict(list)
    for word in words:
        sounding[sound_key(word)].append(word)
    return sounding


def _spelled_alike(word, words):
    near = process.extract(
        word, words, scorer=OSA.distance, score_cutoff=allowed_slips(word), limit=None
    )
    return [own for own, _, _ in near]


def allowed_slips(word):
    """How many letters may be wrong, missing, extra or swapped in a word of this length."""
    if len(word) < 3:
        return 0
    return 1 if len(word) <= 5 else 2


def _extra(own, query):
    """Up to 5 points less for names much longer than what was typed."""
    return min(5, abs(len(own) - len(query)) / 10)


def _says(name):
    if name.kind == LabelKind.PREFERRED:
        return ""
    if name.kind == LabelKind.MISSPELLING:
        return f"Often misspelled “{name.text}”"
    return f"{LabelKind(name.kind).label} “{name.text}”"
