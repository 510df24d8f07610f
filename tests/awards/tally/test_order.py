from random import Random

import pytest

from awards.tally import NotRankable, Panel, rank
from tests.awards.tally.panels import panel_of, random_panel


def placed(ranking):
    return [(line.entry, line.rank, line.tie) for line in ranking.lines]


def test_order_of_a_full_panel():
    ranking = rank(panel_of(A=[300, 200, 100], B=[400, 300, 200], C=[100, 100, 100]))

    assert placed(ranking) == [("B", 1, ""), ("A", 2, ""), ("C", 3, "")]
    assert ranking.leaders == ranking.raw_leaders == ["B"]
    assert ranking.leaders_agree


def test_equals_share_a_rank_without_a_rule():
    ranking = rank(panel_of(A=[300, 200, 100], B=[200, 200, 200], C=[100, 100, 100]))

    assert placed(ranking) == [("A", 1, ""), ("B", 1, ""), ("C", 3, "")]


TIED = {"A": [400, 100, 100], "B": [200, 200, 200], "C": [300, 150, 150]}


def test_first_places_part_equals():
    ranking = rank(panel_of(**TIED), tie_rules=["first-places", "chair"])

    assert placed(ranking) == [
        ("B", 1, "first-places"),
        ("A", 2, "first-places"),
        ("C", 3, "first-places"),
    ]


def test_heaviest_criterion_parts_equals():
    heaviest = panel_of(A=[2, 2, 2], B=[3, 3, 3], C=[3, 3, 3])

    ranking = rank(panel_of(**TIED), tie_rules=["heaviest", "chair"], heaviest=heaviest)

    assert placed(ranking) == [("B", 1, "chair"), ("C", 1, "chair"), ("A", 3, "heaviest")]


def test_chair_parts_what_is_left():
    ranking = rank(panel_of(**TIED), tie_rules=["chair"], casting=["C", "A", "B"])

    assert placed(ranking) == [("C", 1, "chair"), ("A", 2, "chair"), ("B", 3, "chair")]


def test_vote_for_other_entries_parts_nothing():
    ranking = rank(panel_of(**TIED), tie_rules=["chair"], casting=["C", "A"])

    assert placed(ranking) == [("A", 1, "chair"), ("B", 1, "chair"), ("C", 1, "chair")]


def test_shared_ends_the_rules():
    ranking = rank(panel_of(**TIED), tie_rules=["shared", "first-places"])

    assert placed(ranking) == [("A", 1, "shared"), ("B", 1, "shared"), ("C", 1, "shared")]


def test_entry_with_too_few_sheets_is_listed_without_a_rank():
    panel = Panel(panel_of(A=[300, 200, 100], B=[400, 300, 200]).scores | {(0, "C"): 500})

    assert placed(rank(panel)) == [("B", 1, ""), ("A", 2, ""), ("C", None, "")]


def test_least_may_differ_between_entries():
    panel = Panel(panel_of(A=[300, 200, 100]).scores | {(0, "B"): 500, (1, "B"): 450})

    ranking = rank(panel, least={"A": 3, "B": 2})

    assert placed(ranking) == [("B", 1, ""), ("A", 2, "")]


def test_sets_without_a_common_judge_are_refused():
    panel = Panel({("J1", "A"): 300, ("J1", "B"): 200, ("J2", "C"): 300})

    with pytest.raises(NotRankable, match="no judge has marked in both") as refused:
        rank(panel, least=1)

    assert refused.value.parts == [["A", "B"], ["C"]]


def test_empty_panel_is_refused():
    with pytest.raises(NotRankable, match="No sheets are in"):
        rank(Panel({}))


def test_plain_mean_may_name_another_first():
    scores = {("harsh", "A"): 200, ("harsh", "B"): 190, ("harsh", "C"): 150}
    scores |= {("mild", "D"): 260, ("mild", "B"): 400, ("mild", "C"): 400}

    ranking = rank(Panel(scores), least=1)

    assert ranking.raw_leaders == ["B"]
    assert ranking.leaders == [ranking.lines[0].entry]
    assert ranking.leaders_agree is (ranking.leaders == ["B"])


def test_constant_of_one_judge_reorders_no_full_panel():
    random = Random(7)
    for _ in range(1000):
        panel = random_panel(random, 5, 8)
        raised = Panel({pair: score + 70 * (pair[0] == 2) for pair, score in panel.scores.items()})
        assert placed(rank(raised)) == placed(rank(panel))
