"""The judging of a demonstration: "Example" judges, who read, mark and step back."""

from random import Random

from allauth.account.models import EmailAddress

from awards.actions.interests import declare_interests, step_back
from awards.actions.judges import accept_place, invite_judge
from awards.actions.meetings import hold_meeting, take_item
from awards.actions.redaction import redact_nomination
from awards.actions.rounds import accept_proposal, begin_round, lock_round, open_round
from awards.actions.sheets import Given, save_sheet
from awards.actions.shortlist import choose_finalists
from awards.models import (
    Assignment,
    Category,
    Conflict,
    Decision,
    Judge,
    Mark,
    Meeting,
    Round,
    Sheet,
    SheetExclusion,
)
from awards.readers import propose_for
from awards.standing import standing_of
from members.models import User

LOGIN = "judge@example.org"  # Of the demonstration's own logins: see create_demo_logins.
ADDRESSES = [LOGIN, *(f"judge{number}@example.org" for number in range(2, 7))]
ASKED = "judge7@example.org"
INTEREST = "Example Garden Trust"
SEED = 7
FINALISTS = 4
LEVELS = [0.0, 0.6, -0.5, 0.2, -0.2, 0.4]  # how much higher each judge marks than others
IMPROVEMENT = "Say how you know what has changed, with figures of two years."


def clear_judging(cycles):
    """All that was said in these years: only demonstrations and rehearsals let it go.

    By the numbers of the categories: four tables joined were joined row by row, for minutes,
    where the database last counted these tables when they were empty.
    """
    categories = list(Category.objects.filter(cycle__in=cycles).values_list("pk", flat=True))
    for model, path in [
        (SheetExclusion, "sheet__category__in"),
        (Mark, "category__in"),
        (Sheet, "category__in"),
        (Assignment, "category__in"),
        (Decision, "category__in"),
        (Conflict, "nomination__category__in"),
    ]:
        model.objects.filter(**{path: categories}).delete()
    Meeting.objects.filter(round__category__in=categories).delete()
    Round.objects.filter(category__in=categories).delete()
    Judge.objects.filter(cycle__in=cycles).delete()


def seat_judges(cycle, *, by):
    """Six who said yes, and can put somebody forward, and one who has not answered."""
    for email in ADDRESSES:
        _make_judge(cycle, email, by)
    _make_user(ASKED, "Judge 7, Example Charity")
    invite_judge(cycle, ASKED, by=by)


def judge_demonstration(cycle, *, by):
    """One half marked, in a sift; the blind one on to its meeting; the panel's own just opened."""
    judges = list(cycle.judges.sitting().select_related("user").order_by("pk"))
    sift, final = cycle.categories.exclude(kind="panel")[:2]
    declare_interests(judges[0], [(INTEREST, "partner", "")], by=judges[0].user)
    for judge in judges[1:]:
        declare_interests(judge, [], by=judge.user)
    for nomination in final.nominations.judged():
        redact_nomination(nomination, {}, by=by)
    begun = _mark(_open(sift, "sift", by), by, share=0.5)
    read = begun.assignments.filter(judge=judges[2]).first()
    step_back(read, reason="Somebody I worked with.", by=judges[2].user)
    _decide(final, judges, by)
    _open(cycle.categories.get(kind="panel"), "final", by)


def _decide(category, judges, by):
    """A locked sift, its shortlist, a locked final, and a meeting that has begun."""
    sift = _mark(_open(category, "sift", by), by)
    lock_round(sift, by=by)
    rows = standing_of(Round.objects.select_related("category__cycle").get(pk=sift.pk)).rows
    best = [row.nominee for row in rows[:FINALISTS]]
    choose_finalists(sift, best, by=by, reason="As many as the demonstration shows.")
    final = _mark(_open(category, "final", by), by)
    lock_round(final, by=by)
    meeting = hold_meeting(final, judges, by=by)
    take_item(final, category.nominations.get(pk=meeting.agenda[0]), by=by)


def _make_user(email, name):
    user, _ = User.objects.get_or_create(email=email, defaults={"name": name})
    EmailAddress.objects.update_or_create(
        user=user, email=email, defaults={"verified": True, "primary": True}
    )
    return user


def _make_judge(cycle, email, by):
    number = ADDRESSES.index(email) + 1
    user = _make_user(email, f"Judge {number}, Example Charity")
    judge = invite_judge(cycle, email, by=by, is_chair=number == 2)
    accept_place(judge, by=user, limit=20)


def _open(category, stage, by):
    round_ = begin_round(category, stage=stage, reads=3, by=by)
    plan = propose_for(round_, seed=SEED)
    accept_proposal(round_, seed=SEED, seen=plan.digest, by=by)
    open_round(round_, by=by)
    round_.refresh_from_db()
    return round_


def _mark(round_, by, *, share=1.0):
    """By chance, but the same each time; `share` of the sheets are handed in."""
    random = Random(SEED)
    reads = list(round_.assignments.active().select_related("judge__user", "nomination"))
    judges = sorted({one.judge_id for one in reads})
    criteria = list(round_.category.criteria.all())
    for place, reading in enumerate(reads):
        level = LEVELS[judges.index(reading.judge_id) % len(LEVELS)]
        worth = 2.4 + 0.35 * (reading.nomination_id % 5) + level
        given = {one.pk: Given(_within(random.gauss(worth, 0.7))) for one in criteria}
        if place < len(reads) * share:
            _save(reading, given, submit=True)
        elif random.random() < 0.4:
            _save(reading, {criteria[0].pk: given[criteria[0].pk]})
    return round_


def _save(reading, given, *, submit=False):
    words = {"improvement": IMPROVEMENT} if submit else {}
    save_sheet(reading, given, seen=0, by=reading.judge.user, submit=submit, **words)


def _within(mark):
    return min(5, max(1, round(mark)))
