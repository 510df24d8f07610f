"""Citing items: three styles to read, and formats for reference managers and spreadsheets.

Harvard follows Cite Them Right, APA its 7th edition, OSCOLA its 4th. An organisation is never taken
apart into given and family names, also where its name has a comma.
"""

import csv
import io
import json
import re
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.text import slugify
from django.utils.timezone import localdate

from library.models import (
    ContributorKind,
    ContributorRole,
    Document,
    DocumentKind,
    Kind,
    LinkKind,
    Precision,
)
from library.snippets import plain_text

# Names that begin like this are cited as printed: "Lord Farmer" has no given name to abbreviate.
_TITLED = re.compile(r"(Lord|Lady|Baroness|Baron|Viscount|Earl|Mr Justice|Mrs Justice)\b")
_HONORIFIC = re.compile(r"(Sir|Dame|Dr|Professor|Prof|Mr|Mrs|Ms|Miss|Rt Hon|The Rt Hon)\.?\s+")
_AFTER_NAME = re.compile(r",?\s+(MP|MSP|MS|QC|KC|CBE|OBE|MBE|DBE|KBE|PhD)$")


@dataclass(frozen=True)
class Name:
    """The name of an author; an organisation, or a person cited as printed, has no given name."""

    family: str
    given: str = ""
    is_person: bool = True

    @property
    def initials(self):
        return [part[0] for part in re.split(r"[\s-]+", self.given) if part]

    @property
    def plain(self):
        return f"{self.given} {self.family}".strip()

    @property
    def inverted(self):
        return f"{self.family}, {self.given}" if self.given else self.family


def name_of(contributor):
    if contributor.kind == ContributorKind.ORGANISATION:
        return Name(contributor.name, is_person=False)
    if contributor.filed_as:
        family, _, given = contributor.filed_as.partition(",")
        return Name(family.strip(), given.strip())
    if _TITLED.match(contributor.name):
        return Name(contributor.name)
    bare = _HONORIFIC.sub("", contributor.name, count=1)
    while _AFTER_NAME.search(bare):
        bare = _AFTER_NAME.sub("", bare)
    given, _, family = bare.rpartition(" ")
    return Name(family, given)


def files_for_everyone():
    """The files of today that anybody may open, the main one first."""
    return Document.objects.visible_to(AnonymousUser()).current()


def for_machines(items):
    """`items` with all that their exports say, in a number of statements that never grows."""
    files = Prefetch("documents", files_for_everyone(), to_attr="files_for_everyone")
    return items.for_page().prefetch_related(files)


def work_of(item):
    return Work(item, settings.SITE_ORIGIN + item.get_absolute_url())


@dataclass(frozen=True)
class Work:
    """What every citation says of an item."""

    item: object
    address: str  # The permanent address of our record.
    page: str = ""  # The page that is meant, as printed on it.

    @cached_property
    def files(self):
        """Those that anybody may open: metadata never tells of others."""
        found = getattr(self.item, "files_for_everyone", None)
        if found is None:
            found = files_for_everyone().filter(item=self.item).select_related("item")
        return sorted(found, key=lambda file: file.kind != DocumentKind.MAIN)

    @property
    def pdf(self):
        """The address of the first PDF that anybody may open; blank if there is none."""
        return next((address_of(file) for file in self.files if file.is_pdf), "")

    @cached_property
    def authors(self):
        names = [name_of(contributor) for contributor in self.item.contributors.all()]
        return names or [Name(name, is_person=False) for name in self.publishers]

    @cached_property
    def publishers(self):
        return [organisation.name for organisation in self.item.publisher_list]

    @property
    def publisher(self):
        """The publishers in words; blank where they are the authors as well."""
        if [name.plain for name in self.authors] == self.publishers:
            return ""
        return _joined(self.publishers, " and ")

    @property
    def are_editors(self):
        roles = {contributor.role for contributor in self.item.contributors.all()}
        return roles == {ContributorRole.EDITOR}

    @property
    def is_article(self):
        return self.item.kind == Kind.JOURNAL_ARTICLE

    @property
    def year(self):
        return str(self.item.published_on.year) if self.item.published_on else ""

    @property
    def report_number(self):
        return f"{self.item.series} {self.item.number}".strip()

    @property
    def volume_and_issue(self):
        """Of a journal: "61(2)" is its sixty-first volume, second issue; else all is the issue."""
        number = self.item.number if self.is_article else ""
        found = re.fullmatch(r"(\w+)\s*\((.+)\)", number)
        return found.groups() if found else ("", number)

    @property
    def where(self):
        """Where a reader finds the work: by DOI, at the given link, else by our record."""
        if self.item.doi:
            return f"https://doi.org/{self.item.doi}"
        leads_to_work = self.item.link and self.item.link_kind != LinkKind.NOTICE
        return self.item.link if leads_to_work else self.address

    @property
    def date_parts(self):
        day = self.item.published_on
        if not day:
            return []
        parts = {Precision.YEAR: 1, Precision.MONTH: 2, Precision.DAY: 3}[self.item.precision]
        return [day.year, day.month, day.day][:parts]


def _joined(names, last):
    names = list(names)
    return last.join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def address_of(file):
    """The file lies below the page of its item: Google Scholar looks for it there."""
    return f"{settings.SITE_ORIGIN}{file.item.get_absolute_url()}files/{file.name}"


UNNAMED = "No author named"


# -- To read ------------------------------------------------------------------------------------


def styles(work):
    """(name of the style, citation as safe HTML) for each."""
    return [("Harvard", harvard(work)), ("APA", apa(work)), ("OSCOLA", oscola(work))]


def harvard(work):
    title = _title_of(work, "‘{}’, ")
    details = [work.report_number, work.publisher]
    return format_html(
        "{} ({}) {}{}Available at: {} (Accessed: {}).",
        _harvard_authors(work),
        work.year or "no date",
        title if work.is_article else format_html("{}. ", title),
        _details(work, [part for part in details if part]),
        work.where,
        format_date(localdate(), "j F Y"),
    )


def _details(work, details):
    if work.is_article and work.item.series:
        return format_html("<i>{}</i>. ", work.item.series)
    return f"{'. '.join(details)}. " if details else ""


def _harvard_authors(work):
    names = [_with_initials(name, "") for name in work.authors]
    editors = (" (eds)" if len(names) > 1 else " (ed.)") if work.are_editors else ""
    if len(names) > 3:
        return format_html("{} <i>et al.</i>{}", names[0], editors)
    return (_joined(names, " and ") or UNNAMED) + editors


def _with_initials(name, gap):
    initials = gap.join(f"{initial}." for initial in name.initials)
    return f"{name.family}, {initials}" if initials else name.family


def apa(work):
    """APA counts the initials with blanks between them and ends without a stop after an address."""
    names = [_with_initials(name, " ") for name in work.authors]
    return format_html(
        "{} ({}). {} {}{}",
        _ending_in_stop(_apa_authors(names) + _apa_editors(work, names)),
        work.year or "n.d.",
        _apa_title(work),
        f"{work.publisher}. " if work.publisher and not work.is_article else "",
        work.where,
    )


def _apa_authors(names):
    if len(names) == 2 and "," not in names[0]:
        return " & ".join(names)
    return _joined(names, ", & ") or UNNAMED


def _apa_editors(work, names):
    return (" (Eds.)" if len(names) > 1 else " (Ed.)") if work.are_editors else ""


def _apa_title(work):
    if work.is_article:
        return format_html("{}. <i>{}</i>.", work.item.full_title, work.item.series)
    number = f" ({work.report_number})" if work.report_number else ""
    return format_html("<i>{}</i>{}.", work.item.full_title, number)


def _ending_in_stop(text):
    return text if text.endswith(".") else f"{text}."


def oscola(work):
    """Names as printed, then the number or the publisher with the year; no stop at the end."""
    bracket = ", ".join(part for part in [work.report_number or work.publisher, work.year] if part)
    if work.is_article:
        source = format_html("({}) {}", work.year, work.item.series)
    else:
        source = format_html("({})", bracket) if bracket else ""
    return format_html(
        "{}{}, {} {}{} &lt;{}&gt; accessed {}",
        _oscola_authors(work),
        (" (eds)" if len(work.authors) > 1 else " (ed)") if work.are_editors else "",
        _title_of(work, "‘{}’"),
        source,
        f" {work.page}" if work.page else "",
        work.where,
        format_date(localdate(), "j F Y"),
    )


def _oscola_authors(work):
    names = [contributor.name for contributor in work.item.contributors.all()] or work.publishers
    if len(names) > 3:
        return f"{names[0]} and others"
    return _joined(names, " and ") or UNNAMED


def _title_of(work, quoted):
    """The title in quotation marks if it is part of a journal, else in italics."""
    if work.is_article:
        return quoted.format(work.item.full_title)
    return format_html("<i>{}</i>", work.item.full_title)


def page_styles(work):
    """(where it is written, citation as safe HTML) of the page that the work names."""
    return [
        ("Harvard, in the text", _in_text(work, " and ", "no date", most=3)),
        ("APA, in the text", _in_text(work, " & ", "n.d.", most=2)),
        ("OSCOLA, in a footnote", oscola(work)),
    ]


def _in_text(work, last, no_date, *, most):
    """Author, year and page in brackets; more than `most` authors are the first and others."""
    names = [name.family for name in work.authors]
    others = format_html("{} <i>et al.</i>", names[0]) if len(names) > most else ""
    who = others or _joined(names, last) or UNNAMED
    return format_html("({}, {}, p. {})", who, work.year or no_date, work.page)


# -- For reference managers ---------------------------------------------------------------------


def bibtex(work):
    """One BibTeX entry, its key the address of the item, so that it never changes."""
    volume, issue = work.volume_and_issue
    names = " and ".join(_bibtex_name(name) for name in work.authors)
    fields = {
        "editor" if work.are_editors else "author": names,
        "title": _bibtex_title(work.item.full_title),
        "journal": _escape(work.item.series) if work.is_article else "",
        "institution": "" if work.is_article else _escape(_joined(work.publishers, " and ")),
        "volume": _escape(volume),
        "number": _escape(issue if work.is_article else work.report_number),
        "year": work.year,
        "month": str(work.date_parts[1]) if len(work.date_parts) > 1 else "",
        "doi": _without_braces(work.item.doi),
        "isbn": work.item.isbn,
        "url": _without_braces(work.where),
        "language": work.item.get_language_display(),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    kind = "article" if work.is_article else "techreport"
    return f"@{kind}{{{_bibtex_key(work.item)},\n{lines}}}\n"


def _bibtex_key(item):
    """BibTeX does not tell "A" from "a": an address with a capital is told apart by its code."""
    key = slugify(item.slug)
    return key if key == item.slug else f"{key}-{item.code}"


def _bibtex_name(name):
    if not name.given:
        return f"{{{_escape(name.family)}}}"
    return f"{_bibtex_part(name.family)}, {_bibtex_part(name.given)}"


def _bibtex_part(words):
    """In braces where a comma or an "and" inside would make more names of it."""
    is_divided = re.search(r",|\band\b", words, re.IGNORECASE)
    return f"{{{_escape(words)}}}" if is_divided else _escape(words)


def _bibtex_title(title):
    """With capitals inside words and acronyms kept from being made small."""
    words = (
        f"{{{_escape(word)}}}" if re.search(r"\w*[A-Z]", word) else _escape(word)
        for word in title.split()
    )
    return " ".join(words)


# BibTeX counts braces with a backslash before them as well. Zotero knows the names in braces only.
_NAMED = {
    "\\": r"{\textbackslash}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
    "{": r"{\textbraceleft}",
    "}": r"{\textbraceright}",
}
# Pairs that LaTeX prints as one sign: "--" as a dash.
_PAIRS = re.compile(r"(?<=([-`',<>]))(?=\1)|(?<=[?!])(?=`)")


def _escape(text):
    words = " ".join(text.split())
    words = re.sub(r"[\\~^&%$#_{}]", lambda found: _NAMED.get(found[0], f"\\{found[0]}"), words)
    return _PAIRS.sub("{}", words)


def _without_braces(address):
    """A brace would end the field, and the rest of the address could write others."""
    return address.replace("{", "%7B").replace("}", "%7D")


def ris(work):
    """One RIS record; a comma in an organisation's name would make two names of it."""
    year, *rest = [*work.date_parts, None, None, None][:3]
    date = "/".join([str(year), *(f"{part:02}" if part else "" for part in rest), ""])
    volume, issue = work.volume_and_issue
    fields = [
        ("TY", "JOUR" if work.is_article else "RPRT"),
        *(("AU", _ris_name(name)) for name in work.authors),
        ("TI", work.item.full_title),
        ("PY", work.year),
        ("DA", date if year else ""),
        ("T2", work.item.series if work.is_article else ""),
        ("VL", volume),
        ("IS", issue),
        ("SN", "" if work.is_article else work.report_number),
        ("PB", _joined(work.publishers, " and ")),
        # The number of a report has the place of the ISBN, which readers take once.
        ("N1", f"ISBN {work.item.isbn}" if work.item.isbn else ""),
        ("DO", work.item.doi),
        ("LA", work.item.language),
        *(("KW", theme.name) for theme in work.item.themes.all()),
        ("AB", "" if work.item.withdrawn_at else work.item.summary),
        ("UR", work.where),
        ("L1", work.pdf),
    ]
    lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in fields if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def _ris_name(name):
    return name.inverted if name.is_person else name.family.replace(",", "")


def csl_record(work):
    """One object of CSL-JSON."""
    volume, issue = work.volume_and_issue
    fields = {
        "id": work.item.slug,
        "type": "article-journal" if work.is_article else "report",
        "title": work.item.full_title,
        "editor" if work.are_editors else "author": [_csl_name(name) for name in work.authors],
        "issued": {"date-parts": [work.date_parts]} if work.date_parts else None,
        "publisher": _joined(work.publishers, " and "),
        "container-title": work.item.series if work.is_article else "",
        "volume": volume,
        "issue": issue,
        "number": "" if work.is_article else work.report_number,
        "ISBN": work.item.isbn,
        "DOI": work.item.doi,
        "URL": work.where,
        "language": work.item.language,
    }
    return {name: value for name, value in fields.items() if value}


def csl_json(work):
    return json.dumps([csl_record(work)], ensure_ascii=False, indent=2)


def _csl_name(name):
    if name.given:
        return {"family": name.family, "given": name.given}
    return {"literal": name.family}


FORMATS = {
    "bib": (bibtex, "application/x-bibtex"),
    "ris": (ris, "application/x-research-info-systems"),
    "csl.json": (csl_json, "application/vnd.citationstyles.csl+json"),
}

# -- Many at once --------------------------------------------------------------------------------

MEDIA_TYPES = {form: media_type for form, (_, media_type) in FORMATS.items()} | {"csv": "text/csv"}
COLUMNS = [
    *("code", "title", "subtitle", "kind", "authors", "publishers", "published", "series"),
    *("number", "isbn", "doi", "language", "licence", "themes", "nations", "link", "files"),
    *("address", "summary"),
]
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "'")


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
        yield _csv_line([_guarded(cell) for cell in _csv_cells(work)])


def _csv_line(cells):
    line = io.StringIO(newline="")
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _guarded(cell):
    """A spreadsheet takes for a formula what begins like one; an apostrophe makes it a text."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


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
