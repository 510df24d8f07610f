"""Works of the library, their files, and how they get there."""

from datetime import date
from hashlib import sha256
from itertools import count

from django.core.files.base import ContentFile
from django.db import connection

from library.models import Contributor, Document, Item, Page, Publisher, Reading, Submission
from tests.factories.moments import LONG_AGO

number = count(1)


def make_item(title="A report", *, publishers=(), authors=(), themes=(), nations=(), **fields):
    """A published public item of 2020; `authors` are names of people."""
    slug = fields.pop("slug", f"item-{next(number)}")
    values = {"kind": "report", "published_on": date(2020, 1, 1), "precision": "year"}
    if fields.get("status", "published") in {"published", "withdrawn"}:
        values |= {"status": "published", "published_at": LONG_AGO}
    if fields.get("status") == "withdrawn":
        values |= {"withdrawn_at": LONG_AGO, "withdrawn_because": "It was wrong."}
    item = Item.objects.create(slug=slug, title=title, **values | fields)
    item.themes.set(themes)
    item.nations.set(nations)
    for position, organisation in enumerate(publishers):
        Publisher.objects.create(item=item, organisation=organisation, position=position)
    for position, name in enumerate(authors):
        make_contributor(item, name, position=position)
    return item


def set_changed_at(item, moment):
    """As if the item had last changed then: a trigger would not let anybody say so."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE library_item DISABLE TRIGGER item_stamped")
        cursor.execute("UPDATE library_item SET changed_at = %s WHERE id = %s", [moment, item.pk])
        cursor.execute("ALTER TABLE library_item ENABLE TRIGGER item_stamped")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def make_contributor(item, name="Policy lead", kind="person", **fields):
    return Contributor.objects.create(item=item, name=name, kind=kind, **fields)


def make_document(
    item, name="report.pdf", *, pages=(), content=b"%PDF-1.4 not a real one", **fields
):
    """A file that was read; `pages` are the texts of its pages."""
    values = {
        "content_type": "application/pdf",
        "size": len(content),
        "sha256": sha256(content).hexdigest(),
        "reading": Reading.READ,
        "page_count": len(pages) or 1,
    }
    document = Document(item=item, name=name, **values | fields)
    document.file.save(name, ContentFile(content), save=False)
    document.save()
    for place, text in enumerate(pages, start=1):
        Page.objects.create(document=document, number=place, label=str(place), text=text)
    return document


def make_submission(organisation, title="A report", *, by=None, status="draft", **fields):
    """The submission of a complete record, in any state."""
    values = {
        "summary": "It is about this.",
        "licence": "all-rights-reserved",
        "link": "https://www.example.org/report",
        "link_kind": "publisher",
    }
    own = {name: fields.pop(name) for name in ("themes", "submitted_at") if name in fields}
    item = make_item(
        title,
        owner=organisation,
        publishers=[organisation],
        themes=own.get("themes", ()),
        status=status,
        **values | fields,
    )
    handed_in = status != "draft"
    return Submission.objects.create(
        item=item,
        started_by=by,
        submitted_by=by if handed_in else None,
        submitted_at=own.get("submitted_at", LONG_AGO) if handed_in else None,
    )
