"""CSL-JSON: a list of works, as Zotero and citation processors exchange them."""

import json
import re

from library.imports.records import Fault, Record, cleaned

KINDS = {"article-journal": "journal-article", "article-magazine": "journal-article"}
KINDS |= {"dataset": "statistics", "song": "podcast"}


def read(lines):
    """The line of a record is its number in the list: JSON has no lines of its own."""
    try:
        works = json.loads("".join(lines).lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        yield Fault(getattr(error, "lineno", 1), "This is no JSON that can be read.")
        return
    for number, work in enumerate(works if isinstance(works, list) else [works], start=1):
        try:
            yield _record(number, work)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            yield Fault(number, "This is no work in CSL-JSON.")


def _record(number, work):
    def one(*names):
        return next((cleaned(str(work[name])) for name in names if work.get(name)), "")

    authors = [*work.get("author", []), *work.get("editor", [])]
    is_article = work.get("type") in {"article-journal", "article-magazine"}
    return Record(
        number,
        title=one("title"),
        kind=KINDS.get(work.get("type"), "report"),
        published=_date(work.get("issued") or {}),
        people=tuple(filter(None, map(_person, authors))),
        organisations=tuple(cleaned(name["literal"]) for name in authors if name.get("literal")),
        publishers=(one("publisher"),) if one("publisher") else (),
        series=one("container-title", "collection-title"),
        number=one("issue") if is_article else one("number", "collection-number"),
        isbn=one("ISBN"),
        doi=re.sub(r"^https?://(dx\.)?doi\.org/", "", one("DOI")),
        language=one("language").lower().partition("-")[0] or "en",
        link=one("URL"),
        summary=one("abstract"),
    )


def _person(name):
    if name.get("literal"):
        return ""
    family = f"{name.get('non-dropping-particle', '')} {name.get('family', '')}"
    return cleaned(f"{family}, {name['given']}" if name.get("given") else family)


def _date(issued):
    if issued.get("date-parts"):
        return "-".join(str(int(part)) for part in issued["date-parts"][0][:3])
    return cleaned(issued.get("raw") or issued.get("literal") or "")
