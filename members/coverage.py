"""Who works where on what: the organisations counted by place and theme.

Every number is what the directory finds for the same choice, counted by the same code.
"""

from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from members.directory import Directory
from members.map_shapes import SHAPES, Shape
from members.models import Area, Theme

# Of the largest number: where each next shade begins. Most numbers are small, so that the first
# shades stand close together.
STEPS = [0.0, 0.1, 0.25, 0.5]


@dataclass(frozen=True)
class Cell:
    """How many organisations, of the five shades which, and the way to them."""

    count: int
    level: int
    address: str
    area: Area | None = None


@dataclass(frozen=True)
class Place:
    """A nation or region of the map, with those who name it and all who work there."""

    area: Area
    shape: Shape
    local: Cell
    everybody: Cell


def level_of(count, largest):
    """0 for nothing; else how far up the steps the number stands."""
    return sum(count > step * largest for step in STEPS)


def address_of(**chosen):
    return f"{reverse('members:organisation-list')}?{urlencode(chosen)}"


def places(organisations):
    """The places of the map in its order, north first."""
    local, everybody = (_counter(organisations, reach) for reach in ("place", ""))
    shapes = _areas_with_shapes()
    largest = max((local(area=area.slug) for area, _ in shapes), default=0)
    return [
        Place(
            area,
            shape,
            _cell(local(area=area.slug), largest, area=area.slug, reach="place"),
            _cell(everybody(area=area.slug), 0, area=area.slug),
        )
        for area, shape in shapes
    ]


def table(organisations, *, reach=""):
    """The areas, and each theme with a cell for every area."""
    count = _counter(organisations, reach)
    areas = [area for area, _ in _areas_with_shapes()]
    themes = list(Theme.objects.all())
    own = {"reach": reach} if reach else {}
    pairs = {(theme, area): _pair(theme, area) for theme in themes for area in areas}
    counts = {key: count(**chosen) for key, chosen in pairs.items()}
    largest = max(counts.values(), default=0)
    cells = {
        (theme, area): Cell(
            number, level_of(number, largest), address_of(**pairs[theme, area], **own), area
        )
        for (theme, area), number in counts.items()
    }
    return areas, [(theme, [cells[theme, area] for area in areas]) for theme in themes]


def _pair(theme, area):
    return {"theme": theme.slug, "area": area.slug}


def _cell(count, largest, **chosen):
    return Cell(count, level_of(count, largest), address_of(**chosen))


def _counter(organisations, reach):
    """A function that counts those who meet every choice it is given; examples are not counted."""
    directory = Directory(organisations.filter(is_example=False), QueryDict(f"reach={reach}"))
    everybody = frozenset(fact.pk for fact in directory.facts)

    def count(**chosen):
        found = everybody
        for name, value in chosen.items():
            found &= directory.found_by(name, value)
        return len(found)

    return count


def _areas_with_shapes():
    areas = {area.slug: area for area in Area.objects.all()}
    return [(areas[shape.slug], shape) for shape in SHAPES if shape.slug in areas]
