"""Lines that stand on top or at the foot of page after page: titles, and numbers of pages."""

import re
from dataclasses import dataclass

from django.db.models.functions import Left, Right

NEAR = 4  # pages on either side: left and right pages may differ, and so may chapters
LEAST = 2  # other pages with the same line
MOST_LINES, REACH = 3, 600  # lines, and letters in them, at either end of a page
_NUMBER = re.compile(r"(\d{1,6})")


@dataclass(frozen=True)
class Ends:
    """How a page begins and ends."""

    number: int
    top: list
    foot: list

    @classmethod
    def of(cls, number, head, tail):
        return cls(number, _lines(head)[:MOST_LINES], _lines(tail)[-MOST_LINES:])


def near(page, pages):
    """The ends of the pages before and after; their numbers have no gaps."""
    around = pages.filter(number__range=(page.number - NEAR, page.number + NEAR))
    rows = around.exclude(number=page.number).order_by("number")
    ends = rows.values_list("number", Left("text", REACH), Right("text", REACH))
    return [Ends.of(*row) for row in ends]


def running_lines(page, others):
    """(how many lines on top, how many at the foot) of the page come again on others near it."""
    return count_running(Ends.of(page.number, page.text, page.text), others)


def count_running(page, others):
    return (
        _count(page.top, [(other.number - page.number, other.top) for other in others]),
        _count(page.foot[::-1], [(other.number - page.number, other.foot) for other in others]),
    )


def _count(lines, others):
    """From the edge inwards, so that nothing but edges is ever taken for one."""
    for place, line in enumerate(lines):
        alike = sum(any(_is_same(line, one, step) for one in rest) for step, rest in others)
        if alike < LEAST:
            return place
    return len(lines)


def _is_same(line, other, step):
    """Word for word; a number may have grown by as much as the page's own."""
    ours, theirs = _NUMBER.split(line), _NUMBER.split(other)
    if len(ours) != len(theirs) or ours[::2] != theirs[::2]:
        return False
    pairs = zip(map(int, ours[1::2]), map(int, theirs[1::2]), strict=True)
    return all(after - before in {0, step} for before, after in pairs)


def _lines(text):
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return [line for line in lines if line]
