"""A simplified map of the nations and English regions, drawn for this portal.

Each border between neighbours is written once, so that they meet. Points are degrees east and
north, rounded to what the eye needs. Shetland stands nearer than it is.
"""

from dataclasses import dataclass
from math import cos, radians

WEST, NORTH, SCALE = -8.35, 59.45, 60
NARROWING = cos(radians(54.5))  # A degree east is shorter than a degree north.


@dataclass(frozen=True)
class Shape:
    slug: str
    path: str
    x: float
    y: float


def _points(text):
    return [tuple(map(float, pair.split(","))) for pair in text.split()]


BORDERS = {
    name: _points(text)
    for name, text in {
        "scotland/north-west": "-3.05,54.98 -2.7,55.2",
        "scotland/north-east": "-2.7,55.2 -2.25,55.45 -2.0,55.78",
        "north-east/north-west": "-2.7,55.2 -2.4,54.85 -2.2,54.5",
        "north-east/yorkshire": "-2.2,54.5 -1.7,54.52 -1.2,54.44 -0.8,54.55",
        "north-west/yorkshire": "-2.2,54.5 -2.45,54.2 -2.15,53.95 -2.1,53.65 -1.9,53.5",
        "north-west/east-midlands": "-1.9,53.5 -1.98,53.3 -2.05,53.15",
        "north-west/west-midlands": "-2.05,53.15 -2.4,53.0 -2.75,52.98",
        "north-west/wales": "-2.75,52.98 -2.95,53.1 -3.1,53.25",
        "yorkshire/east-midlands": "-1.9,53.5 -1.6,53.35 -1.2,53.3 -0.85,53.45 "
        "-0.4,53.45 0.1,53.45",
        "east-midlands/west-midlands": "-2.05,53.15 -1.82,52.95 -1.6,52.7 -1.25,52.4 -1.35,52.12",
        "east-midlands/east": "-0.7,52.1 -0.42,52.35 -0.42,52.58 -0.2,52.68 0.2,52.75",
        "east-midlands/south-east": "-1.35,52.12 -1.05,52.0 -0.7,52.1",
        "west-midlands/south-east": "-1.35,52.12 -1.65,51.98",
        "west-midlands/south-west": "-1.65,51.98 -2.0,52.03 -2.4,51.98 -2.65,51.85",
        "west-midlands/wales": "-2.65,51.85 -3.05,51.95 -3.1,52.25 -3.0,52.5 -3.1,52.75 "
        "-2.75,52.98",
        "wales/south-west": "-2.65,51.85 -2.7,51.6",
        "south-west/south-east": "-1.65,51.98 -1.75,51.7 -1.55,51.5 -1.65,51.25 "
        "-1.85,51.0 -1.75,50.73",
        "south-east/east": "-0.7,52.1 -0.6,51.85 -0.7,51.75 -0.52,51.64",
        "london/east": "-0.52,51.64 -0.28,51.73 0.05,51.73 0.26,51.63 0.28,51.48",
        "london/south-east": "0.28,51.48 0.18,51.33 0.03,51.26 -0.32,51.28 -0.54,51.42 -0.52,51.64",
        # Coasts, clockwise round the island.
        "scotland": "-3.05,54.98 -4.0,54.78 -4.9,54.65 -5.1,55.0 -4.65,55.45 -4.9,55.75 -5.2,55.85 "
        "-5.75,55.3 -5.55,55.95 -5.6,56.4 -6.2,56.73 -5.75,57.05 -6.1,57.1 -6.75,57.4 -6.3,57.68 "
        "-5.8,57.55 -5.7,57.85 -5.3,58.1 -5.0,58.62 -3.05,58.64 -3.4,58.2 -4.0,57.85 -4.15,57.5 "
        "-3.3,57.7 -2.0,57.68 -1.8,57.45 -2.1,57.1 -2.45,56.6 -2.9,56.42 -2.6,56.25 -3.4,56.0 "
        "-2.9,55.98 -2.5,56.05 -2.1,55.9 -2.0,55.78",
        "north-east": "-2.0,55.78 -1.6,55.55 -1.45,55.0 -1.2,54.66 -0.8,54.55",
        "yorkshire": "-0.8,54.55 -0.4,54.28 -0.1,54.12 -0.2,53.9 0.12,53.6 -0.3,53.7 0.1,53.45",
        "east-midlands": "0.1,53.45 0.33,53.15 0.05,52.9 0.2,52.75",
        "east": "0.2,52.75 0.5,52.95 1.3,52.93 1.75,52.6 1.75,52.45 1.6,52.05 1.28,51.92 1.1,51.78 "
        "0.9,51.7 0.85,51.55 0.45,51.52 0.28,51.48",
        "south-east": "0.28,51.48 0.45,51.46 0.75,51.42 1.45,51.38 1.35,51.13 "
        "0.97,50.91 0.25,50.74 "
        "-0.15,50.82 -0.8,50.73 -1.1,50.8 -1.4,50.85 -1.75,50.73",
        "south-west": "-1.75,50.73 -2.0,50.6 -2.45,50.55 -2.95,50.72 -3.4,50.62 "
        "-3.5,50.4 -3.65,50.22 "
        "-4.15,50.35 -4.8,50.25 -5.1,49.97 -5.7,50.06 -5.5,50.2 -5.05,50.4 -4.55,50.8 -4.5,51.02 "
        "-4.15,51.2 -3.5,51.22 -3.05,51.2 -3.0,51.35 -2.7,51.6",
        "wales": "-2.7,51.6 -3.15,51.43 -3.55,51.4 -3.9,51.6 -4.3,51.55 -4.4,51.72 -5.1,51.65 "
        "-5.3,51.9 -4.7,52.1 -4.1,52.4 -4.05,52.6 -4.15,52.9 -4.75,52.8 -4.35,53.12 -4.65,53.3 "
        "-4.3,53.42 -4.05,53.25 -3.85,53.33 -3.35,53.35 -3.1,53.25",
        "north-west": "-3.1,53.25 -3.1,53.42 -2.95,53.5 -3.05,53.65 -3.0,53.9 -2.85,54.1 -3.2,54.1 "
        "-3.6,54.5 -3.4,54.85 -3.05,54.98",
    }.items()
}
NORTHERN_IRELAND = (
    "-8.15,54.45 -7.6,54.15 -7.15,54.4 -6.65,54.05 -6.1,54.05 -5.55,54.3 -5.45,54.5 -5.8,54.65 "
    "-5.75,54.85 -6.15,55.2 -6.65,55.2 -7.1,55.08 -7.4,54.98 -7.5,54.75 -7.9,54.6"
)
HEBRIDES = "-7.45,57.0 -7.15,57.1 -7.0,57.6 -6.25,58.2 -6.25,58.5 -6.9,58.2 -7.4,57.6"
ORKNEY = "-3.3,58.85 -2.8,58.8 -2.7,59.1 -3.2,59.15"
SHETLAND = "-1.5,58.75 -1.2,58.8 -1.0,59.35 -1.4,59.3"
WIGHT = "-1.55,50.66 -1.3,50.76 -1.1,50.68 -1.3,50.58"

# The borders of each in order round it (“-” runs one backwards), its islands, and where its
# number stands.
OUTLINES = {
    "scotland": (
        "scotland -scotland/north-east -scotland/north-west",
        [HEBRIDES, ORKNEY, SHETLAND],
        (-4.05, 56.75),
    ),
    "northern-ireland": ("", [NORTHERN_IRELAND], (-6.7, 54.62)),
    "north-east": (
        "scotland/north-east north-east -north-east/yorkshire -north-east/north-west",
        [],
        (-1.78, 54.95),
    ),
    "north-west": (
        "scotland/north-west north-east/north-west north-west/yorkshire north-west/east-midlands "
        "north-west/west-midlands north-west/wales north-west",
        [],
        (-2.62, 53.6),
    ),
    "yorkshire-and-the-humber": (
        "north-east/yorkshire yorkshire -yorkshire/east-midlands -north-west/yorkshire",
        [],
        (-1.25, 53.9),
    ),
    "east-midlands": (
        "yorkshire/east-midlands east-midlands -east-midlands/east -east-midlands/south-east "
        "-east-midlands/west-midlands -north-west/east-midlands",
        [],
        (-0.85, 52.85),
    ),
    "west-midlands": (
        "east-midlands/west-midlands west-midlands/south-east west-midlands/south-west "
        "west-midlands/wales -north-west/west-midlands",
        [],
        (-2.2, 52.5),
    ),
    "wales": ("wales -north-west/wales -west-midlands/wales wales/south-west", [], (-3.7, 52.25)),
    "east-of-england": (
        "east-midlands/east east -london/east -south-east/east",
        [],
        (0.65, 52.3),
    ),
    "london": ("london/east london/south-east", [], (-0.13, 51.42)),
    "south-east": (
        "west-midlands/south-east south-west/south-east -south-east london/south-east "
        "-south-east/east -east-midlands/south-east",
        [WIGHT],
        (-1.0, 51.12),
    ),
    "south-west": (
        "wales/south-west -south-west -south-west/south-east west-midlands/south-west",
        [],
        (-2.75, 50.98),
    ),
}


def _place(point):
    east, north = point
    return round((east - WEST) * NARROWING * SCALE, 1), round((NORTH - north) * SCALE, 1)


def _path(points):
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in map(_place, points)) + "Z"


def _outline(borders):
    points = []
    for name in borders.split():
        border = BORDERS[name.removeprefix("-")]
        points += border[::-1] if name.startswith("-") else border
    return list(dict.fromkeys(points))


def _shape(slug, borders, islands, middle):
    outlines = [_outline(borders)] if borders else []
    outlines += [_points(island) for island in islands]
    return Shape(slug, "".join(map(_path, outlines)), *_place(middle))


SHAPES = [_shape(slug, *parts) for slug, parts in OUTLINES.items()]
SIZE = tuple(map(round, _place((1.85, 49.85))))
