"""Tables with a heading line: title is needed, every other column may be left out."""

import csv

from library.imports.records import Fault, Record, cleaned, names

ONE = [
    *("slug", "title", "subtitle", "kind", "published", "series", "number", "isbn", "doi"),
    *("language", "licence", "link", "link_kind"),
]
SEVERAL = ["people", "organisations", "publishers", "themes", "nations"]
USUAL = {"kind": "report", "language": "en", "licence": "not-stated"}
COLUMNS = [*ONE, *SEVERAL, "summary"]


def read(lines):
    """Records or faults, in the order of the file."""
    try:
        yield from _records(csv.reader(lines, strict=True))
    except csv.Error as error:
        yield Fault(1, f"This is no table that can be read: {error}.")


def _records(table):
    heading = [cleaned(name).lower() for name in next(table, [])]
    strange = [name for name in heading if name not in COLUMNS]
    if strange or "title" not in heading or len(set(heading)) < len(heading):
        yield Fault(1, _heading_complaint(heading, strange))
        return
    line = table.line_num
    for cells in table:
        first, line = line + 1, table.line_num
        if any(cells):
            yield _record(first, heading, cells)


def _heading_complaint(heading, strange):
    if strange:
        return f"The columns “{', '.join(strange)}” are not known. Known are: {', '.join(COLUMNS)}."
    if "title" not in heading:
        return "The first line must name the columns, and one of them must be “title”."
    return "A column stands twice."


def _record(line, heading, cells):
    if len(cells) != len(heading):
        return Fault(line, f"It has {len(cells)} cells, but there are {len(heading)} columns.")
    values = dict(zip(heading, cells, strict=True))
    record = Record(line, summary=values.get("summary", "").replace("\0", "").strip())
    for name in ONE:
        if text := values.get(name):
            setattr(record, name, cleaned(text) or USUAL.get(name, ""))
    for name in SEVERAL:
        if text := values.get(name):
            setattr(record, name, names(text))
    return record
