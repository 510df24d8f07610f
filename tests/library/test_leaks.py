"""Who learns of what, on every surface that could tell: one table, all its cells.

A surface says whether it shows the record, or the file, of one item to one reader. For an item
that is public it must show it: a surface that never shows anything would prove nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils.timezone import now

from library.models import Item
from tests.factories import (
    make_affiliation,
    make_document,
    make_item,
    make_organisation,
    make_theme,
    make_user,
)

pytestmark = pytest.mark.django_db

IN_RECORD = "quagswindle"  # A word that only the record of the item holds,
IN_FILE = "brimfathom"  # and one that only the text of its file holds.

STATES = {
    "public": {},
    "draft": {"status": "draft"},
    "submitted": {"status": "submitted"},
    "changes asked": {"status": "changes-asked"},
    "declined": {"status": "declined"},
    "scheduled": {"visible_from": timedelta(minutes=1)},
    "members' record": {"audience": "members"},
    "members' file": {"files_audience": "members"},
    "named organisations' record": {"audience": "organisations"},
    "named organisations' file": {"files_audience": "organisations"},
    "staff's file": {"files_audience": "staff"},
    "withdrawn": {"status": "withdrawn"},
}
UNSEEN = {"draft", "submitted", "changes asked", "declined", "scheduled", "withdrawn"}
RECORDS = {
    "anonymous": set(STATES) - UNSEEN - {"members' record", "named organisations' record"},
    "outsider": set(STATES) - UNSEEN - {"members' record", "named organisations' record"},
    "other member": set(STATES) - UNSEEN - {"named organisations' record"},
    "named reader": set(STATES) - UNSEEN,
    "owning member": set(STATES) - UNSEEN,
    "staff": set(STATES) - {"withdrawn"},
}
FILES = {
    "anonymous": {"public"},
    "outsider": {"public"},
    "other member": {"public", "members' record", "members' file"},
    "named reader": RECORDS["named reader"] - {"staff's file"},
    "owning member": RECORDS["owning member"] - {"staff's file"},
    "staff": RECORDS["staff"],
}


@dataclass(frozen=True)
class Surface:
    """`shows(client, item)` is true if it gives away what `tells` names: the record or the file."""

    tells: dict
    shows: Callable


def holds(address, word):
    """Whether the page, feed or file at an address holds a word; {slug} stands for the item's."""

    def shows(client, item):
        answer = client.get(address.format(slug=item.slug, code=item.code))
        return word in b"".join(answer).decode(errors="replace")

    return shows


def opens(address):
    """Whether there is anything at an address, by GET and by HEAD alike."""

    def shows(client, item):
        address_of_item = address.format(slug=item.slug, code=item.code)
        answers = {
            client.get(address_of_item).status_code,
            client.head(address_of_item).status_code,
        }
        assert len(answers) == 1
        return answers & {404, 410, 403} == set()

    return shows


def names_it(address):
    """Whether the answer at an address leads to the item."""

    def shows(client, item):
        return f"/library/{item.slug}/" in client.get(address).content.decode()

    return shows


def misses_it_without(word):
    """Whether leaving out a word takes the item away: so that one learns of the word."""

    def shows(client, item):
        with_it = names_it(f"/library/?q={IN_RECORD}")(client, item)
        return with_it and not names_it(f"/library/?q={IN_RECORD}+-{word}")(client, item)

    return shows


MISSPELT = IN_RECORD.replace("swi", "si")
# Words for suggestions come from public records alone, whoever asks.
SUGGESTIONS = {
    who: states & {"public", "scheduled", *(state for state in STATES if "file" in state)}
    for who, states in RECORDS.items()
}
SURFACES = {
    "record": Surface(RECORDS, opens("/library/{slug}/")),
    "short code": Surface(RECORDS, opens("/library/{code}/")),
    "citation": Surface(RECORDS, opens("/library/{slug}/cite.ris")),
    "list": Surface(RECORDS, names_it("/library/")),
    "hit": Surface(RECORDS, names_it(f"/library/?q={IN_RECORD}")),
    "count": Surface(RECORDS, holds("/library/", "<strong>2 items</strong>")),
    "suggestion": Surface(SUGGESTIONS, holds(f"/library/?q={MISSPELT}", f"?q={IN_RECORD}")),
    "hit in a file": Surface(FILES, names_it(f"/library/?q={IN_FILE}")),
    "phrase in a file": Surface(FILES, names_it(f"/library/?q=%22{IN_FILE}+is+on%22")),
    "page of a hit": Surface(FILES, holds(f"/library/?q={IN_RECORD}+or+{IN_FILE}", "/page/2/?q=")),
    "snippet of a page": Surface(
        FILES, holds(f"/library/?q={IN_FILE}", f"The <mark>{IN_FILE}</mark> is on this page.")
    ),
    "a word left out": Surface(FILES, misses_it_without(IN_FILE)),
    "count of files": Surface(FILES, holds("/library/", 'name="format" value="main"')),
    "feed of words in files": Surface(FILES, names_it(f"/library/feed.atom?q={IN_FILE}")),
    "search of the portal in files": Surface(FILES, names_it(f"/search/?q={IN_FILE}")),
    "facet": Surface(RECORDS, holds("/library/", "Example Publisher")),
    "feed": Surface(RECORDS, names_it("/library/feed.atom")),
    "feed of a search": Surface(RECORDS, names_it(f"/library/feed.atom?q={IN_RECORD}")),
    "search of the portal": Surface(RECORDS, names_it(f"/search/?q={IN_RECORD}")),
    "theme": Surface(RECORDS, names_it("/themes/example-theme/")),
    "related": Surface(RECORDS, names_it("/library/the-other-one/")),
}
# What stays of a withdrawn item, for those who could have seen it: its citation.
TOMBSTONES = {"citation"}


@pytest.fixture
def cast():
    named, owning = make_organisation("Named Readers"), make_organisation("Example Owner")
    people = {who: make_user() for who in ("outsider", "other member", "named reader")}
    people |= {"owning member": make_user(), "staff": make_user(is_staff=True)}
    make_affiliation(people["other member"], make_organisation("Some Other Member"))
    make_affiliation(people["named reader"], named)
    make_affiliation(people["owning member"], owning)
    return people | {"named": named, "owning": owning}


def make_world(state, cast):
    """One item in a state, and a public one beside it that shares its theme."""
    theme = make_theme("Example theme")
    make_item("The other one", slug="the-other-one", themes=[theme])
    fields = dict(STATES[state])
    if "visible_from" in fields:
        fields["visible_from"] += now()
    publisher = make_organisation("Example Publisher")
    item = make_item(
        f"A {IN_RECORD} report",
        themes=[theme],
        publishers=[publisher],
        owner=cast["owning"],
        **fields,
    )
    item.readers.add(cast["named"])
    make_document(item, pages=["Nothing here.", f"The {IN_FILE} is on this page."])
    return Item.objects.get(pk=item.pk)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("who", RECORDS)
def test_each_surface_shows_exactly_what_its_reader_may_know(client, cast, who, state):
    item = make_world(state, cast)
    if who in cast:
        client.force_login(cast[who])

    shown = {name: surface.shows(client, item) for name, surface in SURFACES.items()}

    meant = {name: state in surface.tells[who] for name, surface in SURFACES.items()}
    if state == "withdrawn":
        meant |= dict.fromkeys(TOMBSTONES, True)
    assert shown == meant
