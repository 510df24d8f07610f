"""What staff and judges do from the invitation to the lock."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.utils import timezone

from awards.actions.interests import (
    declare_interests,
    find_conflicts,
    lift_conflict,
    note_conflict,
)
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
from awards.interests import conflicts_of
from awards.models import Event, Interest, Judge, Sheet
from awards.readers import propose_for, replacements_for
from cja_portal.kit.moves import ImpossibleMove
from members.actions.invitations import accept_invitation
from members.models import Invitation, SharedDomain
from tests.awards.judging import (
    make_judge,
    make_judged_cycle,
    make_round,
    make_sheet,
)
from tests.factories import make_affiliation, make_organisation, make_staff, make_user

pytestmark = pytest.mark.django_db
NOMINEES = [f"Example Nominee {letter}" for letter in "ABCDEF"]


@pytest.fixture
def cycle():
    return make_judged_cycle(*NOMINEES)


@pytest.fixture
def category(cycle):
    return cycle.categories.get()


@pytest.fixture
def staff():
    return make_staff()


def verify(user, email):
    EmailAddress.objects.create(user=user, email=email, verified=True)


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


# -- Interests ------------------------------------------------------------------------------------


def _same_place(judge, nomination):
    nomination.organisation = make_organisation("Example Charity")
    make_affiliation(judge.user, nomination.organisation)


def _left_long_ago(judge, nomination):
    nomination.organisation = make_organisation("Example Charity")
    ended = timezone.now() - timedelta(days=4 * 366)
    began = ended - timedelta(days=9)
    make_affiliation(judge.user, nomination.organisation, started_at=began, ended_at=ended)


def _left_lately(judge, nomination):
    nomination.nominated_for = make_organisation("Example Charity")
    ended = timezone.now() - timedelta(days=700)
    began = ended - timedelta(days=9)
    make_affiliation(judge.user, nomination.nominated_for, started_at=began, ended_at=ended)


def _own_domain(judge, nomination):
    verify(judge.user, "judge@sub.charity.example")
    nomination.nominee_email = "somebody@sub.charity.example"


def _shared_domain(judge, nomination):
    SharedDomain.objects.create(domain="charity.example", covers_below=True)
    _own_domain(judge, nomination)


def _nominee(judge, nomination):
    verify(judge.user, "judge@charity.example")
    nomination.nominee_email = "Judge@charity.example"


def _writer(judge, nomination):
    nomination.collaborators.update(user=judge.user)


def _referee(judge, nomination):
    verify(judge.user, "judge@charity.example")
    nomination.referees.create(name="Somebody", email="Judge@Charity.example")


def _other_referee(judge, nomination):
    nomination.referees.create(name=judge.user.name, email="namesake@elsewhere.example")


def _declared(judge, nomination):
    Interest.objects.create(judge=judge, name=nomination.nominee_name, kind="family")


def _nothing(judge, nomination):
    pass


@pytest.mark.parametrize(
    ("arrange", "source"),
    [
        (_same_place, "affiliation"),
        (_left_lately, "affiliation"),
        (_left_long_ago, None),
        (_own_domain, "domain"),
        (_shared_domain, None),
        (_nominee, "nominee"),
        (_writer, "writer"),
        (_referee, "referee"),
        (_other_referee, None),
        (_declared, "declared"),
        (_nothing, None),
    ],
)
def test_what_the_portal_knows_of_a_judge(arrange, source, category):
    judge, nomination = make_judge(category.cycle), category.nominations.first()
    arrange(judge, nomination)
    nomination.save()

    found = [(one.nomination, one.source) for one in conflicts_of(judge)]

    assert found == ([(nomination, source)] if source else [])


FUNDERS = [
    ("example fund", True),
    ("Example Trust and the Example Fund", True),
    ("FORMER EXAMPLE", True),
    ("Example Fundraisers", False),
    ("Old Fund (Example)", False),
]


@pytest.mark.parametrize(("words", "is_theirs"), FUNDERS)
def test_the_prize_of_ones_own_organisation_is_an_interest_in_the_whole_category(
    category, words, is_theirs
):
    judge = make_judge(category.cycle)
    fund = make_organisation("Example Fund", former_names=["Former Example", ""])
    make_affiliation(judge.user, fund)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        category.prizes.create(wording="A prize", funder=words)
        cursor.execute("SET LOCAL session_replication_role = origin")

    found = [one.source for one in conflicts_of(judge)]

    assert found == ["funder"] * len(NOMINEES) * is_theirs


def test_what_the_portal_learns_while_judges_mark_counts_at_the_lock(category, staff):
    judge, other = make_judge(category.cycle), make_judge(category.cycle)
    round_ = make_round(category, judges=[judge, other])
    nomination = category.nominations.first()
    sheet = make_sheet(judge.assignments.get(nomination=nomination))
    _writer(judge, nomination)

    lock_round(round_, by=staff)

    assert list(Sheet.objects.counting()) == []
    assert (
        sheet.exclusions.get().reason == "Interest: The judge wrote the nomination, or helped to."
    )
    assert judge.conflicts.get().nomination == nomination
    assert not other.conflicts.exists()


def test_whoever_has_an_interest_since_the_opening_is_nobodys_replacement(category, staff):
    gone, new = make_judge(category.cycle), make_judge(category.cycle)
    reading = make_round(category, judges=[gone]).assignments.first()
    note_conflict(gone, reading.nomination, source="staff", reason="A friend.", by=staff)
    _writer(new, reading.nomination)

    with pytest.raises(ImpossibleMove, match="cannot read it"):
        replace_reader(reading, new, by=staff)

    assert new.conflicts.get().source == "writer"


def test_what_staff_have_lifted_stays_lifted(category, staff):
    judge, nomination = make_judge(category.cycle), category.nominations.first()
    _writer(judge, nomination)
    (noted,) = find_conflicts(judge)

    with pytest.raises(ImpossibleMove, match="your own"):
        lift_conflict(noted, reason="None.", by=judge.user)
    lift_conflict(noted, reason="A namesake.", by=staff)

    assert find_conflicts(judge) == []
    assert not judge.conflicts.current().exists()


def test_what_is_lifted_hides_nothing_else_that_is_known(category, staff):
    judge, nomination = make_judge(category.cycle), category.nominations.first()
    _writer(judge, nomination)
    _referee(judge, nomination)
    (noted,) = find_conflicts(judge)

    lift_conflict(noted, reason="A namesake.", by=staff)

    assert judge.conflicts.current().get().source == "referee"


def test_what_a_judge_declares_after_a_lift_counts(category, staff):
    judge, nomination = make_judge(category.cycle), category.nominations.first()
    interests = [(nomination.nominee_name, "family", "")]
    (noted,) = declare_interests(judge, interests, by=judge.user)
    lift_conflict(noted, reason="Another of that name.", by=staff)

    assert find_conflicts(judge) == []
    assert [one.source for one in declare_interests(judge, interests, by=judge.user)] == [
        "declared"
    ]


def test_what_was_taken_for_no_conflict_is_given_back_with_its_sheet(category, staff):
    judge = make_judge(category.cycle)
    make_round(category, judges=[judge])
    reading = judge.assignments.first()
    sheet = make_sheet(reading)
    _writer(judge, reading.nomination)
    (noted,) = find_conflicts(judge)

    lift_conflict(noted, reason="A namesake.", by=staff, gives_back=True)

    reading.refresh_from_db()
    assert (reading.state, list(Sheet.objects.counting())) == ("active", [sheet])
    said = Event.objects.get(verb="lift_conflict")
    assert (said.by, said.reason, said.details["source"]) == (staff, "A namesake.", "writer")


def _leave(judge, nomination):
    Judge.objects.filter(pk=judge.pk).update(left_at=timezone.now())


def _lock(judge, nomination):
    lock_round(judge.assignments.first().round, by=None)


@pytest.mark.parametrize(
    ("arrange", "why"), [(_referee, "another"), (_leave, "left"), (_lock, "locked")]
)
def test_nothing_is_given_back_where_it_may_not_be_read(arrange, why, category, staff):
    judge = make_judge(category.cycle)
    make_round(category, judges=[judge])
    reading = judge.assignments.first()
    make_sheet(reading)
    _writer(judge, reading.nomination)
    (noted,) = find_conflicts(judge)
    arrange(judge, reading.nomination)

    with pytest.raises(ImpossibleMove, match=why):
        lift_conflict(noted, reason="A namesake.", by=staff, gives_back=True)

    assert judge.conflicts.current().get() == noted
    assert not Sheet.objects.counting().exists()


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
