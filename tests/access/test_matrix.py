"""Every address, asked for by everybody: what they get is what the matrix says.

Pages are decided but not drawn here: their texts are looked at elsewhere.
"""

from collections import defaultdict

import pytest

from awards.models import Assignment
from members.models import Invoice
from tests.access import matrix
from tests.access.actors import OTHER, OWN, slug_of
from tests.access.asking import ask
from tests.test_access import UUID, addresses

pytestmark = pytest.mark.django_db
NOT_ASKED = {"account_logout": "it ends the session of whoever asks"}
TABLES = {"get": "addresses.txt", "post": "posts.txt"}


def asked():
    """Name and address of each page outside the admin."""
    return [pair for pair in addresses() if pair[0] not in NOT_ASKED]


def asked_by(actor):
    """The same, where the organisation is the actor's own, and what has a number of its own."""
    own = uuids()
    for name, address in asked():
        address = address.replace(UUID, own.get(name, UUID))
        yield name, address.replace(f"/{OWN}/", f"/{slug_of(actor)}/")


def uuids():
    """Of rows to which the database would not let us give the number of the examples."""
    invoice = Invoice.objects.filter(organisation__slug=OWN).first()
    reads = Assignment.objects.filter(judge__uuid=UUID)
    sheet = reads.get(round__stage="sift", sheet__isnull=False)
    final = reads.filter(round__stage="final").first().round
    rows = dict.fromkeys(["sheet", "save", "step-back", "file"], sheet)
    rows |= dict.fromkeys(["queue", "meeting", "warm-up", "mirror", "marks"], final)
    found = {f"awards:judging-{name}": str(row.uuid) for name, row in rows.items()}
    return found | {"members:invoice-file": str(invoice.uuid)}


def differences(found, expected):
    """What differs, in words."""
    return [
        f"{name}: {actor} {matrix.MEANINGS.get(cell, cell)}, "
        f"not {matrix.MEANINGS[expected[name][actor]]}"
        for name, cells in found.items()
        for actor, cell in cells.items()
        if cell != expected[name][actor]
    ]


@pytest.mark.parametrize("table", TABLES.values())
def test_every_address_has_a_row(table):
    assert {name for name, _ in asked()} == matrix.read(table).keys()


@pytest.mark.parametrize("method", TABLES)
def test_everybody_gets_what_the_matrix_says(actors, quick, method):
    expected = matrix.read(TABLES[method])

    found = defaultdict(dict)
    for actor, client in actors.items():
        for name, address in asked_by(actor):
            found[name][actor] = ask(client, address, method)

    assert differences(found, expected) == []


@pytest.mark.parametrize("method", TABLES)
def test_nobody_gets_into_another_organisation(actors, quick, method):
    """Whoever belongs elsewhere gets what those get who belong nowhere."""
    cells = matrix.read(TABLES[method])
    pages = {name: address for name, address in asked() if f"/{OWN}/" in address}
    expected = {
        name: {
            actor: cells[name]["anonymous" if actor == "anonymous" else "outsider"]
            for actor in actors
        }
        for name in pages
    }

    found = {
        name: {
            actor: ask(client, address.replace(OWN, OTHER), method)
            for actor, client in actors.items()
        }
        for name, address in pages.items()
    }

    assert differences(found, expected) == []
    assert sum(cells[name]["outsider"] == "4" for name in pages) > 10


def test_what_is_closed_is_closed_to_every_method(actors, quick):
    expected = matrix.read("addresses.txt")

    opened = {
        (name, actor): cell
        for actor, client in actors.items()
        for name, address in asked_by(actor)
        if expected[name][actor] in set("LP34")
        and (cell := ask(client, address, "delete")) not in set("LP345")
    }

    assert opened == {}
