"""Every pair of text and ground in tokens.css meets WCAG 2.2, in light and in dark."""

import re
from itertools import product

import pytest
from django.conf import settings

SCHEMES = ["light", "dark"]
TEXT, ENHANCED, SHAPE = 4.5, 7, 3


def tokens():
    css = (settings.BASE_DIR / "static/css/tokens.css").read_text()
    found = {}
    for name, value in re.findall(r"--([\w-]+): ([^;]+);", css):
        colours = re.findall(r"#[0-9a-f]{6}", value)
        if colours:
            found[name] = {"light": colours[0], "dark": colours[-1]}
    return found


TOKENS = tokens()


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = map(linear, parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def linear(part):
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def contrast(one, other):
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def of_tokens(one, other, scheme):
    return contrast(TOKENS[one][scheme], TOKENS[other][scheme])


def test_the_formula_agrees_with_the_standard():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        *product(["ink", "soft", "teal", "teal-deep", "brick"], ["paper", "sheet", "wash"]),
        *product(["ink", "soft", "brick", "teal"], ["brick-wash"]),
        *product(["ink", "soft", "teal", "teal-deep"], ["mark"]),
        *product(["on-teal"], ["teal", "teal-deep"]),
        *product(["on-brick"], ["brick", "brick-deep"]),
        ("on-marigold", "marigold"),
        ("on-band", "band"),
        ("paper", "ink"),
    ],
)
def test_text_can_be_read_on_its_ground(text, ground, scheme):
    assert of_tokens(text, ground, scheme) >= TEXT


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("text", ["ink", "soft", "teal", "teal-deep"])
@pytest.mark.parametrize("ground", ["paper", "sheet"])
def test_running_text_and_links_meet_the_enhanced_level(text, ground, scheme):
    assert of_tokens(text, ground, scheme) >= ENHANCED


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("shape", ["edge", "ink", "teal", "brick"])
@pytest.mark.parametrize("ground", ["paper", "sheet"])
def test_borders_of_controls_can_be_seen(shape, ground, scheme):
    assert of_tokens(shape, ground, scheme) >= SHAPE


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_ring_of_focus_can_be_seen_on_the_page_and_beside_marigold(scheme):
    """The ring is marigold inside ink: on any ground one of the two stands out."""
    assert of_tokens("on-marigold", "marigold", scheme) >= SHAPE
    assert max(of_tokens("ink", "paper", scheme), of_tokens("marigold", "paper", scheme)) >= SHAPE
