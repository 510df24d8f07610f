"""What people type, made safe to search for."""

import html
import re
import unicodedata

# Letters that have no decomposition into a base letter and a mark.
_PLAIN_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d"})
_APOSTROPHES = re.compile("['`\u02bc\u2019]")
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def row_number(typed):
    """The number of a row as a form sent it; 0, which no row has, for everything else."""
    is_number = typed and typed.isascii() and typed.isdigit() and len(typed) < 19
    return int(typed) if is_number else 0


def fold(text):
    """`text` in small letters, without accents, apostrophes and punctuation: for comparing."""
    letters = text.casefold()
    if letters.isascii() and letters.isalnum():  # As most words are.
        return letters
    if not letters.isascii():
        decomposed = unicodedata.normalize("NFKD", letters).translate(_PLAIN_LETTERS)
        letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _BETWEEN_WORDS.sub(" ", _APOSTROPHES.sub("", letters)).strip()


def escape(text):
    """As `html.escape`, in a part of its time where there is nothing to do, as in most words."""
    has_signs = "&" in text or "<" in text or ">" in text or '"' in text or "'" in text
    return html.escape(text) if has_signs else text


def without_turns(text):
    """`text` without the signs that turn the direction of writing.

    Nobody sees them, and a title that ends in one writes its own citation backwards.
    """
    return _TURNS.sub("", text)


def clean_query(text, *, longest=200):
    """What someone typed into a search box, without what Postgres refuses or nobody means."""
    visible = "".join(" " if unicodedata.category(char) in {"Cc", "Cs"} else char for char in text)
    return " ".join(visible.split())[:longest].strip()


# A full stop after these ends no sentence: "v." in a case, "No." before a number.
_NOT_AN_END = re.compile(r"\b(v|No|Mr|Ms|Dr|St)\.\s")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’)]*\s+")


def sentences(text):
    """The sentences of plain text; each line of a list counts as one of its own."""
    lines = re.sub(r"^[-*]\s+", "", _NOT_AN_END.sub(r"\1 ", text), flags=re.MULTILINE).split("\n")
    parts = (part for line in lines for part in _SENTENCE_END.split(line.strip()))
    return [part for part in parts if part]
