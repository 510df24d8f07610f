"""What is worked out from a score sheet, and how it is told."""

from random import Random

import pytest

from awards.findings import find, findings_of
from awards.proof.score_sheet import ScoreSheet
from awards.standing import about, joined, standing_of
from tests.awards.panels import make_marked_round

WEIGHTS = {"Impact": 60, "Lived experience": 40}
CLOSE = [[(5, 1), (1, 5)], [(4, 3), (4, 4)], [(3, 4), (3, 4)]]


def sheet_of(marks, **fields):
    """`marks[judge][entry]`, with letters for entries."""
    sheets = {
        (judge, "ABCDEFGH"[place]): dict(zip(WEIGHTS, pair, strict=True))
        for judge, row in enumerate(marks)
        for place, pair in enumerate(row)
        if pair
    }
    values = {"tie_rules": (), "least": dict.fromkeys("ABCDEFGH", 1)} | fields
    return ScoreSheet(2031, "example", "final", WEIGHTS, sheets=sheets, **values)


def test_without_an_order_there_is_the_reason_and_nothing_else():
    found = find(sheet_of([[(5, 5), None], [None, (4, 4)]]))

    assert (found.leaders, found.confidence, found.parts) == ([], None, (["A"], ["B"]))
    assert "cannot be compared" in found.refusal


def test_an_entry_with_too_few_sheets_can_be_neither_first_nor_likely():
    marks = [[(3, 3), (2, 2), (5, 5)], [(3, 3), (2, 2), None], [(3, 3), (2, 2), None]]
    found = find(sheet_of(marks, least={"A": 3, "B": 3, "C": 3}))

    assert found.leaders == ["A"]
    assert set(found.confidence.chances) == {"A", "B"}
    assert found.ways_agree


def test_one_entry_alone_is_first_and_nothing_is_said_of_chances():
    found = find(sheet_of([[(3, 3)], [(4, 4)]]))

    assert found.leaders == ["A"]
    assert found.confidence is found.change is None


def test_the_least_change_keeps_to_the_scale():
    random = Random(3)
    for _ in range(30):
        sheet = sheet_of([[random.choices(range(1, 6), k=2) for _ in "ABCD"] for _ in "ABCD"])
        change = find(sheet).change
        if change:
            score = sheet.panel().scores[change.judge, change.entry]
            assert 100 <= score + change.points <= 500


@pytest.mark.django_db
def test_the_same_sheet_is_worked_out_once(monkeypatch):
    sheet = sheet_of(CLOSE)
    first = findings_of(sheet)
    monkeypatch.setattr("awards.findings.find", lambda sheet: pytest.fail("worked out again"))

    assert findings_of(sheet_of(CLOSE)) == first


@pytest.mark.django_db
def test_the_page_says_who_is_first_and_how_sure_that_is():
    standing = standing_of(make_marked_round())

    assert standing.headline == "Example A comes first."
    assert standing.sureness.startswith("Clear. The chance")
    assert [(row.place, str(row.nominee)) for row in standing.rows] == [
        ("1", "Example A"),
        ("2", "Example B"),
        ("3", "Example C"),
    ]
    assert "would be level with Example A." in standing.change


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rules", "said"),
    [
        (["chair"], "Exactly equal: the chair decides and writes down why."),
        (["first-places"], "Exactly equal, and no rule of the category parts them."),
        (["shared"], "Exactly equal: by the rules of the category they share."),
        (
            ["heaviest"],
            "Equal marks, parted by: the higher mark on the criterion that weighs most.",
        ),
    ],
)
def test_equals_are_told_with_the_rule_that_parts_them(rules, said):
    # 3.4 overall for both; A has more on the criterion that weighs 60.
    equals = [[(5, 1), (3, 4)]] * 3
    standing = standing_of(make_marked_round(equals, tie_rules=rules, may_be_shared=True))

    assert [row.tie for row in standing.rows] == [said, said]
    if rules != ["heaviest"]:
        assert standing.headline == "Example A and Example B are exactly equal in first place."
        assert [row.place for row in standing.rows] == ["=1", "=1"]


@pytest.mark.parametrize(
    ("chance", "said"),
    [(0, "under 5 %"), (5, "about 5 %"), (65, "about 65 %"), (100, "over 95 %")],
)
def test_no_chance_is_nothing_or_all(chance, said):
    assert about(chance) == said


def test_names_are_joined_as_people_say_them():
    assert [joined([]), joined("A"), joined("AB"), joined("ABC")] == [
        "",
        "A",
        "A and B",
        "A, B and C",
    ]
