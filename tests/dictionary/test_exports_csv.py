"""The sheet: safe to open, and read back without loss."""

import csv as python_csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cja_portal.kit.content import ContentError
from dictionary.exports import csv
from dictionary.exports.book import current_book
from dictionary.exports.csv import COLUMNS, Sheet, read_entries, write_entries
from dictionary.models import Jurisdiction, LabelKind
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


def test_a_new_meaning_has_no_number_and_gets_a_negative_one():
    text = sheet_text(id="", labels='[{"text": "a"}]')

    (sheet,) = read_entries(text)

    assert sheet.snapshot["senses"][0]["id"] == -2
    assert sheet.snapshot["labels"] == [{"text": "a", "sense": -2}]


def sheet_text(**cells):
    sense = {
        **dict.fromkeys(["means_for_you", "replaced_by"], ""),
        "id": 1,
        "jurisdiction": "uk",
        "plain": "P",
        "legal": "L",
        "no_statutory_definition": False,
        "is_in_force": True,
        **dict.fromkeys(["valid_from", "valid_to", "law_as_of", "review_due", "checked_on"]),
        "sources": [],
    }
    empty = {"labels": [], "relations": [], "language_notes": []}
    snapshot = {"headword": "Bail", "senses": [sense], **empty}
    rows = list(python_csv.reader(io.StringIO(write_entries([Sheet("bail", snapshot)])[1:])))
    for name, value in cells.items():
        rows[1][COLUMNS.index(name)] = value
    out = io.StringIO()
    python_csv.writer(out).writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"entry": ""}, "Row 2 cannot be read: “entry” and “headword” must be filled."),
        ({"jurisdiction": "france"}, "Row 2 cannot be read: “france” is not a jurisdiction."),
        ({"is_in_force": "maybe"}, "Row 2 cannot be read: “maybe” is neither yes nor no."),
        ({"sources": "{}"}, "Row 2 cannot be read: “sources” is not a list."),
    ],
)
def test_a_wrong_row_is_named(cells, words):
    assert read_entries(sheet_text())

    with pytest.raises(ContentError, match="^" + words):
        read_entries(sheet_text(**cells))


@pytest.mark.parametrize("text", ["", "entry\nbail", '"', "a,b\n1,2,3\n", "\0"])
def test_what_is_no_such_sheet_is_refused_with_a_sentence(text):
    with pytest.raises(ContentError):
        read_entries(text)


def test_two_rows_of_an_entry_must_agree():
    one, two = sheet_text(), sheet_text(headword="Other").splitlines(keepends=True)[1]

    with pytest.raises(ContentError, match="has another “headword” further up"):
        read_entries(one + two)
