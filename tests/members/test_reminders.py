"""Reminders: each once, the latest only, and none to those it no longer concerns."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.utils import timezone

from members.actions import reminders
from members.actions.membership import renew_membership, suspend_membership
from members.actions.payments import record_payment
from members.actions.reminders import renewal_schedule, send_reminders
from members.models import Reminder, User
from tests.factories import (
    make_fee_band,
    make_invoice,
    make_organisation,
    make_owner,
    make_period,
)
from tests.races import race

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2030, 1, 1), date(2030, 12, 31)
DAY = timedelta(days=1)


@pytest.fixture
def clock(monkeypatch):
    def set_to(day, hour=12):
        moment = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
        monkeypatch.setattr(timezone, "now", lambda: moment)

    set_to(FIRST)
    return set_to


@pytest.fixture
def member(clock):
    organisation = make_organisation()
    make_owner(organisation)
    make_period(organisation, FIRST, LAST)
    return organisation


def kinds():
    return list(Reminder.objects.order_by("pk").values_list("kind", flat=True))


def run_on(clock, days):
    for day in days:
        clock(day)
        send_reminders()


def every_day(first, last):
    return [first + step * DAY for step in range((last - first).days + 1)]


def test_a_whole_year_and_its_end(clock, member, mailoutbox):
    days = every_day(LAST - 61 * DAY, LAST + 63 * DAY)

    sent_on = {}
    for day in days:
        run_on(clock, [day])
        sent_on |= {kind: sent_on.get(kind, day) for kind in kinds()}

    assert sent_on == {
        "opens": LAST - 60 * DAY,
        "month": LAST - 30 * DAY,
        "week": LAST - 7 * DAY,
        "last-day": LAST,
        "grace": LAST + 14 * DAY,
        "late-grace": LAST + 45 * DAY,
        "lapsed": LAST + 61 * DAY,
    }
    assert len(mailoutbox) == len(kinds()) == 7


@pytest.mark.parametrize("twice", [False, True])
def test_after_an_outage_each_comes_once_and_none_stale(clock, member, mailoutbox, twice):
    """The clock stood still from the day before "week" until two days after it, and longer."""
    runs = [LAST - 30 * DAY, LAST - 5 * DAY, LAST - 4 * DAY, LAST + 46 * DAY, LAST + 200 * DAY]

    run_on(clock, [day for day in runs for _ in range(1 + twice)])

    assert kinds() == ["month", "week", "late-grace"]
    assert "ends on 31 December 2030" in mailoutbox[1].body
    assert "Everything goes on until 1 March 2031" in mailoutbox[2].body


@pytest.mark.parametrize("phase", range(4))
def test_with_the_clock_stopped_for_three_days_each_comes_once_and_none_stale(
    clock, member, mailoutbox, phase
):
    """Whichever days it stops on, again and again: one run, then three days without any."""
    due = renewal_schedule(member.membership_periods.get())
    days = every_day(LAST - 61 * DAY, LAST + 66 * DAY)[phase::4]

    sent_on = {}
    for day in days:
        run_on(clock, [day])
        sent_on |= {kind: day for kind in kinds() if kind not in sent_on}
    told = ["ends on" in letter.body for letter in mailoutbox]

    assert kinds() == list(due)
    assert [kind for kind, day in sent_on.items() if day > due[kind] + 3 * DAY] == []
    assert told == [day <= LAST for day in sent_on.values()]


def test_the_command_may_run_any_number_of_times(clock, member, capsys):
    clock(LAST)

    for _ in range(3):
        call_command("send_reminders")

    assert capsys.readouterr().out.split(".")[:3] == [
        "Reminders sent: 1",
        "\nReminders sent: 0",
        "\nReminders sent: 0",
    ]


def test_killed_between_ledger_and_letter_nothing_is_noted_and_the_next_run_sends(
    clock, member, monkeypatch, mailoutbox
):
    clock(LAST)
    with monkeypatch.context() as patch:
        patch.setattr(Reminder.objects, "create", lambda **_: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            send_reminders()
    mailoutbox.clear()

    assert send_reminders() == 1
    assert (len(mailoutbox), kinds()) == (1, ["last-day"])


@pytest.mark.parametrize("why", ["renewed", "suspended", "nobody"])
def test_whom_it_does_not_concern(clock, member, why):
    owner = member.affiliations.get().user
    clock(LAST - 20 * DAY)
    if why == "renewed":
        make_fee_band()
        renew_membership(member, by=owner, income=1, expected_pence=10_000)
    if why == "suspended":
        suspend_membership(member, by=None, reason="For the test.")
    if why == "nobody":
        User.objects.filter(pk=owner.pk).update(is_active=False)

    assert (send_reminders(), kinds()) == (0, [])


def test_invoices_are_reminded_of_until_they_are_paid(clock):
    organisation = make_organisation()
    make_owner(organisation)
    invoice = make_invoice(organisation)

    run_on(clock, every_day(FIRST, invoice.due_on + 10 * DAY))
    assert kinds() == ["due-week", "overdue-week"]
    record_payment(invoice, by=None, pence=10_000, received_on=FIRST)
    run_on(clock, every_day(invoice.due_on + 11 * DAY, invoice.due_on + 40 * DAY))

    assert kinds() == ["due-week", "overdue-week"]


def test_an_invoice_that_is_never_paid_ends_with_the_lapse(clock, mailoutbox):
    organisation = make_organisation()
    make_owner(organisation)
    make_invoice(organisation)

    run_on(clock, every_day(FIRST, FIRST + 120 * DAY))

    assert kinds() == ["due-week", "overdue-week", "overdue-weeks", "lapsed"]
    assert "The membership has lapsed" in mailoutbox[-1].body


@pytest.mark.parametrize(
    ("last", "hour", "count"),
    [(date(2030, 3, 31), 22, 1), (date(2030, 3, 30), 23, 1), (date(2028, 2, 29), 0, 1)],
)
def test_the_last_day_in_the_uk(clock, last, hour, count):
    """22:00 UTC is 23:00 on the night in which summer time has begun, still the same day."""
    organisation = make_organisation()
    make_owner(organisation)
    make_period(organisation, last - 300 * DAY, last)

    clock(last, hour)
    send_reminders()

    assert kinds() == ["last-day"]


# -- Two workers ----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("guards", "count"), [("all", 1), ("law", 1), ("none", 2)])
def test_two_workers_at_once(clock, member, monkeypatch, guards, count):
    clock(LAST)
    if guards != "all":
        monkeypatch.setattr(reminders, "lock_organisation", lambda organisation: None)
    if guards == "none":
        run("ALTER TABLE members_reminder DROP CONSTRAINT reminder_once_for_a_period")
    try:
        _, second = race(send_reminders, send_reminders)
        found = Reminder.objects.count()
    finally:
        if guards == "none":
            run("TRUNCATE members_reminder")
            run(
                "ALTER TABLE members_reminder "
                "ADD CONSTRAINT reminder_once_for_a_period UNIQUE (period_id, kind)"
            )

    assert found == count
    assert isinstance(second, IntegrityError) if guards == "law" else second == count - 1


def run(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
