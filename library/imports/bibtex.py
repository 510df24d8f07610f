"""BibTeX, read by bibtexparser. A name in double braces is an organisation's."""

import logging
import re
from calendar import month_name

import bibtexparser
from bibtexparser.middlewares import SeparateCoAuthors, SplitNameParts
from pylatexenc.latex2text import LatexNodes2Text

from library.imports.records import Fault, Record, cleaned

KINDS = {"article": "journal-article", "dataset": "statistics"}
MONTHS = {name[:3].lower(): f"{number:02}" for number, name in enumerate(month_name) if name}
# Commands for braces that pylatexenc does not know, and what stands for them meanwhile.
BRACES = [
    (r"{\textbraceleft}", "\ue000", "{"),
    (r"\textbraceleft{}", "\ue000", "{"),
    (r"{\textbraceright}", "\ue001", "}"),
    (r"\textbraceright{}", "\ue001", "}"),
]
_latex = LatexNodes2Text(math_mode="verbatim")
# Each of its warnings is a Fault of ours, in words for people.
logging.getLogger("bibtexparser").setLevel(logging.ERROR)


def read(lines):
    layers = [SeparateCoAuthors(), SplitNameParts()]
    library = bibtexparser.parse_string("".join(lines), append_middleware=layers)
    blocks = sorted([*library.entries, *library.failed_blocks], key=lambda one: one.start_line)
    for block in blocks:
        if block in library.failed_blocks:
            yield Fault(block.start_line + 1, "It cannot be read: look for a missing brace.")
        else:
            yield _record(block)


def _record(entry):
    fields = {field.key.lower(): field.value for field in entry.fields}

    def one(*names):
        return next((_plain(fields[name]) for name in names if fields.get(name)), "")

    names = [name for role in ("author", "editor") for name in fields.get(role, [])]
    publisher = one("institution", "publisher", "organization", "school")
    return Record(
        entry.start_line + 1,
        title=one("title"),
        subtitle=one("subtitle"),
        kind=KINDS.get(entry.entry_type.lower(), "report"),
        published=_date(one("date"), one("year"), one("month")),
        people=tuple(_person(name) for name in names if not _is_organisation(name)),
        organisations=tuple(_plain(name.last[0]) for name in names if _is_organisation(name)),
        publishers=(publisher,) if publisher else (),
        series=one("journal", "journaltitle", "series"),
        number=one("number"),
        isbn=one("isbn"),
        doi=re.sub(r"^https?://(dx\.)?doi\.org/", "", one("doi")),
        language={"": "en", "english": "en", "british": "en", "welsh": "cy"}.get(
            one("language", "langid").lower(), one("language", "langid").lower()
        ),
        link=one("url"),
        keywords=tuple(filter(None, map(cleaned, re.split("[,;]", one("keywords"))))),
        summary=one("abstract"),
    )


def _is_organisation(name):
    return not name.first and len(name.last) == 1 and name.last[0].startswith("{")


def _person(name):
    family = " ".join([*name.von, *name.last, *name.jr])
    given = " ".join(name.first)
    return _plain(f"{family}, {given}" if given else family)


def _plain(text):
    for name, mark, _ in BRACES:
        text = text.replace(name, mark)
    text = cleaned(_latex.latex_to_text(text))
    for _, mark, brace in BRACES:
        text = text.replace(mark, brace)
    return text


def _date(day, year, month):
    if day:
        return day
    number = MONTHS.get(month.lower()[:3]) or (month.zfill(2) if month.isdigit() else "")
    return f"{year}-{number}" if year and number else year
