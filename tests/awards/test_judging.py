"""What staff and judges do from the invitation to the lock."""

import pytest
from django.utils import timezone

from awards.actions.interests import note_conflict
from awards.actions.judges import accept_place, invite_judge
from awards.actions.rounds import (
    accept_proposal,
    begin_round,
    cast_vote,
    lock_round,
    open_round,
    reopen_round,
    replace_reader,
)
from awards.actions.sheets import Given, exclude_sheet, restore_sheet, save_sheet
from awards.models import Event, Judge, Sheet
from awards.readers import propose_for, replacements_for
from cja_portal.kit.moves import ImpossibleMove
from members.actions.invitations import accept_invitation
from members.models import Invitation
from tests.awards.judging import NOMINEES, make_judge, make_round, make_sheet
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def proposed(category, staff, judges=4, **fields):
    """A round in preparation with its proposal accepted."""
    for _ in range(judges):
        make_judge(category.cycle, **fields)
    round_ = begin_round(category, stage="sift", reads=3, by=staff)
    plan = propose_for(round_, seed=1)
    accept_proposal(round_, seed=1, seen=plan.digest, by=staff)
    return round_


# -- People ---------------------------------------------------------------------------------------


def test_a_person_of_the_portal_is_asked_there(
    cycle, staff, mailoutbox, django_capture_on_commit_callbacks
):
    user = make_user(email="known@charity.example")

    with django_capture_on_commit_callbacks(execute=True):
        judge = invite_judge(cycle, "Known@charity.example ", by=staff, limit=7)

    assert (judge.user, judge.invitation, judge.limit) == (user, None, 7)
    assert [letter.subject for letter in mailoutbox] == [f"Would you judge? {cycle}"]


def test_anybody_else_by_an_invitation_that_only_the_owner_of_the_address_can_use(cycle, staff):
    judge = invite_judge(cycle, "new@charity.example", by=staff)
    owner, other = make_user(email="new@charity.example"), make_user(email="x@charity.example")

    with pytest.raises(ImpossibleMove, match="somebody else"):
        accept_place(judge, by=other, limit=5)
    with pytest.raises(ImpossibleMove, match="somebody else"):
        accept_place(judge, by=owner, limit=5)
    accept_invitation(Invitation.objects.get(), by=owner)
    accept_place(judge, by=owner, limit=5)

    judge.refresh_from_db()
    assert judge.user == owner
    assert judge.is_sitting


# -- Who reads what -------------------------------------------------------------------------------


def test_a_proposal_is_accepted_as_it_was_seen(category, staff):
    round_ = proposed(category, staff)

    loads = [judge.assignments.count() for judge in Judge.objects.all()]
    assert (sum(loads), max(loads) - min(loads)) == (18, 1)
    with pytest.raises(ImpossibleMove, match="Something has changed"):
        accept_proposal(round_, seed=1, seen="another", by=staff)


def test_a_proposal_keeps_to_interests_that_were_noted_since(category, staff):
    round_ = proposed(category, staff)
    reading = round_.assignments.first()
    note_conflict(reading.judge, reading.nomination, source="staff", reason="A friend.", by=staff)

    (best, *_) = replacements_for(reading)
    replace_reader(reading, Judge.objects.get(pk=best), by=staff)

    active = round_.assignments.active()
    assert active.filter(nomination=reading.nomination).count() == 3
    assert not active.filter(judge=reading.judge, nomination=reading.nomination).exists()


def test_only_those_who_declared_are_given_anything(category, staff):
    make_judge(category.cycle, declared_at=None)
    round_ = proposed(category, staff, judges=3)

    assert round_.assignments.values("judge").distinct().count() == 3


def test_a_final_without_a_sift_is_read_by_all_who_may(category, staff):
    judges = [make_judge(category.cycle, limit=1) for _ in range(3)]
    note_conflict(
        judges[0], category.nominations.first(), source="staff", reason="A friend.", by=staff
    )
    round_ = begin_round(category, stage="final", reads=3, by=staff)

    plan = propose_for(round_, seed=1)

    assert len(plan.proposal.pairs) == 3 * len(NOMINEES) - 1
    assert set(category.nominations.values_list("state", flat=True)) == {"finalist"}


# -- Open, lock, open again -----------------------------------------------------------------------


def test_a_round_opens_once_everything_is_read_by_somebody(
    category, staff, mailoutbox, django_capture_on_commit_callbacks
):
    round_ = proposed(category, staff)
    gone = round_.assignments.first().nomination
    readings = list(round_.assignments.filter(nomination=gone))
    for reading in readings:
        reading.delete()
    with pytest.raises(ImpossibleMove, match=f"Nobody reads {gone}"):
        open_round(round_, by=staff)
    for reading in readings:
        reading.pk = None
        reading.save()

    with django_capture_on_commit_callbacks(execute=True):
        open_round(round_, by=staff)

    round_.refresh_from_db()
    assert round_.is_open
    assert {letter.subject for letter in mailoutbox} == {f"You can mark now: {round_}"}
    assert not [name for name in NOMINEES for letter in mailoutbox if name in letter.body]


def test_a_locked_round_is_opened_again_with_a_reason_that_all_its_judges_are_told(
    category, staff, mailoutbox, django_capture_on_commit_callbacks
):
    judges = [make_judge(category.cycle), make_judge(category.cycle)]
    round_ = make_round(category, judges=judges)
    lock_round(round_, by=staff)
    with pytest.raises(ImpossibleMove, match="Say why"):
        reopen_round(round_, reason=" ", by=staff)

    with django_capture_on_commit_callbacks(execute=True):
        reopen_round(round_, reason="A file was missing.", by=staff)

    round_.refresh_from_db()
    assert (round_.state, round_.version, round_.locked_at) == ("scoring", 2, None)
    assert ["A file was missing." in letter.body for letter in mailoutbox] == [True, True]


def test_the_casting_vote_comes_after_the_lock(category, staff):
    round_ = make_round(category, judges=[make_judge(category.cycle)])
    order = list(category.nominations.all()[:2])
    with pytest.raises(ImpossibleMove, match="after the lock"):
        cast_vote(round_, order, reason="So.", by=staff)

    lock_round(round_, by=staff)
    cast_vote(round_, order, reason="The first has more to show.", by=staff)

    round_.refresh_from_db()
    assert round_.casting == [one.pk for one in order]


def test_the_log_of_a_sheet_says_that_marks_changed_and_not_to_what(category):
    reading = make_round(category, judges=[make_judge(category.cycle)]).assignments.first()
    one, other = category.criteria.all()
    given = {one.pk: Given(2), other.pk: Given(3)}
    save_sheet(reading, given, seen=0, by=reading.judge.user, submit=True)

    save_sheet(reading, given | {one.pk: Given(5)}, seen=2, by=reading.judge.user)

    event = Event.objects.get(verb="change_sheet")
    assert event.details["changed"] == [one.pk]
    assert event.details.keys() == {"version", "judge", "changed"}


def test_whoever_left_and_is_asked_again_says_yes_again(cycle, staff):
    judge = make_judge(cycle, left_at=timezone.now())

    again = invite_judge(cycle, judge.user.email, by=staff)

    assert again == judge
    assert not again.is_sitting


def test_leaving_a_sheet_out_and_letting_it_back_changes_nothing_else(category, staff):
    judge = make_judge(category.cycle)
    sheet = make_sheet(make_round(category, judges=[judge]).assignments.first())
    with pytest.raises(ImpossibleMove, match="your own sheet"):
        exclude_sheet(sheet, reason="Mine.", by=judge.user)

    out = exclude_sheet(sheet, reason="Another file.", by=staff)
    assert not Sheet.objects.counting().exists()
    restore_sheet(out, reason="The right file.", by=staff)

    assert list(Sheet.objects.counting()) == [sheet]
    assert list(Event.objects.values_list("verb", flat=True)[:2]) == [
        "restore_sheet",
        "exclude_sheet",
    ]
