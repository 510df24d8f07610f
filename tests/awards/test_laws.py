"""What the database holds of the rules of the awards, whoever writes."""

from datetime import timedelta
from itertools import product
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from awards.models import (
    Answer,
    Category,
    Criterion,
    Cycle,
    EligibilityQuestion,
    Event,
    MergeLink,
    Nomination,
    NominationState,
    PrizeLine,
    Question,
    Screening,
    Stage,
)
from cja_portal.kit.moves import ImpossibleMove
from tests.awards.factories import (
    ANCHORS,
    announce,
    make_category,
    make_nomination,
    make_running_cycle,
    set_clock,
)
from tests.factories import make_staff

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def refuses(act, words=None):
    """Whether the database refuses what `act` writes, in such words."""
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        act()


def update(thing, **values):
    return lambda: type(thing).objects.filter(pk=thing.pk).update(**values)


# -- Moves ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("noun", "states"), [("cycle", Stage), ("nomination", NominationState)])
def test_the_database_and_the_buttons_know_the_same_moves(noun, states):
    pairs = list(product(states.values, repeat=2))

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT old, new FROM unnest(%s, %s) AS pair (old, new) "
            "WHERE awards_may_move(%s, old, new)",
            [[old for old, _ in pairs], [new for _, new in pairs], noun],
        )
        allowed = set(cursor.fetchall())

    assert allowed == {(old, new) for old, news in states.MOVES.items() for new in news}


def test_a_year_goes_only_where_the_table_leads():
    cycle = make_running_cycle(is_announced=False)

    with pytest.raises(ImpossibleMove, match="cannot go"):
        cycle.move_to(Stage.SEALED)
    refuses(update(cycle, stage="sealed", frozen_at=timezone.now()), "cannot go")
    refuses(lambda: Cycle.objects.create(year=2040, name="Late", stage="judging"), "begins")


@pytest.mark.parametrize(
    ("now", "stage", "words"),
    [
        (-DAY * 2, "draft", None),
        (DAY, "draft", "the rules stay"),
        (DAY, "judging", "when nominations have closed"),
        (DAY * 14 + timedelta(minutes=5), "judging", "when nominations have closed"),
        (DAY * 15, "judging", None),
    ],
)
def test_the_clock_says_when_a_year_may_go_on_and_back(now, stage, words):
    cycle = make_running_cycle()
    set_clock(cycle, timezone.now() + now)
    move = update(cycle, stage=stage, frozen_at=None if stage == "draft" else cycle.frozen_at)

    if words:
        refuses(move, words)
    else:
        assert move() == 1


def test_one_year_runs_at_a_time_beside_demonstrations():
    make_running_cycle(2031, is_demonstration=False)
    make_running_cycle(2032, is_demonstration=True)

    refuses(lambda: make_running_cycle(2033, is_demonstration=False), "cycle_one_running")


# -- Opening ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weights", "asks", "words"),
    [
        ((("Impact", 60), ("Reach", 39)), (("Why", 9),), "total 100"),
        ((("Impact", 60), ("Reach", 41)), (("Why", 9),), "total 100"),
        ((), (("Why", 9),), "total 100"),
        ((("Impact", 100),), (), "at least one question"),
    ],
)
def test_a_year_is_announced_only_when_its_rules_are_whole(weights, asks, words):
    cycle = make_running_cycle(is_announced=False)
    make_category(cycle, "Second", weights=weights, asks=asks)

    refuses(lambda: announce(cycle), words)


def test_the_panel_nominates_without_questions():
    cycle = make_running_cycle(is_announced=False)
    make_category(cycle, "Lifetime achievement", asks=(), kind="panel")

    announce(cycle)

    assert Cycle.objects.get().state() == "open"


def test_a_year_without_categories_or_whose_deadline_has_passed_is_not_announced():
    cycle = make_running_cycle(is_announced=False)
    set_clock(cycle, cycle.closes_at)
    refuses(lambda: announce(cycle), "deadline has passed")
    set_clock(cycle, cycle.opens_at)
    cycle.categories.all().delete()

    refuses(lambda: announce(cycle), "needs a category")


RULES = {
    "quorum": 4,
    "may_be_shared": True,
    "may_be_withheld": False,
    "tie_rules": ["chair"],
    "is_blind": True,
    "kind": "members",
    "finalists": 3,
    "consent": "at-once",
    "prize_pence": 400000,
    "most_attachments": 1,
    "slug": "another",
}


@pytest.mark.parametrize("name", RULES)
def test_the_rules_of_a_category_freeze(name):
    cycle = make_running_cycle(is_announced=False)
    category = cycle.categories.get()
    assert update(category, **{name: RULES[name]})()
    announce(cycle)

    before = Category._meta.get_field(name).get_default() or None
    refuses(update(category, **{name: before}), "rules of this year are fixed")
    assert update(category, about="A clearer sentence.")()


def test_what_belongs_to_the_rules_freezes():
    cycle = make_running_cycle(is_announced=False, is_demonstration=False)
    category = cycle.categories.get()
    criterion = category.criteria.first()
    prize = PrizeLine.objects.create(category=category, pence=400000, wording="£4,000")
    asked = EligibilityQuestion.objects.create(category=category, text="In the UK?", advice="Ask.")
    announce(cycle)

    for thing in (criterion, prize, asked, category):
        refuses(type(thing).objects.filter(pk=thing.pk).delete, "fixed|stays")
    refuses(update(criterion, weight=1), "fixed")
    refuses(update(prize, pence=1), "fixed")
    refuses(update(asked, must_be_yes=False), "fixed")
    refuses(lambda: make_category(cycle, "One more"), "fixed")
    refuses(
        lambda: Criterion.objects.create(category=category, name="More", weight=1, anchors=ANCHORS),
        "fixed",
    )
    assert update(prize, paid_on="2031-12-01", paid_to="Example Charity", evidence="BACS 1")()
    refuses(update(cycle, opens_at=cycle.opens_at - DAY), "fixed")
    refuses(update(cycle, closes_at=cycle.closes_at - DAY), "never earlier")
    assert update(cycle, closes_at=cycle.closes_at + DAY)()


def test_a_demonstration_can_be_thrown_away_whole():
    cycle = make_running_cycle()

    cycle.delete()

    assert not Category.objects.exists()


def test_a_question_that_people_were_asked_changes_only_by_a_new_version():
    cycle = make_running_cycle(is_demonstration=False)
    question = Question.objects.first()

    refuses(update(question, text="Another?"), "new version")
    refuses(question.delete, "new version")
    refuses(
        lambda: Question.objects.create(category=question.category, key="new", text="New?"), "why"
    )
    update(question, retired_at=timezone.now())()
    second = Question.objects.create(
        category=question.category, key=question.key, text="Another?", version=2, why="A slip."
    )

    assert set(cycle.categories.get().questions.current()) >= {second}


# -- Nominations -----------------------------------------------------------------------------------


def test_a_nomination_begins_as_a_draft_while_the_year_is_open_to_it():
    cycle = make_running_cycle(is_announced=False)
    category = cycle.categories.get()
    refuses(lambda: make_nomination(category), "while nominations are open")
    announce(cycle)

    nomination = make_nomination(category)

    refuses(update(nomination, state="finalist", submitted_at=timezone.now()), "cannot go")
    refuses(
        lambda: Nomination.objects.create(
            category=category, nominee_name="X", state="submitted", submitted_at=timezone.now()
        ),
        "begins as a draft",
    )


def test_nobody_is_excluded_without_a_second_look_by_another():
    staff, colleague = make_staff(), make_staff(email="second@example.org")
    nomination = make_nomination(make_running_cycle().categories.get(), state="submitted")
    look = Screening.objects.create(
        nomination=nomination,
        outcome="exclude",
        reason="other",
        explanation="It is a test.",
        by=staff,
    )
    refuses(update(nomination, state="ineligible"), "second look")
    seen = {"second_at": timezone.now(), "second_agrees": True}
    refuses(update(look, second_by=staff, **seen), "second_look_by_another")

    update(look, second_by=colleague, **seen)()

    assert update(nomination, state="ineligible")()
    refuses(update(look, explanation="Something else."), "stays")


def test_a_merge_and_its_link_stand_or_fall_together():
    staff = make_staff()
    category = make_running_cycle().categories.get()
    kept, other = (make_nomination(category, state="submitted") for _ in range(2))
    refuses(update(other, state="merged"), "names the other")
    link = MergeLink.objects.create(nomination=other, into=kept, reason="Same.", by=staff)

    update(other, state="merged")()

    refuses(update(other, state="submitted"), "names the other")
    update(link, undone_by=staff, undone_at=timezone.now(), undone_reason="Two of them.")()
    assert update(other, state="submitted")()


@pytest.mark.parametrize(
    ("state", "move", "is_allowed"),
    [
        ("draft", "submitted", False),
        ("submitted", "screened-in", True),
        ("screened-in", "withdrawn", True),
        ("screened-in", "submitted", False),
    ],
)
def test_once_judging_has_begun_nothing_goes_back(state, move, is_allowed):
    cycle = make_running_cycle()
    nomination = make_nomination(cycle.categories.get(), state=state)
    set_clock(cycle, cycle.closes_at + DAY)
    update(cycle, stage="judging")()
    now = timezone.now()
    withdrawn_at = now if move == "withdrawn" else None
    change = update(nomination, state=move, submitted_at=now, withdrawn_at=withdrawn_at)

    if is_allowed:
        assert change()
    else:
        refuses(change, "Judging has begun")


def test_nothing_is_withdrawn_once_the_results_are_sealed():
    cycle = make_running_cycle()
    nomination = make_nomination(cycle.categories.get(), state="screened-in")
    set_clock(cycle, cycle.closes_at + DAY)
    update(cycle, stage="judging")()
    update(cycle, stage="sealed")()

    refuses(update(nomination, state="withdrawn", withdrawn_at=timezone.now()), "sealed")


# -- Answers and files -----------------------------------------------------------------------------


def test_an_answer_counts_its_changes():
    nomination = make_nomination(make_running_cycle().categories.get())
    answer = nomination.answers.first()

    refuses(update(answer, text="Other words."), "Somebody else has saved")
    refuses(update(answer, version=2), "Somebody else has saved")
    assert update(answer, text="Other words.", version=F("version") + 1)()
    refuses(update(answer, question=nomination.answers.last().question), "under its question")


@pytest.mark.parametrize("state", ["screened-in", "withdrawn"])
def test_what_was_handed_over_is_not_rewritten(state):
    nomination = make_nomination(make_running_cycle().categories.get(), state=state)
    answer = nomination.answers.first()

    refuses(update(answer, text="Other words.", version=2), "cannot be changed")
    refuses(update(answer, sent_text="Other words."), "cannot be changed")
    refuses(lambda: _attach(nomination, 1), "cannot be changed")
    assert update(answer, redacted_text="They help.", redacted_at=timezone.now())()


def _attach(nomination, number):
    return nomination.attachments.create(
        file="x", name="a.pdf", content_type="application/pdf", size=1, sha256=f"{number:064}"
    )


def test_files_have_a_limit():
    nomination = make_nomination(make_running_cycle().categories.get())
    for number in range(3):
        _attach(nomination, number)

    refuses(lambda: _attach(nomination, 4), "as many files as it may")


def test_the_log_and_the_receipts_only_grow():
    cycle = make_running_cycle()
    nomination = make_nomination(cycle.categories.get(), state="submitted")
    event = Event.objects.create(cycle=cycle, verb="announce", role="staff")

    refuses(update(event, verb="other"), "stays as it is")
    refuses(event.delete, "stays as it is")
    refuses(update(nomination.receipts.get(), copy={"a": 1}), "stays as it is")


# -- Always true -----------------------------------------------------------------------------------

WRONG = [
    (Cycle, {"clock_shift": DAY}, "cycle_clock_shifts_in_rehearsals_only"),
    (Cycle, {"closes_at": timezone.now()}, "cycle_closes_after_it_opens"),
    (Cycle, {"results_at": timezone.now()}, "cycle_results_after_it_closes"),
    (Category, {"quorum": 0}, "category_has_a_quorum"),
    (Category, {"tie_rules": []}, "category_breaks_ties"),
    (Category, {"tie_rules": ["shared"]}, "category_shares_ties_if_it_may"),
    (Criterion, {"weight": 0}, "criterion_weighs_something"),
    (Criterion, {"anchors": ANCHORS[:4]}, "criterion_describes_each_mark"),
    (Criterion, {"anchors": [*ANCHORS[:4], ""]}, "criterion_describes_each_mark"),
]


@pytest.mark.parametrize(("model", "values", "law"), WRONG)
def test_laws_of_one_row(model, values, law):
    cycle = Cycle.objects.create(year=2031, name="Example Awards")
    make_category(cycle)
    thing = model.objects.first()

    refuses(update(thing, **values), law)
    for name, value in values.items():
        setattr(thing, name, value)
    with pytest.raises(ValidationError):
        thing.full_clean()


def test_one_draft_and_one_receipt_per_key():
    nomination = make_nomination(make_running_cycle().categories.get(), state="submitted")
    again = {"submit_key": nomination.receipts.get().submit_key, "copy": {}, "sha256": ""}

    refuses(
        lambda: make_nomination(nomination.category, start_key=nomination.start_key), "start_key"
    )
    refuses(lambda: nomination.receipts.create(number=2, sent_at=timezone.now(), **again), "key")
    refuses(
        lambda: nomination.receipts.create(
            number=1, sent_at=timezone.now(), **again | {"submit_key": uuid4()}
        ),
        "receipt_numbers_run",
    )
    assert Answer.objects.exists()
