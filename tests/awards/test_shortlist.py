"""Who goes on from a sift to the final."""

import pytest
from django.urls import reverse

from awards.actions.shortlist import choose_finalists
from awards.models import Event, NominationState
from awards.standing import standing_of
from cja_portal.kit.moves import ImpossibleMove
from tests.awards.judging import make_round
from tests.awards.panels import entry, make_marked_round
from tests.factories import make_staff

pytestmark = pytest.mark.django_db
CLOSE = [
    [(5, 5), (4, 4), (4, 3), (1, 1)],
    [(5, 4), (4, 3), (3, 3), (2, 1)],
    [(5, 5), (3, 4), (4, 4), (1, 2)],
]


@pytest.fixture
def round_():
    return make_marked_round(CLOSE)


@pytest.fixture
def staff(client, settings):
    settings.REQUIRE_SECOND_FACTOR = False
    user = make_staff()
    client.force_login(user)
    return user


def choose(round_, letters, reason=""):
    by = round_.category.cycle.judges.first().user
    choose_finalists(round_, [entry(round_, one) for one in letters], reason=reason, by=by)


def finalists(round_):
    found = round_.category.nominations.filter(state=NominationState.FINALIST)
    return "".join(one.nominee_name[-1] for one in found.order_by("nominee_name"))


def test_those_chosen_go_on_and_the_others_do_not(round_):
    choose(round_, "AB")

    assert finalists(round_) == "AB"
    assert entry(round_, "C").state == NominationState.NOT_SHORTLISTED


def test_it_can_be_chosen_anew_until_the_final_begins(round_):
    choose(round_, "AB")
    choose(round_, "A")
    assert finalists(round_) == "A"

    make_round(round_.category, stage="final", state="setup")
    with pytest.raises(ImpossibleMove, match="final has begun"):
        choose(round_, "AB")


@pytest.mark.parametrize("letters", ["AC", "B", "ABD"])
def test_against_the_order_there_is_a_reason(round_, letters):
    with pytest.raises(ImpossibleMove, match="Say why"):
        choose(round_, letters)

    choose(round_, letters, reason="It reaches people whom nobody else reaches.")

    assert finalists(round_) == letters
    assert Event.objects.filter(verb="choose_finalists").get().details["is_off_the_order"]


def test_a_choice_among_exact_equals_says_why():
    round_ = make_marked_round([[(5, 5), (3, 3), (3, 3)]] * 3)

    with pytest.raises(ImpossibleMove, match="Say why"):
        choose(round_, "AB")
    choose(round_, "ABC")


def test_nobody_goes_on_before_the_lock():
    with pytest.raises(ImpossibleMove, match="is locked"):
        choose(make_marked_round(is_locked=False), "A")


def test_near_misses_are_told_to_the_nearest_five(round_):
    misses = standing_of(round_).near_misses(2)

    assert misses[0].startswith("Example C (place 3) is about ")
    assert misses[0].endswith(" likely to be as good as Example B (place 2).")
    assert misses[1].startswith("Example D (place 4) is under 5 %")
    assert standing_of(round_).near_misses(4) == []


def test_the_page_is_ticked_by_the_marks_and_keeps_what_is_chosen(client, staff, round_):
    page = reverse("admin:awards_round_shortlist", args=[round_.uuid])
    first = client.get(f"{page}?cut=2")
    assert first.context["form"].ticked == {entry(round_, "A").pk, entry(round_, "B").pk}

    refused = client.post(page, {"chosen": [entry(round_, "C").pk], "reason": ""})
    kept = client.post(page, {"chosen": [entry(round_, "C").pk], "reason": "It is new."})

    assert "Say why the shortlist differs" in refused.content.decode()
    assert (kept.status_code, finalists(round_)) == (302, "C")


def test_a_final_has_no_shortlist(client, staff):
    round_ = make_marked_round(stage="final")

    page = reverse("admin:awards_round_shortlist", args=[round_.uuid])
    assert client.get(page).status_code == 404
