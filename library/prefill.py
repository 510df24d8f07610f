"""What a work's file says of itself, offered for the fields of its record that are empty."""

from cja_portal.kit.dates import read_partial
from library.models import Language
from library.records import record_of


def prefilled(item):
    """The values of the record with those offered, and the names of the fields they fill."""
    record = record_of(item)
    offers = {}
    for document in item.documents.current():
        offers = prefill(document) | offers
    filled = [name for name, value in offers.items() if value and _is_empty(item, name, record)]
    return record | {name: offers[name] for name in filled}, filled


def prefill(document):
    """Values for a record from `document.found`, where they can be understood."""
    found = document.found
    return {
        "title": _line(found.get("title") or found.get("heading")),
        "people": _people(found.get("author")),
        "published": _date(found.get("created_on")),
        "language": _language(found.get("language")),
    }


def _is_empty(item, name, record):
    """A draft starts in English: another language of its file is better known."""
    if name == "language":
        return record["language"] == Language.ENGLISH and not item.title
    return not record[name]


def _line(value):
    return " ".join(str(value or "").split())[:300]


def _people(value):
    """The names as the file has them: people look them over."""
    names = value if isinstance(value, list) else [value]
    return [_line(name)[:200] for name in names if name]


def _date(value):
    try:
        return read_partial(str(value or "")[:10])
    except ValueError:
        return ""


def _language(value):
    code = str(value or "").lower()[:2]
    return code if code in Language.values and code != Language.ENGLISH else ""
