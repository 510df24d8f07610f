import pytest

from dictionary.sounds import sound_key, sound_keys


@pytest.mark.parametrize(
    ("spelled", "meant"),
    [
        ("sepeena", "subpoena"),
        ("aquital", "acquittal"),
        ("kurfew", "curfew"),
        ("lisence", "licence"),
        ("majistrate", "magistrate"),
        ("parol", "parole"),
        ("remmand", "remand"),
        ("suspishun", "suspicion"),
        ("defendent", "defendant"),
        ("rear", "rea"),
        ("nife", "knife"),
        ("riting", "writing"),
    ],
)
def test_words_that_sound_alike_meet(spelled, meant):
    assert sound_key(spelled) == sound_key(meant)


@pytest.mark.parametrize(("one", "other"), [("bail", "jail"), ("fine", "time"), ("jury", "fury")])
def test_words_that_sound_different_stay_apart(one, other):
    assert sound_key(one) != sound_key(other)


def test_numbers_keep_their_spelling():
    assert sound_keys("section 60") == f"{sound_key('section')} 60"
