"""Letters of alerts that mail servers refuse, lose or hold up."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils.timezone import now

from library import alerts
from library.arrivals import note_arrivals
from library.models import Alert, Letter, SavedSearch
from library.saved_searches import change_frequency
from tests.factories import (
    make_item,
    make_saved_search,
    make_user,
)
from tests.library.alerts import Away, Refusing, Silent, failing, titles, told

pytestmark = pytest.mark.django_db


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
