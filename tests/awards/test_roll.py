"""The roll of honour on paper."""

import pypdfium2
import pytest

from awards import roll
from tests.factories import make_award, make_published_cycle

pytestmark = pytest.mark.django_db


def text():
    with pypdfium2.PdfDocument(roll.pdf()) as pages:
        return "\n".join(page.get_textpage().get_text_bounded() for page in pages)


def test_it_names_who_was_honoured_and_the_years_of_which_nothing_is_known():
    make_published_cycle(2030)
    make_published_cycle(2031)
    make_award("Example Winner", for_work="A helpline", judges_words="Brave.")

    said = text()

    for words in ("2030", "Example Winner", "Winner, Example Category", "A helpline", "“Brave.”"):
        assert words in said
    assert "No winner is known for 2031." in said


def test_what_is_not_public_is_not_on_it():
    make_published_cycle(2030)
    make_award("On the list", result="shortlisted")
    make_award("Made up", is_demonstration=True)
    make_award("Not yet", published_at=None)
    make_award("Year unpublished", year=2032)

    assert roll.content() == {"years": [], "unknown": [2030]}


def test_its_stamp_changes_with_a_name_and_with_nothing_else():
    make_published_cycle(2030)
    before = roll.stamp()

    assert roll.stamp() == before
    make_award()
    assert roll.stamp() != before
