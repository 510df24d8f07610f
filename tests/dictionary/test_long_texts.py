"""Texts that nobody reads to the end: pages with them are still answered at once."""

import time
from random import Random

import pytest

from cja_portal.kit.differences import pieces_between
from cja_portal.kit.markdown import LONGEST
from dictionary.words import entries_in
from tests.factories import make_entry

LONG = " ".join(Random(1).choices([f"word{number}" for number in range(300)], k=6_000))
OTHER = " ".join(Random(2).choices([f"word{number}" for number in range(300)], k=6_000))


@pytest.mark.parametrize(("old", "new"), [(LONG, OTHER), (LONG.replace(" ", ". "), OTHER)])
def test_two_long_versions_are_compared_within_two_seconds(old, new):
    started = time.perf_counter()

    pieces = pieces_between(old, new)

    assert time.perf_counter() - started < 2
    assert "".join(piece.text for piece in pieces if not piece.is_new) == old
    assert "".join(piece.text for piece in pieces if not piece.is_gone) == new


def test_a_sentence_that_stays_is_seen_in_long_texts():
    kept = "This sentence stays."

    pieces = pieces_between(f"{LONG}. {kept}", f"{OTHER}. {kept}")

    assert any(kept in piece.text and not (piece.is_gone or piece.is_new) for piece in pieces)


@pytest.mark.django_db
def test_words_are_looked_for_as_far_as_the_text_is_shown():
    make_entry("Bail")

    assert len(entries_in("x" * (LONGEST - 5) + " Bail")) == 1
    assert entries_in("x" * LONGEST + " Bail") == []
