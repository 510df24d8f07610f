"""The text of pages as people and the search want it."""

import re
import unicodedata

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
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_UNWANTED = "\x80-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_NEVER = "\ud800-\udfff\ue000-\uf8ff\ufff9-\ufffd\uffff\U000f0000-\U0010ffff"
_STRANGE = re.compile(f"[{_UNWANTED}{_NEVER}]")
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_LEADERS = re.compile(r"[.\u2026\u00b7](?: ?[.\u2026\u00b7]){4,}")  # of a table of contents
_SOFT_HYPHEN = re.compile("\u00ad[ \t]*\n?")
_LETTER = r"[^\W\d_]"
_SPLIT = re.compile(rf"(?:{LINE_END_HYPHEN}[ \t]*\n?|(?<={_LETTER})[-\u2010]\n)(?={_LETTER})")
_BEFORE, _AFTER = re.compile(rf"{_LETTER}*\Z"), re.compile(rf"{_LETTER}+")
LONGEST_WORD = 50
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")


def clean(text):
    """`text` without what cannot be stored, searched or seen; a split word is still split."""
    text = "\n".join(line.rstrip(" \t") for line in text.splitlines())
    if not text.isascii():
        text = _clean_letters(text)
    return _LEADERS.sub("\u2026", _CONTROL.sub("", text))


def _clean_letters(text):
    text = _LIGATURE.sub(lambda found: _LIGATURES[found[0]], text)
    text = _STRANGE.sub("", _SOFT_HYPHEN.sub("", text))
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


class Vocabulary:
    """The words that a document writes whole, which tell how it would write a split one."""

    def __init__(self):
        self.words = set()

    def add(self, text):
        self.words.update(words_of(text))

    def join(self, text):
        """`text` with the words joined that a line's end had split."""
        joined = _SPLIT.sub(self._joint, text)
        return joined.replace(f"{LINE_END_HYPHEN}\n", "-").replace(LINE_END_HYPHEN, "-").strip()

    def _joint(self, found):
        """A hyphen only where the document shows it to be a part of the word."""
        before = found.string[max(found.start() - LONGEST_WORD, 0) : found.start()].lower()
        first = _BEFORE.search(before)[0]
        second = _AFTER.match(found.string, found.end())[0].lower()
        is_linked = f"{first}-{second}" in self.words
        is_two = first + second not in self.words and {first, second} <= self.words
        return "-" if is_linked or is_two else ""


def words_of(text):
    return _WORD.findall(text.lower())
