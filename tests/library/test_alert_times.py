"""When alerts go out, also where the clocks change."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.utils.timezone import now

from library.actions import publish_item
from library.alerts import last_monday, last_morning
from library.models import SavedSearch
from tests.factories import (
    make_item,
    make_saved_search,
    make_user,
)
from tests.library.alerts import told

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("at", "morning"),
    [
        # Summer time begins on 29 March 2026 and ends on 25 October 2026.
        (datetime(2026, 3, 29, 5, 59, tzinfo=UTC), datetime(2026, 3, 28, 7, tzinfo=UTC)),
        (datetime(2026, 3, 29, 6, 0, tzinfo=UTC), datetime(2026, 3, 29, 6, tzinfo=UTC)),
        (datetime(2026, 10, 25, 6, 59, tzinfo=UTC), datetime(2026, 10, 24, 6, tzinfo=UTC)),
        (datetime(2026, 10, 25, 7, 0, tzinfo=UTC), datetime(2026, 10, 25, 7, tzinfo=UTC)),
    ],
)
def test_the_morning_is_seven_in_the_uk_also_when_the_clocks_change(at, morning):
    assert last_morning(at) == morning


@pytest.mark.parametrize("year_of_change", [datetime(2026, 3, 23), datetime(2026, 10, 19)])
def test_a_day_has_one_morning_and_a_week_one_monday(year_of_change):
    start = year_of_change.replace(tzinfo=UTC)
    hours = [start + timedelta(hours=hour) for hour in range(14 * 24)]

    mornings, mondays = {last_morning(at) for at in hours}, {last_monday(at) for at in hours}

    assert len({at.date() for at in mornings}) == len(mornings) == 15
    assert len(mondays) == 3
    assert {at.weekday() for at in mondays} == {0}


@pytest.mark.parametrize(("frequency", "days"), [("daily", 1), ("weekly", 7)])
def test_a_digest_comes_once_in_its_time_with_all_that_was_new(frequency, days):
    saved = make_saved_search(email="reader@example.org", frequency=frequency)
    make_item("One")
    make_item("Two")
    assert told() == []

    SavedSearch.objects.update(looked_at=now() - timedelta(days=days, hours=1))
    ((to, text),) = told()
    assert [to, text.count("/library/")] == [saved.email, 2]

    make_item("Three")
    assert told() == []


def test_publishing_wakes_the_worker(django_capture_on_commit_callbacks):
    make_saved_search(email="reader@example.org")
    item = make_item("About prison", status="draft")

    with django_capture_on_commit_callbacks(execute=True):
        publish_item(item, by=make_user(is_staff=True))

    assert [letter.to for letter in mail.outbox] == [["reader@example.org"]]
