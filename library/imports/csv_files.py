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
    rows = _rows(csv.reader(lines, strict=True))
    _, names_of_columns = next(rows, (1, []))
    if isinstance(names_of_columns, Fault):
        yield names_of_columns
        return
    heading = [cleaned(name).lower() for name in names_of_columns]
    if complaint := _heading_complaint(heading):
        yield Fault(1, complaint)
        return
    for line, cells in rows:
        yield cells if isinstance(cells, Fault) else _record(line, heading, cells)


def _rows(table):
    """(first line, cells) of each row that is not empty; a fault where the table ends badly."""
    while True:
        line = table.line_num + 1
        try:
            cells = next(table, None)
        except csv.Error as error:
            yield line, Fault(line, f"From here on this is no table that can be read: {error}.")
            return
        if cells is None:
            return
        if line == 1 or any(cells):
            yield line, cells


def _heading_complaint(heading):
    if strange := [name for name in heading if name not in COLUMNS]:
        return f"The columns “{', '.join(strange)}” are not known. Known are: {', '.join(COLUMNS)}."
    if "title" not in heading:
        return "The first line must name the columns, and one of them must be “title”."
    return "A column stands twice." if len(set(heading)) < len(heading) else ""


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
