"""The order of a meeting with the least stepping out."""

import time
from itertools import permutations
from random import Random

from awards.agenda import MOST_GROUPS, least_stepping_out, times_out


def random_outside(random, entries, judges=4):
    return {
        entry: {judge for judge in range(judges) if random.random() < 0.35}
        for entry in range(entries)
    }


def test_nobody_leaves_more_often_than_by_trying_every_order():
    random = Random(6)
    for _ in range(120):
        outside = random_outside(random, random.randint(1, 6))
        entries = list(outside)

        order = least_stepping_out(entries, outside)

        assert sorted(order) == entries
        assert times_out(order, outside) == min(
            times_out(each, outside) for each in permutations(entries)
        )


def test_without_interests_the_order_stays():
    assert least_stepping_out("CAB", {}) == ["C", "A", "B"]
    assert least_stepping_out([], {}) == []


def test_who_is_outside_twice_goes_once():
    outside = {"A": {1}, "B": set(), "C": {1}, "D": {2}}

    order = least_stepping_out("ABCD", outside)

    assert times_out("ABCD", outside) == 3
    assert times_out(order, outside) == 2
    assert order == ["A", "C", "B", "D"]


def test_many_different_interests_are_ordered_quickly_and_no_worse_than_given():
    random = Random(60)
    outside = random_outside(random, 60, judges=12)
    assert len({frozenset(each) for each in outside.values()}) > MOST_GROUPS

    start = time.process_time()
    order = least_stepping_out(list(outside), outside)

    assert time.process_time() - start < 3
    assert sorted(order) == list(range(60))
    assert times_out(order, outside) < times_out(range(60), outside)
