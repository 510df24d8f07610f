"""What the database holds of the rules of judging, whoever writes."""

from itertools import product

import pytest
from django.db import connection
from django.utils import timezone

from awards.models import (
    Assignment,
    AssignmentState,
    Conflict,
    Decision,
    Judge,
    Mark,
    Round,
    RoundState,
    Sheet,
    SheetExclusion,
)
from cja_portal.kit.moves import ImpossibleMove
from tests.awards.factories import announce, make_category, make_nomination, make_running_cycle
from tests.awards.judging import (
    TERMS,
    assign,
    begin_judging,
    make_judge,
    make_judged_cycle,
    make_round,
    make_sheet,
    set_state,
)
from tests.awards.test_laws import refuses, update
from tests.factories import make_staff, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def cycle():
    return make_judged_cycle("Example One", "Example Two")


@pytest.fixture
def judge(cycle):
    return make_judge(cycle)


@pytest.fixture
def round_(category, judge):
    return make_round(category, judges=[judge])


@pytest.fixture
def assignment(round_):
    return round_.assignments.first()


def elsewhere():
    return make_running_cycle(2040, is_announced=False).categories.get()


def conflict(assignment, **fields):
    values = {"source": "declared", "judge": assignment.judge, "nomination": assignment.nomination}
    return lambda: Conflict.objects.create(**values | fields)


# -- Moves ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("noun", "states"), [("round", RoundState), ("assignment", AssignmentState)]
)
def test_the_database_and_the_buttons_know_the_same_moves(noun, states):
    pairs = list(product(states.values, repeat=2))

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT old, new FROM unnest(%s, %s) AS pair (old, new) "
            "WHERE awards_judging_may_move(%s, old, new)",
            [[old for old, _ in pairs], [new for _, new in pairs], noun],
        )
        allowed = set(cursor.fetchall())

    assert allowed == {(old, new) for old, news in states.MOVES.items() for new in news}


def test_a_round_goes_only_where_the_table_leads(round_):
    now = timezone.now()

    with pytest.raises(ImpossibleMove, match="cannot go"):
        round_.move_to("sealed")
    refuses(update(round_, state="sealed", locked_at=now), "cannot go")
    refuses(update(round_, state="setup"), "cannot go")
    refuses(update(round_, category=elsewhere()), "its category")


def test_a_round_opens_with_readers_while_its_year_is_judged(category, judge):
    empty = make_round(category, state="setup")
    other = make_round(elsewhere(), state="setup")
    update(other.category.cycle, stage="archived")()

    refuses(update(empty, state="scoring"), "Nobody reads")
    refuses(update(other, state="scoring"), "while the year is judged")
    refuses(
        lambda: Round.objects.create(category=other.category, stage="final"),
        "begins in preparation",
    )


def test_a_round_that_is_opened_again_is_the_next_version_with_its_reason(round_):
    set_state(round_, "locked")

    refuses(update(round_, state="scoring", locked_at=None), "next version")
    refuses(update(round_, state="scoring", locked_at=None, version=2), "reopened_with_reason")
    update(round_, state="scoring", locked_at=None, version=2, reopened_because="A fault.")()
    refuses(update(round_, version=3), "next version")


@pytest.mark.parametrize(
    ("state", "values", "words"),
    [
        ("scoring", {"casting": [1], "casting_reason": "So."}, "casting vote"),
        ("locked", {"casting": [1]}, "casting_vote_says_why"),
        ("locked", {"reads": 9}, "is locked"),
        ("sealed", {"reads": 9}, "is sealed"),
    ],
)
def test_what_a_lock_and_a_seal_hold(round_, state, values, words):
    for step in ("locked", "sealed"):
        if state in {step, "sealed"}:
            set_state(round_, step)

    refuses(update(round_, **values), words)


# -- Judges ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"terms_version": ""}, "yes_to_the_terms"),
        ({"declined_at": timezone.now()}, "yes_to_the_terms"),
        ({"user": None}, "is_a_person"),
        ({"limit": 0}, "reads_something"),
    ],
)
def test_a_judge_is_a_person_who_said_yes_to_the_terms(judge, values, words):
    refuses(update(judge, **values), words)


def test_a_person_judges_once_a_year_under_one_chair(cycle, judge):
    update(judge, is_chair=True)()

    refuses(lambda: make_judge(cycle, user=judge.user), "once_a_year")
    refuses(lambda: make_judge(cycle, is_chair=True), "one_chair")


# -- Who reads what -------------------------------------------------------------------------------


def test_only_judges_of_the_year_who_said_yes_read_its_entries(cycle, category):
    round_, nomination = make_round(category, state="setup"), category.nominations.first()
    asked = Judge.objects.create(cycle=cycle, user=make_user(email="asked@example.org"))
    left = make_judge(cycle, left_at=timezone.now())
    of_another_year = make_judge(elsewhere().cycle)

    for judge in (asked, left, of_another_year):
        refuses(lambda judge=judge: assign(round_, judge, nomination), "who said yes")


def test_a_judge_reads_an_entry_of_the_round_once(round_, assignment):
    refuses(lambda: assign(round_, assignment.judge, assignment.nomination), "assignment_once")
    refuses(update(assignment, category=elsewhere()), "one row each")


def test_an_entry_of_another_category_is_refused_by_its_key():
    cycle = make_running_cycle(is_announced=False)
    other = make_category(cycle, "Other", slug="other")
    announce(cycle)
    stranger = make_nomination(cycle.categories.get(slug="example-category"), state="screened-in")
    begin_judging(cycle)
    round_, judge = make_round(other, state="setup"), make_judge(cycle)

    refuses(lambda: assign(round_, judge, stranger), "nomination_in_category")


def test_nobody_reads_what_they_have_an_interest_in(category, judge):
    round_, nomination = make_round(category, state="setup"), category.nominations.first()
    Conflict.objects.create(judge=judge, nomination=nomination, source="declared")

    refuses(lambda: assign(round_, judge, nomination), "an interest in")


def test_an_interest_takes_the_entry_away_at_once_and_for_as_long_as_it_stands(assignment):
    noted = conflict(assignment)()
    assignment.refresh_from_db()

    assert assignment.state == "recused"
    refuses(update(assignment, state="active", recused_at=None), "an interest in")
    refuses(update(noted, source="staff"), "stays")
    refuses(update(noted, lifted_at=timezone.now()), "lifted_with_reason")
    update(noted, lifted_at=timezone.now(), lifted_by=make_staff(), lifted_because="A namesake.")()
    update(assignment, state="active", recused_at=None)()


def test_what_is_sealed_stays_with_its_readers(round_, assignment):
    set_state(set_state(round_, "locked"), "sealed")

    conflict(assignment)()
    assignment.refresh_from_db()

    assert assignment.state == "active"
    refuses(update(assignment, state="recused", recused_at=timezone.now()), "is sealed")


# -- Sheets ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["setup", "locked", "sealed"])
def test_nothing_is_written_outside_scoring(category, judge, state):
    round_ = make_round(category, judges=[judge], state="setup" if state == "setup" else "scoring")
    one, other = round_.assignments.all()
    sheet = None if state == "setup" else make_sheet(one)
    for step in {"locked": ["locked"], "sealed": ["locked", "sealed"]}.get(state, []):
        set_state(round_, step)

    refuses(lambda: make_sheet(other), "not open for marks")
    if sheet:
        refuses(update(sheet, version=3, note="Late."), "not open for marks")
        refuses(lambda: sheet.marks.update(value=5), "not open for marks")


def test_nothing_is_written_of_what_a_judge_stepped_back_from(assignment):
    sheet = make_sheet(assignment)
    conflict(assignment)()

    refuses(lambda: sheet.marks.update(value=5), "stepped back")
    refuses(update(sheet, version=3, note="Late."), "stepped back")
    assert not Sheet.objects.counting().exists()


def test_a_sheet_has_one_place_and_grows_by_versions(round_, assignment):
    sheet = make_sheet(assignment)

    refuses(lambda: make_sheet(assignment), "assignment_id")
    refuses(update(sheet, note="Again."), "saved meanwhile")
    refuses(update(sheet, version=3, submitted_at=None), "not taken back")


def test_a_sheet_is_handed_in_with_a_mark_on_each_criterion(assignment):
    refuses(lambda: make_sheet(assignment, 4), "with a mark on each")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"value": 0}, "within_its_scale"),
        ({"value": 6}, "within_its_scale"),
        ({"value": 6, "top": 9}, "within_its_scale"),
        ({"value": 2, "is_without_evidence": True}, "without_evidence_is_lowest"),
    ],
)
def test_a_mark_stays_within_its_scale(assignment, values, words):
    mark = make_sheet(assignment).marks.first()

    refuses(update(mark, **values), words)


def test_a_mark_stays_in_the_category_of_its_sheet(assignment):
    sheet = make_sheet(assignment, is_submitted=False)
    values = {"sheet": sheet, "criterion": elsewhere().criteria.first(), "value": 3}

    refuses(
        lambda: Mark.objects.create(category=assignment.category, **values), "criterion_in_category"
    )


def test_a_sheet_that_does_not_count_says_why_until_it_counts_again(round_, assignment):
    sheet, staff = make_sheet(assignment), make_staff()
    refuses(lambda: SheetExclusion.objects.create(sheet=sheet, reason=""), "with_reason")
    out = SheetExclusion.objects.create(sheet=sheet, reason="Read another file.", by=staff)

    assert not Sheet.objects.counting().exists()
    refuses(lambda: SheetExclusion.objects.create(sheet=sheet, reason="Twice."), "excluded_once")
    refuses(update(out, reason="Other."), "stays listed")
    now = timezone.now()
    refuses(update(out, restored_at=now, restored_by=staff), "restored_with_reason")
    update(out, restored_at=now, restored_by=staff, restored_because="It was the right file.")()
    assert list(Sheet.objects.counting()) == [sheet]
    set_state(set_state(round_, "locked"), "sealed")
    refuses(lambda: SheetExclusion.objects.create(sheet=sheet, reason="Late."), "is sealed")


# -- Decisions ------------------------------------------------------------------------------------


def test_the_panel_decides_after_the_lock_and_before_the_seal(category, judge):
    staff = make_staff()
    one, other = category.nominations.all()
    round_ = make_round(category, stage="final", judges=[judge])

    def decide(nomination, outcome, **fields):
        values = {"category": category, "outcome": outcome, "by": staff}
        return lambda: Decision.objects.create(nomination=nomination, **values | fields)

    refuses(decide(one, "winner"), "after the lock")
    set_state(round_, "locked")
    refuses(decide(one, "joint-winner"), "be shared")
    refuses(decide(one, "winner", is_off_the_order=True), "says_why")
    decision = decide(one, "winner")()
    refuses(decide(other, "winner"), "one_winner")
    set_state(round_, "sealed")
    refuses(update(decision, outcome="none"), "before the seal")


def test_a_real_year_keeps_all_that_was_said():
    cycle = make_running_cycle(is_demonstration=False)
    make_nomination(cycle.categories.get(), state="screened-in")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        update(cycle, stage="judging")()
        cursor.execute("SET LOCAL session_replication_role = origin")
    judge = make_judge(cycle, terms_version=TERMS)
    round_ = make_round(cycle.categories.get(), judges=[judge])
    sheet = make_sheet(round_.assignments.get())
    mark = sheet.marks.first()
    refuses(lambda: Mark.objects.filter(pk=mark.pk).delete(), "keeps a mark")
    noted = Conflict.objects.create(
        judge=judge, nomination=round_.assignments.get().nomination, source="declared"
    )

    for thing, words in [(sheet, "stays"), (noted, "stays"), (round_, "opened stays")]:
        rows = type(thing).objects.filter(pk=thing.pk)
        refuses(lambda rows=rows: rows._raw_delete("default"), words)
    assert Assignment.objects.get().state == "recused"
