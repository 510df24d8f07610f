"""A member's work on its way: preparing, handing in, taking back."""

from hashlib import sha256

import pytest

from cja_portal.kit.moves import ImpossibleMove
from library.actions import publish_item
from library.intake.receiving import UnsuitableFile
from library.models import Document, Item, ReviewEvent, Submission
from library.records import record_of, version_of
from library.submissions import (
    RecordChangedError,
    add_file,
    claim_submission,
    discard_submission,
    hand_in,
    release_submission,
    remove_file,
    revise_submission,
    start_submission,
    take_back,
)
from members.models import AuditEvent
from tests.factories import (
    make_contributor,
    make_document,
    make_submission,
    make_theme,
    make_user,
)
from tests.library.submitted import PDF, pdf, steps
from tests.races import race

pytestmark = pytest.mark.django_db


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
        (pdf(content=b"<script>"), "a web page"),
        (pdf("page.html", b"PK\x03\x04"), "cannot be opened"),
    ],
)
def test_a_file_that_cannot_be_taken_leaves_nothing(charity, editor, file, sentence):
    with pytest.raises(UnsuitableFile, match=sentence):
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
