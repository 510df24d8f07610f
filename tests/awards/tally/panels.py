"""Panels as they might be: marks from 1 to 5 on five criteria, by judges of unlike severity."""

from awards.tally import Panel

WEIGHTS = {"reach": 30, "change": 25, "craft": 20, "care": 15, "reason": 10}


def panel_of(**entries):
    """`panel_of(A=[300, 200])`: the scores of A by the first judge and the second."""
    return Panel(
        {
            (judge, entry): score
            for entry, scores in entries.items()
            for judge, score in enumerate(scores)
        }
    )


def random_panel(random, judges, entries, reads=None):
    """Any scores at all; each entry read by `reads` judges, or by all."""
    return Panel(
        {
            (judge, entry): random.randint(100, 500)
            for entry in range(entries)
            for judge in random.sample(range(judges), reads or judges)
        }
    )


def simulated_panel(random, judges, entries, reads=None, severity=0.45):
    """(worths, panel): entries differ by 0.5 of a mark, judges by `severity`, taste by 0.45."""
    worths = [random.gauss(0, 0.5) for _ in range(entries)]
    levels = [random.gauss(0, severity) for _ in range(judges)]
    scores = {}
    for entry, worth in enumerate(worths):
        for judge in random.sample(range(judges), reads or judges):
            scores[judge, entry] = _score(random, worth + levels[judge] + random.gauss(0, 0.45))
    return worths, Panel(scores)


def _score(random, opinion):
    return sum(weight * _mark(random, opinion) for weight in WEIGHTS.values())


def _mark(random, opinion):
    return min(5, max(1, round(3 + opinion + random.gauss(0, 0.5))))
