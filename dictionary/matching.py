"""Finding the names of entries in a stranger's plain text: whole words, the longest name, in place.

The rules are ours; the scan is an Aho-Corasick automaton (Aho and Corasick, 1975) that reports
*overlapping* hits, because asking it for the longest hit first loses names that begin inside a
longer hit which the word boundaries then refuse. Offsets always point into the text as given.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

# One character for one character, so that offsets stay what they were.
_ALIKE = {ord(char): "'" for char in "‘’ʼ`´"}
_HYPHENS = "-‐‑"
_ALIKE |= {ord(char): " " for char in _HYPHENS}
_ALIKE |= dict.fromkeys((9, 10, 11, 12, 13, 160, 8239, *range(8192, 8203)), " ")
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_UNSEEN = "\u00ad\u200b-\u200f\u2060-\u2064\ufeff"
_PARAGRAPH = "\x1e"
_GUARD_REACH = 40  # characters
# Acronyms that are words too, so that capitals prove nothing in a line of capitals.
EVERYDAY = {"act", "aids", "cat", "co", "it", "pace", "sap", "sir", "so", "us", "who"}

# What changes the length of a text: each alternative is put right by `_straightened`.
_IRREGULAR = re.compile(
    rf"(?P<broken>(?<=[^\W\d_])[-\u2010\u00ad][ \t]*\r?\n[ \t]*(?=[^\W\d_]))"
    rf"|(?P<unseen>[{_UNSEEN}]+)"
    rf"|(?P<paragraph>\s*\n\s*\n\s*)"
    rf"|(?P<space>\s{{2,}})"
    rf"|(?P<ligature>[{''.join(_LIGATURES)}])"
)
_SURROGATES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Form:
    """One spelling to look for, and what it leads to.

    `not_before` and `not_after` are folded words or word groups beside which the spelling is not
    meant: "sentence" not before "structure", "charge" not after "in".
    """

    text: str
    key: object
    is_exact: bool = False  # upper and lower case must be as in `text`
    not_before: tuple = ()
    not_after: tuple = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A stretch of the text and the keys of all forms spelled like it."""

    start: int
    end: int
    keys: tuple


class Matcher:
    """A set of forms, compiled once, and the scan of any number of texts for them."""

    def __init__(self, forms):
        by_pattern = defaultdict(list)
        for form in forms:
            by_pattern[_Reading(form.text).plain.strip()].append(form)
        by_pattern.pop("", None)
        self._forms = list(by_pattern.values())
        self._automaton = AhoCorasick(list(by_pattern)) if by_pattern else None

    def find(self, text):
        """The matches in `text`: leftmost first, then the longest, none overlapping."""
        if not self._automaton:
            return []
        reading = _Reading(text)
        hits = list(self._hits(reading))
        if reading.has_broken_words:
            hits += self._hits(_Reading(text, joins_broken_words=False))
        return list(_without_overlaps(sorted(hits)))

    def _hits(self, reading):
        """(start, -length, keys) of every form that is meant where it stands."""
        plain = reading.plain
        for number, start, end in self._automaton.find_matches_as_indexes(plain, overlapping=True):
            if (start and plain[start - 1].isalnum()) or plain[end : end + 1].isalnum():
                continue
            found = _Found(reading, start, end)
            keys = tuple(dict.fromkeys(f.key for f in self._forms[number] if found.means(f)))
            if keys:
                yield found.first, found.first - found.last, keys


def _without_overlaps(hits):
    free_from = 0
    for first, minus_length, keys in hits:
        if first >= free_from:
            free_from = first - minus_length
            yield Match(first, free_from, keys)


class _Found:
    """A stretch of a reading that is spelled like a form; `means` says whether it is one."""

    def __init__(self, reading, start, end):
        self.text, self.plain, self.start, self.end = reading.text, reading.plain, start, end
        self.first, self.last = reading.place(start), reading.place(end - 1) + 1

    def means(self, form):
        return (
            self._is_cased_like(form)
            and not self._is_bound_to_prefix()
            and not self._is_guarded(form)
        )

    def _is_cased_like(self, form):
        if not form.is_exact:
            return True
        written = " ".join(self.text[self.first : self.last].split())
        return written == form.text and not (written.lower() in EVERYDAY and self._is_shouted())

    def _is_shouted(self):
        """Whether the line is in capitals, so that they say nothing about this word."""
        begin = self.text.rfind("\n", 0, self.first) + 1
        end = self.text.find("\n", self.last)
        line = self.text[begin : end if end >= 0 else None]
        return line.isupper() and len(line.split()) > 2

    def _is_bound_to_prefix(self):
        """ "co-defendant" is not a defendant; a dash with a blank before it binds nothing."""
        before = self.text[max(0, self.first - 2) : self.first]
        return len(before) == 2 and before[1] in _HYPHENS and before[0].isalnum()

    def _is_guarded(self, form):
        if not (form.not_before or form.not_after):
            return False
        after = self.plain[self.end : self.end + _GUARD_REACH].lstrip() + " "
        before = " " + self.plain[max(0, self.start - _GUARD_REACH) : self.start].rstrip()
        return any(_begins(after, words) for words in form.not_before) or any(
            before.endswith(f" {words}") for words in form.not_after
        )


def _begins(after, words):
    return after.startswith(words) and not after[len(words)].isalnum()


class _Reading:
    """A text made comparable, with the way back to the places in the original."""

    def __init__(self, text, *, joins_broken_words=True):
        self.text = text
        self.has_broken_words = False
        self._joins = joins_broken_words
        self._places, self._shifts = [0], [0]
        self.plain = _folded(self._regular(text))

    def place(self, index):
        """Where a character of `plain` stands in `text`."""
        return index + self._shifts[bisect_right(self._places, index) - 1]

    def _regular(self, text):
        parts, read, length = [], 0, 0
        for irregular in _IRREGULAR.finditer(text):
            start, end = irregular.span()
            put = self._put_right(irregular)
            parts += [text[read:start], put]
            length += start - read
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
        kind = irregular.lastgroup
        if kind == "broken":
            self.has_broken_words = True
            return "" if self._joins else " "
        if kind == "ligature":
            return _LIGATURES[irregular.group()]
        return {"unseen": "", "paragraph": _PARAGRAPH, "space": " "}[kind]


def _folded(text):
    """Small letters, one kind of quote, hyphens as blanks; never longer or shorter than `text`."""
    whole = _SURROGATES.sub("\ufffd", text)
    lower = whole.lower()
    if len(lower) != len(whole):
        lower = "".join(low if len(low := char.lower()) == 1 else char for char in whole)
    return lower.translate(_ALIKE)
