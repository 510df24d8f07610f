"""The words of a text that met a query, marked where they stand.

Postgres' own `ts_headline` knows one spelling only. Here a word is marked if it is one of the
query's words after both were folded and stemmed alike: a search for "reoffending" marks
"re-offending". The words of a phrase are marked only where they stand together.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from django.db import connection
from django.utils.safestring import SafeString

from cja_portal.kit.text import escape
from library.wording import parse

WORD = re.compile(r"[^\W_]+(?:[-'’./][^\W_]+)*")
# Whether a word of `WORD` goes on here, and whether it began before.
GOES_ON = re.compile(r"[-'’./]?[^\W_]")
COMES_FROM = re.compile(r"[^\W_][-'’./]?\Z")
# What stands within a phrase such as "stop and search" without being looked for.
BETWEEN = re.compile(r" (?:(?:a|an|and|at|by|for|from|in|of|on|the|to|with) )*")
SNIPPET_WORDS = 34
OPENING_WORDS = 40
WORDS_BEFORE, NEAR = 6, 24  # words

STEMS = """
SELECT word, tsvector_to_array(to_tsvector('english', folded))
FROM unnest(%s::text[], string_to_array(library_words(%s), E'\\n')) AS one(word, folded)
"""
MOST_KNOWN = 50_000  # words, in some ten megabytes
# Folding leaves the first letters of a word as they are, but for these.
BEGINNINGS = {"ja": {"ga"}, "in": {"en"}, "di": {"de"}, "fo": {"fe"}, "pa": {"pe"}, "an": {"an"}}
FOREIGN = re.compile(r"[^\x00-\x7f]+")
NO_BLANKS = re.compile(r"\S*")


# -- Which words met -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Met:
    """What met a query, of the words of some texts: anywhere, or within a phrase alone."""

    words: frozenset = frozenset()
    phrases: tuple = ()  # Of each its steps: (how far from the one before, words).

    @cached_property
    def every(self):
        """All that may be marked."""
        return self.words.union(*(words for phrase in self.phrases for _, words in phrase))

    @property
    def loosely(self):
        """The same, but with the words of phrases anywhere."""
        return Met(self.every)


NOTHING = Met()
_known = {}  # {word: its stems}, of words that this process has met: they never change.


def met_in(texts, query):
    """The words of `texts` that are, folded and stemmed, among those of the query."""
    if not (query.stems and query.words):
        return NOTHING
    found = _stems_of(_likely_words("\n".join(texts), query.stems))
    said = parse(query.words)
    in_phrases = set().union(*(stems for phrase in said.wanted_phrases for _, stems in phrase))
    alone = query.stems - (in_phrases - said.stems)
    phrases = [
        tuple((distance, _having(stems, found)) for distance, stems in phrase)
        for phrase in said.wanted_phrases
    ]
    return Met(_having(alone, found), tuple(phrases))


def _having(stems, found):
    return frozenset(word for word, own in found.items() if not stems.isdisjoint(own))


def _stems_of(words):
    """{word: its stems}. Of all texts the same words are asked for, so that most are known."""
    found = {word: _known.get(word) for word in words}
    new = sorted(word for word, stems in found.items() if stems is None)
    fresh = _read_stems(new) if new else {}
    if len(_known) + len(fresh) > MOST_KNOWN:
        _known.clear()
    _known.update(fresh)
    return found | fresh


def _read_stems(words):
    with connection.cursor() as cursor:
        cursor.execute(STEMS, [words, "\n".join(words)])
        return dict(cursor.fetchall())


def _likely_words(text, stems):
    """Those that may have one of the stems: spares Postgres, and us, the pages' other words."""
    beginnings = {stem[:2] for stem in stems}
    beginnings |= {other for start in beginnings for other in BEGINNINGS.get(start, ())}
    words = WORD.findall(" ".join(_chunks(text, beginnings)))
    return {word for word in words if _may_begin(word, beginnings)}


def _may_begin(word, beginnings):
    return word[:2].lower() in beginnings or not (word.isalnum() and word.isascii())


def _chunks(text, beginnings):
    """What stands between blanks and has, where a word may begin, one of the beginnings.

    Found by looking for these alone, since the pages of twenty works have thousands of words.
    """
    small = text.lower()
    if len(small) != len(text):  # As with the Turkish capital I.
        return text.split()
    places = {place for start in beginnings for place in _beginnings(small, start)}
    if not text.isascii():
        places |= {found.start() for found in FOREIGN.finditer(text)}
    return {_chunk_at(text, place) for place in places}


def _beginnings(text, start):
    place = text.find(start)
    while place >= 0:
        if not (place and text[place - 1].isalnum()):
            yield place
        place = text.find(start, place + 1)


def _chunk_at(text, place):
    first = place
    while first and not text[first - 1].isspace():
        first -= 1
    return text[first : NO_BLANKS.match(text, place).end()]


# -- Where they stand ------------------------------------------------------------------------------


def places_of(text, met):
    """Where words that met stand, in order."""
    places = set(_places_of(text, met.words))
    for phrase in met.phrases:
        places.update(_places_of_phrase(text, phrase))
    return sorted(places)


def _places_of(text, words):
    """Where they stand as whole words, in order: what `WORD` would find of them."""
    places = []
    for word in words:
        start = text.find(word)
        while start >= 0:
            end = start + len(word)
            if not (GOES_ON.match(text, end) or COMES_FROM.search(text, max(start - 2, 0), start)):
                places.append((start, end))
            start = text.find(word, end)
    return sorted(places)


def _places_of_phrase(text, phrase):
    places = _places_of(text, frozenset().union(*(words for _, words in phrase)))
    for number in range(len(places)):
        yield from _followed(text, places[number : number + len(phrase)], phrase)


def _followed(text, places, phrase):
    """The places of the phrase that begins at the first of these; none if other words come."""
    (_, words), *others = phrase
    taken, rest = [places[0]], iter(places[1:])
    if text[slice(*places[0])] not in words:
        return []
    for distance, words in others:
        if text[slice(*taken[-1])] in words and _has_parts(text, taken[-1]):
            continue  # "stop-and-search" is all of it.
        place = next(rest, (0, 0))
        if text[slice(*place)] not in words or not _is_near(text, taken[-1], place, distance):
            return []
        taken.append(place)
    return taken


def _is_near(text, one, other, distance):
    """Whether they stand as far apart as the phrase has them, or nearer and are several words."""
    apart = 1 + len(WORD.findall(text, one[1], other[0]))
    if apart < distance:
        return _has_parts(text, one) or _has_parts(text, other)
    return apart == distance


def _has_parts(text, place):
    return not text[slice(*place)].isalnum()


def _may_have(text, met):
    return any(map(text.__contains__, met.every))


def marked(text, met):
    """`text` as safe HTML with the words of `met` marked, neighbours under one mark."""
    if not _may_have(text, met):
        return SafeString(escape(text))
    pieces, end = [], 0
    for first, last in _runs(text, met):
        pieces += [escape(text[end:first]), "<mark>", escape(text[first:last]), "</mark>"]
        end = last
    return SafeString("".join([*pieces, escape(text[end:])]))


def _runs(text, met):
    runs = []
    for first, last in places_of(text, met):
        if runs and BETWEEN.fullmatch(text, runs[-1][1], first):
            runs[-1] = (runs[-1][0], last)
        else:
            runs.append((first, last))
    return runs


# -- Parts of a text -------------------------------------------------------------------------------


def best_window(text, met):
    """The part of `text` with the most different words of `met`; blank if it has none."""
    places = places_of(text, met) if _may_have(text, met) else ()
    if not places:
        return ""
    best = _best_place(text, places)
    while best and not text[best - 1].isspace():
        best -= 1
    after = text[best:].split(maxsplit=SNIPPET_WORDS)
    before = text[:best].split()
    count = max(WORDS_BEFORE, SNIPPET_WORDS - len(after))
    first = max(0, len(before) - count)
    words = [*before[first:], *after]
    window = " ".join(words[:SNIPPET_WORDS])
    return f"{'… ' if first else ''}{window}{' …' if len(words) > SNIPPET_WORDS else ''}"


def _best_place(text, places):
    """Of the word from which on most different words are met."""
    words = [text[first:last].lower() for first, last in places]
    if len(set(words)) == 1:
        return places[0][0]
    found = list(zip(_words_before(text, places), words, strict=True))
    varieties = [_variety(found, number) for number, _ in found]
    return places[varieties.index(max(varieties))][0]


def _words_before(text, places):
    """Of each place, how many words stand before it."""
    count, end = 0, 0
    for first, _ in places:
        count += len(text[end:first].split())
        end = first
        yield count


def _variety(found, start):
    """How many different words are met from this one on."""
    return len({word for number, word in found if start <= number < start + NEAR})


def shortened(text):
    words = text.split(maxsplit=OPENING_WORDS)
    return text if len(words) <= OPENING_WORDS else " ".join(words[:OPENING_WORDS]) + " …"
