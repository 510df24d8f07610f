import pytest

from dictionary.models import LabelKind
from dictionary.words import entries_in
from tests.factories import make_entry, make_label

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries():
    make_label(make_entry("Release on temporary licence"), "ROTL", LabelKind.ACRONYM)
    make_label(make_entry("Appropriate adult"), "AA", LabelKind.ACRONYM)
    make_label(make_entry("Electronic monitoring"), "tag", LabelKind.SPOKEN)
    make_entry("Licence")
    make_entry("Stop and search")
    make_entry("Victim")


def words(text):
    return [entry.headword for entry in entries_in(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Release on temporary licence", ["Release on temporary licence"]),
        ("release on\ntemporary  licence.", ["Release on temporary licence"]),
        ("A licence", ["Licence"]),
        ("Licences for all", ["Licence"]),
        ("Victims' rights", ["Victim"]),
        ("a victim’s view", ["Victim"]),
        ("Stop-and-search", ["Stop and search"]),
        ("ROTL and ROTLs", ["Release on temporary licence"]),
        ("An aa battery", []),
        ("The AA came", ["Appropriate adult"]),
        ("A tag on it", []),
        ("Victims of stop and search", ["Victim", "Stop and search"]),
        ("licensed premises", []),
        ("", []),
    ],
)
def test_words_of_a_text(entries, text, found):
    assert words(text) == found


def test_a_longer_name_wins_over_a_shorter_one_within_it(entries):
    assert "Licence" not in words("release on temporary licence")


def test_a_word_is_named_once(entries):
    assert words("Victim, victims and victims again") == ["Victim"]


def test_draft_entries_are_not_named():
    make_entry("Secret", is_published=False)

    assert words("A secret") == []
