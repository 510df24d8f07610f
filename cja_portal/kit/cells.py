"""Cells of spreadsheets, going out and coming in, and what an import would change.

Cells that a spreadsheet would run as a formula carry an apostrophe in front, taken off on the way
in.
"""

from django.utils.html import format_html, format_html_join
from import_export.resources import Diff
from import_export.widgets import CharWidget

from cja_portal.kit.differences import pieces_between

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def guarded(text):
    """`text` as a cell that no spreadsheet runs; `unguarded` gives it back as it was."""
    is_risky = text.lstrip("'").startswith(FORMULA_STARTS)
    return f"'{text}" if is_risky else text


def unguarded(cell):
    is_guarded = cell.startswith("'") and cell.lstrip("'").startswith(FORMULA_STARTS)
    return cell[1:] if is_guarded else cell


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
