from itertools import product

from awards.assignment.comparability import pair_variance


def test_full_reading_is_the_best():
    """Every difference of two means of four sheets: 2 / 4."""
    assert abs(pair_variance(product(range(4), range(6))) - 0.5) < 1e-9


def test_sets_apart_cannot_be_compared():
    assert pair_variance({("J1", "A"), ("J2", "B")}) is None


def test_chain_of_three_by_hand():
    """J1 reads A and B, J2 reads B and C: A − B is one difference (2), A − C two of them (4)."""
    pairs = {("J1", "A"), ("J1", "B"), ("J2", "B"), ("J2", "C")}

    assert abs(pair_variance(pairs) - (2 + 2 + 4) / 3) < 1e-9


def test_single_entry_has_nothing_to_compare():
    assert pair_variance({("J1", "A"), ("J2", "A")}) == 0
