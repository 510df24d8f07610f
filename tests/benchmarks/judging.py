"""The tally and the assignment: how long they take, and whether what they state is true.

`python -m tests.benchmarks.judging 1000` simulates that many panels of each kind (minutes).
"""

import sys
import time
from collections import defaultdict
from contextlib import suppress
from random import Random
from statistics import median

from awards.assignment import propose
from awards.tally import (
    NotRankable,
    confidence,
    cross_checks,
    influence,
    plain_means,
    rank,
    without_each_judge,
)
from tests.awards.assignment.tasks import random_task
from tests.awards.tally.panels import random_panel, simulated_panel

JUDGES, ENTRIES, READS = 12, 60, 3
ROUNDS = 5
DRAWS = 400
# Judges × entries. The demonstration's sift is 6 × 6 and its final 6 × 4.
FULL = {
    f"{judges} × {entries}, all read all": (judges, entries, None)
    for judges, entries in ((5, 5), (5, 12), (JUDGES, ENTRIES))
}
PARTIAL = {
    f"{judges} × {entries}, three reads": (judges, entries, READS)
    for judges, entries in ((6, 4), (6, 6), (8, 40), (JUDGES, ENTRIES))
}


def report():
    random = Random(2026)
    full, partial = (
        random_panel(random, JUDGES, ENTRIES),
        random_panel(random, JUDGES, ENTRIES, READS),
    )
    task = random_task(random, JUDGES, ENTRIES, READS)
    lines = {
        "Order, 12 judges × 60 entries × 5 criteria": lambda: rank(full),
        "Order, three reads an entry": lambda: rank(partial),
        "Everything on the results page": lambda: everything(full),
        "Assignment 12 × 60 × 3, 20 restarts": lambda: propose(task, seed=1),
    }
    table = [f"{name:44} {milliseconds(work):8.1f}" for name, work in lines.items()]
    return "\n".join([f"{'Judging':44} {'ms':>8}", *table])


def everything(panel):
    order = [line.entry for line in rank(panel).lines]
    confidence(panel, "seed")
    cross_checks(panel)
    without_each_judge(panel)
    influence(panel, order)


def milliseconds(work):
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return median(taken)


def truth(panels):
    """What is said of the leader against how often it is so, and what adjusting gains."""
    return "\n".join(
        line for name, size in (FULL | PARTIAL).items() for line in truth_of(name, size, panels)
    )


def truth_of(name, size, panels):
    bands, (adjusted, plain) = simulate(Random(name), panels, size)
    yield f"{name}: right about first place {adjusted:.1%}, the plain mean {plain:.1%}"
    for word, (count, said, was) in sorted(bands.items()):
        gap = 100 * (said - was) / count
        told = f"said {said / count:.3f} was {was / count:.3f}, {gap:+.1f} points"
        yield f"  {word:10} {count:5} {told}"


def simulate(random, panels, size):
    bands, right = defaultdict(lambda: [0, 0.0, 0]), [0, 0]
    for number in range(panels):
        worths, panel = rankable_panel(random, size)
        best = max(range(len(worths)), key=worths.__getitem__)
        means = plain_means(panel)
        leader = rank(panel).lines[0].entry
        found = confidence(panel, number, DRAWS)
        band = bands[found.word(leader)]
        for place, value in enumerate((1, found.chances[leader], leader == best)):
            band[place] += value
        right[0] += leader == best
        right[1] += max(means, key=means.get) == best
    return bands, [count / panels for count in right]


def rankable_panel(random, size):
    """Drawn again where the lot leaves sets that no judge connects: the portal refuses those."""
    while True:
        worths, panel = simulated_panel(random, *size)
        with suppress(NotRankable):
            rank(panel)
            return worths, panel


if __name__ == "__main__":
    print(report())
    if len(sys.argv) > 1:
        print(truth(int(sys.argv[1])))
