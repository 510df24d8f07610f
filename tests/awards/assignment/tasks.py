"""Assignments as they might be asked for."""

from awards.assignment import Task


def random_task(random, judges, entries, reads, conflicts=0.15, limit=None):
    judges, entries = range(judges), list(range(entries))
    pairs = [(judge, entry) for judge in judges for entry in entries]
    return Task(
        limits=dict.fromkeys(judges, limit or len(entries)),
        entries=entries,
        reads=reads,
        conflicts=frozenset(pair for pair in pairs if random.random() < conflicts),
        mismatch={pair: random.randint(0, 3) for pair in pairs},
    )
