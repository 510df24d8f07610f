"""Loading starter content so that a second load never overwrites what staff changed."""

import hashlib
import json
from abc import ABC, abstractmethod

from django.db import transaction

from members.models import StarterRecord


def digest(value):
    """The fingerprint of plain data (texts, numbers, dates, lists, mappings)."""
    canonical = json.dumps(value, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


class StarterKind(ABC):
    """One kind of starter content: how a piece is found, written and read back.

    `find(key)` gives the row or None; `write(data, row, key)` makes or rewrites it and returns it;
    `read(row)` gives what now stands in the database as plain data, so that a change by staff
    can be told from our own words.
    """

    name = ""
    completes_rows = False  # True for a second pass over rows that an earlier kind made.

    @abstractmethod
    def find(self, key): ...

    @abstractmethod
    def write(self, data, row, key): ...

    @abstractmethod
    def read(self, row): ...


def load_pieces(kind, pieces):
    """Write each new or changed piece of {key: data}; return how many were written.

    Left alone: what staff changed, what staff deleted, and what has not changed since.
    """
    records = {record.key: record for record in StarterRecord.objects.filter(kind=kind.name)}
    return sum(_load_piece(kind, key, data, records.get(key)) for key, data in pieces.items())


def _load_piece(kind, key, data, record):
    content = digest(data)
    if record and record.content == content:
        return False
    return _write_piece(kind, key, data, record, content)


@transaction.atomic
def _write_piece(kind, key, data, record, content):
    row = kind.find(key)
    if record and (row is None or digest(kind.read(row)) != record.written):
        return False
    if not record and row is not None and not kind.completes_rows:
        return False
    row = kind.write(data, row, key)
    StarterRecord.objects.update_or_create(
        kind=kind.name,
        key=key,
        defaults={"content": content, "written": digest(kind.read(row))},
    )
    return True
