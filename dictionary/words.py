"""Which entries a text uses, and which library items use an entry."""

import re
from collections import defaultdict
from functools import lru_cache
from itertools import islice

from cja_portal.kit.text import fold
from dictionary.models import Entry, LabelKind
from dictionary.search import current_index
from library.models import Item

LONGEST_NAME = 7  # words
_WORD = re.compile(r"\w+(?:['’-]\w+)*")
# An everyday word may be a nickname of a legal one ("tag"): in a text it proves nothing.
_PROVES_NOTHING = {LabelKind.SPOKEN, LabelKind.MISSPELLING}


def entries_in(text, *, limit=12):
    """The published entries whose names stand in `text`, in the order of the text."""
    ids = list(islice(dict.fromkeys(_entry_ids(text)), limit))
    entries = Entry.objects.published().in_bulk(ids)
    return [entries[pk] for pk in ids if pk in entries]


def items_using(entry, user, *, limit=5):
    """Library items that use the headword or another name of the entry."""
    names = [entry.headword, *_names_for_search(entry)]
    return Item.objects.visible_to(user).mentioning(names)[:limit]


def _names_for_search(entry):
    labels = entry.labels.exclude(kind__in=_PROVES_NOTHING)
    return [label.text for label in labels if " " in label.text or label.kind == LabelKind.ACRONYM]


def _entry_ids(text):
    names = _names_by_words(current_index())
    tokens = [match.group() for match in _WORD.finditer(text)]
    place = 0
    while place < len(tokens):
        length, found = _longest_name(names, tokens[place : place + LONGEST_NAME])
        yield from found
        place += length


def _longest_name(names, tokens):
    """How many of the first tokens make the longest name, and the entries it leads to."""
    for length in range(len(tokens), 0, -1):
        part = tokens[:length]
        found = [name.entry_id for name in names[_key(part)] if _is_meant(name, part)]
        if found:
            return length, found
    return 1, []


def _key(tokens):
    """Names meet whatever their case, hyphens and plural."""
    folded = fold(" ".join(tokens))
    return folded[:-1] if folded.endswith("s") and not folded.endswith("ss") else folded


def _is_meant(name, tokens):
    return name.kind != LabelKind.ACRONYM or "".join(tokens).rstrip("s").isupper()


@lru_cache(maxsize=1)
def _names_by_words(index):
    names = defaultdict(list)
    for name in index.names:
        if name.kind not in _PROVES_NOTHING and _is_telling(name):
            names[_key(name.text.split())].append(name)
    return names


def _is_telling(name):
    """A headword, an acronym or a name of several words; other single words are too common."""
    return name.kind in {"headword", LabelKind.ACRONYM} or " " in name.text
