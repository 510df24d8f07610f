"""All names of the published entries in memory, and the steps by which a query may meet one.

A step that is surer stands higher: the exact name, its beginning, the beginnings of its words, and
then likeness: edit distance, trigrams and sound, of the whole name and word by word.
"""

import heapq
import math
from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from operator import itemgetter

from rapidfuzz import process
from rapidfuzz.distance import OSA

from dictionary.likeness import (
    STOP_WORDS,
    comparable,
    sound_of,
    spelled_out,
    squashed,
    telling_words,
    trigrams,
    without_question,
)
from dictionary.models import Jurisdiction, LabelKind
from dictionary.sounds import sound_key

EXACT, BEGINNING, WORDS, LIKENESS, WITHIN = 100, 90, 80, 70, 30
LEAST_LIKENESS = 0.6  # of whole names and word by word; less is chance
LEAST_NEAR = 0.4  # of names for a query that no name answers
LEAST_LIKE_WORD = 0.66
LEAST_IN_LETTERS = 0.4  # of what sounds alike: a key is short, and nonsense has one too
MOST_MATCHES = 200  # of names; an entry may have several
ENOUGH = 8  # entries found as typed, so that likeness would only add noise
MOST_ALIKE = 60  # names that are compared letter by letter
MOST_WORDS = 12  # of a query that are compared: longer ones are texts, not names
STOP_WEIGHT = 0.15
UNKNOWN = 5.0  # the weight of a word that no name holds

# Of several entries with the same name, whose it is first of all.
_OWN = {
    LabelKind.PREFERRED: 6,
    LabelKind.ACRONYM: 4,
    LabelKind.ALTERNATIVE: 4,
    LabelKind.SPOKEN: 3,
    LabelKind.FORMER: 2,
    LabelKind.AVOIDED: 2,
    LabelKind.MISSPELLING: 1,
}


@dataclass(frozen=True)
class Name:
    """One name of an entry, ready to be compared."""

    entry_id: int
    text: str
    kind: str  # a LabelKind
    places: frozenset  # jurisdictions where it is used
    label: object = None  # the PublishedLabel; none for the headword of the page
    headword: str = ""


@dataclass(frozen=True)
class Match:
    """An entry that was found, and the reason in words."""

    entry_id: int
    reason: str
    rank: float


@dataclass(frozen=True)
class Spelling:
    """One way to write a name; `said` if it is how the name sounds."""

    text: str
    words: tuple = field(init=False)
    joined: str = field(init=False)
    sound: str = field(init=False)
    parts: frozenset = field(init=False)

    def __post_init__(self):
        text = self.text
        object.__setattr__(self, "words", tuple(text.split()))
        object.__setattr__(self, "joined", squashed(text))
        object.__setattr__(self, "sound", sound_of(text))
        object.__setattr__(self, "parts", frozenset(trigrams(text)))


@lru_cache(maxsize=50_000)
def spelling_of(text):
    """Kept between one index and the next, for a publication changes few names."""
    return Spelling(comparable(text))


class Index:
    """The names, and the steps; `find` takes them in turn."""

    def __init__(self, names, meaning_words):
        self.names = names
        pairs = [(name, text) for name in names for text in dict.fromkeys(_spellings(name))]
        self.rows = [(name, spelling_of(text)) for name, text in pairs]
        self.exactly, self.with_word = defaultdict(set), defaultdict(set)
        self.with_trigram = defaultdict(list)
        for place, (_, spelling) in enumerate(self.rows):
            self._add(place, spelling)
        self.joined = [spelling.joined for _, spelling in self.rows]
        self.in_order = sorted((joined, place) for place, joined in enumerate(self.joined))
        self.words = sorted(self.with_word)
        self.words_sounding = by_sound(self.words)
        self.weights = {word: self._weight(word) for word in self.words}
        self.row_weights = [
            sum(self.weights[word] for word in spelling.words) or 1 for _, spelling in self.rows
        ]
        self.meaning_words = meaning_words
        self.meaning_words_sounding = by_sound(meaning_words)

    def _add(self, place, spelling):
        self.exactly[spelling.joined].add(place)
        for word in spelling.words:
            self.with_word[word].add(place)
        for part in spelling.parts:
            self.with_trigram[part].append(place)

    def _weight(self, word):
        """Rare words tell more: the logarithm of how many names there are for one that has it."""
        if word in STOP_WORDS:
            return STOP_WEIGHT
        return max(1.0, math.log(len(self.rows) / len(self.with_word[word])))

    # -- Finding ----------------------------------------------------------------------------------

    def find(self, query, jurisdiction=""):
        """The best matches of a query as typed, each with the reason why it was found."""
        places = {Jurisdiction.UK, jurisdiction}
        rows = [
            row
            for row in self._steps(comparable(query))
            if not jurisdiction or not self.rows[row[0]][0].places.isdisjoint(places)
        ]
        best = heapq.nlargest(MOST_MATCHES, rows, key=itemgetter(2))
        return [self._match(*row) for row in best]

    def _match(self, place, reason, rank):
        name, _ = self.rows[place]
        return Match(name.entry_id, reason or said_of(name), rank)

    def _steps(self, query):
        asked = without_question(query)
        for words in dict.fromkeys([query, asked, spelled_out(query)]):
            if exact := self._exact(words):
                return [*exact, *self._as_typed(words)]
        if len(asked) == 1:
            return self._beginning(asked)
        typed = self._as_typed(asked)
        if len({self.rows[place][0].entry_id for place, _, _ in typed}) >= ENOUGH:
            return typed
        return [*typed, *self._alike(asked), *self._within(asked)] or self._nearest(asked)

    def _exact(self, query):
        return [self._row(place, EXACT + self._own(place)) for place in self._places(query)]

    def _places(self, query):
        return self.exactly.get(squashed(query), ())

    def _own(self, place):
        """How much a name is an entry's own: "DPP" is the Director's before all others."""
        name, spelling = self.rows[place]
        initials = "".join(word[0] for word in telling_words(comparable(name.headword)))
        says_initials = name.kind == LabelKind.ACRONYM and spelling.joined == initials
        return _OWN[name.kind] + (1 if says_initials else 0)

    def _as_typed(self, query):
        return [*self._beginning(query), *self._holding(query)]

    def _beginning(self, query):
        start = squashed(query)
        first = bisect_left(self.in_order, (start,))
        last = bisect_left(self.in_order, (start + "\U0010ffff",))
        rows = self.in_order[first:last] if start else []
        return [self._row(place, self._rank(BEGINNING, place, start)) for _, place in rows]

    def _holding(self, query):
        found = [self._with_prefix(word) for word in telling_words(query)]
        places = set.intersection(*found) if found else ()
        return [self._row(place, self._rank(WORDS, place, query)) for place in places]

    def _with_prefix(self, word):
        first = bisect_left(self.words, word)
        last = bisect_left(self.words, word + "\U0010ffff")
        return set().union(*(self.with_word[own] for own in self.words[first:last]))

    def _row(self, place, rank):
        return place, "", rank

    def _rank(self, step, place, query):
        name, spelling = self.rows[place]
        is_own = 4 if name.kind == LabelKind.PREFERRED else 0
        return step + is_own - min(5, abs(len(spelling.text) - len(query)) / 10)

    def _within(self, query):
        """The names that stand in a longer text, those of rarer words first."""
        words = set(query.split()) if query.count(" ") > 1 else set()
        met = Counter(place for word in words for place in self.with_word.get(word, ()))
        return [
            self._row_within(place)
            for place, count in met.items()
            if count == len(set(self.rows[place][1].words)) and self._tells_alone(place)
        ]

    def _row_within(self, place):
        name, _ = self.rows[place]
        return place, f"You wrote “{name.text}”", WITHIN + min(9, self.row_weights[place] / 2)

    def _tells_alone(self, place):
        """Acronyms and what people merely say are too often everyday words in a sentence."""
        name, spelling = self.rows[place]
        return len(spelling.words) > 1 or name.kind in {LabelKind.PREFERRED, LabelKind.ALTERNATIVE}

    # -- Likeness ---------------------------------------------------------------------------------

    def _alike(self, query):
        asked = Spelling(query)
        by_words = self._by_words(asked)
        found = []
        for place in self._candidates(asked, by_words):
            name, own = self.rows[place]
            whole, reason = _whole_likeness(asked, own)
            likeness = max(whole, by_words.get(place, 0))
            if likeness >= LEAST_LIKENESS and _has_numbers_of(asked, own):
                found.append((place, f"{reason} “{name.text}”", LIKENESS * likeness))
        return found

    def _nearest(self, query):
        """For a query that no name answers, the names that share most of what tells in it."""
        return [
            (place, f"Nearest to what you wrote: “{self.rows[place][0].text}”", WITHIN * likeness)
            for place, likeness in self._by_words(Spelling(query)).items()
            if likeness >= LEAST_NEAR
        ]

    def _candidates(self, asked, by_words):
        """The names worth comparing: near in letters, in trigrams or word by word."""
        near = process.extract(
            asked.joined,
            self.joined,
            scorer=OSA.distance,
            score_cutoff=allowed_slips(asked.joined),
            limit=MOST_ALIKE,
        )
        best = sorted(by_words, key=by_words.get, reverse=True)[:MOST_ALIKE]
        return {place for _, _, place in near} | set(best) | self._sharing_trigrams(asked)

    def _sharing_trigrams(self, asked):
        shared = Counter()
        for part in asked.parts:
            shared.update(self.with_trigram.get(part, ()))
        size = len(asked.parts)
        ratio = {
            place: 2 * count / (size + len(self.rows[place][1].parts))
            for place, count in shared.most_common(4 * MOST_ALIKE)
        }
        return set(sorted(ratio, key=ratio.get, reverse=True)[:MOST_ALIKE])

    def _by_words(self, asked):
        """For each name with words like those asked for, how well they cover each other."""
        words = asked.words[:MOST_WORDS]
        covered, wanted = defaultdict(dict), 0.0
        for position, word in enumerate(words):
            like = self._words_like(word)
            most = self._worth(word, like)
            wanted += most
            for own, likeness in like.items():
                gain = likeness * min(most, self.weights[own])
                for place in self.with_word[own]:
                    covered[place][position] = max(gain, covered[place].get(position, 0))
        return {place: self._cover(place, gained, wanted) for place, gained in covered.items()}

    def _worth(self, word, like):
        """What it is worth to find the word: as much as the likest word of the names tells."""
        if word in STOP_WORDS:
            return STOP_WEIGHT
        return self.weights[max(like, key=like.get)] if like else UNKNOWN

    def _cover(self, place, gained, wanted):
        total = sum(gained.values())
        whole = self.row_weights[place]
        return (total / wanted) ** 0.75 * min(1, total / whole) ** 0.25

    def _words_like(self, word):
        """Words of the names with their likeness to `word`, from LEAST_LIKE_WORD to 1."""
        if word in STOP_WORDS or not word.isalpha() or len(word) < 3:
            return {word: 1.0} if word in self.with_word else {}
        near = process.extract(
            word,
            self.words,
            scorer=OSA.normalized_similarity,
            score_cutoff=LEAST_LIKE_WORD,
            limit=MOST_ALIKE,
        )
        like = {own: likeness for own, likeness, _ in near}
        for own in self.words_sounding.get(sound_key(word), ()):
            near_in_letters = OSA.normalized_similarity(word, own)
            if near_in_letters >= LEAST_IN_LETTERS:
                like[own] = max(like.get(own, 0), 0.6 + 0.4 * near_in_letters)
        return like

    def similar_word(self, query):
        """The word of the meanings that is spelled or sounds most like `query`, if one does."""
        near = process.extract(
            query,
            self.meaning_words,
            scorer=OSA.distance,
            score_cutoff=allowed_slips(query),
            limit=MOST_ALIKE,
        )
        alike = [own for own, _, _ in near] or self.meaning_words_sounding.get(sound_key(query), [])
        return min(alike, key=lambda word: OSA.distance(query, word), default="")


def _spellings(name):
    """The name, its other forms in a text, and how it is said."""
    yield name.text
    if name.label:
        yield from name.label.forms
        if name.label.said_as not in {"", "letters"}:
            yield name.label.said_as.partition(",")[0]


def _whole_likeness(asked, own):
    """How alike two whole spellings are, from 0 to 1, and the words for it."""
    letters = OSA.normalized_similarity(asked.joined, own.joined)
    sound = OSA.normalized_similarity(asked.sound, own.sound)
    slips = OSA.distance(asked.joined, own.joined)
    parts = 2 * len(asked.parts & own.parts) / (len(asked.parts) + len(own.parts))
    likeness = 0.55 * letters + 0.3 * sound + 0.15 * parts
    if slips <= allowed_slips(asked.joined):
        return max(likeness, 0.62) + _small_signs(asked, own), "Spelled like"
    if sound == 1 and letters >= LEAST_IN_LETTERS:
        return max(likeness, 0.62), "Sounds like"
    return likeness, "Much like"


def _small_signs(asked, own):
    """Among names as near as each other: the same letters, and the same first one."""
    same_letters = sorted(asked.joined) == sorted(own.joined)
    return 0.04 * same_letters + 0.02 * (asked.joined[0] == own.joined[0])


def _has_numbers_of(asked, own):
    """ "section 61" is not at all like "section 60"."""
    numbers = {word for word in asked.words if any(char.isdigit() for char in word)}
    return all(number in own.words or number in own.joined for number in numbers)


def by_sound(words):
    sounding = defaultdict(list)
    for word in words:
        sounding[sound_key(word)].append(word)
    return sounding


def allowed_slips(word):
    """How many letters may be wrong, missing, extra or swapped in a word of this length."""
    if len(word) < 3:
        return 0
    return 1 if len(word) <= 5 else 2


def said_of(name):
    """Why an entry answers to this name, in words that blame nobody for using it."""
    if name.kind == LabelKind.PREFERRED:
        return ""
    if name.kind == LabelKind.FORMER:
        return f"It used to be called “{name.text}”"
    if name.kind == LabelKind.AVOIDED:
        return f"Some say “{name.text}”; many now choose other words"
    if name.kind == LabelKind.MISSPELLING:
        return f"Often spelled “{name.text}”"
    return f"{LabelKind(name.kind).label} “{name.text}”"
