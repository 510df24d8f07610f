"""What waits for staff while a year is judged, sealed and released: each queue by its own state."""

from datetime import timedelta

import pytest
from django.utils import timezone

from awards.models import Conflict, Cycle, Round
from cja_portal.work import waiting_work
from tests.awards.judging import (
    make_judge,
    make_judged_cycle,
    make_round,
    make_sheet,
    seal_by_one,
    set_state,
)
from tests.factories import make_staff

pytestmark = pytest.mark.django_db


def make_year():
    """Three judges read two entries of a sift, one of which is handed in by all."""
    cycle = make_judged_cycle("Example Bridge", "Example Garden")
    judges = [make_judge(cycle) for _ in range(3)]
    round_ = make_round(cycle.categories.get(), judges=judges)
    for reading in round_.assignments.filter(nomination__nominee_name="Example Bridge"):
        make_sheet(reading)
    return cycle, round_


def nothing(cycle, round_):
    pass


def ask(cycle, round_):
    make_judge(cycle, accepted_at=None, terms_version="", declared_at=None)


def accept(cycle, round_):
    make_judge(cycle, declared_at=None)


def step_out(cycle, round_):
    reading = round_.assignments.filter(sheet__isnull=True).first()
    Conflict.objects.create(judge=reading.judge, nomination=reading.nomination, source="declared")


def let_time_pass(cycle, round_):
    Round.objects.update(due_at=timezone.now() - timedelta(minutes=1))


def hand_in(cycle, round_):
    for reading in round_.assignments.filter(sheet__isnull=True):
        make_sheet(reading)


def lock(cycle, round_):
    set_state(round_, "locked")


def seal(cycle, round_):
    lock(cycle, round_)
    seal_by_one(round_)


def seal_all(cycle, round_):
    lock(cycle, round_)
    set_state(round_, "sealed")
    Cycle.objects.update(stage="sealed")


QUEUES = [
    (nothing, None),
    (ask, "Judges who have not said yes or no"),
    (accept, "Judges who have not declared their interests"),
    (step_out, "Rounds in which an entry lacks a reader"),
    (let_time_pass, "Rounds with sheets that are overdue"),
    (hand_in, "Rounds with all sheets in, to lock"),
    (lock, "Categories for the panel to decide and to seal"),
    (seal, "Seals for a second person to confirm"),
    (seal_all, "Years whose results are due"),
]


@pytest.mark.parametrize(("happen", "label"), QUEUES)
def test_each_thing_waits_in_its_own_queue_and_its_list_shows_the_same(
    client, settings, happen, label
):
    settings.REQUIRE_SECOND_FACTOR = False
    staff = make_staff()
    happen(*make_year())
    client.force_login(staff)

    waiting = [work for work in waiting_work(staff) if work.count]

    assert [(work.label, work.count) for work in waiting] == ([(label, 1)] if label else [])
    for work in waiting:
        assert client.get(work.address).context["cl"].result_count == 1
