from fractions import Fraction
from random import Random

import pytest

from awards.tally import Panel, adjusted_scores, levels, plain_means
from tests.awards.tally.panels import random_panel

# The hand example of the method: J1 read A and B, J2 read B and C.
HAND = Panel({("J1", "A"): 5, ("J1", "B"): 4, ("J2", "B"): 2, ("J2", "C"): 3})


def test_hand_example():
    assert plain_means(HAND) == {"A": 5, "B": 3, "C": 3}
    assert adjusted_scores(HAND) == {"A": Fraction(14, 3), "B": 3, "C": Fraction(10, 3)}
    assert levels(HAND) == {"J1": Fraction(1, 3), "J2": Fraction(-1, 3)}


def test_hand_example_with_free_judges():
    assert adjusted_scores(HAND, shrinkage=0) == {"A": 4, "B": 3, "C": 4}
    assert levels(HAND, shrinkage=0) == {"J1": 1, "J2": -1}


def test_full_panels_give_the_mean_exactly():
    random = Random(1)
    for _ in range(1000):
        panel = random_panel(random, random.randint(1, 7), random.randint(1, 9))
        assert adjusted_scores(panel) == plain_means(panel)


def test_constant_of_one_judge_changes_no_difference_on_full_panels():
    random = Random(2)
    for _ in range(100):
        panel = random_panel(random, random.randint(2, 6), random.randint(2, 8))
        assert _differences(_raised(panel)) == _differences(panel)


def test_constant_of_one_judge_changes_no_difference_of_free_judges():
    random = Random(3)
    for _ in range(100):
        panel = random_panel(random, 6, 10, reads=3)
        if len(panel.parts) == 1:
            assert _differences(_raised(panel), 0) == _differences(panel, 0)


def _raised(panel):
    scores = panel.scores.items()
    return Panel({(judge, entry): value + 50 * (judge == 1) for (judge, entry), value in scores})


def _differences(panel, shrinkage=2):
    adjusted = adjusted_scores(panel, shrinkage)
    return {entry: value - adjusted[0] for entry, value in adjusted.items()}


def test_names_and_their_order_change_nothing():
    random = Random(4)
    panel = random_panel(random, 6, 12, reads=3)
    pairs = list(panel.scores.items())
    random.shuffle(pairs)
    renamed = Panel({(f"judge {9 - judge}", 99 - entry): value for (judge, entry), value in pairs})

    expected = {99 - entry: value for entry, value in adjusted_scores(panel).items()}

    assert adjusted_scores(renamed) == expected


def test_leaving_out_a_sheet_and_restoring_it_changes_nothing():
    panel = random_panel(Random(5), 6, 12, reads=3)
    pair, value = next(iter(panel.scores.items()))
    without = {other: score for other, score in panel.scores.items() if other != pair}

    assert adjusted_scores(Panel(without)) != adjusted_scores(panel)
    assert adjusted_scores(Panel(without | {pair: value})) == adjusted_scores(panel)


def test_levels_add_up_to_zero():
    assert sum(levels(random_panel(Random(6), 8, 20, reads=3)).values()) == 0


@pytest.mark.parametrize(
    "scores",
    [
        {("J1", "A"): 300},
        {("J1", "A"): 300, ("J1", "B"): 300},
        {("J1", "A"): 300, ("J2", "A"): 100},
    ],
    ids=["one sheet", "equal marks throughout", "one entry"],
)
def test_small_panels_work(scores):
    panel = Panel(scores)

    assert adjusted_scores(panel) == plain_means(panel)


def test_scores_are_whole_numbers():
    with pytest.raises(TypeError):
        Panel({("J1", "A"): 3.5})


def test_sheet_without_a_mark_is_refused():
    with pytest.raises(ValueError, match="one mark for each criterion"):
        Panel.of_sheets({("J1", "A"): {"reach": 3}}, {"reach": 60, "craft": 40})
