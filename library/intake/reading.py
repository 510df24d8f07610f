"""Reading the documents that wait: each once, however many workers there are and whoever dies.

A document waits until the transaction that stores its pages holds. A worker that is killed leaves
nothing but a document that still waits, which the next one takes.
"""

import logging
import shutil
from functools import partial
from tempfile import TemporaryFile

from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.db.models import F

from library.intake import confinement, scanner
from library.intake.confinement import Findings, Interrupted
from library.intake.kinds import BY_CONTENT_TYPE
from library.models import Document, Page, Reading

log = logging.getLogger(__name__)
MOST_TRIES = 5  # A document that was begun so often and never ended kills its workers.
LOCKS = 0x11B7A27  # The family of our advisory locks; in it, a document's lock is its key.
BATCH = 500  # pages


class NotYet(Exception):
    """The scanner or the storage does not answer: the document goes on waiting."""


def read_document(pk):
    """Read one document if it waits and nobody else reads it; say whether it is done.

    The claim is a lock that ends with this process. It is not on the row, because the child may
    take half a minute and staff may want to change the document's title meanwhile.
    """
    _count_try(pk)
    try:
        with transaction.atomic():
            document = _claimed(pk)
            return document is not None and _store(document, _findings(document))
    except (NotYet, Interrupted) as reason:
        log.warning("Document %s waits: %s", pk, reason)
        Document.objects.filter(pk=pk).update(tries=0)
        return False


def read_waiting():
    """Read all that wait and that nobody reads; return how many. One that fails holds up none."""
    done = 0
    for pk in list(Document.objects.waiting().order_by("added_at").values_list("pk", flat=True)):
        try:
            done += read_document(pk)
        except Exception:
            log.exception("Document %s could not be read.", pk)
    return done


@transaction.atomic
def _count_try(pk):
    """In a transaction of its own: a worker that dies of the document has counted it."""
    if _claimed(pk):
        Document.objects.filter(pk=pk).update(tries=F("tries") + 1)


def _claimed(pk):
    """The document, if it waits and nobody else has it, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCKS, pk % 2**31])
        is_free = cursor.fetchone()[0]
    return Document.objects.waiting().filter(pk=pk).first() if is_free else None


def _findings(document):
    with TemporaryFile() as copy:
        try:
            with document.file.open() as file:
                shutil.copyfileobj(file, copy)
        except FileNotFoundError:
            return Findings(Reading.DAMAGED)
        except Exception as error:
            raise NotYet(f"Its file cannot be fetched: {error}") from error
        return _findings_in(copy, document)


def _findings_in(copy, document):
    if document.reading == Reading.UNCHECKED and _is_infected(copy):
        return Findings(Reading.INFECTED)
    kind = BY_CONTENT_TYPE.get(document.content_type)
    if kind is None or not kind.opened_by:
        return Findings(Reading.NOT_READ)
    if document.tries > MOST_TRIES:
        return Findings(Reading.TOO_MUCH)
    return confinement.read(copy, kind)


def _is_infected(copy):
    try:
        return scanner.is_configured() and scanner.finds_virus(copy)
    except scanner.Unreachable as error:
        raise NotYet(str(error)) from error


def _store(document, findings):
    """Put the new pages in the place of the old; nothing if the document changed meanwhile."""
    locked = Document.objects.waiting().select_for_update(of=["self"]).filter(pk=document.pk)
    row = locked.filter(file=document.file.name).first()
    if row is None:
        return False
    row.pages.all().delete()
    Page.objects.bulk_create(_pages(row, findings), batch_size=BATCH)
    _save(row, findings)
    return True


def _pages(row, findings):
    if findings.reading == Reading.READ:
        for number, (label, text) in enumerate(findings.pages, start=1):
            yield Page(document=row, number=number, label=label, text=text)


def _save(row, findings):
    for name in ("reading", "found", "outline", "is_tagged", "likeness"):
        setattr(row, name, getattr(findings, name))
    row.page_count, row.tries = len(findings.pages) or None, 0
    if row.cover:
        transaction.on_commit(partial(row.cover.storage.delete, row.cover.name))
    row.cover = ""
    if findings.cover:
        row.cover.save("cover.webp", ContentFile(findings.cover), save=False)
    row.save(
        update_fields=[
            *("reading", "found", "outline", "is_tagged", "likeness", "page_count", "tries"),
            "cover",
        ]
    )
