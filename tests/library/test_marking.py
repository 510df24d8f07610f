import pytest

from library import marking
from library.marking import WORD, Met, best_window, marked, met_in, places_of
from library.search import read_query

LONG = " ".join(f"word{number}" for number in range(100))
HARD = (
    "re-offending offending, Offending's (offending) pre_offending “offending” ex-offending "
    "offending--offending offending. offending-x 9offending İ offending\noffending"
)


def met(*words):
    return Met(frozenset(words))


def test_marked_text_is_escaped_and_neighbours_share_a_mark():
    assert marked("<b>Stop search</b> & “stop”", met("Stop", "search", "stop")) == (
        "&lt;b&gt;<mark>Stop search</mark>&lt;/b&gt; &amp; “<mark>stop</mark>”"
    )


def test_only_whole_words_are_marked_as_a_reader_would_tell_them_apart():
    places = [found.span() for found in WORD.finditer(HARD) if found[0] == "offending"]

    assert places_of(HARD, met("offending")) == places
    assert len(places) == 9


def test_a_window_shows_where_the_words_are_thickest():
    text = f"prison {LONG} women in prison {LONG}"

    window = best_window(text, met("women", "prison"))

    assert window.startswith("… ")
    assert window.endswith(" …")
    assert "women in prison" in window
    assert len(window.split()) == 36


def test_a_short_text_is_its_own_window():
    assert best_window("Women in prison.", met("prison")) == "Women in prison."
    assert best_window("Women in prison.", met("bail")) == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("(Social work)\tand “anti-social” life; asocial, antisocial", {"Social", "anti-social"}),
        ("İstanbul: social", {"social"}),
        ("HMP/social SOCIAL's sócial", {"HMP/social", "SOCIAL's", "sócial"}),
        ("Nothing of it.", set()),
    ],
)
def test_words_are_met_wherever_they_stand_between_signs(text, words):
    assert met_in([text], read_query("social")) == met(*words)


@pytest.mark.django_db
def test_words_that_were_met_before_are_not_asked_for_again(django_assert_num_queries):
    text, query = ["Whimbrels and a whimsy."], read_query("whimbrel")
    met_in(text, query)

    with django_assert_num_queries(0):
        assert met_in(text, query) == met("Whimbrels")


@pytest.mark.django_db
def test_no_more_words_are_remembered_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr(marking, "_known", {})
    monkeypatch.setattr(marking, "MOST_KNOWN", 2)
    query = read_query("whimbrel or whinchat")

    assert met_in(["whimbrel whinchats"], query) == met("whimbrel", "whinchats")
    assert met_in(["Whimbrels, whinchat"], query) == met("Whimbrels", "whinchat")
    assert set(marking._known) == {"Whimbrels", "whinchat"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "text", "shown"),
    [
        (
            '"remand population"',
            "The remand population: remand rose, the population fell.",
            "The [remand population]: remand rose, the population fell.",
        ),
        ('"remand population"', "Remand. Population of", "[Remand]. [Population] of"),
        ('"remand population"', "population remand", "population remand"),
        ('"remand population"', "remand remand populations", "remand [remand populations]"),
        ('"remand population"', "remand prison population", "remand prison population"),
        ('"stop and search"', "Stop and search, stop, search", "[Stop and search], stop, search"),
        ('"stop and search"', "stop-and-search stop", "[stop-and-search] stop"),
        ('"stop and search"', "stop, look and search", "stop, look and search"),
        ('"organization program"', "organisation programmes", "[organisation programmes]"),
        ('"remand population" women', "women, remand population", "[women], [remand population]"),
        ('"remand population" remand', "remand; a population", "[remand]; a population"),
        ('"remand population" or remand', "a remand population", "a [remand population]"),
        (
            '-"remand population" remand',
            "remand; remand population",
            "[remand]; [remand] population",
        ),
        ('"a b"', "a b", "a [b]"),
    ],
)
def test_a_phrase_is_marked_where_its_words_stand_together(query, text, shown):
    said = marked(text, met_in([text], read_query(query)))

    assert said.replace("<mark>", "[").replace("</mark>", "]") == shown


def test_of_a_phrase_that_is_torn_apart_the_words_can_be_marked():
    torn = Met(phrases=(((0, frozenset({"remand"})), (1, frozenset({"population"}))),))

    assert marked("population on remand", torn) == "population on remand"
    assert marked("population, remand", torn.loosely) == (
        "<mark>population</mark>, <mark>remand</mark>"
    )
