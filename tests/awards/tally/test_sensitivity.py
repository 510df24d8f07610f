from random import Random

from awards.tally import (
    Panel,
    adjusted_scores,
    influence,
    rank,
    smallest_change,
    without_each_judge,
)
from tests.awards.tally.panels import panel_of, random_panel, simulated_panel


def test_smallest_change_draws_level_and_one_point_less_does_not():
    random = Random(8)
    for _ in range(50):
        panel = random_panel(random, 6, 12, reads=4)
        winner, rival = (line.entry for line in rank(panel).lines[:2])
        change = smallest_change(panel, winner, rival)

        assert _gap(_changed(panel, change, change.points), winner, rival) <= 0
        nearly = change.points - (1 if change.points > 0 else -1)
        assert _gap(_changed(panel, change, nearly), winner, rival) > 0


def _changed(panel, change, points):
    pair = (change.judge, change.entry)
    return Panel(panel.scores | {pair: panel.scores[pair] + points})


def _gap(panel, winner, rival):
    adjusted = adjusted_scores(panel)
    return adjusted[winner] - adjusted[rival]


def test_without_each_judge():
    panel = panel_of(A=[500, 200, 200], B=[300, 250, 250])

    assert without_each_judge(panel) == {0: ["B"], 1: ["A"], 2: ["A"]}


def test_partisan_judge_is_striking_and_honest_ones_hardly_ever():
    random = Random(9)
    caught = alarms = 0
    for _ in range(25):
        _, panel = simulated_panel(random, 8, 12)
        order = [line.entry for line in rank(panel).lines]
        alarms += influence(panel, order).is_striking
        partisan = _with_partisan(panel, order)
        turned = [line.entry for line in rank(partisan).lines]
        found = influence(partisan, turned)
        caught += turned[0] != order[3] or (found.judge == 0 and found.is_striking)

    assert caught >= 24
    assert alarms <= 2


def _with_partisan(panel, order):
    """The first judge gives the best three the lowest marks and the fourth the highest."""
    lowest = {(0, entry): 100 for entry in order[:3]}
    return Panel(panel.scores | lowest | {(0, order[3]): 500})


def test_influence_of_a_lone_judge_is_unknown():
    assert influence(Panel({("J1", "A"): 300, ("J1", "B"): 200}), ["A", "B"]) is None
