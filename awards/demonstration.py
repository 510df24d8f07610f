"""A year of awards with invented entries, to look at: "Example" people at example.org alone."""

from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from awards.actions.cycles import announce_cycle, start_judging
from awards.actions.nominations import save_answer, start_nomination, submit_nomination
from awards.actions.published import publish_cycle
from awards.actions.screening import merge_nominations
from awards.clock import add_days
from awards.demonstrated_judging import clear_judging, judge_demonstration, seat_judges
from awards.demonstrated_release import STATES as LATE_STATES
from awards.demonstrated_release import clear_results, finish_demonstration, make_people
from awards.models import (
    Category,
    Criterion,
    Cycle,
    EligibilityQuestion,
    Nomination,
    PrizeLine,
    PublishedCycle,
    Question,
)
from cja_portal.kit.dates import UK
from cja_portal.kit.moves import ImpossibleMove

STATES = ["draft", "announced", "open", "closed", "screened", "judging", *LATE_STATES]
# How many days before now nominations opened and, after that, closed.
OPENED = {"draft": -20, "announced": -20, "open": 10, "closed": 40, "screened": 40, "judging": 40}
OPENED |= dict.fromkeys(LATE_STATES, 60)
LASTS = 35  # days

CATEGORIES = [
    ("Example outstanding organisation", {"prize_pence": 400000, "may_be_shared": True}),
    ("Example outstanding individual", {"kind": "members", "is_blind": True}),
    ("Example lifetime achievement", {"kind": "panel", "consent": "at-once"}),
]
ABOUT = "A demonstration category. Nothing in it is about real people or organisations."
ELIGIBILITY = [
    ("Does the work take place in England or Wales?", True, "These awards are for that work only."),
    ("Did the nominee win this award last year?", False, "A winner waits for one year."),
]
QUESTIONS = [
    ("The work", "what-it-does", "What does the nominee do, and for whom?", 300, True),
    ("The work", "what-changed", "What has changed because of it, and how do you know?", 300, True),
    ("People", "lived-experience", "How do people with lived experience shape it?", 200, True),
    ("People", "anything-else", "Is there anything else the judges should know?", 150, False),
]
CRITERIA = [
    ("Difference made", 40, "a difference to people’s lives"),
    ("Lived experience", 30, "a part for people with lived experience"),
    ("Reach", 15, "a reach beyond one place"),
    ("Learning", 15, "a will to learn and to share"),
]
ANCHORS = ["No sign of {}", "A little of {}", "Clear signs of {}", "Much of {}", "A model of {}"]
NOMINEES = [
    *("Example Bridge Project", "Example Open Doors", "Example Second Start"),
    *("Example Listening Line", "Example Garden Trust", "Example Reading Room"),
]
TEXT = (
    "This is an invented answer about {}. It shows how a text stands on the page, how its words "
    "are counted and how judges read it. It tells of nobody."
)


@transaction.atomic
def make_demonstration(state, year, *, by=None):
    """The year in that state; it takes the place of the demonstration before it."""
    _clear(year)
    opens_at = _opening(timezone.now(), OPENED[state])
    cycle = Cycle.objects.create(
        year=year,
        name=f"Example Awards {year}",
        known="A demonstration of how the awards run, with invented entries.",
        is_demonstration=True,
        opens_at=opens_at,
        closes_at=add_days(opens_at, LASTS).astimezone(UK).replace(hour=23, minute=59),
        contact="awards@example.org",
    )
    for position, (name, values) in enumerate(CATEGORIES, start=1):
        _make_category(cycle, position, name, values)
    publish_cycle(cycle, by=by)
    if state != "draft":
        _run(cycle, state, by)
    cycle.refresh_from_db()
    return cycle


def _clear(year):
    """One demonstration at a time: the one before goes, whatever its year."""
    if Cycle.objects.real().filter(year=year, is_demonstration=False).exists():
        raise ImpossibleMove(f"{year} is a real year of awards: choose another with --year.")
    old = Cycle.objects.filter(is_demonstration=True)
    clear_results(old)
    clear_judging(old)
    Nomination.objects.filter(category__cycle__in=old).delete()
    PublishedCycle.objects.filter(year__in=old.values("year"), is_demonstration=True).delete()
    old.delete()


def _opening(now, days):
    wall = now.astimezone(UK).replace(hour=12, minute=0, second=0, microsecond=0, tzinfo=None)
    return (wall - timedelta(days=days)).replace(tzinfo=UK)


def _make_category(cycle, position, name, values):
    slug = name.lower().replace(" ", "-")
    category = Category.objects.create(
        cycle=cycle, position=position, name=name, slug=slug, about=ABOUT, **values
    )
    for place, (text, must_be_yes, advice) in enumerate(ELIGIBILITY):
        EligibilityQuestion.objects.create(
            category=category, position=place, text=text, must_be_yes=must_be_yes, advice=advice
        )
    for place, (section, key, text, most_words, is_required) in enumerate(QUESTIONS):
        Question.objects.create(
            category=category,
            position=place,
            section=section,
            key=key,
            text=text,
            most_words=most_words,
            is_required=is_required,
        )
    _make_criteria(category)


def _make_criteria(category):
    for place, (name, weight, thing) in enumerate(CRITERIA):
        anchors = [anchor.format(thing) for anchor in ANCHORS]
        Criterion.objects.create(
            category=category, position=place, name=name, weight=weight, anchors=anchors
        )
    pence, wording = category.prize_pence, "A trophy"
    wording = "A contribution to the winner’s work" if pence else wording
    PrizeLine.objects.create(category=category, pence=pence, wording=wording)


def _run(cycle, state, by):
    """By the very actions that people use, with the clock set to when they would."""
    _set_clock(cycle, cycle.opens_at - timedelta(days=1))
    announce_cycle(cycle, by=by)
    seat_judges(cycle, by=by)
    if state != "announced":
        _set_clock(cycle, min(timezone.now(), cycle.opens_at + timedelta(days=9)))
        for category in cycle.categories.exclude(kind="panel"):
            _nominate(category)
        _put_forward(cycle.categories.get(kind="panel"))
    _set_clock(cycle, timezone.now())
    if state in {"judging", *LATE_STATES}:
        _merge(cycle, by or make_people()[0])
    if state in {"screened", "judging", *LATE_STATES}:
        _screen(cycle)
    if state in {"judging", *LATE_STATES}:
        start_judging(cycle, by=by)
        cycle.refresh_from_db()
        judge_demonstration(cycle, by=by)
    if state in LATE_STATES:
        finish_demonstration(cycle, state)


def _set_clock(cycle, moment):
    shift = moment - timezone.now()
    shift = timedelta() if abs(shift) < timedelta(seconds=1) else shift
    Cycle.objects.filter(pk=cycle.pk).update(clock_shift=shift)


def _nominate(category):
    """Six who go all the way, the last one nominated twice, and one draft."""
    slug = category.slug.rpartition("-")[2]
    for number, nominee in enumerate([*NOMINEES, NOMINEES[-1], "Example Unfinished Draft"], 1):
        nomination = start_nomination(
            category,
            key=uuid4(),
            nominator={
                "name": f"Nominator {number}, Example Charity",
                "email": f"nominator{number}-{slug}@example.org",
                "phone": "",
            },
            nominee={"nominee_name": nominee, "nominee_email": f"nominee{number}@example.org"},
            eligibility={},
        )
        if nominee in NOMINEES:
            _write_and_submit(nomination)


def _put_forward(category):
    """In the category of the panel, by one of its judges."""
    email = "judge2@example.org"
    nomination = start_nomination(
        category,
        key=uuid4(),
        nominator={"name": "Judge 2, Example Charity", "email": email, "phone": ""},
        nominee={"nominee_name": NOMINEES[0], "nominee_email": "nominee1@example.org"},
        eligibility={},
    )
    _write_and_submit(nomination)


def _write_and_submit(nomination):
    lead = nomination.collaborators.get(is_lead=True)
    for question in nomination.category.questions.current():
        text = TEXT.format(nomination.nominee_name)
        save_answer(nomination, question, text, seen=0, by=lead)
    submit_nomination(nomination, key=uuid4(), by=lead)


def _merge(cycle, by):
    """The pair of the same name, which until then people find among what may be the same."""
    for category in cycle.categories.exclude(kind="panel"):
        into, other = category.nominations.filter(nominee_name=NOMINEES[-1]).order_by("pk")
        merge_nominations(other, into=into, reason="The same nominee and the same work.", by=by)


def _screen(cycle):
    """Everything is eligible."""
    submitted = Nomination.objects.filter(category__cycle=cycle, state="submitted")
    submitted.update(state="screened-in")
