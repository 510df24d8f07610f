"""Scheduled works appear everywhere with their minute, on the nights when the clocks change too.

No job runs: what is told at an address hangs on nothing but the time at which it is asked.
"""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from cja_portal.kit.forms import UKDateTimeField
from library.models import Item
from tests.factories import LONG_AGO, make_organisation, set_changed_at
from tests.library.test_leaks import SURFACES, make_world

pytestmark = pytest.mark.django_db

# What staff type as UK time, and the moment that it is.
TYPED = {
    "the last minute of winter": ("2027-03-28", "00:59", datetime(2027, 3, 28, 0, 59, tzinfo=UTC)),
    "the first minute of summer": ("2027-03-28", "02:00", datetime(2027, 3, 28, 1, 0, tzinfo=UTC)),
    "the last clear minute of summer": (
        "2027-10-31",
        "00:59",
        datetime(2027, 10, 30, 23, 59, tzinfo=UTC),
    ),
    "the first clear minute of winter": (
        "2027-10-31",
        "02:00",
        datetime(2027, 10, 31, 2, 0, tzinfo=UTC),
    ),
}
# Suggestions may know the words of a scheduled work; letters are written by a job.
OPEN_TO_ALL = {
    name: surface
    for name, surface in SURFACES.items()
    if "public" in surface.tells["anonymous"] and "scheduled" not in surface.tells["anonymous"]
    if name != "alert"
}


@pytest.fixture
def clock(monkeypatch):
    """The time of the portal, to be set."""

    class Clock(datetime):
        moment = None

        @classmethod
        def now(cls, tz=None):
            return cls.moment.astimezone(tz)

    monkeypatch.setattr(timezone, "datetime", Clock)
    return Clock


def schedule(item, moment):
    """As if it had been made long ago: Postgres, which stamps changes, has a clock of its own."""
    set_changed_at(item, LONG_AGO)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE library_item DISABLE TRIGGER item_stamped")
        Item.objects.filter(pk=item.pk).update(visible_from=moment, has_been_public=False)
        cursor.execute("ALTER TABLE library_item ENABLE TRIGGER item_stamped")


@pytest.mark.parametrize("when", TYPED)
def test_every_surface_shows_a_scheduled_work_from_its_minute_on(client, clock, when):
    day, time, moment = TYPED[when]
    clock.moment = moment - timedelta(days=2)
    visible_from = UKDateTimeField().clean([day, time])
    item = make_world("public", {name: make_organisation(name) for name in ("owning", "named")})
    schedule(item, visible_from)

    clock.moment = moment - timedelta(seconds=1)
    before = {name: surface.shows(client, item) for name, surface in OPEN_TO_ALL.items()}
    clock.moment = moment
    after = {name: surface.shows(client, item) for name, surface in OPEN_TO_ALL.items()}

    assert visible_from == moment
    assert before == dict.fromkeys(OPEN_TO_ALL, False)
    assert after == dict.fromkeys(OPEN_TO_ALL, True)
    assert len(OPEN_TO_ALL) > 40
