"""Documents that the portal makes of its own content and keeps as items of the library.

The apps to the right of the library hand theirs over with `load_document`, when they load.
"""

import hashlib
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from django.core.files.base import ContentFile

from cja_portal.kit.paper import LOOK, set_pdf
from library.document_actions import add_document, replace_document
from library.intake.reading import read_document
from library.models import Document, Item
from members.starter_records import StarterKind, load_pieces

GUIDE = Path(__file__).parent / "content" / "guide.typ"
GUIDE_WRITTEN = datetime(2026, 11, 23, tzinfo=UTC)
NOTE = "Made anew, because what it is made of has changed."


def load_document(slug, *, stamp, make):
    """Keep what `make()` gives as the PDF of an item; say whether it was made.

    It is made only when `stamp` differs from the last time, and not where staff removed or
    replaced it, or took away the item. Its text is read at once, so that it can be searched.
    """
    if not Item.objects.filter(slug=slug).exists():
        return 0
    return load_pieces(StarterDocument(make), {slug: {"stamp": stamp}})


def load_guide():
    stamp = hashlib.sha256(GUIDE.read_bytes() + LOOK.read_bytes()).hexdigest()
    make = partial(set_pdf, GUIDE, made_at=GUIDE_WRITTEN)
    return load_document("using-the-library", stamp=stamp, make=make)


class StarterDocument(StarterKind):
    name = "document"

    def __init__(self, make):
        self.make = make

    def find(self, key):
        return Document.objects.current().filter(item__slug=key).first()

    def write(self, data, row, key):
        file = ContentFile(self.make(), f"{key}.pdf")
        if row:
            document = replace_document(row, file, by=None, note=NOTE, is_major=False)
        else:
            document = add_document(Item.objects.get(slug=key), file, by=None)
        read_document(document.pk)
        return document

    def read(self, row):
        return row.sha256
