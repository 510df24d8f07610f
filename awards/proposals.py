"""A proposal of who reads what, in the words and names of the page on which staff look at it."""

from collections import Counter

from awards.assignment import Impossible
from awards.readers import entries_of, judges_of, propose_for

COMPARABLE = {
    "good": "Good: judges share enough entries to tell the harsh from the lenient.",
    "fair": "Fair: the harsh can be told from the lenient, but not closely.",
    "weak": "Weak: too few entries are read by the same judges. Another proposal may do better.",
    "impossible": "Impossible: some judges share no entry with the others, so that there would be "
    "no order.",
}


class Proposed:
    """`why_not` says in words why there is none; then there is nothing else to show but names."""

    def __init__(self, round_, *, seed):
        self.judges = {judge.pk: judge for judge in judges_of(round_)}
        self.entries = {entry.pk: entry for entry in entries_of(round_)}
        self.plan, self.why_not, self.short = None, "", []
        try:
            people, entries = list(self.judges.values()), list(self.entries.values())
            self.plan = propose_for(round_, seed=seed, judges=people, entries=entries)
        except Impossible as impossible:
            self._explain(impossible)

    def _explain(self, impossible):
        self.why_not = str(impossible)
        self.short = [self.entries[entry] for entry in impossible.entries]
        self.able = [self.judges[judge] for judge in impossible.judges]

    @property
    def comparability(self):
        return COMPARABLE[self.plan.proposal.comparability]

    def rows(self):
        """(judge, reads now, reads then, added, taken away), in the order of names."""
        added, taken = self.plan.difference
        now = Counter(judge for judge, _ in self.plan.before)
        then = self.plan.proposal.loads()
        numbers = sorted(now | then | self.judges, key=lambda pk: str(self._judge(pk)).casefold())
        return [
            (self._judge(pk), now[pk], then[pk], self._names(added, pk), self._names(taken, pk))
            for pk in numbers
        ]

    def _judge(self, pk):
        return self.judges.get(pk, "Somebody who has left")

    def _names(self, pairs, judge):
        names = [
            str(self.entries.get(entry, "a former entry")) for one, entry in pairs if one == judge
        ]
        return sorted(names, key=str.casefold)

    @property
    def changes(self):
        return sum(map(len, self.plan.difference))
