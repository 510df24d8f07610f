from fractions import Fraction

from awards.tally import Panel, cross_checks
from awards.tally.cross_checks import borda_points, medians, trimmed_means
from tests.awards.tally.panels import panel_of

# The capital of Tennessee: 42, 26, 15 and 17 of a hundred voters, each by how near the towns are.
TOWNS = ("Memphis", "Nashville", "Chattanooga", "Knoxville")
VOTES = {(4, 3, 2, 1): 42, (1, 4, 3, 2): 26, (1, 2, 4, 3): 15, (1, 2, 3, 4): 17}


def test_borda_count_of_the_tennessee_example():
    voters = [marks for marks, number in VOTES.items() for _ in range(number)]
    panel = Panel(
        {
            (voter, town): mark
            for voter, marks in enumerate(voters)
            for town, mark in zip(TOWNS, marks, strict=True)
        }
    )

    assert borda_points(panel) == {
        "Nashville": 194,
        "Chattanooga": 173,
        "Memphis": 126,
        "Knoxville": 107,
    }
    assert cross_checks(panel)["Borda count"] == ["Nashville"]


PANEL = panel_of(A=[500, 200, 200], B=[300, 290, 280])


def test_ways_may_name_different_winners():
    assert medians(PANEL) == {"A": 200, "B": 290}
    assert trimmed_means(PANEL) == {"A": 200, "B": 290}
    assert cross_checks(PANEL) == {
        "mean": ["A"],
        "median": ["B"],
        "trimmed mean": ["B"],
        "Borda count": ["B"],
    }


def test_equal_marks_halve_the_points():
    panel = Panel({("J1", "A"): 300, ("J1", "B"): 300, ("J1", "C"): 200})

    assert borda_points(panel) == {"A": Fraction(3, 2), "B": Fraction(3, 2), "C": 0}


def test_two_sheets_are_not_trimmed():
    assert trimmed_means(Panel({("J1", "A"): 300, ("J2", "A"): 200})) == {"A": 250}
