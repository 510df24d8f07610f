"""Cells of spreadsheets, going out and coming in, and what an import would change.

Cells that a spreadsheet would run as a formula carry an apostrophe in front, taken off on the way
in.
"""

import csv
import io

from django.utils.html import format_html, format_html_join
from import_export.resources import Diff
from import_export.widgets import CharWidget

from cja_portal.kit.differences import pieces_between

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
PASSED_OVER = "' \u00a0\ufeff"  # Some spreadsheets look for the formula behind these.
MARK_OF_UTF8 = "\ufeff"  # Without it Excel reads the letters of another alphabet.


def guarded(text):
    """`text` as a cell that no spreadsheet runs; `unguarded` gives it back as it was."""
    return f"'{text}" if _is_risky(text) else text


def unguarded(cell):
    return cell[1:] if cell.startswith("'") and _is_risky(cell) else cell


def _is_risky(text):
    return text.lstrip(PASSED_OVER).startswith(FORMULA_STARTS)


def lines_of_csv(columns, rows):
    """The lines of a file, the headings first."""
    yield MARK_OF_UTF8 + _line(columns)
    for cells in rows:
        yield _line([guarded(str(cell)) for cell in cells])


def _line(cells):
    line = io.StringIO(newline="")
    csv.writer(line).writerow(cells)
    return line.getvalue()


class TextCell(CharWidget):
    def clean(self, value, row=None, **kwargs):
        return unguarded(str(value or "")).replace("\r\n", "\n")

    def render(self, value, obj=None, **kwargs):
        return guarded(str(value or ""))


class WordDiff(Diff):
    """What an import would change, word by word, in elements that need no style of their own."""

    def as_html(self):
        return [_marked(old, new) for old, new in zip(self.left, self.right, strict=False)]


def _marked(old, new):
    pieces = pieces_between(old or "", new or "")
    return format_html_join("", "{}", ((_piece(piece),) for piece in pieces))


def _piece(piece):
    if piece.is_gone:
        return format_html("<del>{}</del>", piece.text)
    return format_html("<ins>{}</ins>", piece.text) if piece.is_new else piece.text
