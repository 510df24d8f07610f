"""What ties a judge to a nomination: what the portal knows, what is declared, what is lifted."""

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
from awards.actions.rounds import lock_round, replace_reader
from awards.interests import conflicts_of
from awards.models import Event, Interest, Judge, Sheet
from cja_portal.kit.moves import ImpossibleMove
from members.models import SharedDomain
from tests.awards.judging import NOMINEES, make_judge, make_round, make_sheet
from tests.factories import make_affiliation, make_organisation

pytestmark = pytest.mark.django_db


def verify(user, email):
    EmailAddress.objects.create(user=user, email=email, verified=True)


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
