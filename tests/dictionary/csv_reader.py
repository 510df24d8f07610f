"""Reads the public CSV back, to prove that nothing is lost. Editors import the desk's own file."""

import csv
import io
import json

from dictionary.exports.csv import ENTRY_LISTS, GUARDED, SENSE_FLAGS, SENSE_TEXTS, Sheet
from dictionary.published import DATES, SENSE_FIELDS


def read_entries(text):
    """The Sheets that `write_entries` was given."""
    sheets = {}
    for row in csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True):
        _read_row(sheets, _unguard(row))
    return list(sheets.values())


def _unguard(row):
    guarded = row[GUARDED].split()
    return row | {name: row[name].removeprefix("'") for name in guarded}


def _read_row(sheets, row):
    sheet = sheets.setdefault(row["entry"], _new_sheet(row))
    sheet.snapshot["senses"].append(_sense(row))
    sheet.snapshot["labels"] += _labels(row, "labels", int(row["id"]))


def _new_sheet(row):
    topics, labels, relations, notes = ENTRY_LISTS
    snapshot = {
        "headword": row["headword"],
        "senses": [],
        "labels": _labels(row, labels, None),
        "relations": json.loads(row[relations]),
        "language_notes": json.loads(row[notes]),
    }
    return Sheet(slug=row["entry"], topics=json.loads(row[topics]), snapshot=snapshot)


def _labels(row, name, sense_id):
    return [label | {"sense": sense_id} for label in json.loads(row[name])]


def _sense(row):
    read = {
        "id": int(row["id"]),
        **{name: row[name] for name in SENSE_TEXTS},
        **{name: row[name] == "yes" for name in SENSE_FLAGS},
        **{name: row[name] or None for name in DATES},
        "sources": json.loads(row["sources"]),
    }
    return {name: read[name] for name in (*SENSE_FIELDS, *DATES, "replaced_by", "sources")}
