"""A year whose marks are locked, and what comes after: decided, sealed, released."""

from awards.actions.decisions import decide
from awards.actions.releases import release_category
from awards.actions.seals import confirm_seal, seal_round
from awards.models import Cycle, NomineeConsent
from awards.sealing import deciding_round
from tests.awards.factories import make_nomination, make_running_cycle
from tests.awards.judging import begin_judging, make_judge, make_round, make_sheet, set_state
from tests.factories import make_staff

NOMINEES = ("Example Bridge", "Example Garden", "Example Line")
MARKS = {"Example Bridge": (5, 4), "Example Garden": (4, 4), "Example Line": (2, 3)}
OUTCOMES = {
    "Example Bridge": "winner",
    "Example Garden": "runner-up",
    "Example Line": "shortlisted",
}


def make_locked_category(year=2031, *, nominees=NOMINEES, prizes=(), agree=True, **fields):
    """Three judges have marked all; the marks are locked and nothing is decided yet."""
    cycle = make_running_cycle(year, is_announced=False, witness="trustee@example.org")
    category = cycle.categories.get()
    type(category).objects.filter(pk=category.pk).update(**fields)
    for rank, pence in prizes:
        category.prizes.create(rank=rank, pence=pence, wording="For their work")
    Cycle.objects.filter(pk=cycle.pk).update(stage="announced", frozen_at=cycle.opens_at)
    cycle.refresh_from_db()
    for nominee in nominees:
        nomination = make_nomination(category, nominee, state="finalist")
        if agree:
            agree_to_be_named(nomination)
    begin_judging(cycle)
    judges = [make_judge(cycle) for _ in range(3)]
    round_ = make_round(category, stage="final", judges=judges)
    for assignment in round_.assignments.select_related("nomination"):
        make_sheet(assignment, *MARKS.get(assignment.nomination.nominee_name, (3, 3)))
    set_state(round_, "locked")
    category.refresh_from_db()
    return category


def agree_to_be_named(nomination, answer="accepted", **fields):
    return NomineeConsent.objects.create(
        nomination=nomination,
        email="nominee@example.org",
        answer=answer,
        answered_at=nomination.started_at,
        **fields,
    )


def decide_all(category, outcomes=OUTCOMES, *, by):
    for nomination in category.nominations.filter(nominee_name__in=outcomes):
        decide(nomination, outcomes[nomination.nominee_name], by=by, reason="The panel agreed.")


def seal_and_confirm(category, people, **options):
    one, other = people
    seal = seal_round(deciding_round(category), by=one, **options)
    confirm_seal(seal, by=other)
    category.cycle.refresh_from_db()
    seal.refresh_from_db()
    return seal


def make_people():
    return make_staff(email="one@cja.example.org"), make_staff(email="other@cja.example.org")


def make_sealed_category(outcomes=OUTCOMES, *, people=None, is_sheet_public=True, **fields):
    people = people or make_people()
    category = make_locked_category(**fields)
    decide_all(category, outcomes, by=people[0])
    seal_and_confirm(category, people, is_sheet_public=is_sheet_public)
    return category


def make_released_category(**fields):
    people = make_people()
    category = make_sealed_category(people=people, **fields)
    release_category(category, by=people[0])
    category.cycle.refresh_from_db()
    return category
