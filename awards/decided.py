"""When a decision of the panel needs a reason: it goes against the order, or beyond it."""

from awards.models import Outcome

UNHONOURED = 1 + max(Outcome.PLACES.values())


def place_of(outcome):
    """1 for the best; all that is no honour stands last alike."""
    return Outcome.PLACES.get(outcome, UNHONOURED)


def off_the_order(standing, decided, nomination, outcome):
    """Why the outcome is not the one that the marks suggest, as a sentence; nothing if it is.

    `decided` are the outcomes of the other entries, by number.
    """
    row = standing.row_of.get(nomination.pk)
    if outcome in Outcome.HONOURED and (row is None or row.rank is None):
        return "The marks give this entry no place."
    if outcome in Outcome.WINNING and row.rank != 1:
        return f"The marks put {standing.first_said} first."
    return _overtaken(standing, decided, row, outcome)


def _overtaken(standing, decided, row, outcome):
    """The first entry that stands on the other side of this one by the marks."""
    if row is None or row.rank is None:
        return ""
    for pk, other_outcome in decided.items():
        other = standing.row_of.get(pk)
        if other is None or other.rank in {None, row.rank}:
            continue
        is_above, is_better = other.rank < row.rank, place_of(other_outcome) < place_of(outcome)
        if place_of(other_outcome) != place_of(outcome) and is_above != is_better:
            side = "above" if is_above else "below"
            name = standing.called[other.code]
            return f"The marks put {name} {side} it, and it is decided otherwise."
    return ""


def beyond_the_order(standing, nomination, outcome):
    """Why the marks alone do not decide for this winner, as a sentence; nothing if they do."""
    row = standing.row_of.get(nomination.pk)
    if outcome not in Outcome.WINNING or row is None or row.rank != 1:
        return ""
    if outcome == Outcome.WINNER and len(standing.leaders) > 1:
        return f"{standing.first_said} are exactly equal."
    if standing.raw_leaders:
        return f"The plain average puts {standing.raw_leaders} first."
    return ""
