"""The sheet: safe to open, and read back without loss."""

import csv as python_csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dictionary.exports import csv
from dictionary.exports.book import current_book
from dictionary.exports.csv import COLUMNS, Sheet, write_entries
from dictionary.models import Jurisdiction, LabelKind
from tests.dictionary.csv_reader import read_entries
from tests.factories import make_entry, make_label, make_relation, make_sense, make_theme

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
FILLED = TEXTS.filter(bool)
DAYS = st.dates().map(date.isoformat)
LABELS = st.fixed_dictionaries(
    {
        "text": FILLED,
        "kind": st.sampled_from(LabelKind.values),
        "language": st.sampled_from(["en", "cy"]),
        "forms": st.lists(TEXTS, max_size=2),
        "note": TEXTS,
    }
)
SOURCES = st.fixed_dictionaries({"kind": st.just("act"), "title": FILLED, "url": TEXTS})
SENSES = st.fixed_dictionaries(
    {
        "jurisdiction": st.sampled_from(Jurisdiction.values),
        **dict.fromkeys(["plain", "means_for_you", "legal", "replaced_by"], TEXTS),
        **dict.fromkeys(["no_statutory_definition", "is_in_force"], st.booleans()),
        **dict.fromkeys(["valid_from", "valid_to", "checked_on"], st.none() | DAYS),
        **dict.fromkeys(["law_as_of", "review_due"], DAYS),
        "sources": st.lists(SOURCES, max_size=2),
    }
)


@st.composite
def sheets(draw):
    """An entry with the shape of a snapshot and any texts at all."""
    senses = draw(st.lists(SENSES, min_size=1, max_size=3))
    senses = [{"id": number, **sense} for number, sense in enumerate(senses, start=1)]
    labels = [label | {"sense": None} for label in draw(st.lists(LABELS, max_size=2))]
    for sense in senses:
        own = draw(st.lists(LABELS, max_size=2))
        labels += [label | {"sense": sense["id"]} for label in own]
    snapshot = {
        "headword": draw(FILLED),
        "senses": senses,
        "labels": labels,
        "relations": [{"kind": "related", "to": draw(TEXTS), "note": draw(TEXTS)}],
        "language_notes": [{"position": draw(TEXTS), "held_by": draw(TEXTS)}],
    }
    return Sheet(slug=draw(FILLED), snapshot=snapshot, topics=draw(st.lists(TEXTS, max_size=2)))


@given(sheets())
def test_whatever_is_written_is_read_back(sheet):
    assert read_entries(write_entries([sheet])) == [sheet]


@given(st.lists(sheets(), max_size=3, unique_by=lambda sheet: sheet.slug))
def test_a_second_writing_is_the_same_to_the_letter(many):
    text = write_entries(many)

    assert write_entries(read_entries(text)) == text


@given(sheets())
def test_no_cell_begins_like_a_formula(sheet):
    text = write_entries([sheet]).removeprefix("\ufeff")

    cells = [cell for row in python_csv.reader(io.StringIO(text, newline="")) for cell in row]

    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


@pytest.mark.django_db
def test_the_whole_dictionary_can_be_read_back():
    bail = make_entry("Bail", topics=[make_theme()], valid_from=date(2000, 1, 1))
    make_sense(bail, "scotland", name="=Interim liberation", plain="-Line one.\r\nLine “two”, ok.")
    make_label(bail, "'surety'")
    make_relation(bail, make_entry("Remand"), note="@home")
    book = current_book()

    read = read_entries(csv.whole(book).decode())

    assert [sheet.slug for sheet in read] == ["bail", "remand"]
    assert read[0].topics == ["policing"]
    for sheet in read:
        public = csv.sheet_of(book, book.by_slug[sheet.slug]).snapshot
        labels = [one for one in public["labels"] if one not in sheet.snapshot["labels"]]
        assert labels == []
        assert sheet.snapshot | {"labels": []} == public | {"labels": []}


@pytest.mark.django_db
def test_there_is_one_row_for_each_meaning():
    make_sense(make_entry("Bail"), "scotland")

    rows = list(python_csv.DictReader(io.StringIO(csv.whole(current_book()).decode()[1:])))

    assert [(row["entry"], row["jurisdiction"]) for row in rows] == [
        ("bail", "england-and-wales"),
        ("bail", "scotland"),
    ]
    assert list(rows[0]) == list(COLUMNS)


@pytest.mark.django_db
def test_a_relation_to_a_draft_is_not_told():
    make_relation(make_entry("Bail"), make_entry("Secret", is_published=False))

    assert "ecret" not in csv.whole(current_book()).decode()
