from itertools import combinations, product
from random import Random

import networkx
import pytest

from awards.assignment import Impossible, Task, propose, replacements
from awards.assignment.proposal import KEEPING, cost_of
from tests.awards.assignment.tasks import random_task

BALANCE = 10_000  # Any difference of loads weighs more than any difference of pairs.


def whole_cost(task, pairs):
    loads = [sum(judge == other for other, _ in pairs) for judge in task.judges]
    return cost_of(task, pairs) + BALANCE * sum(load * (load - 1) // 2 for load in loads)


def by_network_simplex(task):
    """The least cost by networkx's own algorithm, or None where there is no assignment."""
    graph = networkx.DiGraph()
    needed = task.reads * len(task.entries)
    graph.add_node("source", demand=-needed)
    graph.add_node("sink", demand=needed)
    for judge in task.judges:
        for place in range(task.limits[judge]):
            graph.add_edge("source", ("unit", judge, place), capacity=1, weight=place * BALANCE)
            graph.add_edge(("unit", judge, place), ("judge", judge), capacity=1, weight=0)
        for entry in task.free_entries(judge):
            weight = task.mismatch[judge, entry]
            graph.add_edge(("judge", judge), ("entry", entry), capacity=1, weight=weight)
    for entry in task.entries:
        graph.add_edge(("entry", entry), "sink", capacity=task.reads, weight=0)
    try:
        return networkx.network_simplex(graph)[0]
    except networkx.NetworkXUnfeasible:
        return None


def by_brute_force(task):
    readers = [
        combinations([judge for judge in task.judges if task.may_read(judge, entry)], task.reads)
        for entry in task.entries
    ]
    costs = [
        whole_cost(task, pairs)
        for chosen in product(*readers)
        if _fits(task, pairs := _pairs(task.entries, chosen))
    ]
    return min(costs, default=None)


def _pairs(entries, chosen):
    return [
        (judge, entry) for entry, judges in zip(entries, chosen, strict=True) for judge in judges
    ]


def _fits(task, pairs):
    return all(
        sum(judge == other for other, _ in pairs) <= task.limits[judge] for judge in task.judges
    )


def cost_or_none(task):
    try:
        return whole_cost(task, propose(task, seed=1, restarts=0).pairs)
    except Impossible as impossible:
        _assert_true_bottleneck(task, impossible)
        return None


def _assert_true_bottleneck(task, impossible):
    """Those entries need more than all judges together can give to them."""
    possible = sum(
        min(task.limits[judge], sum(task.may_read(judge, entry) for entry in impossible.entries))
        for judge in task.judges
    )
    assert possible == impossible.possible
    assert impossible.needed == task.reads * len(impossible.entries) > possible


def test_cost_is_that_of_an_independent_solver_on_500_cases():
    random = Random(1)
    for _ in range(500):
        judges, entries = random.randint(2, 6), random.randint(1, 8)
        limit = random.randint(2, 8)
        reads = random.randint(1, min(3, judges))
        task = random_task(random, judges, entries, reads, random.choice([0, 0.1, 0.3]), limit)
        assert cost_or_none(task) == by_network_simplex(task)


def test_cost_is_that_of_brute_force():
    random = Random(2)
    for judges in range(1, 5):
        for entries in range(1, 6):
            for reads in range(1, judges + 1):
                task = random_task(random, judges, entries, reads, 0.2, random.randint(2, 5))
                assert cost_or_none(task) == by_brute_force(task)


THREE = dict.fromkeys(["J1", "J2", "J3"], 3)
ENTRIES = ["E1", "E2", "E3"]


def test_worked_example():
    proposal = propose(Task(THREE, ENTRIES, 2, frozenset({("J1", "E1")})), seed=1)

    assert set(proposal.loads().values()) == {2}
    assert {("J2", "E1"), ("J3", "E1"), ("J1", "E2"), ("J1", "E3")} <= proposal.pairs


def test_worked_example_that_is_impossible():
    task = Task(THREE, ENTRIES, 2, frozenset({("J1", "E1"), ("J2", "E1")}))

    with pytest.raises(Impossible) as refused:
        propose(task, seed=1)

    assert (refused.value.entries, refused.value.judges) == (["E1"], ["J3"])
    assert str(refused.value) == (
        "1 entry needs 2 more reads, but can be read by 1 judge only, who can take 1 of them. "
        "Add a judge without a conflict here, or ask for fewer than 2 reads of each entry."
    )


@pytest.mark.parametrize(
    ("limit", "reads", "conflicts", "ways"),
    [
        (1, 2, (), ["let these judges read more", "fewer than 2 reads"]),
        (1, 1, [("J1", "E1")], ["let these judges read more"]),
        (3, 1, [(judge, "E1") for judge in THREE], []),
        (3, 4, (), ["fewer than 4 reads"]),
    ],
)
def test_a_remedy_is_named_only_where_it_helps(limit, reads, conflicts, ways):
    """None is where nobody may read, at one read each, or where judges are simply too few."""
    judges = dict.fromkeys(list(THREE)[:2] if limit == 1 else THREE, limit)

    with pytest.raises(Impossible) as refused:
        propose(Task(judges, ENTRIES, reads, frozenset(conflicts)), seed=1)

    said = str(refused.value).partition(" of them. ")[2]
    assert said.startswith("Add a judge without a conflict here")
    named = [
        way for way in ("let these judges read more", f"fewer than {reads} reads") if way in said
    ]
    assert named == ways


def test_proposal_keeps_to_everything():
    random = Random(3)
    task = random_task(random, 8, 40, 3)
    proposal = propose(task, seed=7, restarts=4)
    loads = proposal.loads().values()

    assert not proposal.pairs & task.conflicts
    assert sorted(entry for _, entry in proposal.pairs) == sorted(task.entries * 3)
    assert max(loads) - min(loads) <= 1


def test_same_seed_gives_the_same_proposal():
    task = random_task(Random(4), 6, 15, 3)

    assert propose(task, seed=5, restarts=3) == propose(task, seed=5, restarts=3)


def test_restarts_link_all_entries_for_comparing():
    """Two camps of experts: by taste alone no judge would read in both."""
    entries = list(range(8))
    mismatch = {
        (judge, entry): 3 * ((judge < 4) != (entry < 4)) for judge in range(8) for entry in entries
    }
    task = Task(dict.fromkeys(range(8), 8), entries, 3, mismatch=mismatch)

    assert propose(task, seed=1, restarts=0).comparability == "impossible"
    assert propose(task, seed=1).comparability in {"good", "fair", "weak"}


def test_begun_sheets_stay_and_count():
    fixed = frozenset({("J1", "E1"), ("J1", "E2")})
    proposal = propose(Task(THREE, ENTRIES, 2, fixed=fixed), seed=1)

    assert fixed <= proposal.pairs
    assert set(proposal.loads().values()) == {2}


def test_what_was_assigned_stays_where_nothing_speaks_against_it():
    task = random_task(Random(6), 6, 12, 2)
    before = propose(task, seed=1).pairs
    again = Task(task.limits, task.entries, 2, task.conflicts, task.mismatch, kept=before)

    assert propose(again, seed=99).difference(before) == ([], [])
    assert propose(again, seed=99).cost < KEEPING


def test_replacement_is_the_expert_with_room():
    pairs = frozenset({("J1", "E1"), ("J2", "E2"), ("J3", "E3")})
    mismatch = {("J2", "E1"): 2, ("J3", "E1"): 1}
    task = Task(
        {"J1": 3, "J2": 3, "J3": 1, "J4": 3}, ENTRIES, 1, frozenset({("J4", "E1")}), mismatch
    )

    assert replacements(task, pairs, "J1", "E1") == ["J2"]
