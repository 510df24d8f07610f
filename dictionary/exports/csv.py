"""CSV, one row a meaning: to open in a spreadsheet, or to read into a program.

Lists stand in their cells as JSON, and what belongs to the entry is repeated in each of its rows. A
cell that a spreadsheet would take for a formula begins with an apostrophe, and `guarded` names its
column, so that a reader gets back exactly what `write_entries` was given.
"""

import csv
import io
import json
from dataclasses import dataclass, field

from cja_portal.kit.cells import guarded
from dictionary.published import DATES

MEDIA_TYPE = "text/csv; charset=utf-8"
ENTRY_TEXTS = ("entry", "headword")
ENTRY_LISTS = ("topics", "entry_labels", "relations", "language_notes")
SENSE_TEXTS = ("jurisdiction", "plain", "means_for_you", "legal", "replaced_by")
SENSE_FLAGS = ("no_statutory_definition", "is_in_force")
SENSE_LISTS = ("sources", "labels")
# Told by the other columns, for people to read.
EXTRAS = ("name", "other_names", "address", "version", "published_at")
GUARDED = "guarded"
COLUMNS = (
    *("id", *ENTRY_TEXTS, "name", "other_names", *SENSE_TEXTS, *SENSE_FLAGS, *DATES),
    *(*SENSE_LISTS, *ENTRY_LISTS, "address", "version", "published_at", GUARDED),
)
_YES, _NO = "yes", "no"


@dataclass
class Sheet:
    """An entry as it stands in a sheet: `snapshot` has the shape of dictionary.published's."""

    slug: str
    snapshot: dict
    topics: list = field(default_factory=list)
    extras: dict = field(default_factory=dict)


# -- Writing --------------------------------------------------------------------------------------


def write_entries(sheets):
    """The text of the file, with the mark by which Excel knows that it is UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    for sheet in sheets:
        for sense in sheet.snapshot["senses"]:
            writer.writerow(_guard(_row(sheet, sense)))
    return "\ufeff" + out.getvalue()


def _row(sheet, sense):
    snapshot = sheet.snapshot
    labels = snapshot["labels"]
    lists = {
        "topics": sheet.topics,
        "entry_labels": [_nameless(one) for one in labels if one["sense"] is None],
        "relations": snapshot["relations"],
        "language_notes": snapshot["language_notes"],
        "sources": sense["sources"],
        "labels": [_nameless(one) for one in labels if one["sense"] == sense["id"]],
    }
    return {
        "id": str(sense["id"]) if sense["id"] > 0 else "",
        "entry": sheet.slug,
        "headword": snapshot["headword"],
        **{name: sense[name] for name in SENSE_TEXTS},
        **{name: _YES if sense[name] else _NO for name in SENSE_FLAGS},
        **{name: sense[name] or "" for name in DATES},
        **{name: json.dumps(rows, ensure_ascii=False) for name, rows in lists.items()},
        **sheet.extras.get(sense["id"], {}),
    }


def _nameless(label):
    """Without the number of its meaning, which the row says."""
    return {name: value for name, value in label.items() if name != "sense"}


def _guard(row):
    safe = {name: guarded(value) for name, value in row.items()}
    return safe | {GUARDED: " ".join(name for name in row if safe[name] != row[name])}


# -- The whole dictionary ---------------------------------------------------------------------


def whole(book):
    return write_entries(sheet_of(book, entry) for entry in book.entries).encode()


def sheet_of(book, entry):
    """What is public of an entry; relations to drafts are not."""
    public = {relation.to for relation in book.public_relations(entry)}
    snapshot = entry.snapshot
    return Sheet(
        slug=entry.slug,
        snapshot=snapshot
        | {
            "relations": [one for one in snapshot["relations"] if one["to"] in public],
            "senses": [
                one
                | {"replaced_by": one["replaced_by"] if one["replaced_by"] in book.by_slug else ""}
                for one in snapshot["senses"]
            ],
        },
        topics=[topic.slug for topic in book.topics_of[entry.pk]],
        extras={sense.id: _extras(entry, sense) for sense in entry.senses},
    )


def _extras(entry, sense):
    return {
        "name": sense.name,
        "other_names": "; ".join(label.text for label in entry.other_names(sense)),
        "address": sense.get_absolute_url(),
        "version": str(entry.version.number),
        "published_at": entry.version.published_at.isoformat(),
    }
