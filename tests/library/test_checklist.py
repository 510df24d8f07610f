import pytest

from library.checklist import is_complete, points
from tests.factories.items import make_document, make_item

pytestmark = pytest.mark.django_db
TAGS = "Headings and lists that a screen reader can tell apart: report.pdf"


def read_aloud(item):
    """Whether each point about reading a file aloud is done, by its title."""
    return {point.title: point.is_done for point in points(item) if "report.pdf" in point.title}


def test_a_pdf_that_a_screen_reader_can_follow_has_all_its_points():
    item = make_item()
    make_document(item, is_tagged=True, found={"language": "en-GB", "title": "A report"})

    assert read_aloud(item) == {
        "The file report.pdf": True,
        TAGS: True,
        "Its language: report.pdf": True,
        "Its title: report.pdf": True,
    }


def test_what_a_pdf_lacks_for_screen_readers_is_said_and_is_not_in_the_way():
    item = make_item(summary="It is about this.", licence="all-rights-reserved")
    make_document(item, is_tagged=False, found={})

    lacking = {point.title for point in points(item) if point.title.endswith(": report.pdf")}
    assert lacking == {TAGS, "Its language: report.pdf", "Its title: report.pdf"}
    assert not any(point.is_done or point.is_in_the_way for point in points(item)[-3:])


@pytest.mark.parametrize(
    "fields", [{"reading": "waiting"}, {"content_type": "text/plain", "reading": "read"}]
)
def test_nothing_is_asked_of_a_file_that_was_not_read_or_has_no_tags(fields):
    item = make_item()
    make_document(item, **fields)

    assert list(read_aloud(item)) == ["The file report.pdf"]


def test_a_file_without_tags_can_be_handed_in():
    item = make_item(summary="It is about this.", licence="all-rights-reserved")
    make_document(item, is_tagged=False)

    assert not any(point.is_in_the_way for point in points(item) if "report.pdf" in point.title)
    assert not is_complete(item)  # Only for want of a theme.
