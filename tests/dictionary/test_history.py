import pytest
from django.utils import timezone

from cja_portal.kit.differences import Piece, pieces_between
from dictionary.actions import explain_withdrawal, restore_entry, withdraw_entry
from dictionary.history import changes_between, draft_of, recent_changes
from dictionary.models import LanguageNote, Sense
from tests.factories import make_entry, make_label, make_relation, make_sense, make_user

pytestmark = pytest.mark.django_db


def titles(entry):
    return [change.title for change in changes_between(entry.current, draft_of(entry))]


def test_what_went_and_what_came_are_told_apart():
    assert pieces_between("You may go home.", "You can go home now.") == [
        Piece("You "),
        Piece("may", is_gone=True),
        Piece("can", is_new=True),
        Piece(" go "),
        Piece("home.", is_gone=True),
        Piece("home now.", is_new=True),
    ]


@pytest.mark.parametrize(("old", "new"), [("", "New."), ("Old.", ""), ("Same.", "Same."), ("", "")])
def test_both_texts_can_be_read_back_from_the_pieces(old, new):
    pieces = pieces_between(old, new)

    assert "".join(piece.text for piece in pieces if not piece.is_new) == old
    assert "".join(piece.text for piece in pieces if not piece.is_gone) == new


def test_nothing_differs_when_nothing_was_touched():
    entry = make_entry()
    make_label(entry, "surety", note="A note.")
    make_relation(entry, make_entry("Remand"), "equivalent")

    assert titles(entry) == []


@pytest.mark.parametrize(
    ("field", "value", "title"),
    [
        ("plain", "Other.", "England and Wales: in plain words"),
        ("review_due", "2031-01-01", "England and Wales: next review"),
        ("valid_from", "2001-01-01", "England and Wales: holds from"),
        ("no_statutory_definition", True, "England and Wales: no law defines it"),
        ("checked_on", "2026-01-01", "England and Wales: checked by a lawyer"),
    ],
)
def test_each_part_of_a_meaning_that_readers_see_is_compared(field, value, title):
    entry = make_entry()

    Sense.objects.update(**{field: value})

    assert titles(entry) == [title]


def test_notes_names_and_relations_are_compared():
    entry = make_entry()
    LanguageNote.objects.create(entry=entry, position="Say it kindly.", held_by="Example Charity")
    entry.labels.update(policy="never")
    entry.relations.create(to=make_entry("Remand"), kind="related")

    assert titles(entry) == ["How the names are recognised", "Related words", "Who says this word"]


def test_a_new_meaning_is_a_change():
    entry = make_entry()
    Sense.objects.create(
        entry=entry,
        jurisdiction="scotland",
        plain="Plain.",
        legal="Legal.",
        law_as_of=timezone.localdate(),
        review_due="2099-01-01",
    )

    assert "Scotland: in plain words" in titles(entry)


def test_the_record_keeps_withdrawals_that_were_undone():
    entry, user = make_entry("Bail"), make_user()
    withdraw_entry(entry, by=user)
    explain_withdrawal(entry, by=user, because="It was wrong.")
    restore_entry(entry, by=user)

    lines = [(event.kind, event.note, event.address) for event in recent_changes()]

    assert lines == [
        ("restored", "Readers can see it again.", "/dictionary/bail/"),
        ("withdrawn", "It was wrong.", "/dictionary/bail/"),
        ("published", "Published.", "/dictionary/bail/v/1/"),
    ]


@pytest.mark.parametrize("number", [1, 3])
def test_a_page_of_the_record_is_two_questions_however_long_it_is(
    number, django_assert_num_queries
):
    for place in range(number):
        entry = make_entry(f"Word {place}")
        withdraw_entry(entry, by=None)
        restore_entry(entry, by=None)
    changes = recent_changes()

    with django_assert_num_queries(2):
        assert len(changes) == 3 * number
        assert len(changes[:50]) == 3 * number


def test_the_record_is_read_one_line_at_a_time_too():
    make_entry("Bail")
    make_sense(make_entry("Remand"), "scotland")

    assert recent_changes()[0].headword == "Remand"
