"""Who marked what. What is missing is absent: no number stands for it."""

from collections import defaultdict
from functools import cached_property


class Panel:
    """The sheets of one round: `scores[judge, entry]`, whole numbers.

    Judges and entries are named by anything that can be sorted. A sheet's score is the sum of mark
    × weight; weights total 100 and marks run from 1 to 5, so it lies between 100 and 500.
    """

    def __init__(self, scores):
        self.scores = dict(scores)
        if wrong := [score for score in self.scores.values() if type(score) is not int]:
            raise TypeError(f"A score is a whole number, not {wrong[0]!r}.")

    @classmethod
    def of_sheets(cls, sheets, weights):
        """From `sheets[judge, entry] = {criterion: mark}`; each sheet has a mark for each weight.

        Raises ValueError for a sheet with another set of criteria.
        """
        return cls({pair: score(marks, weights) for pair, marks in sheets.items()})

    @cached_property
    def judges(self):
        return sorted({judge for judge, _ in self.scores})

    @cached_property
    def entries(self):
        return sorted({entry for _, entry in self.scores})

    @cached_property
    def by_entry(self):
        """`by_entry[entry][judge]`"""
        return self._grouped(lambda judge, entry: (entry, judge))

    @cached_property
    def by_judge(self):
        """`by_judge[judge][entry]`"""
        return self._grouped(lambda judge, entry: (judge, entry))

    def _grouped(self, keys):
        grouped = defaultdict(dict)
        for (judge, entry), score in self.scores.items():
            outer, inner = keys(judge, entry)
            grouped[outer][inner] = score
        return dict(grouped)

    def without_judge(self, left_out):
        return Panel({pair: score for pair, score in self.scores.items() if pair[0] != left_out})

    @cached_property
    def is_full(self):
        return len(self.scores) == len(self.judges) * len(self.entries)

    @cached_property
    def parts(self):
        """Sets of judges that are linked by entries they share, in the order of their names."""
        parts, unseen = [], set(self.judges)
        for judge in self.judges:
            if judge in unseen:
                part = self._linked_to(judge)
                parts.append(sorted(part))
                unseen -= part
        return parts

    def _linked_to(self, judge):
        reached, waiting = {judge}, [judge]
        while waiting:
            for entry in self.by_judge[waiting.pop()]:
                new = self.by_entry[entry].keys() - reached
                reached |= new
                waiting += new
        return reached

    def entries_of(self, part):
        return sorted({entry for judge in part for entry in self.by_judge[judge]})


def score(marks, weights):
    if marks.keys() != weights.keys():
        raise ValueError("A sheet has one mark for each criterion, and no other.")
    return sum(weights[criterion] * mark for criterion, mark in marks.items())
