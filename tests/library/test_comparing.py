"""What the newer of two files says that the older did not."""

import pytest

from library import comparing
from library.comparing import changed_pages
from library.models import Reading
from tests.factories import make_document, make_item

pytestmark = pytest.mark.django_db

LONG = "This sentence stands in both files and fills its line to the very end of it."
OLDER = ["Prisons\nThere were 80 places in the prison on the hill.", f"{LONG}", "The last page."]
FILE = "/library/a-report/files/report.pdf"


@pytest.fixture
def item():
    return make_item("A report", slug="a-report")


def make_versions(item, older, newer, **fields):
    first, second = (item.versions.create(number=one, note="Changed.") for one in (1, 2))
    before = make_document(
        item, "old.pdf", pages=older, added_in=first, removed_in=second, **fields
    )
    return before, make_document(item, pages=newer, added_in=second, **fields)


def told(pages):
    """{page: [what went and what came, in signs]}"""
    return {
        page.number: ["".join(map(signed, stretch)) for stretch in page.stretches] for page in pages
    }


def signed(piece):
    if piece.is_gone:
        return f"-{piece.text}-"
    return f"+{piece.text}+" if piece.is_new else piece.text


@pytest.mark.parametrize(
    ("newer", "changes"),
    [
        (OLDER, {}),
        (
            ["Prisons\nThere were 95 places in the prison on the hill.", *OLDER[1:]],
            {1: ["There were -80-+95+ places in the prison on the hill."]},
        ),
        ([*OLDER[:2], "New here.", OLDER[2]], {3: ["+New here.+"]}),
        ([OLDER[0], OLDER[2]], {1: [f"-{LONG}-"]}),
        ([""], {1: [f"-Prisons\n\n{OLDER[0][8:]}\n\n{LONG}\n\n{OLDER[2]}-"]}),
        (["", *OLDER], {}),  # Everything moved by a page.
        ([f"{OLDER[0]}\n\n{OLDER[1]}", OLDER[2]], {}),
    ],
)
def test_changes_stand_on_the_page_where_the_newer_has_them(item, newer, changes):
    assert told(changed_pages(*make_versions(item, OLDER, newer))) == changes


def test_what_is_left_is_not_compared_word_by_word_when_the_words_are_too_many(item, monkeypatch):
    monkeypatch.setattr("library.comparing.MOST_PAIRS", 100)
    before = ["One two three.\n\nThe same.", "Four five " * 10]
    after = ["One six three.\n\nThe same.", "Four six " * 10]
    pages = told(changed_pages(*make_versions(item, before, after)))
    assert pages[1] == ["One -two-+six+ three."]
    assert pages[2] == [f"-{before[1].strip()}-+{after[1].strip()}+"]


def test_a_paragraph_that_goes_on_overleaf_is_one(item):
    torn = ["There were 80 places in the prison", "on the hill."]

    before, after = make_versions(item, torn, ["There were 80 places in the prison on the hill."])

    assert changed_pages(before, after) == []


def test_numbers_of_pages_are_no_change(item):
    older = [f"A title\n{LONG}\nWord {one}.\n{one}" for one in range(1, 5)]
    newer = [
        "A title\nNew.\n1",
        *(f"A title\n{LONG}\nWord {one}.\n{one + 1}" for one in range(1, 5)),
    ]

    assert told(changed_pages(*make_versions(item, older, newer))) == {1: ["+New.+"]}


def test_the_record_leads_to_the_comparison(client, item):
    make_versions(item, OLDER, [OLDER[0].replace("80", "95"), *OLDER[1:]])

    assert f"{FILE}/changes/" in client.get("/library/a-report/").content.decode()
    page = client.get(f"{FILE}/changes/").content.decode()
    assert "1 page differs" in page
    assert "80<" in page
    assert "95<" in page
    assert f'{FILE}/page/1/">Page 1</a>' in page


def test_what_is_the_same_is_said_to_be(client, item):
    make_versions(item, OLDER, OLDER)

    assert "word for word" in client.get(f"{FILE}/changes/").content.decode()


def test_a_text_is_escaped(client, item):
    make_versions(item, ["Old."], ["<script>alert(1)</script>"])

    assert "<script>alert(1)" not in client.get(f"{FILE}/changes/").content.decode()


def test_files_that_are_too_long_are_not_compared(client, item, monkeypatch):
    monkeypatch.setattr(comparing, "MOST_PAGES", 2)
    make_versions(item, OLDER, ["Another."])

    page = client.get(f"{FILE}/changes/").content.decode()

    assert "too long" in page
    assert "Another." not in page


@pytest.mark.parametrize("reading", [Reading.NO_TEXT, Reading.INFECTED, Reading.WAITING])
def test_without_text_there_is_nothing_to_compare(client, item, reading):
    before, _ = make_versions(item, OLDER, ["Another."])
    before.reading = reading
    before.save(update_fields=["reading"])

    assert client.get(f"{FILE}/changes/").status_code == 404
    assert f"{FILE}/changes/" not in client.get("/library/a-report/").content.decode()


def test_a_first_version_has_nothing_before_it(client, item):
    make_document(item, pages=OLDER, added_in=item.versions.create(number=1, note="First."))

    assert client.get(f"{FILE}/changes/").status_code == 404


def test_who_may_not_open_the_file_reads_no_comparison(client):
    item = make_item("A report", slug="a-report", files_audience="members")
    make_versions(item, OLDER, ["Another."])

    answer = client.get(f"{FILE}/changes/")

    assert answer.status_code == 404
    assert f"{FILE}/changes/" not in client.get("/library/a-report/").content.decode()
