"""What staff do with a year of awards before judging begins."""

from datetime import timedelta

from django.db import transaction

from awards import emails
from awards.actions.published import publish_cycle
from awards.actions.reminders import tell_new_deadline
from awards.clock import is_on_changing_night
from awards.log import STAFF, note
from awards.models import Cycle, Extension, PublishedCycle, Question, Stage
from cja_portal.kit.moves import ImpossibleMove

LINES = ("eligibility_questions", "criteria", "prizes", "questions")
# What a copy does not take over from the year before.
OF_ONE_YEAR = {
    *("id", "stage", "frozen_at", "opens_at", "closes_at", "shortlist_at", "ceremony_at"),
    *("results_at", "held_on", "place", "known", "rehearsal_of", "clock_shift"),
    *("is_demonstration", "note", "outcome_note", "paid_on", "paid_to", "evidence"),
    *("retired_at", "why", "version", "made_at"),
}


# -- Stages ---------------------------------------------------------------------------------------


@transaction.atomic
def announce_cycle(cycle, *, by):
    """Fix the rules; from now on the clock opens and closes nominations."""
    cycle = _locked(cycle)
    if lacks := lacks_of_cycle(cycle):
        raise ImpossibleMove(f"“{cycle}” is not ready: {' '.join(lacks)}")
    cycle.frozen_at = cycle.now()
    _move(cycle, Stage.ANNOUNCED, by, "frozen_at")
    _publish_again(cycle, by)


@transaction.atomic
def prepare_cycle_again(cycle, *, by):
    """Unlock the rules of a year that nobody could nominate for yet."""
    cycle = _locked(cycle)
    if cycle.state(cycle.now()) != "announced":
        raise ImpossibleMove(f"“{cycle}” has opened or was not announced: its rules stay.")
    cycle.frozen_at = None
    _move(cycle, Stage.DRAFT, by, "frozen_at")


@transaction.atomic
def start_judging(cycle, *, by):
    """Nothing comes in and nothing is screened any more."""
    cycle = _locked(cycle)
    if cycle.stage == Stage.ANNOUNCED and cycle.state(cycle.now()) != "closed":
        raise ImpossibleMove(f"“{cycle}” has not closed yet.")
    if cycle.stage == Stage.ANNOUNCED and cycle.extensions.filter(until__gt=cycle.now()).exists():
        raise ImpossibleMove(f"Somebody still has time to nominate for “{cycle}”.")
    if cycle.stage == Stage.SEALED:
        raise ImpossibleMove(f"“{cycle}” is sealed: open again the round that must be judged anew.")
    _move(cycle, Stage.JUDGING, by)


def lacks_of_cycle(cycle):
    """What must be there before the rules are fixed, as sentences."""
    lacks = [] if cycle.opens_at else ["Say when nominations open and close."]
    if cycle.closes_at and is_on_changing_night(cycle.closes_at):
        lacks.append("The clocks change in the night of the deadline: choose another.")
    if cycle.closes_at and cycle.closes_at <= cycle.now():
        lacks.append("The deadline has passed.")
    if _others_running(cycle).exists():
        lacks.append("Another year is still running.")
    categories = list(cycle.categories.prefetch_related("criteria", "questions"))
    lacks += [] if categories else ["Add a category."]
    return lacks + [lack for category in categories for lack in _lacks_of_category(category)]


def _others_running(cycle):
    """The same that the database allows once, beside demonstrations and rehearsals."""
    if cycle.rehearsal_of_id:
        return Cycle.objects.none()
    others = Cycle.objects.real().filter(is_demonstration=cycle.is_demonstration)
    return others.filter(stage__in=Stage.RUNNING).exclude(pk=cycle.pk)


def _lacks_of_category(category):
    total = sum(criterion.weight for criterion in category.criteria.all())
    if total != 100:
        yield f"The weights of “{category.name}” total {total}, not 100."
    asks = any(one.is_required and not one.retired_at for one in category.questions.all())
    if category.kind != "panel" and not asks:
        yield f"“{category.name}” asks no question that must be answered."


def _locked(cycle):
    return Cycle.objects.select_for_update().get(pk=cycle.pk)


def _move(cycle, stage, by, *fields):
    before = cycle.stage
    cycle.move_to(stage)
    cycle.save(update_fields=["stage", *fields])
    note(cycle, "move_cycle", role=STAFF, by=by, before=before, after=stage)


def _publish_again(cycle, by):
    """The dates on a page that readers see already."""
    if PublishedCycle.objects.public().filter(year=cycle.year).exists() and _is_real(cycle):
        publish_cycle(cycle, by=by)


def _is_real(cycle):
    return cycle.rehearsal_of_id is None


# -- Time -----------------------------------------------------------------------------------------


@transaction.atomic
def extend_deadline(cycle, closes_at, *, reason, by):
    """More time for everybody, and a letter to all with a draft; it never comes earlier."""
    cycle = _locked(cycle)
    if cycle.stage != Stage.ANNOUNCED or closes_at <= cycle.closes_at:
        raise ImpossibleMove("A deadline can be moved later until judging begins, never earlier.")
    if is_on_changing_night(closes_at):
        raise ImpossibleMove("The clocks change in that night: choose another.")
    before, cycle.closes_at = cycle.closes_at, closes_at
    cycle.save(update_fields=["closes_at"])
    details = {"from": before.isoformat(), "to": closes_at.isoformat()}
    note(cycle, "extend_deadline", role=STAFF, by=by, reason=reason, **details)
    tell_new_deadline(cycle)
    _publish_again(cycle, by)


@transaction.atomic
def give_more_time(cycle, email, until, *, reason, by):
    """One person's own deadline, told in a letter. The public one stays where it is."""
    cycle = _locked(cycle)
    if cycle.stage != Stage.ANNOUNCED or until <= cycle.closes_at:
        raise ImpossibleMove("More time means later than the deadline, and before judging begins.")
    extension = Extension.objects.create(
        cycle=cycle, email=email.lower(), until=until, reason=reason, granted_by=by
    )
    note(cycle, "give_more_time", role=STAFF, by=by, reason=reason, until=until.isoformat())
    emails.more_time(extension)
    return extension


# -- Questions ------------------------------------------------------------------------------------


@transaction.atomic
def revise_question(question, changes, *, why, by):
    """The next version of a question that people were asked; returns it.

    Everybody who nominates in the category must answer it anew; `who_must_answer_again` lists them.
    """
    if not why.strip():
        raise ImpossibleMove("Say why the question is changed.")
    cycle = Cycle.objects.locked(question.category.cycle_id)
    current = Question.objects.select_for_update().get(pk=question.pk)
    if current.retired_at:
        raise ImpossibleMove("This question has a newer version already.")
    values = {field.name: getattr(current, field.name) for field in _kept(Question)}
    current.retired_at = cycle.now()
    current.save(update_fields=["retired_at"])
    values |= changes | {"version": current.version + 1, "why": why}
    note(cycle, "revise_question", role=STAFF, by=by, reason=why, key=current.key)
    return Question.objects.create(**values)


def who_must_answer_again(question):
    """Nominations, sent or not, whose answer stands under an earlier version."""
    older = question.category.questions.filter(key=question.key, version__lt=question.version)
    nominations = question.category.nominations.filter(answers__question__in=older)
    return nominations.exclude(answers__question=question).distinct()


# -- Copies ---------------------------------------------------------------------------------------


@transaction.atomic
def copy_cycle(cycle, *, year, by, **values):
    """A new year in preparation, with the categories and rules of `cycle` but without its dates."""
    name = cycle.name.replace(str(cycle.year), str(year))
    if not values and Cycle.objects.real().filter(year=year).exists():
        raise ImpossibleMove(f"There is already a cycle for {year}.")
    new = _copied(cycle, year=year, name=name, certainty="high", **values)
    for category in cycle.categories.all():
        _copy_category(category, new)
    note(new, "copy_cycle", role=STAFF, by=by, copied=cycle.year)
    return new


def _copy_category(category, cycle):
    copy = _copied(category, cycle=cycle)
    copy.themes.set(category.themes.all())
    for lines in LINES:
        rows = getattr(category, lines)
        for row in rows.current() if lines == "questions" else rows.all():
            _copied(row, category=copy)


def _copied(row, **values):
    own = {field.name: getattr(row, field.name) for field in _kept(type(row))}
    return type(row).objects.create(**own | values)


def _kept(model):
    return [field for field in model._meta.concrete_fields if field.name not in OF_ONE_YEAR]


@transaction.atomic
def rehearse_cycle(cycle, *, by, days=0):
    """A copy on which everything can be tried, with its own clock `days` ahead of ours."""
    times = ("opens_at", "closes_at", "shortlist_at", "ceremony_at", "results_at")
    values = {name: getattr(cycle, name) for name in times}
    return copy_cycle(
        cycle,
        year=cycle.year,
        by=by,
        rehearsal_of=cycle,
        clock_shift=timedelta(days=days),
        **values,
    )
