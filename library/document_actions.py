"""What can be done to the files of an item. For each, `file` is an upload or one received."""

from functools import partial

from django.db import transaction
from django.db.models import Max

from cja_portal.kit.moves import ImpossibleMove
from library.intake import scanner, tasks
from library.intake.receiving import receive, safe_name
from library.models import Document, DocumentKind, Item, Reading, Version
from members.audit import record

FIRST_NOTE = "First published here."


def add_document(
    item, file, *, by, kind=DocumentKind.MAIN, title="", language="", position=None, version=None
):
    """Keep a file with an item; its text is read in the background.

    Raises library.intake.receiving.UnsuitableFile (a ValidationError) with a sentence.
    """
    received = receive(file)  # Before the transaction: it may take a while.
    with transaction.atomic():
        _lock(item)
        document = Document(
            item=item, kind=kind, title=title, language=language or item.language, added_by=by
        )
        document.position = _next_position(item) if position is None else position
        document.added_in = version
        _keep(document, received)
        record(by, "library.add_document", item, document=document.name)
    return document


@transaction.atomic
def replace_document(document, file, *, by, note="", is_major=True):
    """Put a newer file in the place of one; returns the new document.

    Once the item was public, both stay: readers see a new version with the note that says what
    changed. Before, nobody saw the old file, and it goes.
    """
    _lock(document.item)
    _refuse_if_removed(document)
    version = _next_version(document.item, by=by, note=note, is_major=is_major)
    newer = add_document(
        document.item,
        file,
        by=by,
        version=version,
        **{name: getattr(document, name) for name in ("kind", "title", "language", "position")},
    )
    _take_away(document, version)
    return newer


@transaction.atomic
def remove_document(document, *, by, note="", is_major=False):
    """Take a file away: once the item was public, its versions say so."""
    _lock(document.item)
    _refuse_if_removed(document)
    version = _next_version(document.item, by=by, note=note, is_major=is_major)
    record(by, "library.remove_document", document.item, document=document.name)
    _take_away(document, version)


@transaction.atomic
def erase_document(document, *, by, because):
    """Take a file and its text away for good, also one of an earlier version."""
    _lock(document.item)
    details = {"document": document.name, "because": because}
    record(by, "library.erase_document", document.item, **details)
    _take_away(document, None)


@transaction.atomic
def read_again(document, *, by):
    """Let the worker read the text once more; until it has, the pages stay as they are."""
    document.refresh_from_db(from_queryset=Document.objects.select_for_update())
    if document.reading == Reading.INFECTED and not scanner.is_configured():
        raise ImpossibleMove("A virus was found in this file: without a scanner it stays shut.")
    is_shut = document.reading in Reading.kept_from_everyone
    document.reading = Reading.UNCHECKED if is_shut else _first_reading()
    document.tries = 0
    document.save(update_fields=["reading", "tries"])
    record(by, "library.read_document", document.item, document=document.name)
    _wake_worker(document)


def _lock(item):
    """Two at once must not choose one name or one number."""
    Item.objects.select_for_update().only("pk").get(pk=item.pk)


def _keep(document, received):
    taken = set(document.item.documents.values_list("name", flat=True))
    document.name = safe_name(received.name, received.kind, taken)
    document.content_type = received.kind.content_type
    document.size, document.sha256 = received.size, received.sha256
    document.reading = _first_reading()
    received.file.seek(0)
    document.file.save(document.name, received.file, save=False)
    document.save()
    _wake_worker(document)


def _first_reading():
    return Reading.UNCHECKED if scanner.is_configured() else Reading.WAITING


def _wake_worker(document):
    transaction.on_commit(partial(tasks.read_document.enqueue, document.pk))


def _next_position(item):
    highest = item.documents.current().aggregate(highest=Max("position"))["highest"]
    return 0 if highest is None else highest + 1


def _refuse_if_removed(document):
    if Document.objects.filter(pk=document.pk).values_list("removed_in", flat=True).get():
        raise ImpossibleMove(f"“{document}” is no longer among the files.")


def _next_version(item, *, by, note, is_major):
    """A version with its note, if the item was ever public; its first is told of, too."""
    if item.published_at is None:
        return None
    if not note.strip():
        raise ImpossibleMove("Say what changed: readers will see it.")
    last = item.versions.aggregate(last=Max("number"))["last"]
    if last is None:
        last = 1
        Version.objects.create(
            item=item, number=last, note=FIRST_NOTE, made_at=item.published_at, is_major=False
        )
    return Version.objects.create(
        item=item, number=last + 1, note=note.strip(), is_major=is_major, made_by=by
    )


def _take_away(document, version):
    if version:
        document.removed_in = version
        document.save(update_fields=["removed_in"])
        return
    for file in (document.file, document.cover):
        if file:
            transaction.on_commit(partial(file.storage.delete, file.name))
    document.delete()
