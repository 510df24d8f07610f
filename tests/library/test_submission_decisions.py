"""What staff decide about a member's work, what is kept of it, and what is asked later."""

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.db import DatabaseError, transaction
from django.utils.timezone import now

from cja_portal.kit.moves import ImpossibleMove
from library.actions import publish_item, withdraw_item
from library.models import ChangeRequest, Document, Item, ReviewEvent, Submission
from library.records import changes_between, snapshot_of, version_of
from library.submissions import (
    accept_request,
    ask_for,
    claim_submission,
    decide,
    decline_request,
    hand_in,
    revise_submission,
    state_of,
    take_back,
)
from tests.factories import (
    make_document,
    make_item,
    make_submission,
    make_user,
)
from tests.library.submitted import PDF, steps
from tests.races import race

pytestmark = pytest.mark.django_db


# -- The history ----------------------------------------------------------------------------------


def test_steps_cannot_be_changed_or_taken_away(charity, editor):
    submission = make_submission(charity, by=editor, status="submitted")
    publish_item(submission.item, by=None)
    event = ReviewEvent.objects.get()

    for attempt in (
        lambda: ReviewEvent.objects.update(why="Other words."),
        lambda: ReviewEvent.objects.update(snapshot={}),
        event.delete,
    ):
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
            attempt()


def test_whoever_acted_may_vanish_and_the_step_stays(charity, editor):
    submission = make_submission(charity, by=editor)
    somebody = make_user()
    hand_in(submission, by=somebody)

    ReviewEvent.objects.filter(by=somebody).update(by=None)

    assert ReviewEvent.objects.get().by is None


def test_a_difference_is_told_word_by_word(charity):
    item = make_submission(charity, "An old report").item
    before = snapshot_of(item)
    Item.objects.update(title="A new report", licence="cc-by-4")
    make_document(item)

    changes = changes_between(before, snapshot_of(item))

    assert [change.title for change in changes] == ["Title", "Licence", "Files"]
    assert [piece.text for piece in changes[0].pieces if piece.is_new] == ["A", "new"]


# -- Deciding -------------------------------------------------------------------------------------


@pytest.fixture
def staff():
    return make_user("staff@example.org", name="Staff, Example Alliance", is_staff=True)


def test_a_decision_is_about_what_was_seen(charity, editor, staff):
    submission = make_submission(charity, by=editor, status="submitted")
    seen = state_of(submission)
    take_back(submission, by=editor)

    with pytest.raises(ImpossibleMove, match="draft by now"):
        decide(submission, publish_item, by=staff, seen=seen)
    version = version_of(submission.item)
    revise_submission(submission, by=editor, version=version, changes={"title": "Other"})
    hand_in(submission, by=editor)
    with pytest.raises(ImpossibleMove, match="changed since you opened it"):
        decide(submission, publish_item, by=staff, seen=seen)

    decide(submission, publish_item, by=staff, seen=state_of(submission))
    assert Item.objects.get().status == "published"


def test_whoever_is_on_it_decides(charity, editor, staff):
    submission = make_submission(charity, by=editor, status="submitted")
    colleague = make_user(is_staff=True)
    claim_submission(submission, by=staff)

    with pytest.raises(ImpossibleMove, match="Staff, Example Alliance is on it"):
        decide(submission, publish_item, by=colleague, seen=state_of(submission))
    claim_submission(submission, by=colleague)
    decide(submission, publish_item, by=colleague, seen=state_of(submission))

    submission.refresh_from_db()
    assert (submission.item.status, submission.claimed_by) == ("published", None)


@pytest.mark.django_db(transaction=True)
def test_two_staff_at_once_publish_once_and_write_once(charity, editor, staff):
    submission = make_submission(charity, by=editor, status="submitted")
    seen = state_of(submission)

    def publish():
        own = Submission.objects.get(pk=submission.pk)
        decide(own, publish_item, by=staff, seen=seen)

    first, second = race(publish, publish)

    item = Item.objects.get()
    assert first is None
    assert "published by now" in str(second)
    assert item.versions.count() == 1
    assert steps(item) == ["published"]
    assert [letter.to for letter in mail.outbox] == [["editor@example.org"]]


@pytest.mark.django_db(transaction=True)
def test_staff_who_publish_and_members_who_take_back_meet_in_order(charity, editor, staff):
    submission = make_submission(charity, by=editor, status="submitted")
    seen = state_of(submission)

    def take():
        take_back(Submission.objects.get(pk=submission.pk), by=editor)

    def publish():
        decide(Submission.objects.get(pk=submission.pk), publish_item, by=staff, seen=seen)

    first, second = race(take, publish)

    assert first is None
    assert isinstance(second, ImpossibleMove)
    assert Item.objects.get().status == "draft"


# -- Asking about what is published ---------------------------------------------------------------


def asked(submission, by, kind="withdrawal", **fields):
    request = ChangeRequest(kind=kind, text="Its figures are wrong.", **fields)
    ask_for(submission, request, by=by)
    return request


def test_a_withdrawal_is_asked_and_staff_do_it(charity, editor, staff):
    submission = make_submission(charity, by=editor, status="published")

    request = asked(submission, editor)
    with pytest.raises(ImpossibleMove, match="not yet answered"):
        asked(submission, editor)
    accept_request(request, by=staff, text="Its figures were wrong.")

    item = Item.objects.get()
    assert (item.status, item.withdrawn_because) == ("withdrawn", "Its figures were wrong.")
    assert steps(item) == ["asked-withdrawal", "withdrawn"]
    with pytest.raises(ImpossibleMove, match="answered already"):
        decline_request(request, by=staff, text="No.")


def test_a_new_version_brings_its_file_in_place_of_the_old(charity, editor, staff):
    submission = make_submission(charity, by=editor, status="published")
    old = make_document(submission.item)
    request = asked(submission, editor, "version", file_name="new.pdf", replaces=old)
    request.file.save("new.pdf", ContentFile(PDF))

    version = accept_request(request, by=staff, text="Newer figures.", is_major=False)

    assert (version.number, version.note, version.is_major) == (1, "Newer figures.", False)
    new = Document.objects.current().get()
    old.refresh_from_db()
    assert (new.name, new.added_in, new.added_by) == ("new.pdf", version, editor)
    assert (old.removed_in, old.added_in) == (version, version)


def test_a_request_that_is_declined_changes_nothing(charity, editor, staff):
    submission = make_submission(charity, by=editor, status="published")
    request = asked(submission, editor)

    with pytest.raises(ImpossibleMove, match="Say something"):
        decline_request(request, by=staff, text=" ")
    decline_request(request, by=staff, text="They are right.")

    assert Item.objects.get().status == "published"
    assert steps(submission.item) == ["asked-withdrawal", "request-declined"]
    asked(submission, editor)


def test_only_what_is_published_can_be_asked_about(charity, editor):
    with pytest.raises(ImpossibleMove, match="not in the library"):
        asked(make_submission(charity, by=editor, status="submitted"), editor)


def test_a_withdrawn_item_of_another_way_needs_no_submission():
    item = make_item()

    withdraw_item(item, by=None, because="It was wrong.")

    assert steps(item) == ["withdrawn"]
    assert mail.outbox == []
    assert Item.objects.get().withdrawn_at <= now()
