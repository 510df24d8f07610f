"""Reading a bank's CSV file. Banks agree on little: columns are known by their usual names."""

import csv
import hashlib
import io
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from cja_portal.kit.money import read_pounds
from cja_portal.kit.text import fold

MOST_LINES = 5_000
DATES = {"date", "transaction date", "posting date", "value date", "booking date", "date paid"}
SUMS = {"amount", "value", "amount gbp", "transaction amount"}
MONEY_IN = {"paid in", "money in", "credit", "credit amount", "credits", "in", "amount credited"}
WORDS = re.compile("reference|description|narrative|details|payer|name|memo|party|particulars|from")
FORMS = ["%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y"]
FORMS += ["%d %B %Y", "%d.%m.%Y", "%d %b %y"]


class StatementError(Exception):
    """Why a file cannot be read, as a sentence; nothing of it is kept."""


@dataclass(frozen=True)
class Line:
    """Money that came in. The digest is the same in every file that holds the line."""

    booked_on: date
    pence: int
    text: str
    digest: str


def read_statement(content):
    """The lines of a file by which money came in; those by which it went out are passed over."""
    rows = _rows(content)
    columns, first = _header(rows)
    found, seen = [], Counter()
    for number, row in enumerate(rows[first:], start=first + 1):
        if any(cell.strip() for cell in row):
            entry = _entry(row, columns, number)
            seen[entry] += 1
            found += [Line(*entry, _digest(entry, seen[entry]))] if entry[1] > 0 else []
    return found


def _rows(content):
    text = _decode(content)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=None), delimiter=delimiter))
    except csv.Error as error:
        raise StatementError("This is no CSV file, or a cell in it is far too long.") from error
    if len(rows) > MOST_LINES:
        raise StatementError(f"The file has more than {MOST_LINES:,} lines. Split it.")
    return rows


def _decode(content):
    if isinstance(content, str):
        return content.replace("\x00", "")
    try:
        return content.decode("utf-8-sig").replace("\x00", "")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace").replace("\x00", "")


def _header(rows):
    """The places of the columns, and the row after the one that names them."""
    for number, row in enumerate(rows[:30]):
        names = [" ".join(re.sub("[^a-z]+", " ", cell.lower()).split()) for cell in row]
        day = next((place for place, name in enumerate(names) if name in DATES), None)
        come_in = [place for place, name in enumerate(names) if name in MONEY_IN]
        sums = come_in or [place for place, name in enumerate(names) if name in SUMS]
        if day is not None and sums:
            words = [place for place, name in enumerate(names) if WORDS.search(name)]
            return (day, sums[0], words), number + 1
    raise StatementError(
        "No line names the columns. One must be called “Date”, one “Amount” or “Paid in”, and one "
        "“Reference” or “Description”."
    )


def _entry(row, columns, number):
    day, pence, words = columns
    cells = dict(enumerate(row))
    text = " ".join(cells.get(place, "").strip() for place in words)
    return _date(cells.get(day, ""), number), _pence(cells.get(pence, ""), number), text[:400]


def _date(cell, number):
    for form in FORMS:
        try:
            return datetime.strptime(cell.strip(), form).date()
        except ValueError:
            continue
    raise StatementError(f"Line {number}: “{cell[:40]}” is not a date such as 31/01/2030.")


def _pence(cell, number):
    if not cell.strip():
        return 0
    try:
        return read_pounds(cell)
    except ValueError as error:
        raise StatementError(f"Line {number}: “{cell[:40]}” is not an amount.") from error


def _digest(entry, time_seen):
    """Two like lines of one day are two; the same line in a later file is known again."""
    day, pence, text = entry
    return hashlib.sha256(f"{day}|{pence}|{fold(text)}|{time_seen}".encode()).hexdigest()
