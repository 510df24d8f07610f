"""Two invented entries with which judges try out the marks before the real ones; never counted."""

from collections import defaultdict
from dataclasses import dataclass

from awards.models import WarmUp

LEAST_COLLEAGUES = 2  # Fewer would show what one person thinks.


@dataclass(frozen=True)
class Example:
    """`parts` are (heading, text)."""

    number: int
    title: str
    parts: tuple


EXAMPLES = (
    Example(
        1,
        "Example Walk-In Centre",
        (
            (
                "What it does",
                "The centre is open three evenings a week. People who have just left prison come "
                "without an appointment, have a hot meal and talk to a volunteer about housing, "
                "benefits and work.",
            ),
            (
                "What has changed",
                "Everybody tells us how much they value it. It is busy every evening, and we are "
                "sure that it keeps many people out of prison.",
            ),
            (
                "Who shapes it",
                "Half of the volunteers have been in prison themselves. Two of them sit on the "
                "committee that decides how the money is spent.",
            ),
        ),
    ),
    Example(
        2,
        "Example Plain Letters",
        (
            (
                "What it does",
                "The project rewrites the standard letters of three courts in plain words, and "
                "trains the staff who send them. Fourteen letters are in use.",
            ),
            (
                "What has changed",
                "Before, 31 of 100 people who had such a letter came on the wrong day or not at "
                "all. In the year after, it was 19 of 100. A fourth court, which kept its old "
                "letters, saw no change. The figures are the courts’ own.",
            ),
            (
                "Who shapes it",
                "People who had received letters were asked once, at the end, whether the new "
                "ones were clearer. They took no part before.",
            ),
        ),
    ),
)


def next_example(judge, category):
    """The first that the judge has not marked; None once all are."""
    done = set(judge.warm_ups.filter(category=category).values_list("example", flat=True))
    return next((one for one in EXAMPLES if one.number not in done), None)


def beside_colleagues(judge, category):
    """[(example, [(criterion, own mark, lowest and highest of colleagues or None)])]

    Of each example that the judge has marked: nothing of others is told before.
    """
    criteria = list(category.criteria.all())
    given = defaultdict(dict)
    for one in WarmUp.objects.filter(category=category):
        given[one.example][one.judge_id] = one.marks
    return [
        (example, [_row(each, given[example.number], judge) for each in criteria])
        for example in EXAMPLES
        if judge.pk in given[example.number]
    ]


def _row(criterion, marks_of, judge):
    key = str(criterion.pk)
    others = [marks[key] for pk, marks in marks_of.items() if pk != judge.pk and key in marks]
    told = (min(others), max(others)) if len(others) >= LEAST_COLLEAGUES else None
    return criterion, marks_of[judge.pk].get(key), told
