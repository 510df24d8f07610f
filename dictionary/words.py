"""Which entries a text uses, and which library items use an entry."""

from functools import lru_cache
from itertools import islice

from dictionary.matching import Form, Matcher
from dictionary.models import Entry, LabelKind
from dictionary.search import current_index
from library.models import Item

# An everyday word may be a nickname of a legal one ("tag"): in a text it proves nothing.
_PROVES_NOTHING = {LabelKind.SPOKEN, LabelKind.MISSPELLING}


def entries_in(text, *, limit=12):
    """The published entries whose names stand in `text`, in the order of the text."""
    matches = _matcher(current_index()).find(text)
    ids = list(islice(dict.fromkeys(pk for match in matches for pk in match.keys), limit))
    entries = Entry.objects.published().in_bulk(ids)
    return [entries[pk] for pk in ids if pk in entries]


def items_using(entry, user, *, limit=5):
    """Library items that use the headword or another name of the entry."""
    names = [entry.headword, *_names_for_search(entry)]
    return Item.objects.visible_to(user).mentioning(names)[:limit]


def _names_for_search(entry):
    labels = entry.labels.exclude(kind__in=_PROVES_NOTHING)
    return [label.text for label in labels if _is_telling(label)]


@lru_cache(maxsize=1)
def _matcher(index):
    names = [name for name in index.names if name.kind not in _PROVES_NOTHING]
    return Matcher(form for name in names if _is_telling(name) for form in _forms(name))


def _is_telling(name):
    """A headword, an acronym or a name of several words; other single words are too common."""
    return name.kind in {"headword", LabelKind.ACRONYM} or " " in name.text


def _forms(name):
    is_exact = name.kind == LabelKind.ACRONYM
    yield Form(name.text, name.entry_id, is_exact)
    if not name.text.endswith("s"):
        yield Form(f"{name.text}s", name.entry_id, is_exact)
