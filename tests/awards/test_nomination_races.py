"""What two people do at once with a nomination, on two connections. See tests/races.py."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.db.models import F

from awards.actions import nominations, screening
from awards.actions.cycles import start_judging
from awards.actions.nominations import (
    StaleAnswer,
    save_answer,
    start_nomination,
    submit_nomination,
    withdraw_nomination,
)
from awards.actions.screening import merge_nominations
from awards.models import Answer, Cycle, Event, MergeLink, Nomination, Receipt
from cja_portal.kit.moves import ImpossibleMove
from tests.awards.factories import make_nomination, make_running_cycle, set_clock
from tests.races import TIMES, past_all_guards, race, without_key, without_trigger

pytestmark = pytest.mark.django_db(transaction=True)
PERSON = {"name": "Policy lead, Example Charity", "email": "lead@example.org", "phone": ""}


@pytest.fixture
def nomination():
    return make_nomination(make_running_cycle().categories.get())


def state_of(nomination):
    return Nomination.objects.get(pk=nomination.pk).state


def lead(nomination):
    return nomination.collaborators.get(is_lead=True)


def save(nomination, text, seen=1):
    question = nomination.category.questions.current().first()
    return lambda: save_answer(nomination, question, text, seen=seen, by=lead(nomination))


def submit(nomination, key):
    return lambda: submit_nomination(nomination, key=key, by=lead(nomination))


def withdraw(nomination):
    return lambda: withdraw_nomination(nomination, by=lead(nomination))


def forget(nomination):
    """A draft again, as if nothing had happened to it."""
    with past_all_guards():
        nomination.receipts.all().delete()
        nomination.answers.update(text="They help people.", sent_text="", version=1)
        back = {"state": "draft", "submitted_at": None, "withdrawn_at": None}
        Nomination.objects.filter(pk=nomination.pk).update(**back)


def begin(category, key):
    nominee = {"nominee_name": "Example Project"}
    values = {"nominator": PERSON, "nominee": nominee, "eligibility": {}}
    return lambda: start_nomination(category, key=key, **values)


def take_without_lock(nomination):
    """As `take_up`, but nothing is held."""
    found = Nomination.objects.select_related("category__cycle").get(pk=nomination.pk)
    return found, nominations.moment_of(found.category.cycle, lead(found).email)


def test_a_form_posted_twice_at_once_begins_one_nomination():
    category = make_running_cycle().categories.get()
    for number in range(TIMES):
        key = uuid4()

        first, second = race(begin(category, key), begin(category, key))

        assert first == second
        assert Nomination.objects.count() == number + 1


def test_submitting_twice_at_once_makes_one_receipt(nomination):
    for number in range(TIMES):
        key = uuid4()

        first, second = race(submit(nomination, key), submit(nomination, key))

        assert first == second
        assert Receipt.objects.count() == 1
        assert Event.objects.filter(verb="submit").count() == number + 1
        forget(nomination)


def test_two_who_save_at_once_never_write_over_each_other(nomination):
    for _ in range(TIMES):
        first, second = race(save(nomination, "One."), save(nomination, "Two."))

        assert isinstance(second, StaleAnswer)
        assert Answer.objects.get(pk=first.pk).text == "One."
        forget(nomination)


def test_nothing_is_written_into_what_is_being_withdrawn(nomination):
    for _ in range(TIMES):
        _, saved = race(withdraw(nomination), save(nomination, "More."))

        assert isinstance(saved, ImpossibleMove)
        assert not Answer.objects.filter(text="More.").exists()
        forget(nomination)


def test_what_is_submitted_and_withdrawn_at_once_ends_withdrawn(nomination):
    for _ in range(TIMES):
        _, sent = race(withdraw(nomination), submit(nomination, uuid4()))

        assert isinstance(sent, ImpossibleMove)
        assert state_of(nomination) == "withdrawn"
        forget(nomination)


# -- Merging --------------------------------------------------------------------------------------


@pytest.fixture
def pair():
    category = make_running_cycle().categories.get()
    return [make_nomination(category, state="submitted") for _ in range(2)]


def merge(nomination, into, by):
    return lambda: merge_nominations(nomination, into=into, reason="Same.", by=by)


def begin_judging(pair, by):
    cycle = pair[0].category.cycle
    set_clock(cycle, cycle.closes_at + timedelta(minutes=12))
    return lambda: start_judging(cycle, by=by)


def part(pair):
    """Two that were sent, and nobody merged them."""
    numbers = [one.pk for one in pair]
    with past_all_guards():
        MergeLink.objects.all().delete()
        Nomination.objects.filter(pk__in=numbers).update(state="submitted", withdrawn_at=None)


def test_two_who_merge_crosswise_at_once_leave_one_of_the_pair(pair, staff):
    one, other = pair
    for _ in range(TIMES):
        _, second = race(merge(one, other, staff), merge(other, one, staff))

        assert isinstance(second, ImpossibleMove)
        assert (state_of(one), state_of(other)) == ("merged", "submitted")
        part(pair)


def test_nothing_is_merged_into_what_is_being_withdrawn(pair, staff):
    one, other = pair
    for _ in range(TIMES):
        _, merged = race(withdraw(other), merge(one, other, staff))

        assert isinstance(merged, ImpossibleMove)
        assert not MergeLink.objects.exists()
        part(pair)


def test_what_is_being_merged_is_not_withdrawn_beneath_it(pair, staff):
    one, other = pair
    for _ in range(TIMES):
        race(merge(one, other, staff), withdraw(one))

        assert (state_of(one), state_of(other)) == ("withdrawn", "submitted")
        part(pair)


def test_nothing_is_merged_once_judging_begins(pair, staff):
    begun = begin_judging(pair, staff)
    for _ in range(TIMES):
        _, merged = race(begun, merge(*pair, staff))

        assert isinstance(merged, ImpossibleMove)
        assert not MergeLink.objects.exists()
        with past_all_guards():
            Cycle.objects.update(stage="announced")


# -- Each guard matters ----------------------------------------------------------------------------


def test_without_our_lock_the_database_still_keeps_both_editors_apart(nomination, monkeypatch):
    monkeypatch.setattr(nominations, "take_up", take_without_lock)

    _, second = race(save(nomination, "One."), save(nomination, "Two."))

    assert not isinstance(second, Answer) or second.text == "One."
    assert Answer.objects.filter(text="One.").exists()


def test_without_lock_and_version_one_editor_would_write_over_the_other(nomination, monkeypatch):
    """As `_write`, but whatever the version is by now."""

    def write_over(answer, text, moment, by):
        same = Answer.objects.filter(pk=answer.pk)
        return same.update(version=F("version") + 1, text=text, saved_at=moment.now)

    monkeypatch.setattr(nominations, "take_up", take_without_lock)
    monkeypatch.setattr(nominations, "_write", write_over)

    race(save(nomination, "One."), save(nomination, "Two."))

    assert Answer.objects.filter(text="Two.").exists()


RIVALS_OF_A_WITHDRAWAL = {
    "save": lambda nomination: save(nomination, "More."),
    "submit": lambda nomination: submit(nomination, uuid4()),
}


@pytest.mark.parametrize("rival", RIVALS_OF_A_WITHDRAWAL)
def test_without_our_lock_the_database_still_refuses_what_is_withdrawn(
    nomination, monkeypatch, rival
):
    monkeypatch.setattr(nominations, "take_up", take_without_lock)

    _, done = race(withdraw(nomination), RIVALS_OF_A_WITHDRAWAL[rival](nomination))

    assert isinstance(done, IntegrityError)


def test_without_lock_and_trigger_a_withdrawn_nomination_would_be_written(nomination, monkeypatch):
    monkeypatch.setattr(nominations, "take_up", take_without_lock)

    with without_trigger("awards_answer_versions", "awards_answer"):
        race(withdraw(nomination), save(nomination, "More."))

    assert Answer.objects.filter(text="More.").exists()


def look_without_lock(nomination):
    return Nomination.objects.select_related("category__cycle").get(pk=nomination.pk)


RIVALS_OF_A_MERGE = {
    "crosswise": lambda pair, by: merge(*reversed(pair), by),
    "withdrawn": lambda pair, by: withdraw(pair[1]),
    "judging": begin_judging,
}


@pytest.mark.parametrize("rival", RIVALS_OF_A_MERGE)
def test_without_our_lock_the_database_still_refuses_a_merge(pair, staff, monkeypatch, rival):
    monkeypatch.setattr(screening, "_to_screen", look_without_lock)

    _, merged = race(RIVALS_OF_A_MERGE[rival](pair, staff), merge(*pair, staff))

    assert isinstance(merged, IntegrityError)


@pytest.mark.parametrize(("rival", "links"), [("crosswise", 2), ("withdrawn", 1), ("judging", 1)])
def test_without_lock_and_trigger_it_would_be_merged(pair, staff, monkeypatch, rival, links):
    monkeypatch.setattr(screening, "_to_screen", look_without_lock)

    with without_trigger("awards_merge_open", "awards_mergelink"):
        race(RIVALS_OF_A_MERGE[rival](pair, staff), merge(*pair, staff))

    assert MergeLink.objects.count() == links


def test_without_our_lock_only_the_key_keeps_receipts_single(nomination, monkeypatch):
    monkeypatch.setattr(nominations, "take_up", take_without_lock)
    key = uuid4()

    _, second = race(submit(nomination, key), submit(nomination, key))

    assert isinstance(second, IntegrityError)
    assert Receipt.objects.count() == 1


def test_without_lock_and_keys_there_would_be_two_receipts(nomination, monkeypatch):
    monkeypatch.setattr(nominations, "take_up", take_without_lock)
    key = uuid4()

    with (
        without_key("awards_receipt", "submit_key"),
        without_key("awards_receipt", "nomination_id", "number"),
    ):
        race(submit(nomination, key), submit(nomination, key))

        assert Receipt.objects.count() == 2


def test_without_its_key_a_form_posted_twice_at_once_would_begin_two():
    category, key = make_running_cycle().categories.get(), uuid4()

    with without_key("awards_nomination", "start_key"):
        race(begin(category, key), begin(category, key))

        assert Nomination.objects.count() == 2
