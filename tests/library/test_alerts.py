"""Alerts: who is told what and when, once, also where machines fail."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import now

from library import alerts
from library.actions import publish_item, withdraw_item
from library.alerts import collect, due_searches, last_monday, last_morning, send_alerts
from library.arrivals import note_arrivals
from library.models import Alert, Arrival, Item, Letter, SavedSearch, Version
from library.saved_searches import change_frequency
from tests.factories import (
    make_affiliation,
    make_item,
    make_organisation,
    make_saved_search,
    make_user,
)
from tests.mail_server import MailServer
from tests.races import race

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parent.parent.parent


def told():
    """The letters that a run sends, as (to, what stands between the words and the whole search)."""
    before = len(mail.outbox)
    send_alerts()
    return [(letter.to[0], _list_in(letter)) for letter in mail.outbox[before:]]


def _list_in(letter):
    body = letter.body.split("New since we last looked:\n")[1].split("\nThe whole search")[0]
    return body.strip()


def titles(letters):
    return [(to, text.split("\n")[0]) for to, text in letters]


# -- What is told ---------------------------------------------------------------------------------


def test_a_new_item_that_answers_is_told_and_no_other():
    make_saved_search("q=prison", email="reader@example.org")
    make_item("About courts")
    make_item("About prison")

    assert titles(told()) == [("reader@example.org", "About prison")]
    assert told() == []


def test_what_was_there_before_the_search_was_saved_is_not_new():
    make_item("About prison")
    make_saved_search("q=prison")

    assert told() == []


def test_the_letter_says_why_it_came_where_to_read_and_how_to_stop():
    publisher = make_organisation("Example Trust")
    saved = make_saved_search("q=prison&kind=report", email="reader@example.org")
    make_item("About prison", slug="about-prison", publishers=[publisher])

    send_alerts()

    (letter,) = mail.outbox
    stop = f"/library/searches/stop/{saved.token}/"
    assert letter.subject == "New in the CJA library: About prison"
    for sentence in (
        "because you saved a search in the library of the Criminal Justice Alliance:\n"
        "“prison”, Kind: Report\n",
        "About prison\nReport, Example Trust, 2020\n",
        "/library/about-prison/\n",
        "/library/?q=prison&kind=report\n",
        f"{stop}\n",
    ):
        assert sentence in letter.body
    headers = letter.extra_headers
    assert headers["List-Unsubscribe"].endswith(f"{stop}>")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_each_reader_is_told_what_that_reader_may_see():
    member, outsider, staff = make_user(), make_user(), make_user(is_staff=True)
    make_affiliation(member, make_organisation())
    for person in (member, outsider, staff):
        make_saved_search(owner=person)
    make_saved_search(email="reader@example.org")
    make_item("For members", audience="members")
    make_item("A draft", status="draft")
    make_item("To come", visible_from=now() + timedelta(hours=1))

    assert set(titles(told())) == {(member.email, "For members"), (staff.email, "For members")}


def test_visibility_is_checked_again_at_sending():
    make_saved_search(email="reader@example.org")
    item = make_item("About prison")
    for pk in due_searches(newest := note_arrivals()).values_list("pk", flat=True):
        collect(pk, newest, {})
    Item.objects.update(audience="staff")

    assert told() == []
    assert Alert.objects.get().letter is None

    Item.objects.update(audience="public")
    assert titles(told()) == [("reader@example.org", item.title)]


def test_a_scheduled_item_is_told_when_its_minute_has_come():
    make_saved_search(email="reader@example.org")
    make_item("To come", visible_from=now() + timedelta(hours=1))
    assert told() == []

    Item.objects.update(visible_from=now() - timedelta(seconds=1))
    assert titles(told()) == [("reader@example.org", "To come")]


def test_an_item_that_staff_let_out_early_is_told():
    """Its hours are all in the past: nothing but the ledger knows that it is new."""
    make_saved_search(email="reader@example.org")
    make_item("Held back", visible_from=now() + timedelta(days=30))
    assert told() == []

    Item.objects.update(visible_from=None)
    assert titles(told()) == [("reader@example.org", "Held back")]


def test_an_item_that_opens_to_more_people_is_told_to_them_alone():
    member = make_user()
    make_affiliation(member, make_organisation())
    make_saved_search(owner=member)
    make_saved_search(email="reader@example.org")
    make_item("For members", audience="members")
    assert titles(told()) == [(member.email, "For members")]

    Item.objects.update(audience="public")
    assert titles(told()) == [("reader@example.org", "For members")]


def test_an_item_that_closes_to_some_is_no_news():
    make_item("Public once")
    note_arrivals()
    member = make_user()
    make_affiliation(member, make_organisation())
    make_saved_search(owner=member)

    Item.objects.update(audience="members")
    assert told() == []


@pytest.mark.parametrize(("is_major", "expected"), [(True, 1), (False, 0)])
def test_a_major_version_is_news_and_a_minor_one_is_not(is_major, expected):
    make_saved_search()
    item = make_item()
    told()

    Version.objects.create(item=item, number=1, note="New figures.", is_major=is_major)

    assert [len(told()), len(told())] == [expected, 0]


def test_an_item_that_comes_back_is_not_told_again():
    person = make_user(is_staff=True)
    make_saved_search()
    item = make_item()
    assert len(told()) == 1

    withdraw_item(item, by=person, because="A mistake.")
    publish_item(item, by=person)
    assert told() == []


def test_a_choice_that_the_library_no_longer_knows_lets_nothing_in():
    make_saved_search("organisation=gone-trust")
    make_item("About anything")

    assert told() == []


def test_a_long_list_is_cut_and_says_so(monkeypatch):
    monkeypatch.setattr(alerts, "MOST_LISTED", 2)
    make_saved_search()
    for title in ("One", "Two", "Three"):
        make_item(title)

    ((_, text),) = told()

    assert [text.count("/library/"), "There are 1 more." in text] == [2, True]
    assert told() == []


@pytest.mark.parametrize("state", ["unconfirmed", "never", "paused", "closed"])
def test_nobody_is_told_who_should_not_be(state):
    owner = make_user() if state == "closed" else None
    saved = make_saved_search(owner=owner)
    changes = {
        "unconfirmed": {"confirmed_at": None, "confirm_by": now(), "secret_digest": "x"},
        "never": {"frequency": "never"},
        "paused": {"paused_at": now()},
        "closed": {},
    }[state]
    SavedSearch.objects.filter(pk=saved.pk).update(**changes, saved_at=now())
    type(owner).objects.update(is_active=False) if owner else None
    make_item()

    assert told() == []


# -- When -----------------------------------------------------------------------------------------


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


# -- Once -----------------------------------------------------------------------------------------


def test_the_database_keeps_one_row_for_each_search_and_item():
    saved, item = make_saved_search(), make_item()
    Alert.objects.create(search=saved, item=item)

    with pytest.raises(IntegrityError), transaction.atomic():
        Alert.objects.create(search=saved, item=item)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_letter():
    make_saved_search(email="reader@example.org")
    make_item()

    race(send_alerts, send_alerts)
    send_alerts()

    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_a_higher_number_always_arrives_later():
    make_item()

    assert race(note_arrivals, lambda: (make_item(), note_arrivals())[1]) == (
        Arrival.objects.first().pk,
        Arrival.objects.last().pk,
    )


class Refusing(EmailBackend):
    def send_messages(self, messages):
        raise alerts.SMTPRecipientsRefused({messages[0].to[0]: (550, b"no such person")})


class Silent(EmailBackend):
    def send_messages(self, messages):
        raise TimeoutError


class Away(EmailBackend):
    def open(self):
        raise ConnectionRefusedError


def failing(settings, backend):
    settings.EMAIL_BACKEND = f"{backend.__module__}.{backend.__qualname__}"


def test_a_refused_letter_is_tried_again_later_and_then_no_more(settings):
    make_saved_search(email="reader@example.org")
    make_item()
    failing(settings, Refusing)
    waits = []
    for _ in range(alerts.MOST_TRIES):
        told()
        letter = Letter.objects.get()
        waits.append(round((letter.next_try_at - now()).total_seconds() / 60))
        told()
        Letter.objects.update(next_try_at=now())

    assert waits == [15, 60, 240, 960, 3840]
    assert SavedSearch.objects.get().paused_at is not None


def test_nothing_is_lost_when_the_address_works_again(settings):
    saved = make_saved_search(email="reader@example.org")
    make_item("About prison")
    backend = settings.EMAIL_BACKEND
    failing(settings, Refusing)
    for _ in range(alerts.MOST_TRIES):
        told()
        Letter.objects.update(next_try_at=now())
    settings.EMAIL_BACKEND = backend
    assert told() == []

    saved.refresh_from_db()
    change_frequency(saved, saved.frequency)

    assert titles(told()) == [("reader@example.org", "About prison")]


def test_a_letter_that_cannot_be_written_holds_up_no_other(monkeypatch):
    for number in range(2):
        make_saved_search(email=f"reader{number}@example.org")
    make_item()
    write = alerts.alert_emails.alert

    def fails_once(letter, items):
        if letter.search.email == "reader0@example.org":
            raise ValueError
        return write(letter, items)

    with monkeypatch.context() as patch:
        patch.setattr(alerts.alert_emails, "alert", fails_once)
        assert [to for to, _ in told()] == ["reader1@example.org"]
    assert [to for to, _ in told()] == ["reader0@example.org"]


def test_letters_wait_while_no_mail_server_answers(settings):
    make_saved_search()
    make_item()
    backend = settings.EMAIL_BACKEND
    failing(settings, Away)
    assert told() == []
    assert list(Letter.objects.values_list("tries", "started_at")) == [(0, None)]

    settings.EMAIL_BACKEND = backend
    assert len(told()) == 1


def test_a_letter_of_which_nobody_knows_is_not_sent_twice_but_not_lost(settings, client):
    person = make_user()
    make_saved_search(owner=person)
    make_item("About prison", slug="about-prison")
    backend = settings.EMAIL_BACKEND
    failing(settings, Silent)
    told()
    settings.EMAIL_BACKEND = backend
    Letter.objects.update(started_at=now() - timedelta(minutes=11))

    assert told() == []
    assert Letter.objects.in_doubt().count() == 1
    client.force_login(person)
    text = client.get("/library/searches/").content.decode()
    assert "may not have reached you" in text
    assert "About prison" in text

    make_item("About courts")
    told()
    assert "may not have reached you. What it told is here: " in mail.outbox[-1].body
    assert "About prison" not in mail.outbox[-1].body


def test_staff_settle_what_nobody_knows():
    staff = make_user(is_staff=True)
    for number in range(2):
        saved = make_saved_search(email=f"reader{number}@example.org")
        Letter.objects.create(search=saved, started_at=now() - timedelta(minutes=11))
    item = make_item()
    first, second = Letter.objects.order_by("pk")
    Alert.objects.create(search=first.search, item=item, letter=first)
    SavedSearch.objects.update(last_arrival=note_arrivals())

    alerts.send_again(first, by=staff)
    alerts.settle(second, by=staff)

    assert [to for to, _ in told()] == ["reader0@example.org"]
    assert Letter.objects.in_doubt().count() == 0
    with pytest.raises(alerts.ImpossibleMove):
        alerts.send_again(second, by=staff)


def test_the_ledger_is_forgotten_after_a_year():
    make_saved_search()
    make_item()
    told()
    assert alerts.forget_letters() == 0

    long_ago = now() - timedelta(days=366)
    Letter.objects.update(started_at=long_ago, sent_at=long_ago)

    assert alerts.forget_letters() == 1
    assert [Alert.objects.count(), told()] == [0, []]


# -- Killed ---------------------------------------------------------------------------------------


def worker(port):
    """`manage.py send_alerts` in a process of its own, as cron starts it."""
    database = connection.settings_dict
    address = f"postgres://{database['USER']}:{database['PASSWORD'] or ''}@"
    address += f"/{database['NAME']}?host={database['HOST']}"
    if database["PORT"]:
        address += f"&port={database['PORT']}"
    settings = {
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "cja_portal.settings",
        "DEBUG": "1",
        "MAIL_DELIVERY": "smtp",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(port),
        "SMTP_TLS": "0",
    }
    command = [sys.executable, "manage.py", "send_alerts"]
    return subprocess.Popen(
        command, cwd=ROOT, env=os.environ | settings, stdout=subprocess.PIPE, text=True
    )


def wait_until(condition, seconds=30):
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.005)
    assert condition()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("after", [1, 30])
def test_a_killed_worker_loses_nothing_and_sends_nothing_twice(settings, after):
    """The one letter that was on the wire is in doubt, and is the only one that may be."""
    readers = {f"reader{number}@example.org" for number in range(50)}
    for reader in sorted(readers):
        make_saved_search("q=prison", email=reader)
    make_item("About prison")

    with MailServer(slowness=0.02) as server:
        first = worker(server.port)
        wait_until(lambda: len(server.taken) >= after)
        os.kill(first.pid, signal.SIGKILL)
        first.communicate()
        taken_at_kill = [recipient for recipient, _ in server.taken]
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS = False
        sent_again = [send_alerts(), send_alerts()]

    taken = Counter(recipient for recipient, _ in server.taken)
    doubtful = Letter.objects.filter(started_at__isnull=False, sent_at__isnull=True)
    in_doubt = set(doubtful.values_list("search__email", flat=True))
    assert after <= len(taken_at_kill) < 50
    assert set(taken.values()) == {1}
    assert set(taken) | in_doubt == readers
    assert len(in_doubt) <= 1
    assert sent_again == [50 - len(set(taken_at_kill) | in_doubt), 0]
    assert Letter.objects.count() == Alert.objects.count() == 50


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_it_looks_up_leaves_nothing_half_done(monkeypatch):
    make_saved_search(email="reader@example.org")
    make_item()

    def dies(search, untold):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(alerts, "_prepare_letter", dies)
        with pytest.raises(KeyboardInterrupt):
            send_alerts()

    assert Alert.objects.count() == 0
    assert [to for to, _ in told()] == ["reader@example.org"]


# -- Cheap ----------------------------------------------------------------------------------------


def test_a_run_without_anything_new_asks_the_same_for_one_search_and_for_many(
    django_assert_num_queries,
):
    make_item()
    make_saved_search()

    with django_assert_num_queries(7):
        send_alerts()
    for _ in range(20):
        make_saved_search()
    with django_assert_num_queries(7):
        send_alerts()


def test_the_public_is_looked_up_once_for_each_search_however_many_saved_it(monkeypatch):
    calls, find = [], alerts.find
    monkeypatch.setattr(alerts, "find", lambda *asked: calls.append(asked) or find(*asked))
    for _ in range(5):
        make_saved_search("q=prison")
    make_item("About prison")

    assert len(told()) == 5
    assert len(calls) == 1
