"""A sealed category, or a sealed year, is opened again, judged and sealed anew."""

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse

from awards.actions import releases
from awards.actions.cycles import start_judging
from awards.actions.decisions import decide
from awards.actions.releases import release_category, withdraw_release
from awards.actions.rounds import cast_vote, lock_round, reopen_round
from awards.actions.sheets import Given, save_sheet
from awards.models import Cycle, PublishedAward, PublishedProof, Release, Seal
from awards.sealing import deciding_round
from cja_portal.kit.moves import ImpossibleMove
from tests.awards.results import (
    decide_all,
    make_locked_category,
    make_people,
    make_sealed_category,
    seal_and_confirm,
)
from tests.races import past_all_guards, race, without_trigger

pytestmark = pytest.mark.django_db
REASON = "A sheet was typed in for the wrong entry."


@pytest.fixture
def people():
    return make_people()


@pytest.fixture
def category(people):
    return make_sealed_category(people=people)


def reopen(category, people):
    reopen_round(deciding_round(category), reason=REASON, by=people[0])
    return type(category).objects.select_related("cycle").get(pk=category.pk)


def mark_anew(category, nominee, value):
    """All judges change their minds about it."""
    readings = deciding_round(category).assignments.filter(nomination__nominee_name=nominee)
    for reading in readings:
        given = {one.pk: Given(value) for one in category.criteria.all()}
        save_sheet(reading, given, seen=reading.sheet.version, by=reading.judge.user)


def test_a_sealed_year_is_opened_again_judged_sealed_and_released(
    client, category, people, django_capture_on_commit_callbacks
):
    old = Seal.objects.get()

    category = reopen(category, people)
    assert category.cycle.stage == "judging"
    mark_anew(category, "Example Line", 5)
    lock_round(deciding_round(category), by=people[0])
    decide(category.nominations.get(nominee_name="Example Bridge"), "none", by=people[0])
    for name, outcome in (("Line", "winner"), ("Bridge", "runner-up"), ("Garden", "commended")):
        decide(category.nominations.get(nominee_name=f"Example {name}"), outcome, by=people[0])
    with django_capture_on_commit_callbacks(execute=True):
        new = seal_and_confirm(category, people)

    assert Cycle.objects.get().stage == "sealed"
    assert (new.version, new.sha256 != old.sha256) == (2, True)
    assert Seal.objects.get(pk=old.pk).file == old.file
    letters = [one.body for one in mail.outbox if one.subject.startswith("Fingerprint")][-4:]
    assert all(REASON in body and new.sha256 in body for body in letters)

    release_category(category, by=people[1])
    assert PublishedAward.objects.public().get(result="winner").recipient == "Example Line"
    page = client.get(reverse("awards:verify", args=[2031])).content.decode()
    assert all(told in page for told in (old.sha256, new.sha256, REASON))


def test_one_category_is_opened_again_while_the_year_is_judged(people):
    category = make_locked_category()
    decide_all(category, by=people[0])
    round_ = deciding_round(category)
    cast_vote(round_, list(category.nominations.all()[:1]), reason="The chair.", by=people[0])
    seal_and_confirm(category, people)

    category = reopen(category, people)

    round_ = deciding_round(category)
    assert (round_.state, round_.version, round_.casting) == ("scoring", 2, [])
    assert not Seal.objects.live().exists()


def test_what_is_public_has_to_be_withdrawn_first(category, people):
    release_category(category, by=people[0])

    with pytest.raises(ImpossibleMove, match="is public"):
        reopen(category, people)
    withdraw_release(category, because="Wrong.", by=people[0])
    with pytest.raises(ImpossibleMove, match="corrected there"):
        reopen(category, people)


def test_the_database_keeps_a_year_with_a_public_result_from_being_judged(category, people):
    release_category(category, by=people[0])
    with past_all_guards():
        Cycle.objects.update(stage="sealed")

    with pytest.raises(IntegrityError, match="withdraw it first"), transaction.atomic():
        Cycle.objects.update(stage="judging")


def test_a_year_that_is_sealed_is_not_moved_back_without_a_round(category, people):
    with pytest.raises(ImpossibleMove, match="open again the round"):
        start_judging(category.cycle, by=people[0])
    with pytest.raises(ImpossibleMove, match="Say why"):
        reopen_round(deciding_round(category), reason=" ", by=people[0])


def test_an_ordinary_result_says_nothing_of_earlier_seals(category, people):
    release_category(category, by=people[0])

    assert PublishedProof.objects.get().earlier == []


@pytest.mark.django_db(transaction=True)
def test_released_and_opened_again_at_once_only_the_first_happens(people):
    category = make_sealed_category(people=people)

    released, opened = race(
        lambda: release_category(category, by=people[0]), lambda: reopen(category, people)
    )

    assert released.pk
    assert isinstance(opened, ImpossibleMove)
    assert PublishedAward.objects.public().count() == 3


def judge_again_unasked(category):
    """What a round that is opened again does to its year, without any look."""
    return lambda: Cycle.objects.filter(pk=category.cycle_id).update(stage="judging")


def released_beside(people, monkeypatch, *, is_last):
    """Its result comes out, the last of its year or not, while somebody opens the year again."""
    category = make_sealed_category(people=people)
    if not is_last:
        monkeypatch.setattr(releases, "_waiting", lambda cycle: cycle.categories.all())
    return lambda: race(
        lambda: release_category(category, by=people[0]), judge_again_unasked(category)
    )


GUARDS_OF_RELEASED = [(True, "awards_cycle_guard"), (False, "awards_cycle_sealed")]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("is_last", "guard"), GUARDS_OF_RELEASED)
def test_each_guard_keeps_a_released_year_from_being_judged_again(
    people, monkeypatch, is_last, guard
):
    both = released_beside(people, monkeypatch, is_last=is_last)

    _, opened = both()

    assert isinstance(opened, IntegrityError)
    with past_all_guards():
        Release.objects.all().delete()
        Cycle.objects.update(stage="sealed")

    with without_trigger(guard, "awards_cycle"):
        both()

    assert (Cycle.objects.get().stage, Release.objects.live().count()) == ("judging", 1)
