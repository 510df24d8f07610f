"""A year that is judged: judges, rounds, who reads what, and sheets, past all desks."""

from datetime import timedelta
from itertools import count

from django.utils import timezone

from awards.actions.meetings import hold_meeting, take_item
from awards.models import Assignment, Judge, Mark, Round, Seal, Sheet
from tests.awards.factories import make_nomination, make_running_cycle, set_clock
from tests.factories import make_user

number = count(1)
TERMS = "1"
NOMINEES = [f"Example Nominee {letter}" for letter in "ABCDEF"]


def make_judged_cycle(*nominees, state="screened-in", year=2031):
    """A year whose judging has begun, with these nominees in its one category."""
    cycle = make_running_cycle(year)
    for nominee in nominees:
        make_nomination(cycle.categories.get(), nominee, state=state)
    begin_judging(cycle)
    return cycle


def begin_judging(cycle):
    set_clock(cycle, cycle.closes_at + timedelta(minutes=12))
    cycle.stage = "judging"
    cycle.save(update_fields=["stage"])


def make_judge(cycle, **fields):
    """One who said yes and declared their interests, unless told otherwise."""
    own = next(number)
    user = fields.pop("user", None) or make_user(
        email=f"judge{own}@judges.example.org", name=f"Judge {own:02}, Example Charity"
    )
    now = timezone.now()
    values = {"accepted_at": now, "declared_at": now, "terms_version": TERMS} | fields
    return Judge.objects.create(cycle=cycle, user=user, **values)


def make_round(category, *, stage="sift", state="scoring", judges=(), reads=3):
    """All `judges` read all entries; `state` may be setup or scoring."""
    round_ = Round.objects.create(category=category, stage=stage, reads=reads)
    for judge in judges:
        for nomination in category.nominations.judged():
            assign(round_, judge, nomination)
    if state != "setup":
        set_state(round_, "scoring")
    return round_


def assign(round_, judge, nomination):
    return Assignment.objects.create(
        round=round_, judge=judge, nomination=nomination, category_id=round_.category_id
    )


def set_state(round_, state):
    now = timezone.now()
    if state == "sealed":
        seal_by_two(round_)
    round_.state = state
    round_.locked_at = now if state in {"locked", "sealed"} else None
    round_.save(update_fields=["state", "locked_at"])
    return round_


def seal_by_two(round_):
    seal = seal_by_one(round_)
    seal.confirmed_by, seal.confirmed_at = _sealer(), timezone.now()
    seal.save()


def seal_by_one(round_):
    fields = {"category_id": round_.category_id, "version": round_.version, "sealed_by": _sealer()}
    return Seal.objects.create(round=round_, file="{}", sha256="0" * 64, **fields)


def _sealer():
    return make_user(email=f"sealer{next(number)}@example.org")


def make_sheet(assignment, *marks, is_submitted=True):
    """With these marks on the criteria in their order; 3 throughout if none are given."""
    criteria = list(assignment.category.criteria.all())
    sheet = Sheet.objects.create(assignment=assignment, category_id=assignment.category_id)
    for criterion, value in zip(criteria, marks or [3] * len(criteria), strict=False):
        Mark.objects.create(
            sheet=sheet, criterion=criterion, category_id=sheet.category_id, value=value
        )
    if is_submitted:
        submit(sheet)
    return sheet


def submit(sheet):
    sheet.version += 1
    sheet.submitted_at = timezone.now()
    sheet.save(update_fields=["version", "submitted_at"])


def judge_on_site(cycle, user):
    """For the pages of tests: a rehearsal in which `user` reads an open and a locked round."""
    rehearsal = make_running_cycle(cycle.year, rehearsal_of=cycle)
    for nominee in ("Example Bridge", "Example Garden", "Example Library"):
        make_nomination(rehearsal.categories.get(), nominee, state="finalist")
    begin_judging(rehearsal)
    judges = [make_judge(rehearsal, user=user), make_judge(rehearsal), make_judge(rehearsal)]
    sift = make_round(rehearsal.categories.get(), judges=judges)
    final = make_round(rehearsal.categories.get(), stage="final", judges=judges)
    for reading in final.assignments.all():
        make_sheet(reading, 2 + reading.nomination_id % 3, 3)
    set_state(final, "locked")
    hold_meeting(final, judges, by=user)
    take_item(final, final.assignments.first().nomination, by=user)
    make_sheet(sift.assignments.filter(judge=judges[0]).first(), 4, is_submitted=False)
    return sift
