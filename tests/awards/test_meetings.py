"""The meeting: who is there, what is on the table, what the panel may decide and must explain."""

import pytest
from django.urls import reverse

from awards.actions.meetings import (
    Overtaken,
    hold_meeting,
    save_item,
    take_item,
    version_of,
    withhold_award,
)
from awards.models import Decision, Meeting
from cja_portal.kit.moves import ImpossibleMove
from tests.awards.panels import conflict, entry, make_marked_round
from tests.awards.test_results_page import asked
from tests.factories import make_staff
from tests.races import race

pytestmark = pytest.mark.django_db
FOUR = [
    [(5, 5), (4, 4), (2, 3)],
    [(5, 4), (4, 3), (3, 2)],
    [(4, 5), (4, 4), (3, 3)],
    [(5, 5), (4, 4), (2, 2)],
]


def judges_of(round_):
    return list(round_.category.cycle.judges.order_by("pk"))


def make_meeting(marks=FOUR, *, outside=(), **fields):
    """A final with everybody there; `outside` are pairs of a judge's place and a letter."""
    values = {"quorum": 3, "may_be_shared": True} | fields
    round_ = make_marked_round(marks, stage="final", **values)
    for place, letter in outside:
        conflict(round_, judges_of(round_)[place], letter)
    hold_meeting(round_, judges_of(round_), by=user_of(round_))
    return round_


def user_of(round_):
    return judges_of(round_)[0].user


def save(round_, letter, outcome, reason="", stepped_out=(), seen=None):
    nominee = entry(round_, letter)
    before = Decision.objects.filter(nomination=nominee).first()
    return save_item(
        round_,
        nominee,
        outcome=outcome,
        reason=reason,
        stepped_out=stepped_out,
        seen=version_of(before) if seen is None else seen,
        by=user_of(round_),
    )


def test_the_agenda_follows_the_marks_with_the_least_stepping_out():
    round_ = make_meeting(outside=[(3, "C"), (3, "A")])

    agenda = Meeting.objects.get().agenda

    assert agenda == [entry(round_, letter).pk for letter in "ACB"]


def test_what_is_decided_stays_in_its_place_when_somebody_comes():
    round_ = make_meeting(outside=[(3, "C"), (3, "A")])
    save(round_, "B", "commended")

    hold_meeting(round_, judges_of(round_)[:3], by=user_of(round_))

    assert Meeting.objects.get().agenda == [entry(round_, letter).pk for letter in "BAC"]


@pytest.mark.parametrize(
    ("letter", "outcome", "said"),
    [
        ("A", "winner", ""),
        ("B", "runner-up", ""),
        ("B", "winner", "put Example A first"),
        ("A", "commended", ""),
        ("C", "winner", "put Example A first"),
    ],
)
def test_against_the_order_there_is_a_reason(letter, outcome, said):
    round_ = make_meeting()
    if said:
        with pytest.raises(ImpossibleMove, match=said):
            save(round_, letter, outcome)

    decision = save(round_, letter, outcome, reason="We talked." if said else "")

    assert decision.is_off_the_order == bool(said)


def test_an_entry_without_a_place_is_not_honoured_without_a_reason():
    round_ = make_meeting([*FOUR[:3], [(5, 5), (4, 4), None]])

    with pytest.raises(ImpossibleMove, match="no place"):
        save(round_, "C", "commended")
    assert save(round_, "C", "shortlisted")


def test_who_is_put_behind_one_with_lower_marks_needs_a_reason_too():
    round_ = make_meeting()
    save(round_, "B", "runner-up")

    with pytest.raises(ImpossibleMove, match="put Example B below it"):
        save(round_, "A", "commended")
    assert save(round_, "A", "joint-winner")


def test_between_equals_the_panel_says_why_and_it_is_not_off_the_order():
    round_ = make_meeting([[(4, 4), (4, 4)]] * 3, tie_rules=["first-places"])

    with pytest.raises(ImpossibleMove, match="are exactly equal"):
        save(round_, "A", "winner")
    assert not save(round_, "A", "winner", reason="It reaches further.").is_off_the_order
    assert save(round_, "A", "joint-winner")


def test_those_who_stepped_out_do_not_count_towards_the_quorum():
    round_ = make_meeting(outside=[(3, "A")])
    first = judges_of(round_)[0]

    with pytest.raises(ImpossibleMove, match="2 in the room and 3 needed"):
        save(round_, "A", "winner", stepped_out=[first])

    decision = save(round_, "A", "winner")
    assert decision.stepped_out == [judges_of(round_)[3].pk]  # whether ticked or not


def test_the_award_is_withheld_only_where_the_rules_allow_it():
    round_ = make_meeting(may_be_withheld=False)
    with pytest.raises(ImpossibleMove, match="do not let the award be withheld"):
        withhold_award(round_, because="None was good enough.", by=user_of(round_))


def test_an_award_is_not_both_withheld_and_given():
    round_ = make_meeting()
    withhold_award(round_, because="None was good enough.", by=user_of(round_))
    with pytest.raises(ImpossibleMove, match="is withheld"):
        save(round_, "A", "winner")

    withhold_award(round_, because="", by=user_of(round_))
    save(round_, "A", "winner")

    with pytest.raises(ImpossibleMove, match="Somebody wins it"):
        withhold_award(round_, because="None was good enough.", by=user_of(round_))


def test_a_scribe_does_not_write_over_another():
    round_ = make_meeting()
    save(round_, "A", "winner", reason="First scribe.")

    with pytest.raises(Overtaken) as overtaken:
        save(round_, "A", "commended", reason="Second scribe.", seen="")

    assert overtaken.value.decision.reason == "First scribe."
    assert Decision.objects.get().reason == "First scribe."


def test_what_is_not_on_the_agenda_is_not_decided():
    round_ = make_meeting()
    Meeting.objects.update(agenda=[entry(round_, "A").pk])

    with pytest.raises(ImpossibleMove, match="not on the agenda"):
        save(round_, "B", "runner-up")
    assert not Decision.objects.exists()


def test_no_outcome_takes_the_decision_back():
    round_ = make_meeting()
    save(round_, "A", "winner")

    save(round_, "A", "")

    assert not Decision.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_scribes_who_save_at_once_one_is_told():
    round_ = make_meeting()

    outcomes = race(
        lambda: save(round_, "A", "winner", reason="First.", seen=""),
        lambda: save(round_, "A", "commended", reason="Second.", seen=""),
    )

    assert isinstance(outcomes[1], Overtaken)
    assert Decision.objects.get().reason == "First."


# -- The page -------------------------------------------------------------------------------------


@pytest.fixture
def staff(client, settings):
    settings.REQUIRE_SECOND_FACTOR = False
    user = make_staff()
    client.force_login(user)
    return user


def page(round_, name="round_meeting", *args):
    return reverse(f"admin:awards_{name}", args=[round_.uuid, *args])


def form(outcome, reason="", seen=""):
    return {"outcome": outcome, "reason": reason, "seen": seen}


def test_who_must_step_out_stands_first(client, staff):
    round_ = make_meeting(outside=[(3, "A")])
    client.post(page(round_, "meeting_do", "take"), {"entry": entry(round_, "A").pk})

    text = client.get(page(round_)).content.decode()

    main = text[text.index('<section class="review-part now">') :]
    assert main.index("Must step out:") < main.index("Example A") < main.index("Agenda")
    assert str(judges_of(round_)[3]) in main[: main.index("Example A")]
    assert "3 in the room for it, 3 needed" in main


def test_a_meeting_begins_from_its_page_and_saves_item_by_item(client, staff):
    round_ = make_marked_round(FOUR, stage="final")
    assert "The meeting has not begun." in client.get(page(round_)).content.decode()

    client.post(
        page(round_, "meeting_do", "present"), {"present": [one.pk for one in judges_of(round_)]}
    )
    client.post(
        page(round_, "meeting_item", entry(round_, "A").uuid), form("winner") | {"next": "1"}
    )

    assert Decision.objects.get().outcome == "winner"
    assert Meeting.objects.get().discussing == entry(round_, "B")


def test_a_form_that_was_overtaken_comes_back_with_both_texts(client, staff):
    round_ = make_meeting()
    take_item(round_, entry(round_, "B"), by=staff)
    save(round_, "A", "winner", reason="What the first wrote.")
    address = page(round_, "meeting_item", entry(round_, "A").uuid)

    answer = client.post(address, form("commended", "What the second wrote."))

    text = answer.content.decode()
    assert answer.status_code == 409
    assert "What the first wrote." in text
    assert "What the second wrote." in text
    assert (
        f'action="{address}"' in text
    )  # of the entry it was typed for, not of the one on the table
    again = answer.context["forms"]["item"].data
    client.post(address, form("winner", "Both.", again["seen"]))
    assert Decision.objects.get().reason == "Both."


def test_what_the_rules_refuse_stays_typed(client, staff):
    round_ = make_meeting()

    answer = client.post(
        page(round_, "meeting_item", entry(round_, "C").uuid), form("winner", reason="")
    )

    assert "put Example A first. Say why" in answer.content.decode()
    assert not Decision.objects.exists()


def test_the_chair_parts_equals(client, staff):
    round_ = make_meeting([[(4, 4), (4, 4)]] * 3, tie_rules=["chair"])
    a, b = entry(round_, "A"), entry(round_, "B")
    order = {f"place-{a.pk}": 2, f"place-{b.pk}": 1, "reason": "It began earlier."}

    client.post(page(round_, "meeting_do", "cast"), order | {f"place-{b.pk}": 2})
    round_.refresh_from_db()
    assert round_.casting == []
    client.post(page(round_, "meeting_do", "cast"), order)

    round_.refresh_from_db()
    assert round_.casting == [b.pk, a.pk]
    assert "Example B comes first." in client.get(page(round_, "round_results")).content.decode()


def test_a_sift_has_no_meeting_once_there_is_a_final(client, staff):
    round_ = make_marked_round()
    assert client.get(page(round_)).status_code == 200

    round_.category.rounds.create(stage="final")

    assert client.get(page(round_)).status_code == 404


def test_who_may_only_look_writes_nothing(client, staff):
    round_ = make_meeting()
    staff.groups.clear()
    staff.user_permissions.add(
        *type(staff.user_permissions.model.objects.first()).objects.filter(codename="view_meeting")
    )

    assert client.get(page(round_)).status_code == 200
    assert client.post(page(round_, "meeting_do", "present"), {}).status_code == 403
    address = page(round_, "meeting_item", entry(round_, "A").uuid)
    assert client.post(address, form("winner")).status_code == 403


@pytest.mark.parametrize("entries", [2, 5])
def test_the_page_asks_at_most_fifteen_times(client, staff, entries):
    marks = [[(5, 5), (4, 4), (3, 3), (2, 2), (1, 1)][:entries]] * 3
    round_ = make_meeting(marks, outside=[(0, "B")], quorum=2)
    take_item(round_, entry(round_, "A"), by=staff)
    save(round_, "A", "winner")

    assert len(asked(client, page(round_))) <= 15
