"""Two independent harvesters read the whole library over HTTP while it changes.

HARVEST_ITEMS=10000 makes it as large as the promise; the suite reads fewer.
"""

import os
import random
from datetime import timedelta
from threading import Event, Thread

import pytest
from django.db import connection
from django.utils.timezone import now
from oaipmh_scythe import Scythe
from sickle import Sickle

from library.harvest import Range, headings, settled_until
from library.models import Contributor, Item
from tests.factories import LONG_AGO, make_theme

pytestmark = pytest.mark.django_db(transaction=True)
HOW_MANY = int(os.environ.get("HARVEST_ITEMS", "600"))
PAUSE = 0.01  # seconds


def make_library():
    """One in ten starts hidden, one in ten withdrawn, one in ten with its hour still to come."""
    states = [
        {"audience": "members"},
        {"status": "withdrawn", "withdrawn_at": LONG_AGO, "withdrawn_because": "Wrong."},
        {"visible_from": now() + timedelta(days=1)},
        *[{}] * 7,
    ]
    fields = {"kind": "report", "published_at": LONG_AGO}
    Item.objects.bulk_create(
        Item(
            slug=f"item-{number}",
            title=f"Item {number}",
            **fields | {"status": "published"} | states[number % 10],
        )
        for number in range(HOW_MANY)
    )
    make_theme("Race").items.set(Item.objects.all()[: HOW_MANY // 2])


def rename(item):
    Item.objects.filter(pk=item).update(title=f"New title {random.random()}")


def add_author(item):
    Contributor.objects.get_or_create(item_id=item, name="Somebody", kind="person")


def hide(item):
    Item.objects.filter(pk=item, status="published").update(audience="members")


def show(item):
    Item.objects.filter(pk=item, status="published").update(audience="public", visible_from=None)


class Restless(Thread):
    """Changes one item after another until it is told to stop."""

    def __init__(self):
        super().__init__()
        self.chance = random.Random(2026)
        self.may_stop = Event()
        self.changes = 0

    def run(self):
        items = list(Item.objects.values_list("pk", flat=True))
        while not self.may_stop.wait(PAUSE):
            act = self.chance.choice([rename, rename, add_author, hide, show])
            act(self.chance.choice(items))
            self.changes += 1
        connection.close()

    def stop(self):
        self.may_stop.set()
        self.join()


class Harvest:
    """What one harvester knows: of each id, whether it was deleted when last heard of."""

    def __init__(self, read):
        self.read = read
        self.known = {}
        self.begun = None

    def go(self):
        """All of it the first time, then what changed since the answer it had first."""
        begun, records = self.read(self.begun)
        for name, is_deleted in records:
            self.known[name] = is_deleted
        self.begun = begun


def sickle(address):
    harvester = Sickle(address)

    def read(since):
        begun = harvester.Identify().xml.getroottree().findtext(".//{*}responseDate")
        asked = {"from": since} if since else {}
        records = harvester.ListRecords(metadataPrefix="oai_dc", **asked)
        return begun, [(one.header.identifier, one.deleted) for one in records]

    return read


def scythe(address):
    def read(since):
        with Scythe(address) as harvester:
            begun = harvester.identify().xml.getroottree().findtext(".//{*}responseDate")
            records = harvester.list_records(from_=since, metadata_prefix="mods")
            return begun, [(one.header.identifier, one.header.deleted) for one in records]

    return read


def truth():
    found = headings(
        Range(), after=None, until=settled_until(), most=HOW_MANY * 2, for_records=False
    )
    return {f"oai:library.localhost:{one.code}": one.item is None for one in found}


def test_two_harvesters_read_the_same_while_the_library_changes(live_server):
    make_library()
    address = f"{live_server.url}/library/oai"
    harvests = [Harvest(sickle(address)), Harvest(scythe(address))]
    restless = Restless()
    restless.start()
    try:
        for harvest in harvests:
            harvest.go()
    finally:
        restless.stop()

    assert restless.changes > HOW_MANY // 100
    for harvest in harvests:
        harvest.go()

    assert harvests[0].known == harvests[1].known == truth()
    assert len(truth()) > HOW_MANY // 2
    assert set(truth().values()) == {True, False}


def test_both_read_sets_and_formats(live_server):
    make_library()
    address = f"{live_server.url}/library/oai"

    sets = {one.setSpec for one in Sickle(address).ListSets()}
    formats = {one.metadataPrefix for one in Sickle(address).ListMetadataFormats()}
    headers = [
        one.identifier
        for one in Sickle(address).ListIdentifiers(
            metadataPrefix="mods", set="topic:race", ignore_deleted=True
        )
    ]
    with Scythe(address) as harvester:
        assert {one.setSpec for one in harvester.list_sets()} == sets
        assert {one.metadataPrefix for one in harvester.list_metadata_formats()} == formats
        found = harvester.list_identifiers(
            metadata_prefix="mods", set_="topic:race", ignore_deleted=True
        )
        assert [one.identifier for one in found] == headers
    assert len(headers) == HOW_MANY // 2 * 7 // 10
