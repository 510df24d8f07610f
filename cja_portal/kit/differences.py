"""What changed between two texts, so that readers can follow it word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORDS = re.compile(r"\s+|[^\s]+")
_SENTENCES = re.compile(r"[^.!?\n]+[.!?\n]*|[.!?\n]+")
MOST_PAIRS = 1_000_000  # More would take seconds to compare.


@dataclass(frozen=True)
class Piece:
    """A stretch of text that stayed, went or came."""

    text: str
    is_gone: bool = False
    is_new: bool = False


def pieces_between(old, new):
    """`old` and `new` as one text in which what went and what came can be marked."""
    before, after = _parted(old, new)
    pieces = []
    for kind, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("".join(before[i:j])))
            continue
        gone, came = "".join(before[i:j]), "".join(after[k:m])
        pieces += [Piece(gone, is_gone=True)] if gone else []
        pieces += [Piece(came, is_new=True)] if came else []
    return pieces


def _parted(old, new):
    """Both texts in words or, where these are too many, in sentences, or whole."""
    for parts in (_WORDS, _SENTENCES):
        before, after = parts.findall(old), parts.findall(new)
        if len(before) * len(after) <= MOST_PAIRS:
            return before, after
    return [old], [new]
