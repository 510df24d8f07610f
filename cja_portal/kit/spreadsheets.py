"""Tables as files that spreadsheets open without running anything in them."""

import csv
import io

MARK_OF_UTF8 = "\ufeff"  # Without it Excel reads the letters of another alphabet.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "'")


def lines_of_csv(columns, rows):
    """The lines of a file, the headings first."""
    yield MARK_OF_UTF8 + _line(columns)
    for cells in rows:
        yield _line([guarded(str(cell)) for cell in cells])


def guarded(cell):
    """A spreadsheet takes for a formula what begins like one; an apostrophe makes it a text.

    Some pass over blanks first, so that these do not hide it.
    """
    return f"'{cell}" if cell.lstrip(" \u00a0\ufeff").startswith(FORMULA) else cell


def _line(cells):
    line = io.StringIO(newline="")
    csv.writer(line).writerow(cells)
    return line.getvalue()
