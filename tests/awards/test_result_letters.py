"""Letters once a result is public: each once, after a pause, and only while it is public."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from awards.actions import result_letters
from awards.actions.releases import release_category, withdraw_release
from awards.actions.result_letters import tell_results
from awards.models import Assignment, Decision, NomineeConsent, Release, ResultLetter
from tests.awards.factories import make_nomination
from tests.awards.results import make_people, make_sealed_category
from tests.races import past_all_guards, race

pytestmark = pytest.mark.django_db
REASON = "The wrong name was read out."


@pytest.fixture
def people():
    return make_people()


@pytest.fixture
def category(people):
    return make_sealed_category(people=people)


def release(category, people):
    release_category(category, by=people[0])
    wait()


def wait():
    """The pause is over."""
    with past_all_guards():
        Release.objects.update(at=F("at") - result_letters.PAUSE)


def tell(capture):
    """{address: body} of what goes out now."""
    mail.outbox.clear()
    with capture(execute=True):
        count = tell_results()
    assert len(mail.outbox) == count
    return [(letter.to[0], letter.body) for letter in mail.outbox]


def bodies(letters, start):
    return [body for to, body in letters if to.startswith(start)]


def test_everybody_concerned_is_told_once(category, people, django_capture_on_commit_callbacks):
    release(category, people)

    letters = tell(django_capture_on_commit_callbacks)

    writers, judges = bodies(letters, "nominator"), bodies(letters, "judge")
    nominees = bodies(letters, "nominee@")
    assert (len(writers), len(nominees), len(judges)) == (3, 3, 3)
    assert "Your nomination of Example Bridge has won." in writers[0]
    assert "/certificate.pdf" in writers[0]
    assert "Example Line was on the shortlist, and is not among" in writers[2]
    assert "/certificate.pdf" not in writers[2]
    assert "Example Garden that you accepted is the runner-up." in nominees[1]
    assert "/awards/verify/2031/" in judges[0]
    assert tell(django_capture_on_commit_callbacks) == []


def test_nobody_is_told_before_the_pause_is_over_nor_of_what_was_withdrawn(category, people):
    assert tell_results() == 0
    release_category(category, by=people[0])
    assert tell_results() == 0

    wait()
    withdraw_release(category, because=REASON, by=people[0])

    assert tell_results() == 0
    assert not ResultLetter.objects.exists()


def test_judges_wait_for_the_last_category_of_the_year(category, people):
    release(category, people)
    with past_all_guards():
        type(category.cycle).objects.update(stage="sealed")

    tell_results()

    assert not ResultLetter.objects.filter(judge__isnull=False).exists()
    assert ResultLetter.objects.filter(collaborator__isnull=False).count() == 3


def test_whoever_did_not_agree_or_cannot_be_reached_gets_none(category, people):
    consents = {one.nomination.nominee_name: one for one in NomineeConsent.objects.all()}
    NomineeConsent.objects.filter(pk=consents["Example Bridge"].pk).update(
        answer="", answered_at=None
    )
    NomineeConsent.objects.filter(pk=consents["Example Line"].pk).update(answer="declined")
    release(category, people)
    writer = category.nominations.get(nominee_name="Example Line").collaborators.get()
    type(writer).objects.filter(pk=writer.pk).update(email="erased-1@erased.invalid")

    tell_results()

    told = ResultLetter.objects.all()
    assert told.filter(consent__isnull=False).get().consent == consents["Example Garden"]
    assert not told.filter(collaborator=writer).exists()


def test_a_result_released_anew_is_told_to_those_for_whom_it_differs(
    category, people, django_capture_on_commit_callbacks
):
    release(category, people)
    tell(django_capture_on_commit_callbacks)
    withdraw_release(category, because=REASON, by=people[0])
    with past_all_guards():
        Decision.objects.filter(outcome="shortlisted").update(outcome="commended")

    release(category, people)
    letters = tell(django_capture_on_commit_callbacks)

    assert len(letters) == 2
    assert all("It differs from what we told you before." in body for _, body in letters)
    assert all("Example Line" in body and "is commended." in body for _, body in letters)


def test_a_merged_nomination_is_told_the_result_of_the_other(category, people):
    bridge = category.nominations.get(nominee_name="Example Bridge")
    with past_all_guards():
        other = make_nomination(category, "Example Bridge", state="submitted")
        bridge.merged_nominations.create(nomination=other, reason="The same.", by=people[0])
        type(other).objects.filter(pk=other.pk).update(state="merged")
    release(category, people)

    tell_results()

    assert ResultLetter.objects.get(collaborator__nomination=other).outcome == "winner"


def test_the_ledger_holds_each_reader_once(category, people):
    release(category, people)
    tell_results()
    told = ResultLetter.objects.filter(judge__isnull=False).first()

    with pytest.raises(IntegrityError), transaction.atomic():
        ResultLetter.objects.create(release=told.release, judge=told.judge)
    with pytest.raises(IntegrityError, match="one_reader"), transaction.atomic():
        ResultLetter.objects.create(release=told.release, written_at=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_write_once_and_a_withdrawal_stops_them(people):
    category = make_sealed_category(people=people)
    release(category, people)
    mail.outbox.clear()

    race(tell_results, tell_results)
    assert len(mail.outbox) == 9

    ResultLetter.objects.all().delete()
    _, count = race(lambda: withdraw_release(category, because=REASON, by=people[0]), tell_results)
    assert count == 0


def test_a_pause_leaves_time_to_withdraw():
    assert timedelta(minutes=10) <= result_letters.PAUSE


def test_judges_open_what_they_read_for_thirty_days_after_it_came_out(category, people):
    judge = category.cycle.judges.first()
    release_category(category, by=people[0])
    assert Assignment.objects.visible_to(judge.user).count() == 3

    with past_all_guards():
        Release.objects.update(at=F("at") - timedelta(days=31))
    assert not Assignment.objects.visible_to(judge.user).exists()

    with past_all_guards():
        Release.objects.update(at=timezone.now())
        type(category.cycle).objects.update(stage="archived")
    assert not Assignment.objects.visible_to(judge.user).exists()
