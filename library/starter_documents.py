"""Documents that the portal makes of its own content and keeps as items of the library.

The apps to the right of the library hand theirs over with `load_document`, when they load.
"""

import hashlib
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from django.core.files.base import ContentFile
from django.db import transaction

from cja_portal.kit.paper import LOOK, set_pdf
from library.document_actions import add_document, erase_document, replace_document
from library.intake.reading import read_document
from library.models import Document, Item
from members.models import StarterRecord
from members.starter_records import StarterKind, digest, load_pieces

GUIDE = Path(__file__).parent / "content" / "guide.typ"
GUIDE_WRITTEN = datetime(2026, 11, 23, tzinfo=UTC)
NOTE = "Made anew, because what it is made of has changed."


def load_document(slug, *, stamp, make, has_versions=True):
    """Keep what `make()` gives as the PDF of an item; say whether it was made.

    It is made only when `stamp` differs from the last time, and not where staff removed or
    replaced it, or took away the item. Its text is read at once, so that it can be searched.
    Without versions, no earlier copy is kept.
    """
    if not Item.objects.filter(slug=slug).exists():
        return 0
    return load_pieces(StarterDocument(make, has_versions), {slug: {"stamp": stamp}})


@transaction.atomic
def erase_copies(slug, *, because):
    """Take away every copy that the portal made of the item's PDF, so that the next is made anew.

    What staff put in its place is theirs and stays, and the portal then makes none.
    """
    kind = StarterDocument()
    record, row = StarterRecord.objects.filter(kind=kind.name, key=slug).first(), kind.find(slug)
    if record and row and digest(kind.read(row)) == record.written:
        record.delete()
    for document in Document.objects.filter(item__slug=slug, added_by=None).select_related("item"):
        erase_document(document, by=None, because=because)


def load_guide():
    stamp = hashlib.sha256(GUIDE.read_bytes() + LOOK.read_bytes()).hexdigest()
    make = partial(set_pdf, GUIDE, made_at=GUIDE_WRITTEN)
    return load_document("using-the-library", stamp=stamp, make=make)


class StarterDocument(StarterKind):
    name = "document"

    def __init__(self, make=None, has_versions=True):
        self.make, self.has_versions = make, has_versions

    def find(self, key):
        return Document.objects.current().filter(item__slug=key).first()

    def write(self, data, row, key):
        file = ContentFile(self.make(), f"{key}.pdf")
        if not self.has_versions:
            erase_copies(key, because=NOTE)
            row = None
        if row:
            document = replace_document(row, file, by=None, note=NOTE, is_major=False)
        else:
            document = add_document(Item.objects.get(slug=key), file, by=None)
        read_document(document.pk)
        return document

    def read(self, row):
        return row.sha256
