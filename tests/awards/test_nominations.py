"""What people do with a nomination, and until when."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.test import TestCase

from awards.actions.consent import answer_as_nominee, ask_nominee
from awards.actions.links import read_link, send_links_to
from awards.actions.nominations import (
    StaleAnswer,
    add_co_editor,
    choose_deadline,
    remove_co_editor,
    save_answer,
    start_nomination,
    submit_at_deadline,
    submit_nomination,
    withdraw_nomination,
)
from awards.clock import Lateness, Moment, add_days, is_on_changing_night, moment_of
from awards.models import AccessLink, Cycle, Event, Extension, Nomination, Question, Receipt
from awards.models.cycle import GRACE
from awards.receipts import fingerprint
from cja_portal.kit.dates import UK
from cja_portal.kit.moves import ImpossibleMove
from tests.awards.factories import (
    make_nomination,
    make_question,
    make_running_cycle,
    set_clock,
)

pytestmark = pytest.mark.django_db
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
NOMINATOR = {"name": "Policy lead, Example Charity", "email": "Lead@example.org", "phone": ""}
NOMINEE = {"nominee_name": "Example Project", "nominee_kind": "project"}


def start(category, **fields):
    values = {"key": uuid4(), "nominator": NOMINATOR, "nominee": NOMINEE, "eligibility": {}}
    return start_nomination(category, **values | fields)


def category_of(**fields):
    return make_running_cycle(**fields).categories.get()


def lead(nomination):
    return nomination.collaborators.get(is_lead=True)


def submit(nomination, key=None):
    return submit_nomination(nomination, key=key or uuid4(), by=lead(nomination))


def save(nomination, text, seen=1):
    question = nomination.category.questions.current().first()
    return save_answer(nomination, question, text, seen=seen, by=lead(nomination))


def letters():
    return [(letter.to[0], letter.subject) for letter in mail.outbox]


# -- Time ------------------------------------------------------------------------------------------

CLOSING_DAYS = [
    datetime(2027, 6, 11, 23, 59, tzinfo=UK),  # an ordinary summer's day
    datetime(2027, 3, 27, 23, 59, tzinfo=UK),  # the clocks go forward an hour later
    datetime(2027, 10, 30, 23, 59, tzinfo=UK),  # the clocks go back two hours later
    datetime(2027, 10, 31, 23, 59, tzinfo=UK),  # the day with 25 hours
]


@pytest.mark.parametrize("closes_at", CLOSING_DAYS)
@pytest.mark.parametrize(
    ("after", "lateness"),
    [
        (-SECOND, Lateness.IN_TIME),
        (SECOND * 0, Lateness.IN_TIME),
        (SECOND * 59.999999, Lateness.IN_TIME),
        (SECOND * 60, Lateness.IN_GRACE),
        (SECOND * 61, Lateness.IN_GRACE),
        (SECOND * 60 + GRACE - SECOND, Lateness.IN_GRACE),
        (SECOND * 60 + GRACE, Lateness.LATE),
        (SECOND * 61 + GRACE, Lateness.LATE),
    ],
)
def test_the_minute_of_the_deadline_counts_and_then_ten_more(closes_at, after, lateness):
    stored = closes_at.astimezone(UTC)

    moment = Moment(stored + after, stored - DAY, stored, is_extended=False)

    assert moment.lateness == lateness


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2027-03-27T23:59", 1, "2027-03-28T23:59"),  # 23 hours
        ("2027-10-30T23:59", 1, "2027-10-31T23:59"),  # 25 hours
        ("2028-02-28T12:00", 1, "2028-02-29T12:00"),
        ("2027-02-28T12:00", 1, "2027-03-01T12:00"),
        ("2027-03-27T01:30", 1, "2027-03-28T02:30"),  # 01:30 is skipped
        ("2027-09-24T23:59", 60, "2027-11-23T23:59"),
    ],
)
def test_days_are_added_by_the_clock_on_the_wall(start, days, end):
    begins = datetime.fromisoformat(start).replace(tzinfo=UK).astimezone(UTC)

    later = add_days(begins, days).astimezone(UK)

    assert later.strftime("%Y-%m-%dT%H:%M") == end


@pytest.mark.parametrize(
    ("wall", "is_changing"),
    [
        ("2027-03-28T00:30", True),
        ("2027-03-28T03:00", False),
        ("2027-10-31T02:59", True),
        ("2027-10-30T02:00", False),
        ("2027-06-12T00:30", False),
    ],
)
def test_no_deadline_lies_in_the_night_when_the_clocks_change(wall, is_changing):
    moment = datetime.fromisoformat(wall).replace(tzinfo=UK).astimezone(UTC)

    assert is_on_changing_night(moment) == is_changing


def test_the_clock_is_read_anew_within_a_transaction():
    cycle = make_running_cycle()

    assert cycle.now() < cycle.now()


# -- Beginning -------------------------------------------------------------------------------------


def test_a_nomination_begins_with_a_letter_that_leads_back(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        nomination = start(category_of())

    assert letters() == [("lead@example.org", "Your link: nomination of Example Project")]
    secret = mail.outbox[0].body.split("/nominations/open/")[1].split("/")[0]
    assert read_link(secret) == lead(nomination)
    assert not AccessLink.objects.filter(secret_digest=secret).exists()


def test_the_same_key_begins_one_nomination():
    category, key = category_of(), uuid4()

    assert start(category, key=key) == start(category, key=key)
    assert Nomination.objects.count() == 1


@pytest.mark.parametrize(
    ("shift", "words"),
    [(-2 * DAY, "not open yet"), (15 * DAY, "have closed"), (14 * DAY + 5 * SECOND, None)],
)
def test_nobody_begins_before_it_opens_or_after_it_closes(shift, words):
    category = category_of()
    set_clock(category.cycle, category.cycle.opens_at + DAY + shift)

    if words is None:
        assert start(category)
        return
    with pytest.raises(ImpossibleMove, match=words):
        start(category)


def test_nobody_begins_in_the_minutes_of_grace():
    category = category_of()
    set_clock(category.cycle, category.cycle.ends_at + SECOND)

    with pytest.raises(ImpossibleMove, match="have closed"):
        start(category)


def test_who_was_given_more_time_begins_and_submits_later_than_others():
    category = category_of()
    cycle = category.cycle
    until = add_days(cycle.closes_at, 3)
    Extension.objects.create(cycle=cycle, email="lead@example.org", until=until, reason="Ill.")
    set_clock(cycle, cycle.closes_at + DAY)

    nomination = start(category)

    assert moment_of(cycle, "lead@example.org").is_extended
    with pytest.raises(ImpossibleMove, match="have closed"):
        start(category, nominator=NOMINATOR | {"email": "other@example.org"})
    assert nomination.state == "draft"


# -- Writing ---------------------------------------------------------------------------------------


def test_two_editors_never_write_over_each_other():
    nomination = make_nomination(category_of())
    first = save(nomination, "Mine.", seen=1)

    with pytest.raises(StaleAnswer) as stale:
        save(nomination, "Yours.", seen=1)

    assert (first.version, stale.value.theirs.text) == (2, "Mine.")
    assert save(nomination, "Both.", seen=2).version == 3


def test_saving_the_same_text_again_is_nothing_new():
    nomination = make_nomination(category_of())

    assert save(nomination, "They help people.", seen=7).version == 1


@pytest.mark.parametrize(("state", "words"), [("withdrawn", "cannot"), ("screened-in", "cannot")])
def test_what_was_handed_over_is_not_written(state, words):
    with pytest.raises(ImpossibleMove, match=words):
        save(make_nomination(category_of(), state=state), "More.")


def test_nothing_is_saved_after_the_minutes_of_grace():
    nomination = make_nomination(category_of())
    set_clock(nomination.category.cycle, nomination.category.cycle.ends_at + SECOND)
    save(nomination, "In grace.")
    set_clock(nomination.category.cycle, nomination.category.cycle.ends_at + GRACE)

    with pytest.raises(ImpossibleMove, match="have closed"):
        save(nomination, "Late.", seen=2)


# -- Sending ---------------------------------------------------------------------------------------


def test_a_receipt_says_what_was_sent_and_when(django_capture_on_commit_callbacks):
    nomination = make_nomination(category_of(), email="lead@example.org")
    with django_capture_on_commit_callbacks(execute=True):
        receipt = submit(nomination)

    assert receipt.copy["answers"][0]["text"] == "They help people."
    assert receipt.sha256 == fingerprint(receipt.copy)
    assert "UK time" in mail.outbox[0].body
    assert "They help people." in mail.outbox[0].body
    nomination.refresh_from_db()
    assert nomination.state == "submitted"


def test_what_is_changed_later_counts_only_once_it_is_sent():
    nomination = make_nomination(category_of())
    submit(nomination)
    answer = save(nomination, "Better words.")
    assert (answer.text_for_judges, answer.is_changed) == ("They help people.", True)

    receipt = submit(nomination)

    answer.refresh_from_db()
    assert answer.text_for_judges == "Better words."
    assert receipt.number == 2
    assert submit(nomination) == receipt


def test_the_same_key_is_the_same_receipt():
    nomination, key = make_nomination(category_of()), uuid4()
    first = submit(nomination, key)
    save(nomination, "Better words.")

    assert submit(nomination, key) == first
    assert Receipt.objects.count() == 1


@pytest.mark.parametrize("text", ["", "   ", "word " * 11])
def test_an_incomplete_or_long_one_is_not_sent(text):
    nomination = make_nomination(category_of())
    save(nomination, text)

    with pytest.raises(ImpossibleMove, match="missing"):
        submit(nomination)


@pytest.mark.parametrize("closes_at", CLOSING_DAYS[1:3])
@pytest.mark.parametrize(
    ("after", "outcome"),
    [(-SECOND, "in time"), (SECOND, "in grace"), (GRACE - SECOND, "in grace"), (GRACE, "late")],
)
def test_submitting_around_the_deadline(closes_at, after, outcome):
    times = {"opens_at": closes_at - 14 * DAY, "closes_at": closes_at}
    cycle = make_running_cycle(is_announced=False, **times)
    set_clock(cycle, closes_at - DAY)
    Cycle.objects.filter(pk=cycle.pk).update(stage="announced", frozen_at=closes_at - 20 * DAY)
    cycle.refresh_from_db()
    nomination = make_nomination(cycle.categories.get())
    set_clock(cycle, cycle.ends_at + after)

    if outcome == "late":
        with pytest.raises(ImpossibleMove, match="have closed"):
            submit(nomination)
        return
    receipt = submit(nomination)
    assert receipt.is_in_grace == (outcome == "in grace")
    assert Event.objects.get(verb="submit").details["is_in_grace"] == receipt.is_in_grace


@pytest.mark.parametrize(
    ("wants", "text", "after", "is_sent"),
    [
        (True, "Done.", GRACE, True),
        (True, "Done.", GRACE - SECOND, False),
        (True, "", GRACE, False),
        (False, "Done.", GRACE, False),
    ],
)
def test_a_draft_is_sent_at_the_deadline_if_that_was_asked_and_it_is_complete(
    wants, text, after, is_sent, django_capture_on_commit_callbacks
):
    nomination = make_nomination(category_of())
    save(nomination, text)
    choose_deadline(nomination, submits_itself=wants, by=lead(nomination))
    set_clock(nomination.category.cycle, nomination.category.cycle.ends_at + after)

    with django_capture_on_commit_callbacks(execute=True):
        receipt = submit_at_deadline(nomination, key=uuid4())
        again = submit_at_deadline(nomination, key=uuid4())

    assert (bool(receipt), again) == (is_sent, None)
    told = {(True, "Done.", True): 1, (True, "", False): 1}.get((wants, text, is_sent), 0)
    assert len(mail.outbox) == (told if after == GRACE else 0)


def test_a_withdrawn_one_is_gone_for_good(django_capture_on_commit_callbacks):
    nomination = make_nomination(category_of(), state="submitted")

    with django_capture_on_commit_callbacks(execute=True):
        withdraw_nomination(nomination, by=lead(nomination), reason="Changed my mind.")

    assert [subject for _, subject in letters()] == ["Withdrawn: nomination of Example Project"]
    with pytest.raises(ImpossibleMove):
        submit(nomination)


def test_a_new_version_of_a_question_must_be_answered_again():
    nomination = make_nomination(category_of(), state="submitted")
    old = nomination.category.questions.current().first()
    Question.objects.filter(pk=old.pk).update(retired_at=old.made_at)
    make_question(nomination.category, "What exactly?", key=old.key, version=2, why="A slip.")

    with pytest.raises(ImpossibleMove, match="missing"):
        submit(nomination)


# -- People ----------------------------------------------------------------------------------------


def test_a_co_editor_comes_by_their_own_link_until_they_are_taken_out(
    django_capture_on_commit_callbacks,
):
    nomination = make_nomination(category_of())
    helper = {"name": "Researcher, Example Charity", "email": "Helper@example.org"}
    with django_capture_on_commit_callbacks(execute=True):
        added = add_co_editor(nomination, by=lead(nomination), **helper)
    secret = mail.outbox[0].body.split("/nominations/open/")[1].split("/")[0]
    assert read_link(secret) == added
    with pytest.raises(ImpossibleMove, match="already writes"):
        add_co_editor(nomination, by=lead(nomination), **helper)

    remove_co_editor(nomination, added, by=lead(nomination))

    assert read_link(secret) is None
    assert not Nomination.objects.visible_to(lead(nomination).user or _nobody(), [added.uuid])


def _nobody():
    class Nobody:
        is_authenticated = False

    return Nobody()


def test_a_lost_link_is_sent_to_whoever_nominated_and_to_nobody_else():
    nomination = make_nomination(category_of(), email="lead@example.org")
    cycle = nomination.category.cycle

    with TestCase.captureOnCommitCallbacks(execute=True):
        send_links_to("LEAD@example.org", cycle)
        send_links_to("other@example.org", cycle)

    assert [to for to, _ in letters()] == ["lead@example.org"]


# -- The nominee -----------------------------------------------------------------------------------

WISHES = {
    "answer": "accepted",
    "name_choice": "pseudonym",
    "public_name": "R.",
    "do_not_publish": "The town.",
    "corrections": "",
    "needs": "",
}


def test_the_nominee_decides_how_they_are_named(django_capture_on_commit_callbacks):
    nomination = make_nomination(
        category_of(), state="submitted", nominee_email="nominee@example.org"
    )
    with django_capture_on_commit_callbacks(execute=True):
        consent = ask_nominee(nomination)
    assert consent.name_to_publish is None
    secret = mail.outbox[0].body.split("/nominee/")[1].split("/")[0]

    consent = answer_as_nominee(read_link(secret), WISHES)

    assert consent.name_to_publish == "R."
    declined = WISHES | {"answer": "declined", "name_choice": "full", "public_name": ""}
    assert answer_as_nominee(consent, declined).name_to_publish is None
    log = Event.objects.filter(verb="answer_as_nominee").values_list("before", "after")
    assert list(log) == [("accepted", "declined"), ("", "accepted")]


@pytest.mark.parametrize(
    ("consent", "email", "words"),
    [("public-work", "nominee@example.org", "does not ask"), ("at-once", "", "no e-mail")],
)
def test_nobody_is_asked_against_the_rules_of_the_category(consent, email, words):
    cycle = make_running_cycle(is_announced=False)
    cycle.categories.update(consent=consent)
    Cycle.objects.filter(pk=cycle.pk).update(stage="announced", frozen_at=cycle.opens_at)
    nomination = make_nomination(cycle.categories.get(), state="submitted", nominee_email=email)

    with pytest.raises(ImpossibleMove, match=words):
        ask_nominee(nomination)
