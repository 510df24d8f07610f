"""The order of a meeting in which judges with an interest leave the room as seldom as can be.

Entries with the same judges outside are taken one after the other; between such groups it is the
shortest path, found exactly for up to MOST_GROUPS of them (Held and Karp, 1962) and by insertion
beyond, which is near enough for a meeting of that size.
"""

from itertools import pairwise

MOST_GROUPS = 9


def least_stepping_out(entries, outside):
    """`entries` in the order to keep where it costs nothing; `outside[entry]` judges leave for it.

    Nobody is outside before the first.
    """
    groups = {}
    for entry in entries:
        groups.setdefault(frozenset(outside.get(entry, ())), []).append(entry)
    sets = list(groups)
    order = _shortest(sets) if len(sets) <= MOST_GROUPS else _inserted(sets)
    return [entry for place in order for entry in groups[sets[place]]]


def times_out(entries, outside):
    """How often somebody leaves the room."""
    sets = [frozenset(), *(frozenset(outside.get(entry, ())) for entry in entries)]
    return sum(len(after - before) for before, after in pairwise(sets))


def _shortest(sets):
    """The places of the sets in the best order; of equally good ones the one nearest to theirs."""
    best = {(1 << place, place): (len(one), (place,)) for place, one in enumerate(sets)}
    for _ in sets[1:]:
        best = _one_further(sets, best)
    return min(best.values())[1] if best else ()


def _one_further(sets, best):
    further = {}
    for (taken, last), (cost, path) in best.items():
        for place, one in enumerate(sets):
            if taken & 1 << place:
                continue
            key = (taken | 1 << place, place)
            found = (cost + len(one - sets[last]), (*path, place))
            further[key] = min(found, further.get(key, found))
    return further


def _inserted(sets):
    """Each where it costs least, then each taken out and put back until nothing is gained."""
    order = []
    for place in range(len(sets)):
        order = _put(sets, order, place)
    cost = None
    while cost != (cost := _cost(sets, order)):
        for place in range(len(sets)):
            order = _put(sets, [one for one in order if one != place], place)
    return order


def _put(sets, order, place):
    tries = [[*order[:at], place, *order[at:]] for at in range(len(order), -1, -1)]
    return min(tries, key=lambda order: _cost(sets, order))


def _cost(sets, order):
    walked = [frozenset(), *(sets[place] for place in order)]
    return sum(len(after - before) for before, after in pairwise(walked))
