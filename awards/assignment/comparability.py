"""How well an assignment lets entries be compared, when judges' levels must be allowed for.

The variance of the difference of two entries in units of one sheet's variance, averaged over all
pairs: the theory of incomplete blocks, with judges as blocks. At k reads each, 2 / k is the least.
"""

from collections import defaultdict

from awards.tally.chances import inverse


def pair_variance(pairs):
    """The mean over all pairs of entries; None where judges do not link them all."""
    by_entry, judges = _grouped(frozenset(pairs))
    if len(by_entry) < 2:
        return 0.0
    if not _is_connected(by_entry, judges):
        return None
    place = {judge: number for number, judge in enumerate(judges)}
    among = inverse(_information(by_entry, place))
    return _mean_over_pairs(by_entry, place, among)


def _grouped(pairs):
    by_entry = defaultdict(list)
    for judge, entry in pairs:
        by_entry[entry].append(judge)
    return by_entry, sorted({judge for judge, _ in pairs})


def _is_connected(by_entry, judges):
    groups = [set(readers) for readers in by_entry.values()]
    reached = groups.pop()
    while touching := [group for group in groups if group & reached]:
        reached.update(*touching)
        groups = [group for group in groups if not group & reached]
    return len(reached) == len(judges)


def _information(by_entry, place):
    """About the judges' levels, entries eliminated; one added throughout makes it regular."""
    rows = [[1.0] * len(place) for _ in place]
    for readers in by_entry.values():
        for judge in readers:
            row = rows[place[judge]]
            row[place[judge]] += 1
            for other in readers:
                row[place[other]] -= 1 / len(readers)
    return rows


def _mean_over_pairs(by_entry, place, among):
    """2 / (n − 1) × (trace − mean of all) of the entries' covariance, from that of the judges."""
    number, trace = len(by_entry), 0.0
    total = [0.0] * len(place)
    for readers in by_entry.values():
        share = 1 / len(readers)
        trace += share + share**2 * sum(
            among[place[one]][place[other]] for one in readers for other in readers
        )
        for judge in readers:
            total[place[judge]] += share
    everywhere = sum(1 / len(readers) for readers in by_entry.values()) + sum(
        total[one] * among[one][other] * total[other]
        for one in range(len(total))
        for other in range(len(total))
    )
    return 2 / (number - 1) * (trace - everywhere / number)
