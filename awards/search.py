"""Finding an award by who was honoured, for what, in which category or year."""

from awards.models import PublishedAward, PublishedCycle, Result
from awards.templatetags.awards_tags import pounds
from cja_portal.kit.hits import Hit
from cja_portal.kit.text import clean_query, fold

MOST_WEIGHED = 100
_ORDER = {result: place for place, result in enumerate(Result.values)}


def best(query, user, limit):
    """The few years and awards that answer a search across the whole portal."""
    words = fold(clean_query(query)).split()
    if not words:
        return []
    hits = [_cycle_hit(cycle) for cycle in _cycles(words, user)]
    hits += [_award_hit(award) for award in _awards(words, user)]
    return hits[:limit]


def _cycles(words, user):
    """Years are few; one is meant only where every word stands in its name."""
    cycles = PublishedCycle.objects.visible_to(user)
    return [cycle for cycle in cycles if set(words) <= {str(cycle.year), *fold(cycle.name).split()}]


def _awards(words, user):
    awards = PublishedAward.objects.visible_to(user).saying(words).defer("search_text")
    return sorted(awards[:MOST_WEIGHED], key=lambda award: _weight(award, words))


def _weight(award, words):
    named = fold(f"{award.recipient} {award.for_work}")
    is_named = all(word in named for word in words)
    return (not is_named, _ORDER[award.result], -award.year, award.position)


def _cycle_hit(cycle):
    return Hit(cycle.name, cycle.get_absolute_url(), cycle.known, "Awards of one year")


def _award_hit(award):
    parts = [award.for_work, pounds(award.prize_pence)]
    return Hit(
        title=award.recipient,
        url=award.get_absolute_url(),
        summary=". ".join(part for part in parts if part),
        kind=f"{award.get_result_display()}, {award.category_name} {award.year}",
        reason="Demonstration, not a real award" if award.is_demonstration else "",
    )
