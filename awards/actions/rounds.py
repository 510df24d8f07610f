"""A round from its preparation to the lock, and back again as its next version."""

from django.db import transaction
from django.utils import timezone

from awards import judging_emails as emails
from awards.actions.interests import find_conflicts
from awards.log import STAFF, note
from awards.models import (
    Assignment,
    AssignmentState,
    Cycle,
    Judge,
    Nomination,
    NominationState,
    Release,
    Round,
    RoundStage,
    RoundState,
    Stage,
)
from awards.readers import entries_of, pairs_of, propose_for, replacements_for, task_of
from cja_portal.kit.moves import ImpossibleMove


@transaction.atomic
def begin_round(category, *, stage, reads, by, due_at=None):
    """A round in preparation; a final without a sift before it takes all who are eligible."""
    if category.cycle.stage != Stage.JUDGING:
        raise ImpossibleMove(f"“{category.cycle}” is not being judged.")
    if category.rounds.filter(stage=stage).exists():
        raise ImpossibleMove("This category has that round already.")
    if stage == RoundStage.FINAL and not category.rounds.exists():
        _move(category.nominations.filter(state=NominationState.SCREENED_IN), "sifted-in")
        _move(category.nominations.filter(state=NominationState.SIFTED_IN), "finalist")
    round_ = Round.objects.create(category=category, stage=stage, reads=reads, due_at=due_at)
    _note(round_, "begin_round", by)
    return round_


# -- Who reads what -------------------------------------------------------------------------------


def check_interests(round_):
    """Look again at what the portal knows of everybody who may read in this round."""
    judges = Judge.objects.sitting().filter(cycle=round_.category.cycle_id, user__isnull=False)
    for judge in judges.select_related("user", "cycle"):
        find_conflicts(judge)


def accept_proposal(round_, *, seed, seen, by):
    """Make the proposal true, if it still is the one that was `seen` (its digest).

    It is worked out before anything is held, and checked afterwards against what holds then.
    """
    check_interests(round_)
    _accept(round_, propose_for(round_, seed=seed), seen, by)


@transaction.atomic
def _accept(round_, plan, seen, by):
    round_, seed = _held(round_), plan.proposal.seed
    if round_.is_over or plan.digest != seen or task_of(round_) != plan.task:
        raise ImpossibleMove("Something has changed since this was proposed. Look at it again.")
    added, taken = plan.difference
    for judge, nomination in taken:
        round_.assignments.filter(judge=judge, nomination=nomination, sheet__isnull=True).delete()
    _give(round_, added)
    round_.seed = seed
    round_.save(update_fields=["seed"])
    _note(round_, "assign", by, seed=seed, added=len(added), taken=len(taken))


def _give(round_, pairs):
    """Who stepped back and has no conflict any more takes up the same place again."""
    had = {(one.judge_id, one.nomination_id): one.pk for one in round_.assignments.all()}
    again = [had[pair] for pair in pairs if pair in had]
    round_.assignments.filter(pk__in=again).update(state=AssignmentState.ACTIVE, recused_at=None)
    Assignment.objects.bulk_create(
        Assignment(round=round_, judge_id=judge, nomination_id=entry, category=round_.category)
        for judge, entry in pairs
        if (judge, entry) not in had
    )


def replace_reader(assignment, judge, *, by):
    """Somebody else reads what a judge stepped back from. What is found of theirs stays noted."""
    find_conflicts(judge)
    return _replace_reader(assignment, judge, by)


@transaction.atomic
def _replace_reader(assignment, judge, by):
    round_ = _held(assignment.round)
    if round_.is_over:
        raise ImpossibleMove("This round is locked.")
    if judge.pk not in replacements_for(assignment):
        raise ImpossibleMove(f"{judge} cannot read it.")
    made = Assignment.objects.create(
        round=round_, judge=judge, nomination=assignment.nomination, category=round_.category
    )
    _note(round_, "replace_reader", by, nomination=assignment.nomination, judge=judge.reference)
    if round_.is_open:
        transaction.on_commit(lambda: emails.one_more(made))
    return made


# -- Open, locked, open again ---------------------------------------------------------------------


@transaction.atomic
def open_round(round_, *, by):
    """Judges may mark from now on, and are told."""
    round_ = _held(round_)
    check_interests(round_)
    read = {entry for _, entry in pairs_of(round_)}
    if unread := [one for one in entries_of(round_) if one.pk not in read]:
        names = ", ".join(str(one) for one in unread[:5])
        raise ImpossibleMove(f"Nobody reads {names} yet.")
    if waiting := round_.category.nominations.to_redact().count():
        raise ImpossibleMove(f"{waiting} of the entries are still to be made blind for judges.")
    round_.move_to(RoundState.SCORING)
    round_.opened_at = timezone.now()
    round_.save(update_fields=["state", "opened_at"])
    _note(round_, "open_round", by)
    transaction.on_commit(lambda: emails.round_opened(round_))


@transaction.atomic
def lock_round(round_, *, by):
    """Waits for judges who are saving at this moment; after that nothing is written.

    What the portal has learned of judges since the opening is looked at once more: a sheet of
    somebody with an interest stays and does not count.
    """
    round_ = _held(round_)
    check_interests(round_)
    round_.move_to(RoundState.LOCKED)
    round_.locked_at = timezone.now()
    round_.save(update_fields=["state", "locked_at"])
    _note(round_, "lock_round", by, version=round_.version)


@transaction.atomic
def reopen_round(round_, *, reason, by):
    """The next version of the round, also of a sealed one. Every judge of it is told why."""
    if not reason.strip():
        raise ImpossibleMove("Say why the round is opened again.")
    _judge_again(round_.category, reason, by)
    round_ = _held(round_)
    round_.move_to(RoundState.SCORING)
    round_.version, round_.reopened_because = round_.version + 1, reason
    round_.locked_at, round_.casting, round_.casting_reason = None, [], ""
    round_.save(
        update_fields=[
            *("state", "version", "reopened_because", "locked_at", "casting", "casting_reason")
        ]
    )
    _note(round_, "reopen_round", by, reason=reason, version=round_.version)
    transaction.on_commit(lambda: emails.round_reopened(round_))


def _judge_again(category, reason, by):
    """The year is held first; once it is sealed it goes back, unless something of it is public."""
    cycle = Cycle.objects.select_for_update().get(pk=category.cycle_id)
    if Release.objects.live().filter(category__cycle=cycle).exists():
        raise ImpossibleMove(f"A result of “{cycle}” is public: withdraw it first.")
    if cycle.stage not in {Stage.JUDGING, Stage.SEALED}:
        raise ImpossibleMove(f"“{cycle}” is not being judged: what is public is corrected there.")
    if cycle.stage == Stage.SEALED:
        cycle.move_to(Stage.JUDGING)
        cycle.save(update_fields=["stage"])
        moves = {"before": Stage.SEALED, "after": Stage.JUDGING}
        note(cycle, "move_cycle", role=STAFF, by=by, reason=reason, **moves)


@transaction.atomic
def cast_vote(round_, nominations, *, reason, by):
    """The chair's order of equals that no other rule parts, with the reason."""
    round_ = _held(round_)
    if round_.state != RoundState.LOCKED:
        raise ImpossibleMove("The casting vote comes after the lock and before the seal.")
    round_.casting = [one.pk for one in nominations]
    round_.casting_reason = reason
    round_.save(update_fields=["casting", "casting_reason"])
    _note(round_, "cast_vote", by, reason=reason)


def _move(nominations, state):
    for nomination in nominations.select_for_update():
        nomination.move_to(state)
        nomination.save(update_fields=["state"])


def _held(round_):
    rounds = Round.objects.select_for_update(of=["self"]).select_related("category__cycle")
    return rounds.get(pk=round_.pk)


def _note(round_, verb, by, *, nomination: Nomination | None = None, **details):
    details |= {"round": str(round_.uuid)}
    note(round_.category.cycle, verb, role=STAFF, by=by, nomination=nomination, **details)
