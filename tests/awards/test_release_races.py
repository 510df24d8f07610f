"""Releases and what happens beside them, on two connections. See tests/races.py."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.db.models import F
from django.utils import timezone

from awards.actions.published import publish_award
from awards.actions.releases import release_category, release_due, withdraw_release
from awards.actions.screening import merge_nominations
from awards.actions.seals import seal_round
from awards.models import Cycle, Mark, MergeLink, PublishedAward, PublishedProof, Release, Seal
from awards.sealing import deciding_round
from cja_portal.kit.moves import ImpossibleMove
from tests.awards.results import (
    decide_all,
    make_locked_category,
    make_people,
    make_sealed_category,
)
from tests.races import TIMES, past_all_guards, race, without_trigger

pytestmark = pytest.mark.django_db(transaction=True)
REASON = "The wrong name was read out."


@pytest.fixture
def people():
    return make_people()


@pytest.fixture
def category(people):
    return make_sealed_category(people=people)


def release(category, by):
    return lambda: release_category(category, by=by)


def withdraw(category, by):
    return lambda: withdraw_release(category, because=REASON, by=by)


def forget(category):
    """As if nothing had been released yet, past all guards."""
    with past_all_guards():
        Release.objects.all().delete()
        PublishedAward.objects.all().delete()
        PublishedProof.objects.all().delete()
        Cycle.objects.filter(pk=category.cycle_id).update(stage="sealed")


def is_whole(category):
    """What is public is exactly what is released."""
    live = Release.objects.live().count()
    return (live, PublishedAward.objects.public().count()) in {(0, 0), (1, 3)}


def test_two_who_release_at_once_release_once(category, people):
    for _ in range(TIMES):
        outcomes = race(*(release(category, by) for by in people))

        assert [type(one) for one in outcomes] == [Release, ImpossibleMove]
        assert is_whole(category)
        forget(category)


def test_the_clock_and_a_person_at_once_release_once(category, people):
    Cycle.objects.update(results_at=F("closes_at") + timedelta(minutes=5))
    for _ in range(TIMES):
        _, count = race(release(category, people[0]), release_due)

        assert (count, Release.objects.count()) == (0, 1)
        forget(category)


@pytest.mark.parametrize("order", [(release, withdraw), (withdraw, release)])
def test_released_and_withdrawn_at_once_it_is_whole(category, people, order):
    for _ in range(TIMES):
        if order[0] is withdraw:
            release_category(category, by=people[0])

        race(*(act(category, by) for act, by in zip(order, people, strict=True)))

        assert is_whole(category)
        forget(category)


def a_withdrawn_award(category, by):
    """Of a result that is public: staff may want it back."""
    release_category(category, by=by)
    award = PublishedAward.objects.get(result="winner")
    PublishedAward.objects.filter(pk=award.pk).update(withdrawn_at=timezone.now())
    return award


def test_withdrawn_while_somebody_publishes_it_stays_away(category, people):
    for _ in range(TIMES):
        award = a_withdrawn_award(category, people[0])

        _, published = race(
            withdraw(category, people[0]), lambda award=award: publish_award(award, by=people[1])
        )

        assert isinstance(published, IntegrityError)
        assert not PublishedAward.objects.public().exists()
        forget(category)


def test_a_mark_that_comes_while_it_is_sealed_is_refused(people):
    category = make_locked_category()
    decide_all(category, by=people[0])
    round_ = deciding_round(category)
    for _ in range(TIMES):
        sealed, marked = race(
            lambda: seal_round(round_, by=people[0]), lambda: Mark.objects.update(value=1)
        )

        assert isinstance(sealed, Seal)
        assert isinstance(marked, IntegrityError)
        Seal.objects.all().delete()


def test_nothing_is_merged_while_it_is_released(category, people):
    one, other = category.nominations.all()[:2]
    for _ in range(TIMES):
        _, merged = race(
            release(category, people[0]),
            lambda: merge_nominations(one, into=other, reason="The same.", by=people[1]),
        )

        assert isinstance(merged, ImpossibleMove)
        assert is_whole(category)
        forget(category)


# -- Each guard matters ----------------------------------------------------------------------------


def merge_unasked(category, by):
    """What a merge writes, without any of its looks."""
    one, other = category.nominations.all()[:2]

    def merge():
        MergeLink.objects.create(nomination=one, into=other, reason="The same.", by=by)
        return category.nominations.filter(pk=one.pk).update(state="merged")

    return merge


GUARDS_OF_MERGES = (
    ("awards_merge_open", "awards_mergelink"),
    ("awards_nomination_moves", "awards_nomination"),
)


@pytest.mark.parametrize("guard", GUARDS_OF_MERGES)
def test_without_our_looks_each_trigger_alone_refuses_to_merge_what_is_released(
    category, people, guard
):
    with without_trigger(*guard):
        _, merged = race(release(category, people[0]), merge_unasked(category, people[1]))

    assert isinstance(merged, IntegrityError)
    assert is_whole(category)


def test_without_looks_and_triggers_what_is_released_would_be_merged_away(category, people):
    first, second = GUARDS_OF_MERGES
    with without_trigger(*first), without_trigger(*second):
        race(release(category, people[0]), merge_unasked(category, people[1]))

    assert category.nominations.filter(state="merged").exists()


def test_without_the_embargo_it_would_come_back(category, people):
    award = a_withdrawn_award(category, people[0])

    with without_trigger("awards_embargo", "awards_publishedaward"):
        race(withdraw(category, people[0]), lambda: publish_award(award, by=people[1]))

    assert PublishedAward.objects.public().get() == award


def without_our_lock(monkeypatch):
    monkeypatch.setattr(type(Cycle.objects), "select_for_update", lambda self: self.all())


def test_without_our_lock_the_database_alone_keeps_releases_single(category, people, monkeypatch):
    without_our_lock(monkeypatch)

    outcomes = race(*(release(category, by) for by in people))

    assert isinstance(outcomes[1], IntegrityError)
    assert Release.objects.count() == 1


def test_without_our_lock_a_withdrawal_would_miss_what_is_being_released(
    category, people, monkeypatch
):
    """It finds nothing public, and what it was meant to stop comes out all the same."""
    without_our_lock(monkeypatch)

    _, withdrawn = race(release(category, people[0]), withdraw(category, people[1]))

    assert isinstance(withdrawn, ImpossibleMove)
    assert PublishedAward.objects.public().count() == 3


def test_without_lock_and_key_it_would_be_released_twice(category, people, monkeypatch):
    without_our_lock(monkeypatch)
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX release_once")
        try:
            race(*(release(category, by) for by in people))
            assert Release.objects.live().count() == 2
        finally:
            forget(category)
            cursor.execute(
                "CREATE UNIQUE INDEX release_once ON awards_release (category_id)"
                " WHERE withdrawn_at IS NULL"
            )


def test_without_the_guards_of_marks_a_late_one_would_count(people):
    category = make_locked_category()
    decide_all(category, by=people[0])
    round_ = deciding_round(category)

    with without_trigger("awards_mark_open", "awards_mark"):
        _, marked = race(
            lambda: seal_round(round_, by=people[0]), lambda: Mark.objects.update(value=1)
        )

    assert marked == Mark.objects.count()
