"""A reader's own letter, with each word we know marked and explained.

The text lives in memory for one answer: it is not stored, logged, cached or sent anywhere.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.html import escape
from django.utils.safestring import mark_safe

from dictionary.models import Entry, Jurisdiction
from dictionary.published import published
from dictionary.words import words_of_letter

LONGEST = 100_000  # characters
# What no page may hold; a letter has no use for them, and the reader sees that something was there.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


@dataclass
class Word:
    """Something that is explained once, where it stands first; `number` counts from there."""

    number: int
    written: str
    entries: list
    jurisdiction: str
    named: set = field(default_factory=set)  # (entry id, meaning that goes by the name or None)

    @cached_property
    def name(self):
        return " or ".join(entry.headword for entry in self.entries)

    @cached_property
    def meanings(self):
        """The meaning for the chosen nation or, where none was chosen, all that it may have."""
        return [sense for entry in self.entries for sense in self._of_entry(entry)]

    @property
    def is_ambiguous(self):
        return len(self.meanings) > 1

    def _of_entry(self, entry):
        if self.jurisdiction:
            return [sense for sense in [entry.sense_for(self.jurisdiction)] if sense]
        is_any = (entry.pk, None) in self.named
        own = [one for one in entry.senses if is_any or (entry.pk, one.id) in self.named]
        return [sense for sense in own if not sense.is_former] or own


@dataclass(frozen=True)
class Piece:
    """A stretch of the text, with the word that it is."""

    text: str
    word: Word | None = None

    @property
    def html(self):
        """Escaped; a word links to its meaning."""
        text = escape(self.text)
        if not self.word:
            return text
        return f'<a class="word" href="#meaning-{self.word.number}">{text}</a>'


@dataclass(frozen=True)
class Explanation:
    pieces: list
    words: list
    is_cut: bool

    @property
    def text(self):
        return "".join(piece.text for piece in self.pieces)

    def runs(self):
        """(HTML, the piece after it whose word stands here first, or None), to the end."""
        met, html = set(), []
        for piece in self.pieces:
            if piece.word and piece.word.number not in met:
                met.add(piece.word.number)
                yield mark_safe("".join(html)), piece
                html = []
            else:
                html.append(piece.html)
        yield mark_safe("".join(html)), None


def explain(text, jurisdiction=""):
    """The text in pieces and the words in the order in which they first stand in it."""
    text = printable(text)
    short = text if len(text) <= LONGEST else _first_part(text)
    matches = words_of_letter(short)
    glossary = _Glossary(matches, jurisdiction)
    pieces = list(_pieces(short, matches, glossary))
    return Explanation(pieces, list(glossary.words.values()), is_cut=len(short) < len(text))


def printable(text):
    """The text with one kind of line end and a visible sign for each letter that no page shows."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n")
    return _UNPRINTABLE.sub("\ufffd", lines)


def _first_part(text):
    """As much as we explain at once, to the end of a word."""
    part = text[:LONGEST]
    end = max(part.rfind(" "), part.rfind("\n"))
    return part[: end if end > LONGEST - 1000 else LONGEST]


def _pieces(text, matches, glossary):
    read = 0
    for match in matches:
        word = glossary.word(match, text)
        if word:
            yield Piece(text[read : match.start])
            yield Piece(text[match.start : match.end], word)
            read = match.end
    yield Piece(text[read:])


class _Glossary:
    """The words of a text, each made when it is first met."""

    def __init__(self, matches, jurisdiction):
        self.jurisdiction = jurisdiction
        self.words, self.by_keys = {}, {}
        ids = {pk for match in matches for pk, _ in match.keys}
        rows = Entry.objects.published().select_related("current").in_bulk(ids)
        self.entries = {pk: published(row) for pk, row in rows.items()}

    def word(self, match, text):
        """None if the entries were withdrawn a moment ago."""
        if match.keys in self.by_keys:
            return self.by_keys[match.keys]
        self.by_keys[match.keys] = word = self._new_word(match, text)
        return word

    def _new_word(self, match, text):
        ids = self._meant(list(dict.fromkeys(pk for pk, _ in match.keys if pk in self.entries)))
        if not ids:
            return None
        if ids not in self.words:
            own = sorted((self.entries[pk] for pk in ids), key=str)
            written = text[match.start : match.end]
            self.words[ids] = Word(len(self.words) + 1, written, own, self.jurisdiction)
        self.words[ids].named.update(match.keys)
        return self.words[ids]

    def _meant(self, ids):
        """Of several entries with one name, those with a meaning in the chosen nation."""
        wanted = {self.jurisdiction, Jurisdiction.UK}
        local = [pk for pk in ids if any(one.jurisdiction in wanted for one in self._senses(pk))]
        return tuple(local if self.jurisdiction and local else ids)

    def _senses(self, pk):
        return self.entries[pk].senses
