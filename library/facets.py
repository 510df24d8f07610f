"""The library narrowed down: by kind, theme, publisher and time.

Within a facet choices widen ("or"), between facets they narrow ("and"). Each choice counts what it
would find beside the selection of all the other facets.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, F, IntegerField, Q, TextField, Value, When
from django.db.models.functions import Cast, ExtractYear

from cja_portal.kit.facets import Choice, FilterGroup
from library.models import Item, Kind, Publisher
from members.models import Organisation, Theme

TITLES = {"kind": "Kind", "theme": "Theme", "organisation": "Publisher", "year": "Year"}
FIRST_YEAR = 2000
BEFORE, UNDATED = f"before-{FIRST_YEAR}", "undated"
SPAN = 5  # years
MOST_VALUES = 50

PERIOD = Case(
    When(published_on__isnull=True, then=Value(UNDATED)),
    When(published_on__year__lt=FIRST_YEAR, then=Value(BEFORE)),
    default=Cast(Cast(ExtractYear("published_on"), IntegerField()) / SPAN * SPAN, TextField()),
    output_field=TextField(),
)


@dataclass(frozen=True)
class Narrowing:
    """What a reader has chosen, facet by facet, and what of it we do not know."""

    chosen: dict  # {facet: {value: label}}
    unknown: tuple = ()

    def narrow(self, items, *, but=""):
        """Those of `items` that meet every facet, except one."""
        for facet, values in self.chosen.items():
            if values and facet != but:
                items = items.filter(FILTERS[facet](list(values)))
        return items

    def filter_groups(self, items):
        """Every facet with its choices, from one question to Postgres."""
        counted = defaultdict(list)
        questions = [_count(self.narrow(items, but=facet), facet) for facet in TITLES]
        for facet, value, label, count in questions[0].union(*questions[1:], all=True):
            if value:
                counted[facet].append((value, label, count))
        return [self._group(facet, title, counted[facet]) for facet, title in TITLES.items()]

    def _group(self, facet, title, counted):
        chosen = self.chosen[facet]
        found = {value for value, _, _ in counted}
        counted += [(value, label, 0) for value, label in chosen.items() if value not in found]
        choices = [
            Choice(value, LABELS[facet](value, label), count, value in chosen)
            for value, label, count in sorted(counted, key=ORDER[facet])
        ]
        return FilterGroup(facet, title, choices)

    @property
    def pairs(self):
        """Name and value of each choice, as an address holds them."""
        return [(facet, value) for facet, values in self.chosen.items() for value in values]


def read_narrowing(asked, items):
    """The choices in a query string; one we do not know, or that finds nothing, is left out."""
    wanted = {facet: dict.fromkeys(asked.getlist(facet)[:MOST_VALUES]) for facet in TITLES}
    known = {facet: KNOWN[facet](list(values), items) for facet, values in wanted.items()}
    chosen = {
        facet: {value: known[facet][value] for value in values if value in known[facet]}
        for facet, values in wanted.items()
    }
    unknown = [TITLES[facet] for facet in TITLES if set(wanted[facet]) - set(known[facet]) - {""}]
    return Narrowing(chosen, tuple(unknown))


# -- Each facet's own ways ------------------------------------------------------------------------


def _known_kinds(values, items):
    return {value: Kind(value).label for value in values if value in Kind.values}


def _known_themes(values, items):
    if not values:
        return {}
    themes = Theme.objects.filter(slug__in=map(_storable, values))
    return dict(themes.values_list("slug", "name"))


def _known_organisations(values, items):
    """Only publishers of something that the reader may see."""
    if not values:
        return {}
    publishers = Publisher.objects.filter(item__in=items).values("organisation")
    organisations = Organisation.objects.filter(slug__in=map(_storable, values), pk__in=publishers)
    return dict(organisations.values_list("slug", "name"))


def _known_years(values, items):
    def is_period(value):
        return re.fullmatch(r"(19|20)\d[05]", value) and int(value) >= FIRST_YEAR

    return {value: value for value in values if value in {BEFORE, UNDATED} or is_period(value)}


def _storable(value):
    return value.replace("\0", "")[:100]


def _in_years(values):
    condition = Q(pk__in=[])
    for value in values:
        condition |= _in_period(value)
    return condition


def _in_period(value):
    if value == UNDATED:
        return Q(published_on__isnull=True)
    if value == BEFORE:
        return Q(published_on__lt=date(FIRST_YEAR, 1, 1))
    first = int(value)
    return Q(published_on__gte=date(first, 1, 1), published_on__lt=date(first + SPAN, 1, 1))


def _with_themes(values):
    links = Item.themes.through.objects.filter(theme__slug__in=values)
    return Q(pk__in=links.values("item"))


def _from_publishers(values):
    return Q(pk__in=Publisher.objects.filter(organisation__slug__in=values).values("item"))


def _period_label(value, label):
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


def _count(items, facet):
    """One row (facet, value, label, count) for each value of a facet."""
    value, label = COLUMNS[facet]
    named = items.order_by().annotate(facet=Value(facet), value=value, label=label)
    counted = named.values("facet", "value", "label").annotate(count=Count("pk"))
    return counted.values_list("facet", "value", "label", "count")


def _as_text(field):
    return Cast(F(field), TextField())


COLUMNS = {
    "kind": (_as_text("kind"), _as_text("kind")),
    "theme": (_as_text("themes__slug"), _as_text("themes__name")),
    "organisation": (
        _as_text("publishings__organisation__slug"),
        _as_text("publishings__organisation__name"),
    ),
    "year": (PERIOD, PERIOD),
}
FILTERS = {
    "kind": lambda values: Q(kind__in=values),
    "theme": _with_themes,
    "organisation": _from_publishers,
    "year": _in_years,
}
KNOWN = {
    "kind": _known_kinds,
    "theme": _known_themes,
    "organisation": _known_organisations,
    "year": _known_years,
}
LABELS = {
    "kind": lambda value, label: Kind(value).label,
    "theme": lambda value, label: label,
    "organisation": lambda value, label: label,
    "year": _period_label,
}
ORDER = {
    "kind": _by_count,
    "theme": _by_count,
    "organisation": _by_count,
    "year": _newest_period_first,
}
