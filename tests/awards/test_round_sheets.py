"""What counts of a round, what does not and why, and what lacks."""

from fractions import Fraction

import pytest
from django.utils import timezone

from awards.models import Sheet, SheetExclusion
from awards.round_sheets import sheets_of
from awards.tally import NotRankable
from tests.awards.panels import conflict, entry, make_marked_round
from tests.factories import make_staff

pytestmark = pytest.mark.django_db


def exclude(round_, judge, letter, reason="Marked the wrong entry."):
    sheet = Sheet.objects.get(assignment__judge=judge, assignment__nomination=entry(round_, letter))
    return SheetExclusion.objects.create(sheet=sheet, reason=reason, by=make_staff())


def judges_of(round_):
    return list(round_.category.cycle.judges.order_by("pk"))


def order_of(sheets):
    lines = sheets.score_sheet.ranking().lines
    return [(str(sheets.entries[line.entry]), line.rank, line.adjusted) for line in lines]


def test_a_full_round_is_read_with_its_weights_exactly():
    sheets = sheets_of(make_marked_round())

    assert order_of(sheets) == [
        ("Example A", 1, Fraction(460 + 400 + 500, 3)),
        ("Example B", 2, Fraction(400 + 340 + 360, 3)),
        ("Example C", 3, Fraction(260 + 200 + 300, 3)),
    ]
    assert (sheets.left_out, sheets.missing, sheets.unread) == ([], [], [])


def test_what_counts_is_what_the_queryset_says():
    round_ = make_marked_round()
    judge, other, _ = judges_of(round_)
    exclude(round_, judge, "A")
    conflict(round_, other, "B")

    counting = Sheet.objects.counting().filter(assignment__round=round_)
    pairs = counting.values_list("assignment__judge", "assignment__nomination")

    sheets = sheets_of(round_)
    assert {
        (sheets.judges[each.judge].pk, sheets.entries[each.entry].pk) for each in sheets.counting
    } == set(pairs)


def test_what_does_not_count_stays_listed_with_its_reason():
    round_ = make_marked_round()
    judge, other, _ = judges_of(round_)
    exclude(round_, judge, "A")
    conflict(round_, other, "B")
    gone = entry(round_, "C")
    gone.state, gone.withdrawn_at = "withdrawn", timezone.now()
    gone.save()

    sheets = sheets_of(round_)

    assert {
        (each.judge, str(sheets.entries[each.entry]), each.left_out[:18])
        for each in sheets.left_out
    } == {
        (judge.reference, "Example A", "Marked the wrong e"),
        (other.reference, "Example B", "The judge has an i"),
        *((each.reference, "Example C", "The entry is not j") for each in judges_of(round_)),
    }
    assert len(sheets.counting) + len(sheets.left_out) == 9


def test_to_leave_out_and_to_let_back_in_changes_nothing():
    round_ = make_marked_round()
    before = sheets_of(round_).score_sheet
    exclusion = exclude(round_, judges_of(round_)[0], "A")
    assert sheets_of(round_).score_sheet != before

    exclusion.restored_at, exclusion.restored_by = timezone.now(), exclusion.by
    exclusion.restored_because = "It was the right entry."
    exclusion.save()

    assert sheets_of(round_).score_sheet == before


def test_what_is_missing_is_missing():
    round_ = make_marked_round([[(5, 5), (4, 4)], [(5, 5), None], [(5, 5), (4, 4)]])

    sheets = sheets_of(round_)

    assert [str(sheets.entries[each.entry]) for each in sheets.missing] == ["Example B"]
    assert order_of(sheets)[1] == ("Example B", None, Fraction(400))


def test_a_final_wants_a_sheet_of_everybody_who_may_read_the_entry():
    rows = [[(5, 5), (4, 4)], [(5, 5), (4, 4)], [(5, 5), (4, 4)], [(5, 5), None]]
    round_ = make_marked_round(rows, stage="final")
    assert [rank for _, rank, _ in order_of(sheets_of(round_))] == [1, None]

    conflict(round_, judges_of(round_)[3], "B")

    assert [rank for _, rank, _ in order_of(sheets_of(round_))] == [1, 2]


def test_judges_who_share_no_entry_cannot_be_compared():
    round_ = make_marked_round([[(5, 5), None], [None, (4, 4)]])

    with pytest.raises(NotRankable, match="cannot be compared"):
        sheets_of(round_).score_sheet.ranking()


def test_other_codes_can_stand_for_people():
    codes = {"judge_code": lambda judge: judge.pk, "entry_code": lambda nominee: nominee.pk}
    round_ = make_marked_round()

    sheet = sheets_of(round_, **codes).score_sheet

    assert set(sheet.sheets) == {
        (each.judge_id, each.nomination_id) for each in round_.assignments.all()
    }


@pytest.mark.parametrize("entries", [2, 5])
def test_the_statements_do_not_grow_with_the_round(entries, django_assert_num_queries):
    round_ = make_marked_round([[(3, 3)] * entries] * 3)

    with django_assert_num_queries(4):
        sheets_of(round_)
