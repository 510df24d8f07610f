"""Alerts: who is told what."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils.timezone import now

from library import alerts
from library.actions import publish_item, withdraw_item
from library.alerts import collect, due_searches, send_alerts
from library.arrivals import note_arrivals
from library.models import Alert, Item, SavedSearch, Version
from tests.factories import (
    make_affiliation,
    make_item,
    make_organisation,
    make_saved_search,
    make_user,
)
from tests.library.alerts import titles, told

pytestmark = pytest.mark.django_db


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
