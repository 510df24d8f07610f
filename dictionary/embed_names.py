"""The names of all entries in the few kilobytes that every page of every host fetches.

Like stands with like, for that compresses best: each column is a list of its own. A label has a
number: its place among all labels, entry by entry, those whose capitals count before the others.
"""

import re
from itertools import takewhile
from typing import NamedTuple

from dictionary.models import CaseRule
from dictionary.plurals import plural_forms

_OUR_SIGNS = re.compile("[%;|]")


class Spelling(NamedTuple):
    """A name and its forms; alike for labels of several meanings that say the same."""

    names: tuple
    is_exact: bool
    not_before: tuple
    not_after: tuple

    @classmethod
    def of(cls, label):
        is_exact = label.case_rule == CaseRule.EXACT
        names = [on_one_line(text) for text in (label.text, *label.forms)]
        names = names if is_exact else [_small(name) for name in names]
        return cls(tuple(names), is_exact, tuple(label.not_before), tuple(label.not_after))

    @property
    def guards(self):
        """Words after the name and words before it that say it means something else."""
        return [sorted(set(self.not_before)), sorted(set(self.not_after))]


class Names:
    """The columns of the index; `guards` in the order of the labels that have some."""

    def __init__(self, entries):
        """Takes (id of the entry, its places, places by spelling) in the order of the ids."""
        self._heads, self._exact, self._folded = [], [], []
        self._places, self._forms, self._guarded = [], [], []
        self.guards, self._last = [], 0
        for pk, everywhere, places in entries:
            named = [(spelling, own) for spelling, own in places.items() if spelling.names[0]]
            self._add(pk, everywhere, sorted(named, key=lambda one: not one[0].is_exact))

    def columns(self):
        return {
            "guarded": _steps(self._guarded),
            "entries": "|".join(self._heads),
            "own": "|".join(self._places),
            "exact": "|".join(self._exact),
            "names": "|".join(self._folded),
            "forms": "|".join(self._forms),
        }

    def _add(self, pk, everywhere, spellings):
        """ "7:01": seven ids after the last, in the first two places."""
        step = "" if pk == self._last + 1 else f"{pk - self._last}:"
        self._last = pk
        self._heads.append(step + everywhere)
        self._exact.append(_joined(one.names[0] for one, _ in spellings if one.is_exact))
        self._folded.append(_joined(one.names[0] for one, _ in spellings if not one.is_exact))
        for spelling, places in spellings:
            self._add_label(spelling, places)

    def _add_label(self, spelling, places):
        if any(spelling.guards):
            self._guarded.append(len(self._places))
            self.guards.append(spelling.guards)
        self._places.append(places)
        self._forms.append(_written_forms(spelling))


def on_one_line(text):
    return " ".join(text.split())


def _small(name):
    """In small letters, which compress better, unless that makes another length."""
    return name.lower() if len(name.lower()) == len(name) else name


def _joined(texts):
    """By a sign that JSON need not escape; where a text has it, it is written as in an address."""
    return ";".join(_OUR_SIGNS.sub(lambda sign: f"%{ord(sign[0]):X}", text) for text in texts)


def _steps(numbers):
    return [number - last for last, number in zip([0, *numbers], numbers, strict=False)]


def _written_forms(spelling):
    """Nothing for the forms of the rule; otherwise a ";" and the forms, if there are any."""
    name, *forms = spelling.names
    if forms == _regular_forms(name, spelling.is_exact):
        return ""
    return ";" + _joined(_change(name, form) for form in forms)


def _regular_forms(name, is_exact):
    """What the script makes of a name by the same rule, which it knows for English letters."""
    return plural_forms(name, is_acronym=is_exact) if name.isascii() else []


def _change(name, form):
    """ "1ies" makes "penalties" of "penalty"; "=" begins a form that is written out."""
    pairs = zip(name, form, strict=False)
    kept = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    is_short = name.isascii() and len(name) - kept < 10
    return f"{len(name) - kept}{form[kept:]}" if is_short else f"={form}"
