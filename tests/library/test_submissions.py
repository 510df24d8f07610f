"""A member's work on its way: preparing, handing in, taking back, and asking about it later."""

from hashlib import sha256

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils.timezone import now

from cja_portal.kit.moves import ImpossibleMove
from library.actions import publish_item, withdraw_item
from library.models import ChangeRequest, Document, Item, ReviewEvent, Submission
from library.records import changes_between, record_of, snapshot_of, version_of
from library.submissions import (
    RecordChangedError,
    accept_request,
    add_file,
    ask_for,
    claim_submission,
    decide,
    decline_request,
    discard_submission,
    hand_in,
    release_submission,
    remove_file,
    revise_submission,
    start_submission,
    state_of,
    take_back,
)
from members.models import AuditEvent, Role
from tests.factories import (
    make_affiliation,
    make_contributor,
    make_document,
    make_item,
    make_organisation,
    make_submission,
    make_theme,
    make_user,
)
from tests.races import race

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4 an example"


def pdf(name="Annual Report 2024.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


@pytest.fixture
def charity():
    return make_organisation()


@pytest.fixture
def editor(charity):
    user = make_user("editor@example.org")
    make_affiliation(user, charity, Role.EDITOR)
    return user


def steps(item):
    return [event.what for event in ReviewEvent.objects.filter(item=item).order_by("id")]


# -- Preparing ------------------------------------------------------------------------------------


def test_a_draft_begins_with_its_file_and_its_organisation_as_publisher(charity, editor):
    submission = start_submission(charity, by=editor, file=pdf())

    item = Item.objects.get()
    document = Document.objects.get()
    assert (item.status, item.owner, item.publisher_list) == ("draft", charity, [charity])
    assert (document.name, document.sha256) == (
        "annual-report-2024.pdf",
        sha256(PDF).hexdigest(),
    )
    assert document.added_by == editor
    assert len(item.slug) == len("draft-") + 32
    assert str(submission) == "Without a title yet"
    assert steps(item) == ["started"]


def test_a_link_is_kept_and_nothing_is_fetched(charity, editor):
    start_submission(charity, by=editor, link="http://169.254.169.254/latest/")

    item = Item.objects.get()
    assert (item.link, item.link_kind) == ("http://169.254.169.254/latest/", "publisher")
    item.validate_constraints()


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (pdf(content=b""), "empty"),
        (pdf(content=b"<script>"), "cannot take that kind"),
        (pdf("page.html", b"PK\x03\x04"), "cannot take that kind"),
    ],
)
def test_a_file_that_cannot_be_taken_leaves_nothing(charity, editor, file, sentence):
    with pytest.raises(ImpossibleMove, match=sentence):
        start_submission(charity, by=editor, file=file)

    assert not Item.objects.exists()


def test_saving_writes_what_differs_and_says_which(charity, editor):
    theme = make_theme("Race")
    submission = make_submission(charity, by=editor)
    changes = record_of(submission.item) | {
        "title": "Better",
        "published": "2024-07",
        "themes": ["race"],
        "people": ["Policy lead", "Chief executive"],
        "organisations": ["EXAMPLE CHARITY", "An example body, and another"],
        "visible_from": "2030-07-01T09:00+01:00",
        "content_notes": ["death"],
    }

    changed = revise_submission(
        submission, by=editor, version=version_of(submission.item), changes=changes
    )

    item = Item.objects.for_page().get()
    assert record_of(item) == changes
    assert (item.partial_date, item.precision) == ("2024-07", "month")
    assert list(item.themes.all()) == [theme]
    assert [row.organisation for row in item.contributors.all()] == [None, None, charity, None]
    assert "kind" not in changed
    assert AuditEvent.objects.get(verb="library.revise").details["fields"] == changed


def test_whoever_stays_among_the_authors_keeps_what_staff_added(charity, editor):
    submission = make_submission(charity, by=editor)
    kept = make_contributor(submission.item, "Policy lead", role="chair", filed_as="lead, Policy")
    make_contributor(submission.item, "Somebody else")
    changes = {"people": ["Chief executive", "Policy lead"]}

    revise_submission(submission, by=editor, version=version_of(submission.item), changes=changes)

    rows = list(submission.item.contributors.values_list("name", "role", "filed_as"))
    assert rows == [("Chief executive", "author", ""), ("Policy lead", "chair", "lead, Policy")]
    kept.refresh_from_db()


def test_a_second_editor_is_told_and_overwrites_nothing(charity, editor):
    submission = make_submission(charity, by=editor)
    read = version_of(submission.item)
    revise_submission(submission, by=editor, version=read, changes={"title": "Mine"})

    with pytest.raises(RecordChangedError):
        revise_submission(submission, by=editor, version=read, changes={"title": "Theirs"})

    assert Item.objects.get().title == "Mine"


@pytest.mark.django_db(transaction=True)
def test_two_editors_at_once_save_one_after_the_other(charity, editor):
    submission = make_submission(charity, by=editor)
    read = version_of(submission.item)

    def save(title):
        own = Submission.objects.get(pk=submission.pk)
        return revise_submission(own, by=editor, version=read, changes={"title": title})

    first, second = race(lambda: save("Mine"), lambda: save("Theirs"))

    assert first == ["title"]
    assert isinstance(second, RecordChangedError)
    assert Item.objects.get().title == "Mine"


@pytest.mark.parametrize("status", ["submitted", "declined", "published", "withdrawn"])
def test_only_a_draft_can_be_changed(charity, editor, status):
    submission = make_submission(charity, by=editor, status=status)
    document = make_document(submission.item)
    version = version_of(submission.item)

    for attempt in (
        lambda: revise_submission(submission, by=editor, version=version, changes={"title": "X"}),
        lambda: add_file(submission, pdf(), by=editor, kind="main"),
        lambda: remove_file(submission, document, by=editor),
        lambda: discard_submission(submission, by=editor),
    ):
        with pytest.raises(ImpossibleMove, match="cannot be changed now"):
            attempt()


def test_files_come_and_go_with_their_bytes(charity, editor, django_capture_on_commit_callbacks):
    submission = make_submission(charity, by=editor)
    for _ in range(2):
        document = add_file(submission, pdf(), by=editor, kind="annex")
    storage, place = document.file.storage, document.file.name
    assert document.name == "annual-report-2024-2.pdf"

    with django_capture_on_commit_callbacks(execute=True):
        remove_file(submission, document, by=editor)

    assert not storage.exists(place)
    assert Document.objects.get().name == "annual-report-2024.pdf"


def test_a_work_has_only_so_many_files(charity, editor, monkeypatch):
    monkeypatch.setattr("library.submissions.MOST_FILES", 1)
    submission = make_submission(charity, by=editor)
    add_file(submission, pdf(), by=editor, kind="main")

    with pytest.raises(ImpossibleMove, match="at most 1"):
        add_file(submission, pdf(), by=editor, kind="main")


def test_a_draft_that_nobody_saw_can_be_thrown_away_with_its_files(
    charity, editor, django_capture_on_commit_callbacks
):
    submission = start_submission(charity, by=editor, file=pdf())
    document = Document.objects.get()

    with django_capture_on_commit_callbacks(execute=True):
        discard_submission(submission, by=editor)

    assert not Item.objects.exists()
    assert not document.file.storage.exists(document.file.name)


def test_a_draft_that_staff_have_seen_stays(charity, editor):
    submission = make_submission(charity, by=editor, status="changes-asked")

    with pytest.raises(ImpossibleMove, match="Staff have seen"):
        discard_submission(submission, by=editor)


# -- Handing in and taking back -------------------------------------------------------------------


def test_handing_in_keeps_the_record_as_it_was(charity, editor):
    submission = make_submission(charity, "As it was", by=editor)

    hand_in(submission, by=editor, note="It cannot wait.")

    event = ReviewEvent.objects.get()
    assert (event.what, event.by, event.why) == ("submitted", editor, "It cannot wait.")
    assert event.snapshot["title"] == "As it was"
    assert submission.submitted_by == editor
    assert list(Submission.objects.waiting()) == [submission]


def test_it_can_be_taken_back_until_somebody_is_on_it(charity, editor):
    submission = make_submission(charity, by=editor, status="submitted")
    staff = make_user(is_staff=True)

    claim_submission(submission, by=staff)
    with pytest.raises(ImpossibleMove, match="looking at it now"):
        take_back(submission, by=editor)
    release_submission(submission, by=staff)
    take_back(submission, by=editor)

    assert Item.objects.get().status == "draft"
    with pytest.raises(ImpossibleMove, match="nothing to take back"):
        take_back(submission, by=editor)


def test_staff_cannot_publish_what_its_organisation_has_not_handed_in(charity, editor):
    own = make_submission(charity, by=editor)
    asked = make_submission(charity, by=editor, status="changes-asked")

    for submission in (own, asked):
        with pytest.raises(ImpossibleMove, match="still with its organisation"):
            publish_item(submission.item, by=None)


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
