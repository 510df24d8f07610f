from random import Random

from awards.tally import Panel, adjusted_scores, weight_ranges


def random_sheets(random, judges=5, entries=5, reads=3):
    return {
        (judge, entry): {"a": random.randint(1, 5), "b": random.randint(1, 5)}
        for entry in range(entries)
        for judge in random.sample(range(judges), reads)
    }


def best_at(sheets, weight):
    scores = {
        pair: weight * marks["a"] + (100 - weight) * marks["b"] for pair, marks in sheets.items()
    }
    adjusted = adjusted_scores(Panel(scores))
    return {entry for entry, value in adjusted.items() if value == max(adjusted.values())}


def test_the_winner_is_first_at_every_weight_within_and_at_none_without():
    random = Random(11)
    for _ in range(15):
        sheets = random_sheets(random)
        winner = min(best_at(sheets, 60))

        lowest, highest = weight_ranges(sheets, {"a": 60, "b": 40}, winner)["a"]

        for weight in range(0, 101, 5):
            assert (winner in best_at(sheets, weight)) == (lowest <= weight <= highest)


def test_a_single_criterion_has_no_range():
    assert weight_ranges({(1, "A"): {"a": 5}, (1, "B"): {"a": 4}}, {"a": 100}, "A") == {}
