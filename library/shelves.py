"""What can be done to shelves, and what a reader sees of one."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils.timezone import now

from cja_portal.kit.moves import ImpossibleMove
from library.models import Item, Shelf, ShelfEntry, Status
from library.models.shelf import new_secret

MOST_ENTRIES = 500
MOST_SHELVES = 100
VISITORS_SHELF = "shelf"  # Where a visitor's session names the shelf.


# -- Whose ----------------------------------------------------------------------------------------


def shelves_of(request):
    """The shelves of a person, or the one of a visitor; on signing in it becomes the person's."""
    kept = request.session.get(VISITORS_SHELF)
    visitors = Shelf.objects.of_visitors().lasting().filter(uuid=kept)
    if not request.user.is_authenticated:
        return visitors if kept else Shelf.objects.none()
    if kept:
        visitors.update(owner=request.user)
        del request.session[VISITORS_SHELF]
    return Shelf.objects.kept_by(request.user)


def make_shelf(request, name):
    """A new shelf of whoever asks; raises ImpossibleMove."""
    if shelves_of(request).count() >= MOST_SHELVES:
        raise ImpossibleMove(f"You have {MOST_SHELVES} shelves: delete one that you do not need.")
    owner = request.user if request.user.is_authenticated else None
    shelf = Shelf.objects.create(owner=owner, name=name)
    if owner is None:
        request.session[VISITORS_SHELF] = str(shelf.uuid)
    return shelf


# -- What -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kept:
    """An entry as one reader sees it: without the item, if it is not for that reader."""

    entry: ShelfEntry
    item: Item | None

    @property
    def is_withdrawn(self):
        return self.item is not None and self.item.status == Status.WITHDRAWN


def kept_on(shelf, user):
    """All entries in order, decided now for this reader; of withdrawn items the record stays."""
    entries = list(shelf.entries.all())
    chosen = Item.objects.filter(pk__in=[entry.item_id for entry in entries])
    known = chosen.visible_to(user) | chosen.tombstones_for(user)
    items = {item.pk: item for item in known.for_page()}
    return [Kept(entry, items.get(entry.item_id)) for entry in entries]


def shown_on(shelf, user):
    """Those entries alone whose item the reader may see: nothing tells that there are others."""
    return [kept for kept in kept_on(shelf, user) if kept.item]


# -- Verbs ----------------------------------------------------------------------------------------


@transaction.atomic
def keep_item(shelf, item, *, note=""):
    """Put an item last on the shelf; one that is there keeps its place, and a new note is added."""
    _lock(shelf)
    entry = shelf.entries.filter(item=item).first()
    if entry is None:
        entry = ShelfEntry(shelf=shelf, item=item, position=_next_position(shelf))
    entry.note = "\n".join(filter(None, [entry.note, note]))[: ShelfEntry.note.field.max_length]
    entry.save()
    _touch(shelf)
    return entry


def _next_position(shelf):
    if shelf.entries.count() >= MOST_ENTRIES:
        raise ImpossibleMove(f"A shelf holds {MOST_ENTRIES} items: begin another one.")
    return (shelf.entries.aggregate(last=Max("position"))["last"] or 0) + 1


@transaction.atomic
def remove_entry(shelf, entry):
    _lock(shelf)
    entry.delete()
    _touch(shelf)


@transaction.atomic
def write_note(shelf, entry, note):
    _lock(shelf)
    entry.note = note
    entry.save(update_fields=["note"])
    _touch(shelf)


@transaction.atomic
def move_entry(shelf, entry, *, by):
    """Let an entry change places with the one before (-1) or after it (1)."""
    _lock(shelf)
    entries = list(shelf.entries.all())
    here = entries.index(entry)
    there = min(max(here + by, 0), len(entries) - 1)
    entries.insert(there, entries.pop(here))
    for position, one in enumerate(entries, start=1):
        one.position = position
    ShelfEntry.objects.bulk_update(entries, ["position"])
    _touch(shelf)


@transaction.atomic
def rename_shelf(shelf, name):
    shelf.name = name
    shelf.save(update_fields=["name"])
    _touch(shelf)


def share_shelf(shelf):
    """A new secret link; one given out before no longer works."""
    shelf.secret = new_secret()
    shelf.save(update_fields=["secret"])


def unshare_shelf(shelf):
    shelf.secret = None
    shelf.save(update_fields=["secret"])


def forget_shelves():
    """Delete what visitors left behind; returns how many shelves."""
    return Shelf.objects.forgotten().delete()[1].get("library.Shelf", 0)


def _lock(shelf):
    Shelf.objects.select_for_update().get(pk=shelf.pk)


def _touch(shelf):
    shelf.changed_at = now()
    shelf.save(update_fields=["changed_at"])
