"""What judges see of themselves: nothing of others before their own, and never who gave what."""

import pytest
from django.test import Client
from django.urls import reverse

from awards.mirror import LEAST, Mirror
from awards.models import Sheet, WarmUp
from awards.round_sheets import sheets_of
from tests.awards.judging import (
    make_judge,
    make_judged_cycle,
    make_round,
    make_sheet,
    set_state,
)
from tests.awards.test_results_page import asked

pytestmark = pytest.mark.django_db
NOMINEES = [f"Example Nominee {letter}" for letter in "ABCDEFGH"]


@pytest.fixture
def category():
    return make_judged_cycle(*NOMINEES).categories.get()


def client_of(judge):
    client = Client()
    client.force_login(judge.user)
    return client


def at(name, round_):
    return reverse(f"awards:judging-{name}", args=[round_.uuid])


def marks_of(category, value, example=1):
    marks = {f"mark-{one.pk}": value for one in category.criteria.all()}
    return marks | {"example": example}


def hand_in(round_, judge, values):
    for reading, value in zip(round_.assignments.filter(judge=judge), values, strict=False):
        make_sheet(reading, value, value)


# -- The warm-up ----------------------------------------------------------------------------------


def test_colleagues_marks_for_an_example_are_told_once_ones_own_are_in(category):
    judges = [make_judge(category.cycle) for _ in range(3)]
    round_ = make_round(category, judges=judges)
    numbers = [str(one.pk) for one in category.criteria.all()]
    for judge, value in zip(judges[1:], (2, 4), strict=True):
        WarmUp.objects.create(
            judge=judge, category=category, example=1, marks=dict.fromkeys(numbers, value)
        )
    client, page = client_of(judges[0]), at("warm-up", round_)
    assert "<td>2 to 4</td>" not in client.get(page).content.decode()

    first = client.post(page, marks_of(category, 5), follow=True).content.decode()
    client.post(page, marks_of(category, 5))  # The same button again: it marks nothing else.
    second = client.post(page, marks_of(category, 3, example=2), follow=True).content.decode()
    client.post(page, marks_of(category, 1, example=2))

    assert first.count("<td>2 to 4</td>") == second.count("<td>2 to 4</td>") == 2
    assert second.count("too few yet") == 2
    assert "Keep these marks" in first
    assert "Keep these marks" not in second
    assert sorted(judges[0].warm_ups.values_list("example", "marks")) == [
        (1, dict.fromkeys(numbers, 5)),
        (2, dict.fromkeys(numbers, 3)),
    ]


def test_what_was_marked_to_warm_up_counts_nowhere(category):
    judge = make_judge(category.cycle)
    round_ = make_round(category, judges=[judge])
    before = sheets_of(round_)
    client_of(judge).post(at("warm-up", round_), marks_of(category, 5))

    assert WarmUp.objects.count() == 1
    assert not Sheet.objects.exists()
    assert sheets_of(round_) == before


# -- The mirror -----------------------------------------------------------------------------------


def test_before_the_lock_the_mirror_shows_ones_own_marks_alone(category):
    judge, other = make_judge(category.cycle), make_judge(category.cycle)
    round_ = make_round(category, judges=[judge, other])
    hand_in(round_, judge, [1, 2, 3, 3, 5, 5, 5, 5])
    page = at("mirror", round_)
    before = client_of(judge).get(page)

    hand_in(round_, other, [5] * len(NOMINEES))
    after = client_of(judge).get(page)

    mirror = before.context["mirror"]
    assert [counts for _, counts in mirror.spread()] == [[1, 1, 2, 0, 4]] * 2
    assert (mirror.halves, mirror.level) == ((2.25, 5), None)
    assert _without_head(after) == _without_head(before)


def _without_head(page):
    return page.content.decode().partition("<main")[2]


def test_after_the_lock_it_tells_how_they_lie_beside_colleagues(category):
    judge, other = make_judge(category.cycle), make_judge(category.cycle)
    round_ = make_round(category, judges=[judge, other])
    hand_in(round_, judge, [2, 3, 3, 4, 4, 5, 5, 5])
    hand_in(round_, other, [1, 2, 2, 3, 3, 4, 4, 5])
    set_state(round_, "locked")

    level = Mirror(round_, judge).level

    assert level.difference == 7 / 8
    assert level.is_clear
    assert level.agreement == 100
    assert "differ from those of colleagues" in _without_head(
        client_of(judge).get(at("mirror", round_))
    )


def test_what_rests_on_few_sheets_is_not_told(category):
    judge, other = make_judge(category.cycle), make_judge(category.cycle)
    round_ = make_round(category, judges=[judge, other])
    for one in (judge, other):
        hand_in(round_, one, [3] * (LEAST - 1))
    set_state(round_, "locked")

    mirror = Mirror(round_, judge)

    assert (mirror.count, mirror.halves, mirror.level) == (LEAST - 1, None, None)


# -- The file -------------------------------------------------------------------------------------


def test_the_file_holds_ones_own_sheets_and_no_formula(category):
    judge, other = make_judge(category.cycle), make_judge(category.cycle)
    round_ = make_round(category, judges=[judge, other])
    own = round_.assignments.filter(judge=judge).first()
    Sheet.objects.filter(pk=make_sheet(own, 4, 2).pk).update(version=3, note="=1+1")
    make_sheet(round_.assignments.filter(judge=other).last(), 1, 1)

    lines = client_of(judge).get(at("marks", round_)).content.decode().splitlines()

    assert len(lines) == 2
    assert lines[1].startswith(f"{own.nomination.nominee_name},4,2,,'=1+1,")


@pytest.mark.parametrize("count", [2, 8])
def test_these_pages_ask_the_same_however_much_there_is(category, count):
    judge = make_judge(category.cycle)
    round_ = make_round(category, judges=[judge, make_judge(category.cycle)])
    hand_in(round_, judge, [3] * count)

    for name in ("warm-up", "mirror", "marks", "queue"):
        assert len(asked(client_of(judge), at(name, round_))) <= 15
