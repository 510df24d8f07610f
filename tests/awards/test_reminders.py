"""Letters to those who have a draft: none twice, none late, all by the clock on the wall."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core import mail
from django.core.management import call_command

from awards.actions import reminders
from awards.actions.cycles import extend_deadline, give_more_time, revise_question
from awards.actions.reminders import due, remind_nominators
from awards.clock import moment_of
from awards.models import DraftReminder
from cja_portal.kit.dates import UK
from tests.awards.factories import make_nomination, make_running_cycle, set_clock
from tests.factories import make_staff
from tests.races import race

pytestmark = pytest.mark.django_db


@pytest.fixture
def category():
    return make_running_cycle().categories.get()


def letters():
    return [(letter.to[0], letter.subject.split(":")[0]) for letter in mail.outbox]


def at(cycle, **before):
    """As if it were that long before the deadline."""
    set_clock(cycle, cycle.closes_at - timedelta(**before))


def moment(closes, now):
    opens = closes - timedelta(days=40)
    return SimpleNamespace(
        opens_at=opens, closes_at=closes, now=now, ends_at=closes + timedelta(minutes=1)
    )


SUMMER = datetime(2026, 9, 25, 23, 59, tzinfo=UK)
AFTER_THE_CHANGE = datetime(2026, 10, 27, 23, 59, tzinfo=UK)  # the night to the 25th has 25 hours
DUE = [
    (SUMMER, datetime(2026, 9, 18, 23, 58, 59, tzinfo=UK), None),
    (SUMMER, datetime(2026, 9, 18, 23, 59, tzinfo=UK), "week"),
    (SUMMER, datetime(2026, 9, 23, 23, 58, 59, tzinfo=UK), "week"),
    (SUMMER, datetime(2026, 9, 23, 23, 59, tzinfo=UK), "two-days"),
    (SUMMER, datetime(2026, 9, 25, 20, 58, 59, tzinfo=UK), "two-days"),
    (SUMMER, datetime(2026, 9, 25, 20, 59, tzinfo=UK), "hours"),
    (SUMMER, datetime(2026, 9, 25, 23, 59, 59, tzinfo=UK), "hours"),
    (SUMMER, datetime(2026, 9, 26, 0, 0, tzinfo=UK), None),
    (AFTER_THE_CHANGE, datetime(2026, 10, 20, 23, 58, 59, tzinfo=UK), None),
    (AFTER_THE_CHANGE, datetime(2026, 10, 20, 23, 59, tzinfo=UK), "week"),
    (AFTER_THE_CHANGE, datetime(2026, 10, 20, 22, 59, tzinfo=UTC), "week"),
]


@pytest.mark.parametrize(("closes", "now", "kind"), DUE)
def test_reminders_are_due_by_the_clock_on_the_wall(closes, now, kind):
    assert due(moment(closes, now)) == kind


def test_each_draft_is_reminded_once_of_each_kind_and_only_of_the_latest(category):
    draft = make_nomination(category, email="one@example.org")
    make_nomination(category, state="submitted", email="two@example.org")
    make_nomination(category, state="withdrawn", email="three@example.org")
    counts = []

    for before in ({"days": 8}, {"days": 3}, {"days": 3}, {"hours": 47}, {"hours": 2}):
        at(category.cycle, **before)
        counts.append(remind_nominators())

    assert counts == [0, 1, 0, 1, 1]
    assert letters() == [("one@example.org", "Not sent yet")] * 3
    assert {one.kind for one in draft.reminders.all()} == {"week", "two-days", "hours"}


def test_a_nominator_without_an_account_stops_reminders_by_one_press(client, category):
    make_nomination(category, email="one@example.org")
    at(category.cycle, days=3)
    remind_nominators()
    at(category.cycle, hours=2)

    stop = mail.outbox[0].extra_headers["List-Unsubscribe"].strip("<>")
    client.post(stop, {"List-Unsubscribe": "One-Click"})
    remind_nominators()

    assert letters() == [("one@example.org", "Not sent yet")]


def test_a_late_run_sends_the_latest_only_and_none_after_the_deadline(category):
    make_nomination(category)
    at(category.cycle, hours=1)
    assert remind_nominators() == 1
    make_nomination(category)
    at(category.cycle, minutes=-2)

    call_command("remind_nominators")

    assert DraftReminder.objects.get().kind == "hours"


def test_a_reminder_says_what_is_to_do_and_opens_the_draft(client, category):
    draft = make_nomination(category)
    draft.answers.first().delete()
    at(category.cycle, hours=2)

    remind_nominators()

    assert "- Answer “What they do”." in mail.outbox[0].body
    link = next(line for line in mail.outbox[0].body.splitlines() if "/nominations/open/" in line)
    page = client.get("/" + link.partition("//")[2].partition("/")[2])
    assert page["Location"] == draft.get_absolute_url()


def test_whoever_has_more_time_is_reminded_of_their_own_deadline(category):
    make_nomination(category, email="late@example.org")
    cycle, until = category.cycle, category.cycle.closes_at + timedelta(days=7)
    give_more_time(cycle, "late@example.org", until, reason="Ill.", by=make_staff())
    at(cycle, hours=-1)

    assert remind_nominators() == 1

    assert DraftReminder.objects.get().closes_at == until
    assert DraftReminder.objects.get().kind == "week"
    assert ("late@example.org", "More time for you") in letters()


def test_a_moved_deadline_is_told_to_all_with_a_draft_and_reminded_of_anew(category):
    make_nomination(category, email="one@example.org")
    make_nomination(category, state="submitted", email="two@example.org")
    cycle = category.cycle
    at(cycle, hours=2)
    remind_nominators()

    later = cycle.closes_at + timedelta(days=1)
    extend_deadline(cycle, later, reason="The site was down.", by=make_staff())

    assert letters() == [("one@example.org", "Not sent yet"), ("one@example.org", "More time")]
    assert remind_nominators() == 1


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_send_one_letter():
    category = make_running_cycle().categories.get()
    make_nomination(category)
    at(category.cycle, hours=2)

    assert sorted(race(remind_nominators, remind_nominators)) == [0, 1]

    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_without_lock_and_ledger_two_runs_would_write_twice(monkeypatch):
    category = make_running_cycle().categories.get()
    make_nomination(category)
    at(category.cycle, hours=2)
    monkeypatch.setattr(reminders, "take_up", take_unlocked)
    manager = type(make_nomination(category, state="withdrawn").reminders)
    monkeypatch.setattr(manager, "get_or_create", lambda self, **values: (None, True))

    race(remind_nominators, remind_nominators)

    assert len(mail.outbox) == 2


def take_unlocked(nomination):
    lead = nomination.collaborators.get(is_lead=True)
    return nomination, moment_of(nomination.category.cycle, lead.email)


# -- A changed question ----------------------------------------------------------------------------


def test_who_must_answer_again_is_told_once(client, settings, category):
    settings.REQUIRE_SECOND_FACTOR = False
    make_nomination(category, "Example Sent", state="submitted", email="one@example.org")
    make_nomination(category, "Example Draft", email="two@example.org")
    staff = make_staff()
    changes = {"text": "What do they do now?"}
    question = category.questions.get(key="what-they-do")
    new = revise_question(question, changes, why="It was unclear.", by=staff)
    client.force_login(staff)
    page = f"/admin/awards/question/{new.pk}/again/"

    shown = client.get(page).content.decode()
    client.post(page)
    again = client.post(page, follow=True).content.decode()

    assert "Example Sent" in shown
    assert "Example Draft" not in shown
    assert "1 draft more" in shown
    assert "They were told already." in again
    assert letters() == [
        ("one@example.org", "Please answer again"),
        ("two@example.org", "Please answer again"),
    ]
    assert page in client.get(f"/admin/awards/question/{new.pk}/change/").content.decode()
