"""A proposal: never more than that until a person accepts it."""

from collections import Counter
from dataclasses import dataclass
from random import Random

from awards.assignment.comparability import pair_variance
from awards.assignment.flow import Network
from awards.assignment.impossible import why_not

KEEPING = 60  # What it costs to take an entry from a judge who has not begun to read it.
RESTARTS = 20
STEP = 16  # One step of mismatch; chance adds up to one, to find sets that compare better.
LAST_CHANCES = [STEP * 4] * 10 + [STEP * 64] * 10  # Where expertise leaves sets apart.
SOURCE, SINK = ("source",), ("sink",)
GOOD, FAIR = 1.25, 1.6  # Times the least variance that the number of reads allows.


@dataclass(frozen=True)
class Proposal:
    """`variance` is that of comparing two entries, `least` what it would be at best."""

    pairs: frozenset
    cost: int
    variance: float | None
    least: float
    seed: int

    @property
    def comparability(self):
        if self.variance is None:
            return "impossible"
        times = self.variance / self.least
        return "good" if times <= GOOD else "fair" if times <= FAIR else "weak"

    def loads(self):
        return Counter(judge for judge, _ in self.pairs)

    def difference(self, before):
        """(added, taken away), each in order."""
        return sorted(self.pairs - before), sorted(before - self.pairs)


def propose(task, *, seed, restarts=RESTARTS):
    """The assignment of least cost, or of `restarts` near it the one that compares best.

    Even loads come first, then what was assigned before, then expertise. The same `seed` gives the
    same proposal. Raises Impossible.
    """
    random = Random(seed)
    found = [_solve(task, seed, random, chance) for chance in [0] + [STEP] * restarts]
    if restarts and not _linked(found):
        found += [_solve(task, seed, random, chance) for chance in LAST_CHANCES]
    return min(_linked(found) or found, key=lambda each: (each.variance or 0, each.cost))


def _linked(found):
    return [proposal for proposal in found if proposal.variance is not None]


def _solve(task, seed, random, chance):
    network, edges = _network(task, random, chance)
    amount, _ = network.send(SOURCE, SINK)
    if amount < sum(task.wanted().values()):
        raise why_not(task, network, SOURCE)
    chosen = {pair for pair, edge in edges.items() if not edge[1]}
    pairs = frozenset(chosen) | task.fixed
    return Proposal(pairs, cost_of(task, pairs), pair_variance(pairs), 2 / task.reads, seed)


def _network(task, random, chance):
    network, wanted = Network(), task.wanted()
    _add_loads(network, task, _dearest(task, chance))
    for entry in task.entries:
        network.add(("entry", entry), SINK, wanted[entry])
    edges = {
        (judge, entry): network.add(
            ("judge", judge), ("entry", entry), 1, cost + int(random.random() * chance)
        )
        for (judge, entry), cost in _costs(task).items()
    }
    return network, edges


def _add_loads(network, task, dearest):
    """The next read of a judge costs more than any difference among pairs can save."""
    taken = task.taken()
    for judge, room in task.room().items():
        network.add(("judge", judge), SINK, 0)
        for place in range(taken[judge], taken[judge] + room):
            network.add(SOURCE, ("judge", judge), 1, place * dearest)


def _dearest(task, chance):
    dearest_pair = max(_costs(task).values(), default=0) + chance + 1
    return dearest_pair * (sum(task.wanted().values()) + 1)


def _costs(task):
    return {
        (judge, entry): pair_cost(task, judge, entry) * STEP
        for judge in task.judges
        for entry in task.free_entries(judge)
    }


def pair_cost(task, judge, entry):
    moved = KEEPING if task.kept and (judge, entry) not in task.kept else 0
    return task.mismatch.get((judge, entry), 0) + moved


def cost_of(task, pairs):
    """Of the pairs alone: what is fixed costs nothing."""
    return sum(pair_cost(task, *pair) for pair in pairs if pair not in task.fixed)


def replacements(task, pairs, leaving, entry):
    """Who could read `entry` instead of `leaving`, the best first: expert, then least loaded."""
    loads = Counter(judge for judge, _ in pairs)
    able = [
        judge
        for judge in task.judges
        if judge != leaving
        and (judge, entry) not in pairs
        and task.may_read(judge, entry)
        and loads[judge] < task.limits[judge]
    ]
    return sorted(able, key=lambda judge: (task.mismatch.get((judge, entry), 0), loads[judge]))
