import pytest

from library import marking
from library.marking import WORD, best_window, marked, places_of, words_met

LONG = " ".join(f"word{number}" for number in range(100))
HARD = (
    "re-offending offending, Offending's (offending) pre_offending “offending” ex-offending "
    "offending--offending offending. offending-x 9offending İ offending\noffending"
)


def test_marked_text_is_escaped_and_neighbours_share_a_mark():
    assert marked("<b>Stop search</b> & “stop”", {"Stop", "search", "stop"}) == (
        "&lt;b&gt;<mark>Stop search</mark>&lt;/b&gt; &amp; “<mark>stop</mark>”"
    )


def test_only_whole_words_are_marked_as_a_reader_would_tell_them_apart():
    places = [found.span() for found in WORD.finditer(HARD) if found[0] == "offending"]

    assert places_of(HARD, {"offending"}) == places
    assert len(places) == 9


def test_a_window_shows_where_the_words_are_thickest():
    text = f"prison {LONG} women in prison {LONG}"

    window = best_window(text, {"women", "prison"})

    assert window.startswith("… ")
    assert window.endswith(" …")
    assert "women in prison" in window
    assert len(window.split()) == 36


def test_a_short_text_is_its_own_window():
    assert best_window("Women in prison.", {"prison"}) == "Women in prison."
    assert best_window("Women in prison.", {"bail"}) == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("(Social work)\tand “anti-social” life; asocial, antisocial", {"Social", "anti-social"}),
        ("İstanbul: social", {"social"}),
        ("HMP/social SOCIAL's sócial", {"HMP/social", "SOCIAL's", "sócial"}),
        ("Nothing of it.", set()),
    ],
)
def test_words_are_met_wherever_they_stand_between_signs(text, met):
    assert words_met([text], {"social"}) == met


@pytest.mark.django_db
def test_words_that_were_met_before_are_not_asked_for_again(django_assert_num_queries):
    text, stems = ["Whimbrels and a whimsy."], frozenset({"whimbrel"})
    words_met(text, stems)

    with django_assert_num_queries(0):
        assert words_met(text, stems) == {"Whimbrels"}


@pytest.mark.django_db
def test_no_more_words_are_remembered_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr(marking, "_known", {})
    monkeypatch.setattr(marking, "MOST_KNOWN", 2)
    stems = frozenset({"whimbrel", "whinchat"})

    assert words_met(["whimbrel whinchats"], stems) == {"whimbrel", "whinchats"}
    assert words_met(["Whimbrels, whinchat"], stems) == {"Whimbrels", "whinchat"}
    assert set(marking._known) == {"Whimbrels", "whinchat"}
