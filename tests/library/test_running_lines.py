import pytest

from library.paragraphs import Block, blocks_of
from library.running_lines import Ends, count_running

TEXT = "The police may stop and search a person in the street."


def counted(*texts):
    """Of the third page of texts."""
    pages = [Ends.of(number, text, text) for number, text in enumerate(texts, start=1)]
    return count_running(pages[2], pages[:2] + pages[3:])


def pages(form, count=5):
    return [form.format(number=number, text=f"{TEXT} {'x' * number}") for number in range(count)]


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("Annual report 2024\n{text}", (1, 0)),
        ("{text}\nExample Trust | Annual report 2024 | {number}", (0, 1)),
        ("Annual report\nPage {number} of 5\n{text}\nExample Trust\n{number}", (2, 2)),
        ("{number} Annual report\n\n{text}", (1, 0)),
        ("{text}", (0, 0)),
        ("", (0, 0)),
    ],
)
def test_what_comes_again_at_the_edge_of_pages_is_running(form, expected):
    assert counted(*pages(form)) == expected


def test_left_and_right_pages_may_differ():
    left, right = pages("Annual report\n{text}", 6), pages("Example Trust\n{text}", 6)
    mixed = [left[at] if at % 2 else right[at] for at in range(6)]

    assert counted(*mixed) == (1, 0)


def test_two_pages_prove_nothing_and_figures_are_no_numbers_of_pages():
    assert counted("Bail\nOne.", "Two.", "Bail\nThree.") == (0, 0)
    assert counted(*[f"{2019 + 3 * at} {at * at}\n{TEXT} {'x' * at}" for at in range(5)]) == (0, 0)


def test_a_page_of_nothing_else_is_all_running():
    assert blocks_of("Annual report\n\n3", (2, 2)) == [Block("running", ("Annual report · 3",))]


def test_running_lines_stand_apart_and_nothing_is_lost():
    found = blocks_of(f"Annual report\n\n{TEXT}\n\nBail.\n\n12", (1, 1))

    assert [(block.kind, block.texts) for block in found] == [
        ("running", ("Annual report",)),
        ("paragraph", (TEXT,)),
        ("paragraph", ("Bail.",)),
        ("running", ("12",)),
    ]
