"""Finding the names of entries in a stranger's plain text: whole words, the longest name, in place.

The rules are ours; the scan is an Aho-Corasick automaton (Aho and Corasick, 1975) that reports
*overlapping* hits, because asking it for the longest hit first loses names that begin inside a
longer hit which the word boundaries then refuse. Offsets always point into the text as given.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from string import punctuation
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

# One character for one character, so that offsets stay what they were.
_HYPHENS = "-‐‑"
_QUOTES = "‘’ʼ`´"
_BLANKS = "".join(map(chr, (9, 10, 11, 12, 13, 160, 8239, *range(8192, 8203))))
_ALIKE = [*((char, "'") for char in _QUOTES), *((char, " ") for char in _HYPHENS + _BLANKS)]
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_CURRENCIES = "£€$"
_UNSEEN = "\u00ad\u200b-\u200f\u2060-\u2064\ufeff"
_PARAGRAPH = "\x1e"
_GUARD_REACH = 40  # characters
_LINE_REACH = 200  # characters
# Acronyms that are words too, so that capitals prove nothing in a line of capitals.
EVERYDAY = {
    *("act", "aids", "cat", "co", "it", "pace", "pass", "sap", "sir", "so", "us", "via", "who")
}

# What changes the length of a text: each alternative is put right by `_put_right`. The first
# character stands outside the alternatives, for only then can `re` skip what is regular.
_IRREGULAR = re.compile(
    rf"[-\u2010\s{_UNSEEN}{''.join(_LIGATURES)}]"
    rf"(?:(?P<broken>(?<=[^\W\d_][-\u2010\u00ad])[ \t]*\r?\n[ \t]*(?=[^\W\d_]))"
    rf"|(?P<unseen>(?<=[{_UNSEEN}])[{_UNSEEN}]*)"
    rf"|(?P<space>(?<=\s)\s+)"
    rf"|(?P<ligature>(?<=[{''.join(_LIGATURES)}])))"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_OTHER_SIGNS = re.compile(r"[^\w ]")
# The hyphen that makes one word of two; a dash with a blank before it binds nothing.
_BINDING = re.compile(rf"[{_HYPHENS}](?<=[^\W_].)")


@dataclass(frozen=True, slots=True)
class Form:
    """One spelling to look for, and what it leads to.

    `not_before` and `not_after` are words or word groups beside which the spelling is not meant:
    "sentence" not before "structure", "charge" not after "in". What begins with a sign
    stands close: "jury" not before "'s out".
    """

    text: str
    key: object
    is_exact: bool = False  # upper and lower case must be as in `text`
    not_before: tuple = ()
    not_after: tuple = ()


class Match(NamedTuple):
    """A stretch of the text and the keys of all forms spelled like it."""

    start: int
    end: int
    keys: tuple


class Matcher:
    """A set of forms, compiled once, and the scan of any number of texts for them."""

    def __init__(self, forms):
        by_pattern = defaultdict(list)
        for form in forms:
            by_pattern[_pattern(form.text)].append(form)
        by_pattern.pop("", None)
        self._spellings = [_Spelling(own) for own in by_pattern.values()]
        self._several = ["" if text.isalnum() else text for text in by_pattern]
        self._automaton = AhoCorasick(list(map(_worded, by_pattern))) if by_pattern else None

    def find(self, text):
        """The matches in `text`: leftmost first, then the longest, none overlapping."""
        if not self._automaton:
            return []
        reading = _Reading(text)
        matches = self._longest_of(reading)
        if not reading.has_broken_words:
            return list(matches)
        apart = self._longest_of(_Reading(text, joins_broken_words=False))
        return list(_without_overlaps([*matches, *apart]))

    def _longest_of(self, reading):
        """What is meant where it stands; a name within a longer one is never looked at."""
        free_from, spellings, is_regular = 0, self._spellings, reading.is_regular
        for start, minus_end, number in sorted(self._whole_words(reading)):
            if start < free_from:
                continue
            spelling = spellings[number]
            keys = spelling.keys or spelling.keys_at(reading, start, -minus_end)
            if keys:
                free_from = -minus_end
                place = (start, free_from) if is_regular else reading.span(start, free_from)
                yield Match(*place, keys)

    def _whole_words(self, reading):
        """(start, minus end, number) of every spelling with no letter or figure at its sides."""
        hits = self._automaton.find_matches_as_indexes(_worded(reading.plain), overlapping=True)
        bound, several, is_here = reading.bound_places(), self._several, reading.plain.startswith
        breaks = reading.breaks
        return [
            (start, 2 - end, number)
            for number, start, end in hits
            if start not in bound
            and (not several[number] or is_here(several[number], start))
            and (not breaks or not (start - 1 in breaks or end - 2 in breaks))
        ]


def _pattern(text):
    """A form as it looks in a reading."""
    return _Reading(text).plain.strip()


def _worded(plain):
    """`plain` between blanks, and each sign a blank: one scan finds a name and both its ends."""
    for sign in punctuation:  # a text has many of few, which `re` would put right one by one
        plain = plain.replace(sign, " ")
    return f" {_OTHER_SIGNS.sub(' ', plain)} "


def _without_overlaps(matches):
    free_from = 0
    for match in sorted(matches, key=lambda match: (match.start, -match.end)):
        if match.start >= free_from:
            free_from = match.end
            yield match


class _Spelling:
    """All forms that are spelled alike; `keys` are theirs if they are meant wherever they stand."""

    __slots__ = ("_forms", "keys")

    def __init__(self, forms):
        is_plain = not any(form.is_exact or form.not_before or form.not_after for form in forms)
        self.keys = _unique([form.key for form in forms]) if is_plain else ()
        self._forms = () if is_plain else [_guarded(form) for form in forms]

    def keys_at(self, reading, start, end):
        """The keys of the forms that are meant here."""
        return _unique([form.key for form in self._forms if _is_meant(form, reading, start, end)])


def _unique(keys):
    return tuple(keys) if len(keys) < 2 else tuple(dict.fromkeys(keys))


def _guarded(form):
    """The form with its guards as they look in a reading, each with the blank beside it."""
    not_before = tuple(one for words in form.not_before for one in _as_written_after(_guard(words)))
    not_after = tuple(f"{_guard(words)} " for words in form.not_after)
    return Form(form.text, form.key, form.is_exact, not_before, not_after)


def _as_written_after(guard):
    """A word stands apart, an apostrophe stands close, a sum of money may do either."""
    if guard[0].isalnum():
        return (f" {guard}",)
    return (guard, f" {guard}") if guard[0] in _CURRENCIES else (guard,)


@lru_cache(maxsize=8192)  # the forms of one name share theirs
def _guard(words):
    return _pattern(words) or words


def _is_meant(form, reading, start, end):
    """Whether a stretch that is spelled like a form is one: its capitals, and what is beside it."""
    return (
        (not form.is_exact or _is_cased_like(form, reading, start, end))
        and not (form.not_before and _is_before(form.not_before, reading.plain, end))
        and not (form.not_after and _is_after(form.not_after, reading.plain, start))
    )


def _is_cased_like(form, reading, start, end):
    text = reading.text
    first, last = reading.span(start, end)
    written = text[first:last]
    if written != form.text and " ".join(written.split()) != form.text:
        return False
    return not (form.text.lower() in EVERYDAY and _is_shouted(text, first, last))


def _is_before(guards, plain, end):
    after = plain[end : end + _GUARD_REACH] + " "
    return after.startswith(guards) and any(
        after.startswith(words) and not (words[-1].isalnum() and after[len(words)].isalnum())
        for words in guards
    )


def _is_after(guards, plain, start):
    before = " " + plain[max(0, start - _GUARD_REACH) : start]
    return before.endswith(guards) and any(
        before.endswith(words) and not (words[0].isalnum() and before[-len(words) - 1].isalnum())
        for words in guards
    )


def _is_shouted(text, first, last):
    """Whether the words beside it are in capitals too, so that they say nothing about this one."""
    before = text[max(0, first - _LINE_REACH) : first].rpartition("\n")[2]
    after = text[last : last + _LINE_REACH].partition("\n")[0]
    beside = [*before.split()[-2:], *after.split()[:2]]
    return len(beside) > 1 and " ".join(beside).isupper()


class _Reading:
    """A text made comparable, with the way back to the places in the original."""

    def __init__(self, text, *, joins_broken_words=True):
        self.text = text
        self.has_broken_words = False
        self.breaks = set()  # blanks that part a word at the end of a line: "Bail-" and "iff"
        self._joins = joins_broken_words
        self._places, self._shifts = [0], [0]
        regular = self._regular(text)
        self._hyphened = regular
        self.plain = _folded(regular)

    @property
    def is_regular(self):
        """Whether every place of `plain` is the same place in `text`."""
        return len(self._places) == 1

    def span(self, start, end):
        """Where a stretch of `plain` stands in `text`."""
        if len(self._places) == 1:
            return start, end
        return self._place(start), self._place(end - 1) + 1

    def _place(self, index):
        return index + self._shifts[bisect_right(self._places, index) - 1]

    def bound_places(self):
        """Where a part begins that a hyphen binds to the part before: "co-defendant"."""
        return {found.end() for found in _BINDING.finditer(self._hyphened)}

    def _regular(self, text):
        parts, read, length = [], 0, 0
        for irregular in _IRREGULAR.finditer(text):
            start, end = irregular.span()
            put = self._put_right(irregular)
            parts += [text[read:start], put]
            length += start - read
            if irregular.lastgroup == "broken" and not self._joins:
                self.breaks.add(length)
            for step in range(1, len(put)):
                self._note(length + step, start)
            length += len(put)
            self._note(length, end)
            read = end
        return "".join([*parts, text[read:]]) if parts else text

    def _note(self, index, place):
        self._places.append(index)
        self._shifts.append(place - index)

    def _put_right(self, irregular):
        kind, written = irregular.lastgroup, irregular.group()
        if kind == "broken":
            self.has_broken_words = True
            return "" if self._joins else " "
        if kind == "ligature":
            return _LIGATURES[written]
        if kind == "unseen":
            return ""
        return _PARAGRAPH if written.count("\n") > 1 else " "


def _folded(text):
    """Small letters, one kind of quote, hyphens as blanks; never longer or shorter than `text`."""
    whole = text if text.isascii() else _SURROGATES.sub("\ufffd", text)
    lower = whole.lower()
    if len(lower) != len(whole):
        lower = "".join(low if len(low := char.lower()) == 1 else char for char in whole)
    for char, put in _ALIKE:
        lower = lower.replace(char, put)
    return lower
