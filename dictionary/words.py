"""Which entries a text uses."""

from functools import lru_cache
from itertools import islice

from dictionary.matching import Form, Matcher
from dictionary.models import CaseRule, Entry, LabelKind, LinkPolicy
from dictionary.published import published
from dictionary.search import current_index


def entries_in(text, *, limit=12):
    """The published entries whose names stand in `text`, in the order of the text."""
    matches = library_matcher().find(text)
    ids = list(islice(dict.fromkeys(pk for match in matches for pk in match.keys), limit))
    entries = Entry.objects.published().select_related("current").in_bulk(ids)
    return [published(entries[pk]) for pk in ids if pk in entries]


def library_matcher():
    """What finds the entries that a text of the library uses; keys are those of the entries."""
    return _matcher(current_index())


@lru_cache(maxsize=1)
def _matcher(index):
    labels = [(name.entry_id, name.label) for name in index.names if name.label]
    return Matcher(form for pk, label in labels if _is_telling(label) for form in _forms(pk, label))


def _is_telling(label):
    """Whether the name proves that the entry is meant: other single words are too common."""
    return label.policy == LinkPolicy.EVERYWHERE and (
        label.kind in {LabelKind.PREFERRED, LabelKind.ACRONYM} or " " in label.text
    )


def _forms(pk, label):
    is_exact = label.case_rule == CaseRule.EXACT
    for text in (label.text, *label.forms):
        yield Form(text, pk, is_exact, tuple(label.not_before), tuple(label.not_after))
