"""Which entries a text uses."""

from functools import lru_cache
from itertools import islice

from cja_portal.kit.markdown import LONGEST
from dictionary import context
from dictionary.matching import Form, Matcher
from dictionary.models import CaseRule, Entry, LabelKind, LinkPolicy
from dictionary.published import published
from dictionary.search import current_index


def entries_in(text, *, limit=12, index=None):
    """The published entries whose names stand in `text`, in the order of the text."""
    matches = telling_matcher(index or current_index()).find(text[:LONGEST])
    ids = list(islice(dict.fromkeys(pk for match in matches for pk in match.keys), limit))
    entries = Entry.objects.published().select_related("current").in_bulk(ids)
    return [published(entries[pk]) for pk in ids if pk in entries]


def library_matcher():
    """What finds the entries that a text of the library uses; keys are those of the entries."""
    return telling_matcher(current_index())


def words_of_letter(text):
    """Every name that means an entry in a reader's own text; keys are (entry, meaning or None)."""
    found = context.meant(letter_matcher(current_index()).find(text), text)
    return [match._replace(keys=_without_proof(match.keys)) for match in found]


def _without_proof(keys):
    return tuple(dict.fromkeys((pk, sense) for pk, sense, _ in keys))


@lru_cache(maxsize=1)
def telling_matcher(index):
    """Finds the names that prove by themselves that an entry is meant."""
    labels = [(name.entry_id, name.label) for name in index.names if name.label]
    return Matcher(form for pk, label in labels if is_telling(label) for form in _forms(pk, label))


@lru_cache(maxsize=1)
def letter_matcher(index):
    labels = [(name.entry_id, name.label) for name in index.names if name.label]
    return Matcher(
        form
        for pk, label in labels
        if label.policy != LinkPolicy.NEVER
        for form in _forms((pk, label.sense, context.proves_itself(label)), label)
    )


@lru_cache(maxsize=1)
def unguarded_matcher(index):
    """Finds the names of letters also beside the words that their guards name."""
    labels = [(name.entry_id, name.label) for name in index.names if name.label]
    return Matcher(
        Form(form.text, form.key, form.is_exact)
        for pk, label in labels
        if label.policy != LinkPolicy.NEVER
        for form in _forms((pk, label.sense, False), label)
    )


def is_telling(label):
    """Whether the name proves that the entry is meant: other single words are too common."""
    return label.policy == LinkPolicy.EVERYWHERE and (
        label.kind in {LabelKind.PREFERRED, LabelKind.ACRONYM} or " " in label.text
    )


def _forms(pk, label):
    is_exact = label.case_rule == CaseRule.EXACT
    for text in (label.text, *label.forms):
        yield Form(text, pk, is_exact, tuple(label.not_before), tuple(label.not_after))
