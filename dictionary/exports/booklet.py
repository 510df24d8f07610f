"""The dictionary on paper: a tagged PDF (PDF/UA-1) of all words from A to Z, set by typst.

Booklets are kept in the portal's storage under dated names. A new one is made in the background
when the dictionary changes; until it is ready readers get the last one, which says its date.
"""

import re
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.dateformat import format as format_date

from cja_portal.kit.paper import set_pdf
from cja_portal.kit.site import absolute
from dictionary.exports.book import (
    ADVICE,
    MAKER,
    NAME,
    RIGHTS,
    current_book,
    current_edition,
)

FOLDER = "dictionary"
KEPT = 5
_HERE = Path(__file__).parent
_NAME = re.compile(r"dictionary-\d{4}-\d\d-\d\d-\d{12}-(?P<stamp>[0-9a-f]{16})\w*\.pdf")


def newest():
    """The name of the newest booklet; makes the first if there is none."""
    stored = _stored()
    return stored[-1] if stored else make()


def is_old(name):
    """Whether the dictionary changed since it was set."""
    return _NAME.fullmatch(name)["stamp"] != current_edition().stamp


def read(name):
    with default_storage.open(f"{FOLDER}/{name}") as file:
        return file.read()


def make():
    """Make the booklet of today's dictionary, unless it is there; returns its name."""
    stamp = current_edition().stamp
    if same := [name for name in _stored() if _NAME.fullmatch(name)["stamp"] == stamp]:
        return same[-1]
    now = timezone.localtime()
    wanted = f"{FOLDER}/dictionary-{now:%Y-%m-%d-%H%M%S%f}-{stamp}.pdf"
    saved = default_storage.save(wanted, ContentFile(pdf(current_book(), now)))
    for name in _stored()[:-KEPT]:
        default_storage.delete(f"{FOLDER}/{name}")
    return saved.rpartition("/")[2]


def _stored():
    """The names of all booklets, the newest last."""
    try:
        _, names = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return []
    return sorted(name for name in names if _NAME.fullmatch(name))


def pdf(book, now):
    """The bytes of the booklet."""
    return set_pdf(_HERE / "booklet.typ", _content(book, now), made_at=now)


def _content(book, now):
    return {
        "name": NAME,
        "maker": MAKER,
        "advice": ADVICE,
        "rights": RIGHTS,
        "address": absolute("/dictionary/").removeprefix("https://"),
        "made": format_date(now, "j F Y"),
        "changed": format_date(timezone.localtime(book.edition.changed_at), "j F Y"),
        "stamp": book.edition.stamp,
        "letters": _letters(book),
        "counts": f"{len(book.entries)} words, {len(book.senses)} meanings",
    }


def _letters(book):
    letters = {}
    for entry in book.entries:
        letters.setdefault(book.initial_of[entry.pk], []).append(_entry(book, entry))
    return [{"letter": letter, "entries": entries} for letter, entries in letters.items()]


def _entry(book, entry):
    related = dict.fromkeys(book.by_slug[one.to].headword for one in book.public_relations(entry))
    return {
        "headword": entry.headword,
        "version": entry.version.number,
        "senses": [_sense(entry, sense) for sense in entry.senses],
        "related": list(related),
    }


def _sense(entry, sense):
    return {
        "place": sense.place,
        "name": sense.name if sense.has_own_name else "",
        "others": [_other_name(label) for label in entry.other_names(sense)],
        "plain": sense.plain,
        "for_you": re.sub(r"\*\*|^[-*] ", "", sense.means_for_you, flags=re.MULTILINE),
        "legal": sense.legal,
        "sources": [str(source) for source in sense.sources],
        "law_as_of": format_date(sense.law_as_of, "j F Y"),
        "warnings": list(_warnings(sense)),
    }


def _other_name(label):
    endings = {"former": " (in the past)", "avoided": " (best avoided)"}
    return label.text + endings.get(label.kind, "")


def _warnings(sense):
    if not sense.is_in_force:
        yield "Not in force yet."
    if sense.valid_to:
        yield f"In use until {format_date(sense.valid_to, 'j F Y')}."
    if not sense.checked_on:
        yield "A draft: no lawyer has checked it yet."
