from collections import defaultdict
from random import Random

from awards.tally import Panel, confidence, rank
from awards.tally.chances import inverse
from tests.awards.tally.panels import simulated_panel


def test_same_seed_gives_the_same_figures():
    _, panel = simulated_panel(Random(10), 5, 6)

    assert confidence(panel, "seed", 200) == confidence(panel, "seed", 200)
    assert confidence(panel, "seed", 200) != confidence(panel, "other", 200)


def test_chances_add_up_and_ranges_hold_the_leader():
    _, panel = simulated_panel(Random(11), 5, 6)
    found = confidence(panel, "seed")

    assert abs(sum(found.chances.values()) - 1) < 1e-9
    assert all(1 <= low <= high <= 6 for low, high in found.ranges.values())
    assert found.chance(0) % 5 == 0


def test_far_ahead_is_clear_and_level_is_too_close():
    ahead = Panel(
        {(judge, entry): 480 - 90 * entry + judge for judge in range(5) for entry in range(4)}
    )
    level = Panel(
        {(judge, entry): 300 + (judge + entry) % 3 for judge in range(6) for entry in range(6)}
    )

    assert confidence(ahead, "seed").word(0) == "clear"
    assert confidence(level, "seed").word(0) == "too close"


def test_one_entry_is_certain():
    assert confidence(Panel({("J1", "A"): 300, ("J2", "A"): 310}), "seed", 50).chances == {"A": 1}


def test_stated_chances_are_about_true():
    """A small look; `python -m tests.benchmarks.judging` takes a thousand panels of each size."""
    random, said, was = Random(12), 0.0, 0
    bands = defaultdict(int)
    for _ in range(120):
        worths, panel = simulated_panel(random, 5, 5)
        leader = rank(panel).lines[0].entry
        found = confidence(panel, "seed", 200)
        said += found.chances[leader]
        was += worths[leader] == max(worths)
        bands[found.word(leader)] += 1

    assert abs(said - was) / 120 < 0.1
    assert set(bands) == {"clear", "likely", "too close"}


def test_inverse():
    assert inverse([[2.0, 0.0], [0.0, 4.0]]) == [[0.5, 0.0], [0.0, 0.25]]
