"""Paragraphs, headings and lists from the text of a PDF's page, which knows lines alone.

A line ends a paragraph if the first word of the next line would still have fitted on it: whoever
set the page broke there on purpose. All of it is a guess about looks; no word is lost or moved.
"""

import re
from dataclasses import dataclass
from itertools import groupby, pairwise
from math import inf

BULLET = re.compile(r"(?:[•●▪■◦○‣⁃·–—*-]|o(?=\s[A-Z]))\s+(?=\S)")
DASH = re.compile(r"[–—*-]\s")  # Also within a sentence, where a line may begin with it.
NUMBER = re.compile(r"\(?(?:\d{1,3}(?:\.\d{1,2})*|[a-z]|[ivx]{1,5})[.)]\s+(?=\S)")
LEADER = re.compile(r"(?:\s?[._·]){4,}\s*")
ENTRY = re.compile(r"\s?…\s?([\divxlc]{1,6})$", re.IGNORECASE)  # of a table of contents
SENTENCE_END = re.compile(r"[.!?:;][\"”’)\]\d]*$")
ROOM = 0.92  # Letters differ in width, so the count of letters only nearly tells what fits.
SHORT = 0.6
FULL_LINE = 60  # letters, where a page has too few lines to tell
FEW_LINES = 3
LONGEST_LINE = 200  # A longer one is a whole paragraph, as in the text of a Word document.
HEADING_WORDS = 14
LEAST_ROWS = 3


@dataclass(frozen=True)
class Block:
    """`kind`: "paragraph" or "heading" of one text; "list", "numbered" or "rows" of any number.

    "running" is what stands at the edge of page after page.
    """

    kind: str
    texts: tuple


@dataclass
class _Piece:
    """Lines that belong together."""

    text: str
    lines: int = 1

    @property
    def kind(self):
        if BULLET.match(self.text):
            return "list"
        if NUMBER.match(self.text):
            return "numbered"
        return "short" if self.is_short else "paragraph"

    @property
    def is_short(self):
        """Whether it stands alone without being a sentence: a heading, or a row of a table."""
        is_brief = self.lines <= 2 and len(self.text.split()) <= HEADING_WORDS
        return bool(ENTRY.search(self.text)) or (is_brief and not SENTENCE_END.search(self.text))

    @property
    def is_heading(self):
        """It opens like a title and says something: it is no page number and no row of figures."""
        letters = sum(char.isalpha() for char in self.text)
        opens = self.text[0].isupper() or self.text[0].isdigit()
        return opens and not ENTRY.search(self.text) and letters > len(self.text) / 2


def without_leaders(text):
    """The rows of dots in a table of contents as one sign."""
    return ENTRY.sub(r" … \1", LEADER.sub(" … ", text))


def blocks_of(text, running=(0, 0)):
    """The blocks of a page in their order; so many lines on top and at the foot are running."""
    lines = [without_leaders(" ".join(line.split())).strip() for line in text.splitlines()]
    top, lines, foot = _parted(lines, *running)
    return [*_running(top), *_blocks_of(lines), *_running(foot)]


def _parted(lines, top, foot):
    """The lines on top, between and at the foot; empty ones are not counted."""
    filled = [place for place, line in enumerate(lines) if line]
    if top + foot >= len(filled):
        return lines, [], []
    start, end = filled[top], filled[len(filled) - foot - 1] + 1
    return lines[:start], lines[start:end], lines[end:]


def _running(lines):
    words = " · ".join(line for line in lines if line)
    return [Block("running", (words,))] if words else []


def _blocks_of(lines):
    runs = [(kind, list(run)) for kind, run in groupby(_pieces(lines), key=lambda one: one.kind)]
    found = pairwise([*runs, ("", [])])
    return [block for (kind, run), (follower, _) in found for block in _blocks(kind, run, follower)]


def _blocks(kind, run, follower):
    texts = tuple(piece.text for piece in run)
    if kind == "list":
        yield Block(kind, tuple(BULLET.sub("", text, count=1) for text in texts))
    elif kind == "numbered":
        is_title = follower and len(run) == 1 and run[0].is_short
        yield Block("heading" if is_title else kind, texts)
    elif kind == "paragraph":
        yield from (Block(kind, (text,)) for text in texts)
    else:
        yield from _short_blocks(run, follower)


def _short_blocks(run, follower):
    """Many short lines in a row are rows; one that opens the text after it is its heading."""
    opens_text = follower and run[-1].is_heading
    rows, rest = (run[:-1], run[-1:]) if opens_text else (run, [])
    if len(rows) < LEAST_ROWS:
        rows, rest = [], run
    if rows:
        yield Block("rows", tuple(piece.text for piece in rows))
    for piece in rest:
        yield Block("heading" if piece.is_heading else "paragraph", (piece.text,))


def _pieces(lines):
    pieces, width, last = [], _width(lines), ""
    for line in lines:
        if last and line and _goes_on(pieces, last, line, width):
            pieces[-1].text = _joined(pieces[-1].text, line)
            pieces[-1].lines += 1
        elif line:
            pieces.append(_Piece(line))
        last = line
    return pieces


def _width(lines):
    """How many letters a full line of this page has; no line is full where lines are paragraphs."""
    lengths = sorted(len(line) for line in lines if line and not ENTRY.search(line))
    if not lengths or lengths[-1] > LONGEST_LINE:
        return inf
    usual = lengths[len(lengths) * 9 // 10]
    return usual if len(lengths) > FEW_LINES else max(usual, FULL_LINE)


def _goes_on(pieces, last, line, width):
    """Whether `line` is the next of the same paragraph."""
    is_full = len(last) + 1 + len(line.split()[0]) > width * ROOM
    if ENTRY.search(last) or (_is_of_figures(last) and _is_of_figures(line)):
        return False
    if BULLET.match(line) and not (is_full and DASH.match(line) and pieces[-1].kind != "list"):
        return False
    if NUMBER.match(line) and not (is_full and not SENTENCE_END.search(last)):
        return False
    return is_full or _runs_on(pieces, last, line, width)


def _is_of_figures(line):
    """A row of a table, however long."""
    return sum(char.isalpha() for char in line) < len(line) / 3


def _runs_on(pieces, last, line, width):
    """A sentence that is cut early, before a long word or in a title, and goes on in small letters.

    The running title on top of a page ends early as well, but is no sentence.
    """
    is_on_top = len(pieces) == 1 and pieces[0].lines == 1 and len(last) < width * SHORT
    return line[0].islower() and not SENTENCE_END.search(last) and not is_on_top


def _joined(text, line):
    """A hyphen at the end of a line stays: what divided a word was taken out with the text."""
    return f"{text}{line}" if re.search(r"\w-$", text) else f"{text} {line}"
