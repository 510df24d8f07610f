"""What two people do at once with a nomination, on two connections. See tests/races.py."""

from contextlib import contextmanager
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection

from awards.actions import nominations
from awards.actions.nominations import (
    StaleAnswer,
    save_answer,
    start_nomination,
    submit_nomination,
    withdraw_nomination,
)
from awards.models import Answer, Event, Nomination, Receipt
from cja_portal.kit.moves import ImpossibleMove
from tests.awards.factories import make_nomination, make_running_cycle
from tests.races import race

pytestmark = pytest.mark.django_db(transaction=True)
PERSON = {"name": "Policy lead, Example Charity", "email": "lead@example.org", "phone": ""}


@pytest.fixture
def nomination():
    return make_nomination(make_running_cycle().categories.get())


def lead(nomination):
    return nomination.collaborators.get(is_lead=True)


def save(nomination, text, seen=1):
    question = nomination.category.questions.current().first()
    return lambda: save_answer(nomination, question, text, seen=seen, by=lead(nomination))


def submit(nomination, key):
    return lambda: submit_nomination(nomination, key=key, by=lead(nomination))


def withdraw(nomination):
    return lambda: withdraw_nomination(nomination, by=lead(nomination))


@contextmanager
def without_trigger(name, table):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
        try:
            yield
        finally:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {name}")


def take_without_lock(nomination):
    """As `take_up`, but nothing is held."""
    found = Nomination.objects.select_related("category__cycle").get(pk=nomination.pk)
    return found, nominations.moment_of(found.category.cycle, lead(found).email)


def test_a_form_posted_twice_at_once_begins_one_nomination():
    category, key = make_running_cycle().categories.get(), uuid4()

    def start():
        nominee = {"nominee_name": "Example Project"}
        return start_nomination(
            category, key=key, nominator=PERSON, nominee=nominee, eligibility={}
        )

    first, second = race(start, start)

    assert first == second
    assert Nomination.objects.count() == 1


def test_submitting_twice_at_once_makes_one_receipt(nomination):
    key = uuid4()

    first, second = race(submit(nomination, key), submit(nomination, key))

    assert first == second
    assert Receipt.objects.count() == Event.objects.filter(verb="submit").count() == 1


def test_two_who_save_at_once_never_write_over_each_other(nomination):
    first, second = race(save(nomination, "One."), save(nomination, "Two."))

    assert isinstance(second, StaleAnswer)
    assert Answer.objects.get(pk=first.pk).text == "One."


def test_nothing_is_written_into_what_is_being_withdrawn(nomination):
    _, saved = race(withdraw(nomination), save(nomination, "More."))

    assert isinstance(saved, ImpossibleMove)
    assert not Answer.objects.filter(text="More.").exists()


def test_what_is_submitted_and_withdrawn_at_once_ends_withdrawn(nomination):
    _, sent = race(withdraw(nomination), submit(nomination, uuid4()))

    assert isinstance(sent, ImpossibleMove)
    nomination.refresh_from_db()
    assert nomination.state == "withdrawn"


# -- Each guard matters ----------------------------------------------------------------------------


def test_without_our_lock_the_database_still_keeps_both_editors_apart(nomination, monkeypatch):
    monkeypatch.setattr(nominations, "take_up", take_without_lock)

    _, second = race(save(nomination, "One."), save(nomination, "Two."))

    assert not isinstance(second, Answer) or second.text == "One."
    assert Answer.objects.filter(text="One.").exists()


def test_without_our_lock_the_database_still_refuses_what_is_withdrawn(nomination, monkeypatch):
    monkeypatch.setattr(nominations, "take_up", take_without_lock)

    _, saved = race(withdraw(nomination), save(nomination, "More."))

    assert isinstance(saved, IntegrityError)


def test_without_lock_and_trigger_a_withdrawn_nomination_would_be_written(nomination, monkeypatch):
    monkeypatch.setattr(nominations, "take_up", take_without_lock)

    with without_trigger("awards_answer_versions", "awards_answer"):
        race(withdraw(nomination), save(nomination, "More."))

    assert Answer.objects.filter(text="More.").exists()


def test_without_our_lock_only_the_key_keeps_receipts_single(nomination, monkeypatch):
    monkeypatch.setattr(nominations, "take_up", take_without_lock)
    key = uuid4()

    _, second = race(submit(nomination, key), submit(nomination, key))

    assert isinstance(second, IntegrityError)
    assert Receipt.objects.count() == 1
