"""What kind of word a word is."""

import pytest

from dictionary import kinds


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("the", "a"),
        ("your", "my"),
        ("was", "be"),
        ("to", "to"),
        ("that", "a"),
        ("#", "#"),
        ("£", "£"),
        ("court's", "-'s"),
        ("drinking", "-ing"),
        ("released", "-ed"),
        ("coins", "-s"),
        ("witness", "word"),
        ("tea", "word"),
    ],
)
def test_words_are_told_apart_by_their_place_in_a_sentence(word, kind):
    assert kinds.place(word) == kind


def test_words_that_are_used_alike_have_one_topic():
    assert kinds.topic("bread") == kinds.topic("cheese") != kinds.topic("trial")
    assert kinds.topic("prison's") == kinds.topic("prison")


@pytest.mark.parametrize("word", ["the", "zyzzyva", "#"])
def test_small_and_rare_words_have_no_topic(word):
    assert kinds.topic(word) is None
