"""A rehearsal: a copy of a year is run through with invented entries and a clock that we set."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.db import transaction

from awards.actions.cycles import announce_cycle, rehearse_cycle, start_judging
from awards.actions.nominations import save_answer, start_nomination, submit_nomination
from awards.actions.screening import screen_nomination
from awards.models import Cycle, Nomination
from awards.models.cycle import GRACE
from cja_portal.kit.moves import ImpossibleMove

SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Step:
    """One thing that was tried; `went` is whether it went as the rules say."""

    what: str
    went: bool


@transaction.atomic
def rehearse(cycle, *, by, keep=False):
    """The steps, each tried; the copy stays for people to look at only if `keep`."""
    copy = rehearse_cycle(cycle, by=by)
    steps = list(_steps(copy, by))
    if not keep:
        Nomination.objects.filter(category__cycle=copy).delete()
        copy.delete()
    return steps


def _steps(cycle, by):
    _set_clock(cycle, cycle.opens_at - timedelta(days=1))
    yield _try("The rules are whole and can be fixed", lambda: announce_cycle(cycle, by=by))
    cycle.refresh_from_db()
    if not cycle.is_frozen:
        return
    for category in cycle.categories.nominable():
        yield from _steps_of_category(cycle, category)
    yield from _steps_at_the_end(cycle, by)


def _steps_of_category(cycle, category):
    name = category.name
    _set_clock(cycle, cycle.opens_at - SECOND)
    yield _refuse(f"{name}: nothing begins a second before it opens", lambda: _begin(category))
    for what, moment in (
        ("when it opens", cycle.opens_at + SECOND),
        ("a second before the deadline ends", cycle.ends_at - SECOND),
    ):
        _set_clock(cycle, moment)
        yield _try(f"{name}: a nomination comes in {what}", lambda: _send(_begin(category)))
    draft = _begin(category)
    _set_clock(cycle, cycle.ends_at + SECOND)
    yield _refuse(f"{name}: nothing begins after the deadline", lambda: _begin(category))
    yield _try(f"{name}: a draft still comes in in the minutes of grace", lambda: _send(draft))
    _set_clock(cycle, cycle.ends_at - SECOND)
    late = _begin(category)
    _set_clock(cycle, cycle.ends_at + GRACE + SECOND)
    yield _refuse(f"{name}: nothing comes in after them", lambda: _send(late))


def _steps_at_the_end(cycle, by):
    _set_clock(cycle, cycle.ends_at + GRACE + SECOND)
    submitted = Nomination.objects.filter(category__cycle=cycle).submitted()
    yield _try("Everything can be screened", lambda: [_include(one, by) for one in submitted])
    yield _try("Judging can begin", lambda: start_judging(cycle, by=by))


def _begin(category):
    return start_nomination(
        category,
        key=uuid4(),
        nominator={
            "name": "Rehearsal",
            "email": f"rehearsal-{uuid4().hex[:8]}@example.org",
            "phone": "",
        },
        nominee={"nominee_name": "Example Nominee"},
        eligibility={},
    )


def _send(nomination):
    lead = nomination.collaborators.get(is_lead=True)
    for question in nomination.category.questions.current():
        save_answer(nomination, question, "An invented answer.", seen=0, by=lead)
    return submit_nomination(nomination, key=uuid4(), by=lead)


def _include(nomination, by):
    screen_nomination(nomination, outcome="include", checklist={}, by=by)


def _set_clock(cycle, moment):
    shift = moment - (cycle.now() - cycle.clock_shift)
    Cycle.objects.filter(pk=cycle.pk).update(clock_shift=shift)
    cycle.clock_shift = shift


def _try(what, act):
    return Step(what, _goes(act))


def _refuse(what, act):
    return Step(what, not _goes(act))


def _goes(act):
    try:
        with transaction.atomic():
            act()
    except ImpossibleMove:
        return False
    return True
