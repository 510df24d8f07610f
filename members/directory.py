"""The directory narrowed down: which organisations remain, and what each further choice would find.

Within a group choices widen ("or"), between groups they narrow ("and"). The facts are read once and
counted in memory, so that the counts cost no queries and are true for every choice.
"""

from dataclasses import dataclass
from functools import cached_property

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from cja_portal.kit.facets import Choice, FilterGroup
from members.models import Area, Organisation, Stage, Theme
from members.models.organisation import Evidence, Kind


@dataclass(frozen=True)
class Facts:
    """What the directory needs to know of an organisation to file it."""

    pk: int
    sort_name: str
    kind: str
    evidence: str
    areas: list
    themes: list
    stages: list
    is_example: bool


@dataclass(frozen=True)
class Group:
    """One group of choices: `holders(value)` are the organisations that a choice finds."""

    name: str
    title: str
    labels: dict
    found_by: dict
    selected: frozenset

    def holders(self, value):
        return self.found_by.get(value, frozenset())

    @cached_property
    def allowed(self):
        """The organisations that meet any of the selected choices; None where none is selected."""
        sets = [self.holders(value) for value in self.selected]
        return frozenset().union(*sets) if sets else None


class Directory:
    """The organisations of a queryset, narrowed by what the address of the page asks for.

    With `reach=place`, areas find only those who name them or a part of them.
    """

    def __init__(self, organisations, asked):
        self.facts = list(_read_facts(organisations))
        self.is_local = asked.get("reach") == "place"
        self.groups = [
            self._group("kind", "Kind", Kind.choices, lambda fact: [fact.kind], asked),
            self._area_group(asked),
            *self._theme_groups(asked),
            self._group(
                *("evidence", "Tie to the CJA", Evidence.choices),
                *(lambda fact: [fact.evidence], asked),
            ),
        ]

    def chosen(self):
        """The facts of those that meet every group, in the order of the alphabet."""
        remaining = self._meeting(self.groups)
        return [fact for fact in self.facts if fact.pk in remaining]

    def found_by(self, name, value):
        """Those that one choice finds, by itself."""
        return next(group for group in self.groups if group.name == name).holders(value)

    def filter_groups(self):
        """Nothing where there is nothing to narrow, and nobody has narrowed it to this."""
        if len(self.facts) < 2 and not any(group.selected for group in self.groups):
            return []
        return [self._filter_group(group) for group in self.groups]

    def _meeting(self, groups):
        remaining = frozenset(fact.pk for fact in self.facts)
        for group in groups:
            if group.allowed is not None:
                remaining &= group.allowed
        return remaining

    def _filter_group(self, group):
        """A choice counts what it would find beside the selection of all the other groups."""
        remaining = self._meeting([other for other in self.groups if other is not group])
        choices = [
            Choice(value, label, len(group.holders(value) & remaining), value in group.selected)
            for value, label in group.labels.items()
        ]
        shown = [choice for choice in choices if choice.is_selected or group.holders(choice.value)]
        return FilterGroup(group.name, group.title, shown)

    def _group(self, name, title, labels, values_of, asked):
        found_by = {}
        for fact in self.facts:
            for value in values_of(fact):
                found_by.setdefault(value, set()).add(fact.pk)
        labels = dict(labels)
        return Group(name, title, labels, found_by, frozenset(asked.getlist(name)) & labels.keys())

    def _area_group(self, asked):
        """Whoever works in an area, in a part of it, or across one that holds it, works there."""
        areas = list(Area.objects.all())
        lines = {area.slug: _line_of(area, areas, is_local=self.is_local) for area in areas}
        labels = [(area.slug, area.name) for area in areas]
        return self._group(
            "area",
            "Where they work",
            labels,
            lambda fact: set().union(*(lines[slug] for slug in fact.areas)),
            asked,
        )

    def _theme_groups(self, asked):
        """Whoever works on a theme that belongs to a stage of the system works at that stage."""
        themes = list(Theme.objects.values_list("slug", "name", "stage"))
        stage_of = {slug: {stage} - {""} for slug, _, stage in themes}
        labels = [(slug, name) for slug, name, _ in themes]
        yield self._group("theme", "Theme", labels, lambda fact: fact.themes, asked)
        yield self._group(
            *("stage", "Stage of the justice system", Stage.choices),
            *(lambda fact: {*fact.stages}.union(*map(stage_of.get, fact.themes)), asked),
        )


def _read_facts(organisations):
    rows = organisations.order_by("sort_name", "pk").values_list(
        *("pk", "sort_name", "kind", "evidence"),
        *(_slugs_of("areas"), _slugs_of("themes"), "stages", "is_example"),
    )
    return (Facts(*row) for row in rows)


def _slugs_of(name):
    """A subquery each: joining both would multiply the rows."""
    through = Organisation._meta.get_field(name).remote_field.through
    slug = f"{name.removesuffix('s')}__slug"
    return ArraySubquery(through.objects.filter(organisation=OuterRef("pk")).values(slug))


def _line_of(area, areas, *, is_local):
    """Where a choice finds whoever works in this area: in it, across it and in its parts.

    Whoever is to name the place is found in what holds the area, and not in its parts.
    """
    by_id = {other.pk: other for other in areas}
    above = {other.slug for other in _upwards(area, by_id)}
    below = {other.slug for other in areas if area in _upwards(other, by_id)}
    return above if is_local else above | below


def _upwards(area, by_id):
    """The area and each that holds it; stops where a mistake of staff has made a circle."""
    line = []
    while area and area not in line:
        line.append(area)
        area = by_id.get(area.parent_id)
    return line
