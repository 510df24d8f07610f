"""One question, answered by all four rooms."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

from awards import search as awards_search
from cja_portal.kit.hits import Hit
from cja_portal.kit.text import clean_query
from dictionary import search as dictionary_search
from dictionary.models import Entry
from dictionary.published import PublishedEntry, published
from library import search as library_search
from members import search as members_search

SHOWN = 5
EXACT = 100  # The rank of an entry one of whose names is what was typed.


@dataclass(frozen=True)
class Room:
    """What one room answers; `address` leads to the rest there."""

    name: str
    hits: list
    address: str


@dataclass(frozen=True)
class Answer:
    query: str
    rooms: list
    word: PublishedEntry | None = None  # The entry whose name was typed.
    instead: str = ""  # The word that the dictionary looked for in place of the query.

    @property
    def silent_rooms(self):
        return [room for room in self.rooms if not room.hits]

    @property
    def speaking_rooms(self):
        return [room for room in self.rooms if room.hits]


def search(text, user):
    query = clean_query(text)
    if not query:
        return Answer("", [])
    word, found = _words(query, user)
    asked = urlencode({"q": query})
    rooms = [
        _room("Dictionary", found.hits, "dictionary:entry-list", asked),
        _room("Library", library_search.best(query, user, SHOWN), "library:item-list", asked),
        _room(
            "Members", members_search.best(query, user, SHOWN), "members:organisation-list", asked
        ),
        _room("Awards", awards_search.best(query, user, SHOWN), "awards:cycle-list"),
    ]
    return Answer(query, rooms, word, found.instead)


def _room(name, hits, view_name, asked=""):
    """A room with the way to its own list; `asked` puts the same question there."""
    address = reverse(view_name)
    return Room(name, hits, f"{address}?{asked}" if asked else address)


@dataclass(frozen=True)
class _Found:
    hits: list
    instead: str


def _words(query, user):
    """The entry that is called just so, if there is one, and the hits for the other entries."""
    answer = dictionary_search.search(query)
    matches = answer.matches[: SHOWN + 1]
    entries = Entry.objects.visible_to(user).select_related("current")
    rows = entries.in_bulk([match.entry_id for match in matches])
    found = [
        (published(rows[match.entry_id]), match) for match in matches if match.entry_id in rows
    ]
    word = found[0][0] if found and found[0][1].rank >= EXACT else None
    hits = [_entry_hit(entry, match) for entry, match in found if entry != word]
    return word, _Found(hits[:SHOWN], answer.instead)


def _entry_hit(entry, match):
    gist = entry.sense_for().gist
    return Hit(entry.headword, entry.get_absolute_url(), gist, reason=match.reason)
