"""Citations as files: of one work, or of many, a line or a record at a time."""

import csv
import io
import json

from cja_portal.kit.cells import guarded
from library.citations.bibtex import bibtex
from library.citations.csl import csl_json, csl_record
from library.citations.ris import ris
from library.citations.works import address_of
from library.snippets import plain_text

FORMATS = {
    "bib": (bibtex, "application/x-bibtex"),
    "ris": (ris, "application/x-research-info-systems"),
    "csl.json": (csl_json, "application/vnd.citationstyles.csl+json"),
}

MEDIA_TYPES = {form: media_type for form, (_, media_type) in FORMATS.items()} | {"csv": "text/csv"}
COLUMNS = [
    *("code", "title", "subtitle", "kind", "authors", "publishers", "published", "series"),
    *("number", "isbn", "doi", "language", "licence", "themes", "nations", "link", "files"),
    *("address", "summary"),
]


def export(works, form):
    """The text of a file of `works`, in pieces: "bib", "ris", "csl.json" or "csv".

    Takes one work at a time and keeps none. The works should come from `for_machines`.
    """
    if form == "csl.json":
        return _csl_array(works)
    if form == "csv":
        return _csv_table(works)
    write, _ = FORMATS[form]
    between = "\n" if form == "bib" else ""
    return (write(work) + between for work in works)


def _csl_array(works):
    yield "["
    for place, work in enumerate(works):
        yield (",\n" if place else "\n") + json.dumps(csl_record(work), ensure_ascii=False)
    yield "\n]\n"


def _csv_table(works):
    """With the mark by which Excel knows that it is UTF-8."""
    yield "\ufeff" + _csv_line(COLUMNS)
    for work in works:
        yield _csv_line([guarded(cell) for cell in _csv_cells(work)])


def _csv_line(cells):
    line = io.StringIO(newline="")
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _csv_cells(work):
    item = work.item
    return [
        *(item.code, item.title, item.subtitle, item.get_kind_display()),
        "; ".join(contributor.name for contributor in item.contributors.all()),
        "; ".join(work.publishers),
        *(item.partial_date, item.series, item.number, item.isbn, item.doi),
        *(item.get_language_display(), item.get_licence_display()),
        "; ".join(theme.name for theme in item.themes.all()),
        "; ".join(area.name for area in item.nations.all()),
        *(item.link, "; ".join(address_of(file) for file in work.files), work.address),
        "" if item.withdrawn_at else plain_text(item.summary),
    ]
