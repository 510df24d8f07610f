"""The text of pages as people and the search want it."""

import re
import unicodedata
from functools import cached_property

# What PDFium puts where a line ends in a hyphen, be it of the word or of the typesetter.
LINE_END_HYPHEN = "\ufffe"

_LIGATURES = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
}
# Neither Postgres nor XML takes these, or nobody sees them; fonts without a map to letters give
# private and replacement characters, which no reader could search for.
_UNSEEN = "\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_NEVER = "\ud800-\udfff\ue000-\uf8ff\ufff9-\ufffd\uffff\U000f0000-\U0010ffff"
_ODD = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufb00-\ufb06{_UNSEEN}{_NEVER}]")
_LEADERS = re.compile(r"[.\u2026\u00b7](?: ?[.\u2026\u00b7]){4,}")  # of a table of contents
_SOFT_HYPHEN = re.compile("\u00ad[ \t]*\n?")
_LETTER = r"[^\W\d_]"
_SPLIT = re.compile(rf"{LINE_END_HYPHEN}[ \t]*\n?")
_BEFORE, _AFTER = re.compile(rf"{_LETTER}+\Z"), re.compile(rf"{_LETTER}+")
_WORD = re.compile(rf"{_LETTER}+(?:['\u2019-]{_LETTER}+)*")
LONGEST_WORD = 50


def clean(text):
    """`text` without what cannot be stored, searched or seen; a split word is still split.

    Looking for a character is many times faster than trying a pattern: so it comes first.
    """
    text = "\n".join([line.rstrip(" \t") for line in text.splitlines()])
    text = _ODD.sub(_wanted, text)
    if "\u00ad" in text:
        text = _SOFT_HYPHEN.sub("", text)
    if "...." in text or ". ." in text or "\u2026" in text or "\u00b7" in text:
        text = _LEADERS.sub("\u2026", text)
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _wanted(found):
    return _LIGATURES.get(found[0], "")


class Vocabulary:
    """The words that a document writes whole, which tell how it would write a split one."""

    def __init__(self):
        self.pieces = set()

    def add(self, text):
        self.pieces.update(text.lower().split())

    @cached_property
    def words(self):
        return set(_WORD.findall(" ".join(self.pieces)))

    def join(self, text):
        """`text` with the words joined that a line's end had split."""
        for hyphen in "-\u2010":
            text = text.replace(f"{hyphen}\n", f"{LINE_END_HYPHEN}\n")
        return (_SPLIT.sub(self._joint, text) if LINE_END_HYPHEN in text else text).strip()

    def _joint(self, found):
        """A hyphen only where the document shows it to be a part of the word."""
        before = found.string[max(found.start() - LONGEST_WORD, 0) : found.start()].lower()
        first, second = _BEFORE.search(before), _AFTER.match(found.string, found.end())
        if not (first and second):
            return "-\n" if found[0].endswith("\n") else "-"
        first, second = first[0], second[0].lower()
        is_linked = f"{first}-{second}" in self.words
        is_two = first + second not in self.words and {first, second} <= self.words
        return "-" if is_linked or is_two else ""


def words_of(text):
    return _WORD.findall(text.lower())
