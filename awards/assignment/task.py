"""What an assignment has to keep to."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Task:
    """Each of `entries` is to be read by `reads` judges; `limits` says how many each judge takes.

    Pairs are (judge, entry). `conflicts` never meet. `fixed` are kept whatever they cost, because a
    sheet has been begun; `kept` were assigned before and are kept if that costs no more than
    KEEPING. `mismatch` is 0 for an expert's subject, and more the further off it is.
    """

    limits: dict
    entries: list
    reads: int
    conflicts: frozenset = frozenset()
    mismatch: dict = field(default_factory=dict)
    fixed: frozenset = frozenset()
    kept: frozenset = frozenset()

    @property
    def judges(self):
        return sorted(self.limits)

    def may_read(self, judge, entry):
        return (judge, entry) not in self.conflicts and (judge, entry) not in self.fixed

    def free_entries(self, judge):
        return [entry for entry in self.entries if self.may_read(judge, entry)]

    def wanted(self):
        """Reads that each entry still needs, beside those that are fixed."""
        had = Counter(entry for _, entry in self.fixed)
        return {entry: max(0, self.reads - had[entry]) for entry in self.entries}

    def room(self):
        """Reads that each judge can still take."""
        taken = self.taken()
        return {judge: max(0, limit - taken[judge]) for judge, limit in self.limits.items()}

    def taken(self):
        return Counter(judge for judge, _ in self.fixed)
