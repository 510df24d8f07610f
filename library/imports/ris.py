"""RIS, as reference managers write it: "TY  - RPRT" begins a record, "ER  - " ends it.

A name without a comma is an organisation's, as in Zotero.
"""

import re

from library.imports.records import Fault, Record, cleaned

_LINE = re.compile(r"^\ufeff?([A-Z][A-Z0-9])  ?-(?: (.*))?$")
KINDS = {
    "JOUR": "journal-article",
    "MGZN": "journal-article",
    "EJOUR": "journal-article",
    "STAT": "statistics",
    "DATA": "statistics",
    "SOUND": "podcast",
}
TITLES, NAMES, DATES = ("TI", "T1", "CT"), ("AU", "A1", "A2", "ED"), ("DA", "PY", "Y1")
ISBN = re.compile(r"[\d -]{9,17}[\dXx]")


def read(lines):
    fields, first = {}, 0
    for number, line in enumerate(lines, start=1):
        found = _LINE.match(line.rstrip("\r\n"))
        tag, text = found.groups() if found else ("", line)
        if tag == "TY":
            if first:
                yield Fault(first, "The record has no end: its line “ER  -” is missing.")
            fields, first = {}, number
        if tag == "ER" and first:
            yield _record(first, fields)
            fields, first = {}, 0
        elif tag and first:
            fields.setdefault(tag, []).append(cleaned(text or ""))
            last = tag
        elif line.strip() and first:
            fields[last][-1] += f" {cleaned(line)}"  # A long text may go on in the next line.
        elif line.strip("\ufeff\r\n\t "):
            yield Fault(number, "This line belongs to no record.")
    if first:
        yield Fault(first, "The record has no end: its line “ER  -” is missing.")


def _record(line, fields):
    def one(*tags):
        return next((fields[tag][0] for tag in tags if fields.get(tag, [""])[0]), "")

    authors = [name for tag in NAMES for name in fields.get(tag, []) if name]
    kind = KINDS.get(one("TY"), "report")
    numbers = fields.get("SN", [])
    isbn = next((text for text in numbers if ISBN.fullmatch(text) and len(text) > 9), "")
    number = next((text for text in numbers if text != isbn), "")
    return Record(
        line,
        title=one(*TITLES),
        kind=kind,
        published=_date(one("DA"), one("PY", "Y1")),
        people=tuple(name for name in authors if "," in name),
        organisations=tuple(name for name in authors if "," not in name),
        publishers=tuple(fields.get("PB", [])),
        series=one("T2", "JO", "JF", "T3"),
        number=number or one("IS", "M1"),
        isbn=isbn,
        doi=re.sub(r"^https?://(dx\.)?doi\.org/", "", one("DO")),
        language=_language(one("LA")),
        link=one("UR", "L2"),
        keywords=tuple(fields.get("KW", [])),
        summary=one("AB", "N2"),
    )


def _date(day, year):
    """ "2017/09/15/" or "2017///" as 2017-09-15 or 2017."""
    parts = [part for part in (day or year).split("/")[:3] if part.strip().isdigit()]
    return "-".join(parts)


def _language(text):
    return {"": "en", "english": "en", "eng": "en", "en-gb": "en", "welsh": "cy"}.get(
        text.lower(), text.lower()
    )
