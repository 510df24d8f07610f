"""A round that judges have marked and staff have locked."""

from string import ascii_uppercase

from awards.models import Category, Round
from tests.awards.factories import announce, make_nomination, make_running_cycle
from tests.awards.judging import begin_judging, make_judge, make_round, make_sheet, set_state

# Marks on two criteria, of weights 60 and 40: one row a judge, one pair an entry.
USUAL = [
    [(5, 4), (4, 4), (3, 2)],
    [(4, 4), (3, 4), (2, 2)],
    [(5, 5), (4, 3), (3, 3)],
]


def make_marked_round(marks=USUAL, *, stage="sift", is_locked=True, **fields):
    """Each judge marks each entry as `marks[judge][entry]` says; None is a sheet never begun."""
    cycle = make_running_cycle(is_announced=False)
    category = cycle.categories.get()
    Category.objects.filter(pk=category.pk).update(position=0, **fields)
    announce(cycle)
    for letter, _ in zip(ascii_uppercase, marks[0], strict=False):
        state = "screened-in" if stage == "sift" else "finalist"
        make_nomination(category, f"Example {letter}", state=state)
    begin_judging(cycle)
    judges = [make_judge(cycle) for _ in marks]
    round_ = make_round(category, stage=stage, judges=judges)
    _mark(round_, judges, marks)
    if is_locked:
        set_state(round_, "locked")
    return Round.objects.select_related("category__cycle").get(pk=round_.pk)


def _mark(round_, judges, marks):
    for judge, row in zip(judges, marks, strict=True):
        given = round_.assignments.filter(judge=judge).order_by("nomination__nominee_name")
        for assignment, values in zip(given, row, strict=True):
            if values:
                make_sheet(assignment, *values)


def entry(round_, letter):
    return round_.category.nominations.get(nominee_name=f"Example {letter}")


def conflict(round_, judge, letter):
    judge.conflicts.create(nomination=entry(round_, letter), source="declared")
