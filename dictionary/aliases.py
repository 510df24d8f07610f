"""The short names of the dictionary's words, handed to the library's search as other names.

A search for "ROTL" then finds "release on temporary licence" too. What staff entered there
themselves stays as it is; a short name that is also a common word (PACE), or that two entries
share, is left out.
"""

from collections import defaultdict

from django.db import transaction

from dictionary.models import Entry, LabelKind, LinkPolicy
from dictionary.plainness import common_words
from dictionary.published import published
from library.models import Origin, SearchAlias

# Short names that are words too, though not common enough for the list of these.
LIKE_WORDS = {"aces", "aims", "brag", "dash", "lads", "maps", "pace", "pact", "spar", "spot"}
SHORTEST, LONGEST, LONGEST_MEANING = 3, 100, 200


@transaction.atomic
def push_aliases():
    """Make the search's other names follow the published entries; gives how many changed."""
    kept = {alias.term: alias for alias in _ours().select_for_update()}
    wanted = _wanted()
    stale = [alias.pk for term, alias in kept.items() if wanted.get(term) != alias.meaning]
    SearchAlias.objects.filter(pk__in=stale).delete()
    fresh = {
        term: meaning
        for term, meaning in wanted.items()
        if term not in kept or kept[term].meaning != meaning
    }
    SearchAlias.objects.bulk_create(
        (SearchAlias(term=one, meaning=fresh[one], origin=Origin.DICTIONARY) for one in fresh),
        ignore_conflicts=True,
    )
    return len(stale) + len(fresh.keys() - kept.keys())


def _ours():
    return SearchAlias.objects.filter(origin=Origin.DICTIONARY)


def _wanted():
    """{short name: headword}, as published."""
    known = SearchAlias.objects.exclude(origin=Origin.DICTIONARY).values_list("term", flat=True)
    taken = {term.casefold() for term in known} | common_words() | LIKE_WORDS
    meanings = defaultdict(set)
    for entry in Entry.objects.published().select_related("current"):
        words = published(entry)
        for label in words.labels:
            if _is_short_name(label) and label.text.casefold() not in taken:
                meanings[label.text].add(words.headword[:LONGEST_MEANING])
    return {term: headwords.pop() for term, headwords in meanings.items() if len(headwords) == 1}


def _is_short_name(label):
    is_acronym = label.kind == LabelKind.ACRONYM and label.policy != LinkPolicy.NEVER
    return is_acronym and SHORTEST <= len(label.text) <= LONGEST
