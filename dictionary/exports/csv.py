"""CSV, one row a meaning: to open in a spreadsheet, to change there and to read back.

Lists stand in their cells as JSON, and what belongs to the entry is repeated in each of its rows. A
cell that a spreadsheet would take for a formula begins with an apostrophe, and `guarded` names its
column, so that `read_entries` gives back exactly what `write_entries` was given.
"""

import csv
import io
import json
from dataclasses import dataclass, field

from cja_portal.kit.content import ContentError
from dictionary.models import Jurisdiction
from dictionary.published import DATES, SENSE_FIELDS

MEDIA_TYPE = "text/csv; charset=utf-8"
ENTRY_TEXTS = ("entry", "headword")
ENTRY_LISTS = ("topics", "entry_labels", "relations", "language_notes")
SENSE_TEXTS = ("jurisdiction", "plain", "means_for_you", "legal", "replaced_by")
SENSE_FLAGS = ("no_statutory_definition", "is_in_force")
SENSE_LISTS = ("sources", "labels")
# For people to read; what they write there is not read back.
EXTRAS = ("name", "other_names", "address", "version", "published_at")
GUARDED = "guarded"
COLUMNS = (
    *("id", *ENTRY_TEXTS, "name", "other_names", *SENSE_TEXTS, *SENSE_FLAGS, *DATES),
    *(*SENSE_LISTS, *ENTRY_LISTS, "address", "version", "published_at", GUARDED),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
_YES, _NO = "yes", "no"
# A list of labels may be longer than the 128 kB that the csv module reads by default.
csv.field_size_limit(16 * 1024 * 1024)


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
    risky = [name for name, value in row.items() if value.startswith(_FORMULA)]
    return row | {name: f"'{row[name]}" for name in risky} | {GUARDED: " ".join(risky)}


# -- Reading --------------------------------------------------------------------------------------


def read_entries(text):
    """The Sheets of a file; raises ContentError with the number of the row that is wrong."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        rows = list(reader)
    except csv.Error as error:
        raise ContentError(f"This is no sound CSV file: {error}.") from error
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or [])]
    missing = [name for name in missing if name not in EXTRAS]
    if missing:
        raise ContentError(f"The file lacks the columns {', '.join(missing)}.")
    sheets = {}
    for number, row in enumerate(rows, start=2):
        try:
            _read_row(sheets, _unguard(row), new_id=-number)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ContentError(f"Row {number} cannot be read: {error}.") from error
    return [sheet for sheet, _ in sheets.values()]


def _unguard(row):
    if None in row or None in row.values():
        raise ValueError("it has more or fewer cells than the first row")
    guarded = set(row[GUARDED].split())
    return {
        name: value.removeprefix("'") if name in guarded else value for name, value in row.items()
    }


def _read_row(sheets, row, *, new_id):
    """Add a meaning to its sheet; one without a number of its own gets a negative one."""
    sense_id = int(row["id"]) if row["id"] else new_id
    common = {name: row[name] for name in (*ENTRY_TEXTS, *ENTRY_LISTS)}
    if row["entry"] not in sheets:
        sheets[row["entry"]] = (_new_sheet(row), common)
    sheet, first = sheets[row["entry"]]
    if differing := [name for name in common if common[name] != first[name]]:
        raise ValueError(f"“{row['entry']}” has another “{differing[0]}” further up")
    sheet.snapshot["senses"].append(_sense(row, sense_id))
    sheet.snapshot["labels"] += [_named(one, sense_id) for one in _list(row, "labels")]


def _new_sheet(row):
    if not row["entry"] or not row["headword"]:
        raise ValueError("“entry” and “headword” must be filled")
    return Sheet(
        slug=row["entry"],
        topics=_list(row, "topics"),
        snapshot={
            "headword": row["headword"],
            "senses": [],
            "labels": [_named(one, None) for one in _list(row, "entry_labels")],
            "relations": _list(row, "relations"),
            "language_notes": _list(row, "language_notes"),
        },
    )


def _sense(row, sense_id):
    if row["jurisdiction"] not in Jurisdiction.values:
        raise ValueError(f"“{row['jurisdiction']}” is not a jurisdiction")
    read = {
        "id": sense_id,
        **{name: row[name] for name in SENSE_TEXTS},
        **{name: _flag(row[name]) for name in SENSE_FLAGS},
        **{name: row[name] or None for name in DATES},
        "sources": _list(row, "sources"),
    }
    order = (*SENSE_FIELDS, *DATES, "replaced_by", "sources")
    return {name: read[name] for name in order}


def _named(label, sense_id):
    return label | {"sense": sense_id}


def _list(row, name):
    rows = json.loads(row[name] or "[]")
    if not isinstance(rows, list):
        raise ValueError(f"“{name}” is not a list")
    return rows


def _flag(value):
    if value not in {_YES, _NO}:
        raise ValueError(f"“{value}” is neither yes nor no")
    return value == _YES


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
