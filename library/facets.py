"""The library narrowed down: by kind, theme, publisher, time and more.

Within a facet choices widen ("or"), between facets they narrow ("and"). Each choice counts what it
would find beside the selection of all the other facets. On the cards of the search a value stands
under the letter of its facet, as in `K:report`.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from math import sqrt

from django.db import connection

from cja_portal.kit.facets import Choice, FilterGroup
from library.cards import BEFORE, FIRST_YEAR, SPAN, UNDATED
from library.models import DocumentKind, Kind, Language
from library.wording import any_of, quoted

TITLES = {
    "kind": "Kind",
    "theme": "Theme",
    "organisation": "Publisher",
    "year": "Year",
    "nation": "Nation",
    "language": "Language",
    "format": "Files",
}
LETTERS = {
    "kind": "K",
    "theme": "H",
    "organisation": "O",
    "year": "Y",
    "nation": "N",
    "language": "L",
    "format": "F",
}
FACETS = {letter: facet for facet, letter in LETTERS.items()}
FIXED = {"kind": Kind, "language": Language, "format": DocumentKind}
WORTH_A_CHOICE = {"nation", "language"}  # Shown only where there is more than one.
MOST_VALUES = 50
ENOUGH = 1_000  # hits in a sample for "about": nearly always within a tenth


@dataclass(frozen=True)
class Narrowing:
    """What a reader has chosen, facet by facet, and what of it we do not know."""

    chosen: dict  # {facet: {value: label}}
    unknown: tuple = ()

    @classmethod
    def nothing(cls):
        return cls({facet: {} for facet in TITLES})

    @property
    def facets_in_use(self):
        return [facet for facet, values in self.chosen.items() if values]

    @property
    def letters_in_use(self):
        return {facet: LETTERS[facet] for facet in self.facets_in_use}

    @property
    def pairs(self):
        """Name and value of each choice, as an address holds them."""
        return [(facet, value) for facet, values in self.chosen.items() for value in values]

    @property
    def values(self):
        """The choices as they stand on cards."""
        return [f"{LETTERS[facet]}:{value}" for facet, value in self.pairs]

    def terms(self, *, but=""):
        """What the cards have to meet: a query for each facet in use, except one."""
        return [
            any_of(quoted(f"{LETTERS[facet]}:{value}") for value in self.chosen[facet])
            for facet in self.facets_in_use
            if facet != but
        ]

    def filter_groups(self, answer):
        """Every facet with its choices, as `library.engine` counted them."""
        if not (answer.counts or self.pairs):
            return []
        counted = defaultdict(list)
        for key, (name, count) in answer.counts.items():
            facet, value = FACETS[key[0]], key[2:]
            if value:  # A draft may have no kind yet.
                counted[facet].append((value, LABELS[facet](value, name), count))
        groups = [self._group(facet, counted[facet], answer.rates) for facet in TITLES]
        return [group for group in groups if group.choices]

    def _group(self, facet, counted, rates):
        chosen = self.chosen[facet]
        rate = rates.get(facet, rates.get("", 1))
        found = {value for value, _, _ in counted}
        counted += [(value, label, 0) for value, label in chosen.items() if value not in found]
        if facet in WORTH_A_CHOICE and not chosen and len(counted) < 2:
            counted = []
        choices = [
            Choice(value, label, count * rate, value in chosen, _about(count, rate))
            for value, label, count in sorted(counted, key=ORDER[facet])
        ]
        return FilterGroup(facet, TITLES[facet], choices)


def _about(sampled, rate):
    """A figure from a sample: "about" if it is nearly sure to be within a tenth, or the least."""
    if rate == 1:
        return ""
    if sampled >= ENOUGH:
        return f"about {rounded(sampled * rate):,}"
    least = least_of(sampled, rate)
    return f"over {least:,}" if least else "some"


def least_of(sampled, rate):
    """What a figure from a sample is nearly sure to exceed; 0 where that says little."""
    least = sampled - 3.3 * sqrt(sampled)
    return _rounded_down(least * rate) if least > 1 else 0


def rounded(number):
    return int(float(f"{number:.3g}"))


def _rounded_down(number):
    """To its first figure, as in "over 3,000"."""
    size = 10 ** (len(str(int(number))) - 1)
    return int(number) // size * size


def read_narrowing(asked, reader):
    """The choices in a query string; one we do not know, or that finds nothing, is left out."""
    if TITLES.keys().isdisjoint(asked):
        return Narrowing.nothing()
    wanted = {facet: dict.fromkeys(asked.getlist(facet)[:MOST_VALUES]) for facet in TITLES}
    named = _named(wanted, reader)
    known = {facet: named.get(facet) or _fixed(facet, wanted[facet]) for facet in TITLES}
    chosen = {
        facet: {value: known[facet][value] for value in values if value in known[facet]}
        for facet, values in wanted.items()
    }
    unknown = [TITLES[facet] for facet in TITLES if set(wanted[facet]) - set(known[facet]) - {""}]
    return Narrowing(chosen, tuple(unknown))


# -- Each facet's own ways ------------------------------------------------------------------------

# Only publishers of something that the reader may see are known.
NAMED = """
SELECT 'theme', slug, name FROM members_theme WHERE slug = ANY(%(theme)s)
UNION ALL SELECT 'nation', slug, name FROM members_area WHERE slug = ANY(%(nation)s)
UNION ALL SELECT 'organisation', slug, name FROM members_organisation
WHERE slug = ANY(%(organisation)s) AND EXISTS (
    SELECT FROM library_card
    WHERE words @@ (quote_literal('O:' || slug) || ' & (' || %(access)s || ')')::tsquery
        AND (visible_from IS NULL OR visible_from <= coalesce(%(until)s, 'infinity'))
)
"""


def _named(wanted, reader):
    """{facet: {value: name}} of those facets whose values have names in the database."""
    slugs = {
        facet: [value for value in wanted[facet] if re.fullmatch(r"[-\w]{1,100}", value)]
        for facet in ("theme", "nation", "organisation")
    }
    named = {facet: {} for facet in slugs}
    if any(slugs.values()):
        parameters = slugs | {"access": reader.access, "until": reader.sees_until}
        with connection.cursor() as cursor:
            cursor.execute(NAMED, parameters)
            for facet, value, name in cursor.fetchall():
                named[facet][value] = name
    return named


def _fixed(facet, values):
    if facet == "year":
        return {value: _period_label(value) for value in values if _is_period(value)}
    known = FIXED.get(facet, ())
    return {value: known(value).label for value in values if value in known}


def _is_period(value):
    if value in {BEFORE, UNDATED}:
        return True
    return re.fullmatch(r"(19|20)\d[05]", value) and int(value) >= FIRST_YEAR


def _period_label(value, name=None):
    if value in {BEFORE, UNDATED}:
        return f"Before {FIRST_YEAR}" if value == BEFORE else "No date"
    first, this_year = int(value), date.today().year
    return f"{first} and after" if first + SPAN > this_year else f"{first} to {first + SPAN - 1}"


def _by_count(counted):
    _, label, count = counted
    return -count, label


def _newest_period_first(counted):
    value = counted[0]
    return {BEFORE: 1, UNDATED: 2}.get(value) or -int(value)


LABELS = {facet: (lambda value, name: name) for facet in TITLES}
LABELS |= {
    facet: (lambda value, _, known=known: known(value).label) for facet, known in FIXED.items()
}
LABELS["year"] = _period_label
ORDER = dict.fromkeys(TITLES, _by_count) | {"year": _newest_period_first}
