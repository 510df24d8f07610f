"""What judges and staff do at once, on two connections. See tests/races.py."""

import pytest
from django.db import IntegrityError

from awards.actions import sheets
from awards.actions.interests import note_conflict
from awards.actions.rounds import lock_round
from awards.actions.sheets import Given, save_sheet
from awards.models import Assignment, Conflict, Event, Mark, Round, Sheet, SheetExclusion
from awards.round_sheets import sheets_of
from cja_portal.kit.moves import ImpossibleMove
from tests.awards.judging import assign, make_judge, make_judged_cycle, make_round
from tests.races import TIMES, past_all_guards, race, without_key, without_trigger

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def category():
    return make_judged_cycle("Example Project", "Example Other").categories.get()


def readings_of(category):
    """The same reading for each race, each time as if nothing had happened yet."""
    round_ = make_round(category, judges=[make_judge(category.cycle)])
    reading = assign(round_, make_judge(category.cycle), category.nominations.first())
    for _ in range(TIMES):
        yield reading
        forget(reading)


def forget(reading):
    with past_all_guards():
        for model in (SheetExclusion, Mark, Sheet, Conflict):
            model.objects.all().delete()
        Assignment.objects.filter(pk=reading.pk).update(state="active", recused_at=None)
        Round.objects.filter(pk=reading.round_id).update(state="scoring", locked_at=None)


def a_reading(category):
    return next(readings_of(category))


def save(assignment, value=4, seen=0):
    given = {one.pk: Given(value) for one in assignment.category.criteria.all()}
    by = assignment.judge.user
    return lambda: save_sheet(assignment, given, seen=seen, by=by, submit=True)


def lock(round_):
    return lambda: lock_round(round_, by=None)


def step_away(assignment):
    judge, nomination = assignment.judge, assignment.nomination
    return lambda: note_conflict(judge, nomination, source="declared", reason="Known.", by=None)


def unguarded(monkeypatch):
    monkeypatch.setattr(sheets, "_check_open", lambda assignment: None)


# -- Marks against the lock -----------------------------------------------------------------------


def test_no_mark_is_written_once_the_round_is_being_locked(category):
    for assignment in readings_of(category):
        _, saved = race(lock(assignment.round), save(assignment))

        assert isinstance(saved, ImpossibleMove)
        assert not Sheet.objects.filter(assignment=assignment).exists()


def test_a_lock_waits_for_marks_that_are_being_written_and_counts_them(category):
    for assignment in readings_of(category):
        race(save(assignment), lock(assignment.round))

        round_ = Round.objects.get(pk=assignment.round_id)
        assert round_.state == "locked"
        assert len(sheets_of(round_).score_sheet.sheets) == 1


def test_without_our_look_the_database_still_refuses_late_marks(category, monkeypatch):
    unguarded(monkeypatch)
    assignment = a_reading(category)

    _, saved = race(lock(assignment.round), save(assignment))

    assert isinstance(saved, IntegrityError)
    assert not Mark.objects.exists()


def test_without_look_and_trigger_late_marks_would_be_written(category, monkeypatch):
    unguarded(monkeypatch)
    assignment = a_reading(category)

    with (
        without_trigger("awards_sheet_open", "awards_sheet"),
        without_trigger("awards_mark_open", "awards_mark"),
    ):
        race(lock(assignment.round), save(assignment))

    assert Mark.objects.exists()


def test_without_look_and_trigger_a_lock_would_miss_marks_that_are_being_written(
    category, monkeypatch
):
    unguarded(monkeypatch)
    assignment = a_reading(category)

    def lock_and_count():
        lock(assignment.round)()
        return Sheet.objects.submitted().count()

    with (
        without_trigger("awards_sheet_open", "awards_sheet"),
        without_trigger("awards_mark_open", "awards_mark"),
    ):
        _, counted = race(save(assignment), lock_and_count)

    assert (counted, Sheet.objects.submitted().count()) == (0, 1)


# -- A conflict against a save --------------------------------------------------------------------


def test_what_a_judge_steps_back_from_takes_no_marks(category):
    for assignment in readings_of(category):
        _, saved = race(step_away(assignment), save(assignment))

        assert isinstance(saved, ImpossibleMove)
        assert not Sheet.objects.filter(assignment=assignment).exists()


def test_marks_that_were_being_written_stay_and_do_not_count(category):
    for assignment in readings_of(category):
        race(save(assignment), step_away(assignment))

        assert Sheet.objects.get(assignment=assignment).exclusions.current().count() == 1
        assert not Sheet.objects.counting().exists()


def test_nobody_is_given_what_they_are_stepping_back_from(category):
    judge, nomination = make_judge(category.cycle), category.nominations.first()
    round_ = make_round(category, state="setup")
    wanted = Assignment(judge=judge, nomination=nomination)

    for _ in range(TIMES):
        _, given = race(step_away(wanted), lambda: assign(round_, judge, nomination))

        assert isinstance(given, IntegrityError)
        assert not Assignment.objects.exists()
        with past_all_guards():
            Conflict.objects.all().delete()


def test_without_our_look_the_database_still_refuses_marks_in_conflict(category, monkeypatch):
    unguarded(monkeypatch)
    assignment = a_reading(category)

    _, saved = race(step_away(assignment), save(assignment))

    assert isinstance(saved, IntegrityError)


def test_without_the_trigger_that_takes_it_away_a_judge_in_conflict_would_count(category):
    assignment = a_reading(category)

    with without_trigger("awards_conflict_takes", "awards_conflict"):
        race(step_away(assignment), save(assignment))

    assert Sheet.objects.counting().exists()


def test_without_the_lock_on_the_judge_both_would_happen(category):
    judge, nomination = make_judge(category.cycle), category.nominations.first()
    round_ = make_round(category, state="setup")
    wanted = Assignment(judge=judge, nomination=nomination)

    with without_trigger("awards_conflict_stays", "awards_conflict"):
        race(step_away(wanted), lambda: assign(round_, judge, nomination))

    assert Assignment.objects.active().exists()


# -- The same sheet twice -------------------------------------------------------------------------


def test_a_sheet_handed_in_twice_at_once_is_one_sheet(category):
    for number, assignment in enumerate(readings_of(category), 1):
        first, second = race(save(assignment), save(assignment))

        assert first == second
        assert Sheet.objects.filter(assignment=assignment).count() == 1
        assert Event.objects.filter(verb="submit_sheet").count() == number


def test_two_windows_never_write_over_each_other(category):
    for assignment in readings_of(category):
        first, second = race(save(assignment, 2), save(assignment, 5))

        assert isinstance(second, sheets.StaleSheet)
        assert set(first.marks.values_list("value", flat=True)) == {2}


def test_without_its_key_a_sheet_handed_in_twice_would_be_two(category):
    assignment = a_reading(category)

    with without_key("awards_sheet", "assignment_id"):
        race(save(assignment), save(assignment))

        assert Sheet.objects.count() == 2


@pytest.fixture
def two_windows(category, monkeypatch):
    """A race of two that have the same version of a sheet before them, and do not hold it."""
    reading = a_reading(category)
    seen = save(reading, 3)().version
    monkeypatch.setattr(type(Sheet.objects), "select_for_update", lambda self, **_: self.all())
    return lambda: race(save(reading, 2, seen), save(reading, 5, seen))


def values():
    return set(Mark.objects.values_list("value", flat=True))


def test_without_our_hold_the_database_still_keeps_two_windows_apart(two_windows):
    _, second = two_windows()

    assert isinstance(second, IntegrityError)
    assert values() == {2}


def test_without_hold_and_trigger_one_window_would_write_over_the_other(two_windows):
    with without_trigger("awards_sheet_open", "awards_sheet"):
        two_windows()

    assert values() == {5}
