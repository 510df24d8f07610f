"""Who may read what in a round: the task that `awards.assignment` solves, and its proposal."""

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from awards.assignment import Task, propose, replacements
from awards.assignment.comparability import pair_variance
from awards.assignment.proposal import Proposal
from awards.models import (
    Assignment,
    Conflict,
    Judge,
    NominationState,
    RoundStage,
)
from members.models import Organisation

# Of a sift that has ended too: what became of an entry does not take it out of the round.
ENTRIES = {
    RoundStage.SIFT: NominationState.JUDGED,
    RoundStage.FINAL: (NominationState.FINALIST, NominationState.DECIDED),
}


@dataclass(frozen=True)
class Plan:
    """A proposal for a round, beside what is assigned now."""

    task: Task
    proposal: Proposal
    before: frozenset

    @property
    def difference(self):
        return self.proposal.difference(self.before)

    @property
    def digest(self):
        """What a person has looked at: another proposal has another one."""
        pairs = f"{sorted(self.proposal.pairs)} {sorted(self.before)}"
        return hashlib.sha256(pairs.encode()).hexdigest()


def entries_of(round_):
    return list(round_.category.nominations.filter(state__in=ENTRIES[round_.stage]))


def judges_of(round_):
    """Those who may read in it: they said yes, declared, and judge this category."""
    judges = Judge.objects.sitting().for_category(round_.category)
    judges = judges.filter(declared_at__isnull=False, user__isnull=False)
    known = Judge.themes.through.objects.filter(judge=OuterRef("pk"))
    known = ArraySubquery(known.values("theme"))
    return list(judges.select_related("user").annotate(theme_numbers=known))


def pairs_of(round_):
    return frozenset(round_.assignments.active().values_list("judge_id", "nomination_id"))


def task_of(round_, judges=None, entries=None):
    """Of a final everybody reads everything, whatever their limit; of a sift so many judges."""
    judges = judges_of(round_) if judges is None else judges
    entries = entries_of(round_) if entries is None else entries
    active, fixed, elsewhere = _given_out(round_)
    conflicts = Conflict.objects.current().filter(nomination__category=round_.category_id)
    return Task(
        limits=_limits(round_, judges, entries, elsewhere),
        entries=[one.pk for one in entries],
        reads=len(judges) if round_.stage == RoundStage.FINAL else round_.reads,
        conflicts=frozenset(conflicts.values_list("judge_id", "nomination_id")),
        mismatch=_mismatch(judges, entries),
        fixed=fixed,
        kept=active - fixed,
    )


def _given_out(round_):
    """(pairs that are read now, those that were begun, reads of each judge in other rounds)"""
    rows = Assignment.objects.active().filter(
        round__stage=round_.stage, category__cycle=round_.category.cycle_id
    )
    active, begun, elsewhere = set(), set(), Counter()
    for number, judge, entry, sheet in rows.values_list(
        "round_id", "judge_id", "nomination_id", "sheet"
    ):
        if number != round_.pk:
            elsewhere[judge] += 1
            continue
        active.add((judge, entry))
        if sheet:
            begun.add((judge, entry))
    return frozenset(active), frozenset(begun), elsewhere


def _limits(round_, judges, entries, elsewhere):
    if round_.stage == RoundStage.FINAL:
        return {judge.pk: len(entries) for judge in judges}
    return {judge.pk: max(0, judge.limit - elsewhere[judge.pk]) for judge in judges}


def _mismatch(judges, entries):
    """1 where a judge knows other subjects than the nominee's; 0 where either says nothing."""
    subjects = _subjects(entries)
    known = {judge.pk: set(judge.theme_numbers) for judge in judges}
    return {
        (judge, entry): 1
        for judge, own in known.items()
        for entry, theirs in subjects.items()
        if own and not own & theirs
    }


def _subjects(entries):
    organisations = {one.organisation_id for one in entries} - {None}
    links = Organisation.themes.through.objects.filter(organisation__in=organisations)
    themes = defaultdict(set)
    for organisation, theme in links.values_list("organisation_id", "theme_id"):
        themes[organisation].add(theme)
    return {one.pk: themes[one.organisation_id] for one in entries if one.organisation_id in themes}


def propose_for(round_, *, seed, judges=None, entries=None):
    """Raises Impossible for a sift that cannot be read as often as it should."""
    task = task_of(round_, judges, entries)
    before = task.fixed | task.kept
    if round_.stage == RoundStage.FINAL:
        return Plan(task, _everybody(task, seed), before)
    return Plan(task, propose(task, seed=seed), before)


def _everybody(task, seed):
    """All judges read all entries that they have no interest in."""
    pairs = {
        (judge, entry)
        for judge in task.judges
        for entry in task.entries
        if (judge, entry) not in task.conflicts
    }
    pairs = frozenset(pairs) | task.fixed
    return Proposal(pairs, 0, pair_variance(pairs), 2 / max(task.reads, 1), seed)


def replacements_for(assignment):
    """Numbers of the judges who could read it instead, the best first."""
    had = set(assignment.round.assignments.values_list("judge_id", "nomination_id"))
    return replacements_among(task_of(assignment.round), had, assignment)


def replacements_among(task, had, assignment):
    """The same where the task and all pairs that were ever given are at hand."""
    return replacements(task, had, assignment.judge_id, assignment.nomination_id)
