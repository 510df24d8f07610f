"""The signs of a word, and how they are learned."""

from dictionary import signs
from tests.benchmarks.learning import learn, likelihood


def test_the_words_beside_a_word_are_signs_of_it_and_of_all():
    told = dict(signs.of_words("fined", "You were ", " £80 for it."))

    assert {sign: told[sign] for sign in ("said fined", "kin fine")} == {
        "said fined": 1,
        "kin fine": 1,
    }
    assert (told["before were"], told["fine before were"]) == (1, 1)
    assert (told["after £"], told["fine after that #"]) == (1, 0.7)


def test_the_kinds_of_the_words_beside_a_word_are_signs_too():
    told = dict(signs.of_words("charge", "We make no ", " for tea."))
    other = dict(signs.of_words("charge", "We make no ", " for coffee."))

    alike = {sign for sign in told.keys() & other.keys() if sign.startswith("char near ~")}
    assert alike
    assert told["char between no =in"] == 0.5


def test_no_word_stands_beside_the_first_and_the_last():
    told = dict(signs.of_words("bail", "", ""))

    assert [sign for sign in told if sign.startswith(("before", "after")) and "=" not in sign] == [
        "before |",
        "before that |",
        "after |",
        "after that |",
    ]


def test_company_counts_less_the_more_there_is():
    told = dict(signs.of_company({("names", "text"): 3, ("names", "sentence"): 3}))

    assert (round(told["names in text"], 2), told["names in sentence"]) == (1.39, 2)


def test_it_learns_what_tells_the_examples_apart():
    law, other = [("always", 1), ("before pay", 1)], [("always", 1), ("before is", 1)]

    weights = learn([(law, 0, True, 1), (other, 0, False, 1)] * 30)

    assert weights["before pay"] > 0 > weights["before is"]
    assert likelihood(weights, law, 0) > 0.9 > 0.1 > likelihood(weights, other, 0)


def test_the_weights_that_are_used_can_be_read():
    weights = signs.learned()

    assert weights["names in reach"] > 0 > weights["others in reach"]
