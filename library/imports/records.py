"""One work as a file tells of it, and what is wrong with it in words."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.text import slugify

from cja_portal.kit.text import fold
from library.models import (
    RESERVED_SLUGS,
    Kind,
    Language,
    Licence,
    LinkKind,
    Precision,
    validate_doi,
    validate_isbn,
)

_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DATE = re.compile(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?")
LONGEST = {"title": 300, "subtitle": 300, "series": 200, "number": 60, "link": 500}
FIRST_YEAR, LAST_YEAR = 1500, 2100


class Fault(Exception):
    """Something in a file that cannot be taken in: the line, and a sentence for whoever sent it."""

    def __init__(self, line, sentence):
        super().__init__(f"Line {line}: {sentence}")
        self.line, self.sentence = line, sentence


@dataclass(slots=True)
class Record:
    """All texts as they were written; lists hold names in their order."""

    line: int
    title: str = ""
    subtitle: str = ""
    slug: str = ""
    kind: str = "report"
    published: str = ""
    people: tuple = ()  # "Family, Given", or as printed
    organisations: tuple = ()  # authors too
    publishers: tuple = ()
    series: str = ""
    number: str = ""
    isbn: str = ""
    doi: str = ""
    language: str = "en"
    licence: str = "not-stated"
    link: str = ""
    link_kind: str = ""
    themes: tuple = ()
    keywords: tuple = ()  # those that are themes of ours are taken as such
    nations: tuple = ()
    summary: str = ""

    def faults(self):
        """What is wrong, a sentence each; empty if nothing is."""
        found = [] if self.title else ["It has no title."]
        found += [
            f"Its {name} is longer than {most} characters."
            for name, most in LONGEST.items()
            if len(getattr(self, name)) > most
        ]
        checks = [
            *(check_kind(self.kind), check_date(self.published), check_slug(self.slug)),
            *(check_isbn(self.isbn), check_doi(self.doi), check_link(self.link)),
            *(check_language(self.language), check_licence(self.licence)),
        ]
        return [*found, *filter(None, [*checks, check_link_kind(self.link_kind)])]

    @property
    def wanted_slug(self):
        """The address it is to have, if that is free."""
        if self.slug:
            return self.slug
        slug = slugify(self.title)[:90].strip("-") or "item"
        return f"{slug}-item" if slug in RESERVED_SLUGS else slug

    @property
    def key(self):
        """What tells whether a record was taken in before."""
        if self.slug:
            return f"slug:{self.slug}"
        if self.doi:
            return f"doi:{self.doi.lower()}"
        publisher = self.publishers[0] if self.publishers else ""
        return f"title:{fold(self.title)}|{self.published[:4]}|{fold(publisher)}"[:500]

    @property
    def kind_of_link(self):
        return (self.link_kind or LinkKind.PUBLISHER) if self.link else ""


def cleaned(text):
    """A text on one line, without what neither Postgres nor XML can hold."""
    return " ".join(_CONTROL.sub(" ", text).split())


def names(text):
    """The names in a cell, separated by semicolons."""
    return tuple(name for name in map(cleaned, text.split(";")) if name) if text else ()


# -- Checks. Most values come again and again, so the answers are kept. ----------------------------


@lru_cache(maxsize=4096)
def check_date(text):
    return "" if not text or read_date(text) else f"“{text}” is no date such as 2017 or 2017-09-15."


@lru_cache(maxsize=4096)
def read_date(text):
    """(first day it can mean, precision) of 2017, 2017-09 or 2017-09-15; None if it is no date."""
    found = _DATE.fullmatch(text)
    if not found:
        return None
    parts = [int(part) for part in found.groups() if part]
    try:
        day = date(*[*parts, 1, 1][:3])
    except ValueError:
        return None
    precision = [Precision.YEAR, Precision.MONTH, Precision.DAY][len(parts) - 1]
    return (day, precision) if FIRST_YEAR <= day.year <= LAST_YEAR else None


@lru_cache(maxsize=256)
def check_kind(text):
    return "" if text in Kind.values else f"“{text}” is none of the library’s kinds."


@lru_cache(maxsize=256)
def check_language(text):
    return "" if text in Language.values else f"“{text}” is no language that the library knows."


@lru_cache(maxsize=256)
def check_licence(text):
    return "" if text in Licence.values else f"“{text}” is none of the library’s licences."


@lru_cache(maxsize=256)
def check_link_kind(text):
    return "" if text in {"", *LinkKind.values} else f"“{text}” is no kind of link."


def check_slug(text):
    if not text:
        return ""
    if not _SLUG.fullmatch(text) or len(text) > 100:
        return f"“{text}” is no address of small letters, figures and hyphens."
    return f"“{text}” is an address of the library’s own." if text in RESERVED_SLUGS else ""


def check_isbn(text):
    return _complaint(validate_isbn, text)


def check_doi(text):
    return _complaint(validate_doi, text)


def _complaint(validate, text):
    try:
        if text:
            validate(text)
    except ValidationError as error:
        return f"“{text}”: {error.message}"
    return ""


def check_link(text):
    if not text:
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    is_good = (
        parts.scheme in {"http", "https"}
        and parts.hostname
        and not parts.username
        and " " not in text
    )
    return "" if is_good else f"“{text}” is no web address such as https://www.example.org/report."
