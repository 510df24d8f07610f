"""What readers of the library keep."""

from itertools import count

from django.utils import timezone
from django.utils.text import slugify

from library.arrivals import note_arrivals
from library.models import Collection, SavedSearch, Shelf
from library.shelves import keep_item

number = count(1)


def make_shelf(owner, *items, name="Reading"):
    shelf = Shelf.objects.create(owner=owner, name=name)
    for item in items:
        keep_item(shelf, item)
    return shelf


def make_saved_search(query="", *, owner=None, email="", frequency="immediate", **fields):
    """One that runs, from now on."""
    email = email or ("" if owner else f"reader{next(number)}@example.org")
    values = {"confirmed_at": timezone.now(), "last_arrival": note_arrivals()} | fields
    return SavedSearch.objects.create(
        owner=owner, email=email, query=query, frequency=frequency, **values
    )


def make_collection(title="A collection", *items, **fields):
    values = {"slug": slugify(title), "intro": "What it is for.", "is_public": True} | fields
    collection = Collection.objects.create(title=title, **values)
    for position, item in enumerate(items, start=1):
        collection.entries.create(item=item, position=position, reason=f"Because of {item}.")
    return collection
