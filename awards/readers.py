"""Who may read what in a round: the task that `awards.assignment` solves, and its proposal."""

import hashlib
from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Count, Q

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
    judges = Judge.objects.sitting().filter(cycle=round_.category.cycle_id)
    judges = judges.filter(declared_at__isnull=False, user__isnull=False)
    mine = Q(categories=round_.category_id) | Q(categories__isnull=True)
    return list(judges.filter(mine).select_related("user").distinct().prefetch_related("themes"))


def pairs_of(round_):
    return frozenset(round_.assignments.active().values_list("judge_id", "nomination_id"))


def task_of(round_):
    """Of a final everybody reads everything, whatever their limit; of a sift so many judges."""
    entries, judges = entries_of(round_), judges_of(round_)
    begun = round_.assignments.active().filter(sheet__isnull=False)
    fixed = frozenset(begun.values_list("judge_id", "nomination_id"))
    conflicts = Conflict.objects.current().filter(nomination__category=round_.category_id)
    return Task(
        limits=_limits(round_, judges, entries),
        entries=[one.pk for one in entries],
        reads=len(judges) if round_.stage == RoundStage.FINAL else round_.reads,
        conflicts=frozenset(conflicts.values_list("judge_id", "nomination_id")),
        mismatch=_mismatch(judges, entries),
        fixed=fixed,
        kept=pairs_of(round_) - fixed,
    )


def _limits(round_, judges, entries):
    if round_.stage == RoundStage.FINAL:
        return {judge.pk: len(entries) for judge in judges}
    elsewhere = Assignment.objects.active().filter(round__stage=round_.stage)
    elsewhere = elsewhere.filter(judge__in=judges).exclude(round=round_.pk).order_by()
    taken = dict(elsewhere.values_list("judge").annotate(count=Count("pk")))
    return {judge.pk: max(0, judge.limit - taken.get(judge.pk, 0)) for judge in judges}


def _mismatch(judges, entries):
    """1 where a judge knows other subjects than the nominee's; 0 where either says nothing."""
    subjects = _subjects(entries)
    known = {judge.pk: {theme.pk for theme in judge.themes.all()} for judge in judges}
    return {
        (judge, entry): 1
        for judge, own in known.items()
        for entry, theirs in subjects.items()
        if own and not own & theirs
    }


def _subjects(entries):
    links = Organisation.themes.through.objects.filter(
        organisation__in={one.organisation_id for one in entries if one.organisation_id}
    )
    themes = defaultdict(set)
    for organisation, theme in links.values_list("organisation_id", "theme_id"):
        themes[organisation].add(theme)
    return {one.pk: themes[one.organisation_id] for one in entries if one.organisation_id in themes}


def propose_for(round_, *, seed):
    """Raises Impossible for a sift that cannot be read as often as it should."""
    task = task_of(round_)
    before = pairs_of(round_)
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
    round_ = assignment.round
    had = set(round_.assignments.values_list("judge_id", "nomination_id"))
    return replacements(task_of(round_), had, assignment.judge_id, assignment.nomination_id)


def shortage(impossible, judges, entries):
    """Which entries and which judges: the names behind what `Impossible` says in numbers."""
    people = {judge.pk: judge for judge in judges}
    names = {entry.pk: entry for entry in entries}
    return {
        "entries": [names[one] for one in impossible.entries],
        "judges": [people[one] for one in impossible.judges],
    }


def loads(plan, judges):
    """[(judge, reads)] for everybody, also those who read nothing."""
    count = Counter(judge for judge, _ in plan.proposal.pairs)
    return [(judge, count[judge.pk]) for judge in judges]
