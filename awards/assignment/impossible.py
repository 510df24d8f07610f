"""Why no assignment fits, in words that name the narrowest place and what would widen it."""


class Impossible(Exception):
    """`entries` are too many for what `judges` without a conflict have left to give them."""

    def __init__(self, task, entries, judges):
        self.entries, self.judges = entries, judges
        self.needed = sum(task.wanted()[entry] for entry in entries)
        self.possible = sum(_can_give(task, judge, entries) for judge in task.judges)
        super().__init__(_reason(self, task))


def why_not(task, network, source):
    """From a network in which all has flowed that can."""
    reached = network.reachable(source)
    entries = [entry for entry in task.entries if ("entry", entry) not in reached]
    judges = [
        judge for judge in task.judges if any(task.may_read(judge, entry) for entry in entries)
    ]
    return Impossible(task, entries, judges)


def _can_give(task, judge, entries):
    free = sum(task.may_read(judge, entry) for entry in entries)
    return min(task.room()[judge], free)


def _reason(self, task):
    entries = _several(len(self.entries), "entry needs", "entries need")
    reads = _several(self.needed, "more read", "more reads")
    judges = _several(len(self.judges), "judge", "judges")
    return (
        f"{entries} {reads}, but can be read by {judges} only, "
        f"who can take {self.possible} of them. {_remedies(self, task)}"
    )


def _remedies(self, task):
    """What would widen this place: a higher limit helps nobody whom conflicts hold back."""
    ways = ["Add a judge without a conflict here"]
    if _free_reads(task, self.entries) >= self.needed:
        ways.append("let these judges read more")
    if task.reads > 1:
        ways.append(f"ask for fewer than {task.reads} reads of each entry")
    *most, last = ways
    return f"{', '.join(most)}, or {last}." if most else f"{last}."


def _free_reads(task, entries):
    """How many reads there were if nobody had a limit."""
    return sum(task.may_read(judge, entry) for judge in task.judges for entry in entries)


def _several(number, one, many):
    return f"{number} {one if number == 1 else many}"
