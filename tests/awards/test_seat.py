"""What a judge may follow of the meeting, and what no page of theirs may tell."""

import pytest
from django.urls import reverse

from awards.actions.meetings import hold_meeting, take_item
from tests.awards.judging import set_state
from tests.awards.panels import conflict, entry, make_marked_round
from tests.awards.test_meetings import FOUR, judges_of, make_meeting, save, user_of
from tests.awards.test_results_page import asked
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def address(round_):
    return reverse("awards:judging-meeting", args=[round_.uuid])


def page(client, round_, place=0):
    client.force_login(judges_of(round_)[place].user)
    return client.get(address(round_))


def text_of(response):
    main = response.content.decode()
    return main[main.index("<main") : main.index("</main>")]


def test_a_judge_follows_what_is_on_the_table_and_decided(client):
    round_ = make_meeting()
    take_item(round_, entry(round_, "A"), by=user_of(round_))
    save(round_, "A", "winner", reason="It reaches further.")

    text = text_of(page(client, round_))

    for said in ("On the table now: <strong>Example A", "Winner", "It reaches further.", "4.75"):
        assert said in text


def test_of_an_entry_with_an_interest_nothing_is_told(client):
    """Neither its name nor its marks, nor by a gap among places or outcomes that it won."""
    round_ = make_meeting(outside=[(3, "B")])
    take_item(round_, entry(round_, "B"), by=user_of(round_))
    save(round_, "B", "winner", reason="It reaches further.")

    text = text_of(page(client, round_, place=3))

    assert "Please step out." in text
    assert "Example A" in text
    for hidden in ("Example B", "Winner", "further", "Place</th>", "Decided"):
        assert hidden not in text


def test_two_worlds_that_differ_in_the_hidden_outcome_look_alike(client):
    round_ = make_meeting(outside=[(3, "B")])
    before = text_of(page(client, round_, place=3))

    save(round_, "B", "winner", reason="It reaches further.")

    assert text_of(page(client, round_, place=3)) == before


def test_what_a_judge_did_not_hand_in_is_not_told(client):
    marks = [*FOUR[:3], [(5, 5), None, (2, 2)]]
    round_ = make_meeting(marks)
    take_item(round_, entry(round_, "B"), by=user_of(round_))

    text = text_of(page(client, round_, place=3))

    assert "an entry that you did not mark" in text
    assert "Example B" not in text


def test_in_a_blind_category_entries_go_by_their_reference(client):
    round_ = make_meeting(is_blind=True)

    text = text_of(page(client, round_))

    assert f"Entry {entry(round_, 'A').reference}" in text
    assert "Example A<" not in text


@pytest.mark.parametrize("who", ["a stranger", "one who left", "one who reads nothing"])
def test_nobody_else_follows_it(client, who):
    round_ = make_meeting()
    judge = judges_of(round_)[0]
    if who == "one who left":
        judge.left_at = judge.accepted_at
        judge.save(update_fields=["left_at"])
    if who == "one who reads nothing":
        for letter in "ABC":
            conflict(round_, judge, letter)
    client.force_login(make_user() if who == "a stranger" else judge.user)

    assert client.get(address(round_)).status_code == 404


def test_nothing_is_followed_before_the_lock_or_before_the_meeting(client):
    round_ = make_marked_round(is_locked=False)
    assert page(client, round_).status_code == 404

    set_state(round_, "locked")
    assert page(client, round_).status_code == 404

    hold_meeting(round_, [], by=user_of(round_))
    assert page(client, round_).status_code == 200


@pytest.mark.parametrize("entries", [2, 5])
def test_the_page_asks_at_most_fifteen_times(client, entries):
    marks = [[(5, 5), (4, 4), (3, 3), (2, 2), (1, 1)][:entries]] * 3
    round_ = make_meeting(marks, quorum=2)
    client.force_login(user_of(round_))

    assert len(asked(client, address(round_))) <= 15
