"""The staff's desk for submissions and requests."""

from datetime import UTC, datetime

import pytest
from django.core.files.base import ContentFile

from library.actions import ask_for_changes
from library.models import ChangeRequest, Item, Reading, Submission, Version
from library.records import version_of
from library.submissions import claim_submission, hand_in, revise_submission, state_of
from tests.factories import (
    make_area,
    make_document,
    make_item,
    make_organisation,
    make_submission,
    make_theme,
    make_user,
)

INLINES = ["publishings", "contributors", "documents", "documents-2", "versions"]
pytestmark = pytest.mark.django_db
DESK = "/admin/library/submission/"
REQUESTS = "/admin/library/changerequest/"


@pytest.fixture
def charity():
    return make_organisation()


@pytest.fixture
def staff(client, settings):
    settings.REQUIRE_SECOND_FACTOR = False
    user = make_user("staff@example.org", is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


def decide(client, submission, name, **typed):
    data = {"seen": state_of(submission)} | typed
    return client.post(f"{DESK}{submission.pk}/decide/{name}/", data, follow=True)


def messages(response):
    return [str(message) for message in response.context["messages"]]


@pytest.mark.parametrize("number", [1, 3])
def test_the_queue_asks_the_same_of_the_database_for_one_and_for_three(
    number, client, staff, charity, django_assert_num_queries
):
    for _ in range(number):
        make_submission(charity, status="submitted")
    make_submission(charity, status="draft")

    with django_assert_num_queries(6):
        answer = client.get(f"{DESK}?state=waiting")

    assert answer.context["cl"].result_count == number


def test_the_page_shows_what_changed_since_the_last_submission(client, staff, charity):
    editor = make_user()
    submission = make_submission(charity, "An old title", by=editor)
    hand_in(submission, by=editor)
    ask_for_changes(submission.item, by=staff, because="A newer title.")
    revise_submission(
        submission,
        by=editor,
        version=version_of(submission.item),
        changes={"title": "A new title"},
    )
    hand_in(submission, by=editor, note="Done.")
    Item.objects.update(licence="cc-by-4")

    answer = client.get(f"{DESK}{submission.pk}/change/")

    page = answer.content.decode()
    assert [change.title for change in answer.context["since_last"]] == ["Title"]
    assert [change.title for change in answer.context["by_staff"]] == ["Licence"]
    assert "<del>An old</del><ins>A new</ins>" in page or "<del>old</del><ins>new</ins>" in page
    assert "Done." in page
    assert "A newer title." in page


def test_the_page_calls_themes_and_nations_by_their_names(client, staff, charity):
    submission = make_submission(charity, "A report", status="submitted")
    submission.item.themes.add(make_theme("Women & girls"))
    submission.item.nations.add(make_area("Northern Ireland"))

    page = client.get(f"{DESK}{submission.pk}/change/").content.decode()

    assert "Women &amp; girls</p>" in page
    assert "Northern Ireland</p>" in page


def test_the_page_warns_of_what_is_there_already_in_whatever_state(client, staff, charity):
    submission = make_submission(charity, "The same", status="submitted")
    make_item("Same", status="withdrawn", link="")
    make_item("The same", status="draft")

    duplicates = client.get(f"{DESK}{submission.pk}/change/").context["duplicates"]

    assert {str(likely.item) for likely in duplicates} == {"Same", "The same"}


def test_publishing_now_makes_the_first_version_and_overrides_an_embargo(client, staff, charity):
    later = datetime(2099, 1, 1, tzinfo=UTC)
    submission = make_submission(
        charity,
        "An example: work",
        status="submitted",
        visible_from=later,
        slug="draft-" + "a" * 32,
    )
    make_document(submission.item)

    answer = decide(client, submission, "publish")

    item = Item.objects.get()
    version = Version.objects.get()
    assert messages(answer) == ["“An example: work” is published."]
    assert (item.status, item.slug, item.visible_from) == ("published", "an-example-work", None)
    assert (version.number, version.note, version.made_by) == (1, "First published.", staff)
    assert item.documents.get().added_in == version


def test_an_address_that_is_taken_gets_the_short_code_beside_it(client, staff, charity):
    make_item(slug="an-example")
    submission = make_submission(
        charity, "An example", status="submitted", slug="draft-" + "b" * 32
    )

    decide(client, submission, "publish")

    item = Item.objects.get(pk=submission.item_id)
    assert item.slug == f"an-example-{item.code}"


def test_scheduling_takes_uk_time_and_says_what_cannot_be(client, staff, charity):
    submission = make_submission(charity, status="submitted")
    at = {"schedule-visible_from_0": "2027-03-28", "schedule-visible_from_1": "01:30"}

    refused = decide(client, submission, "schedule", **at)
    late = decide(client, submission, "schedule", **at | {"schedule-visible_from_0": "2020-01-05"})
    assert Item.objects.get().status == "submitted"
    done = decide(client, submission, "schedule", **at | {"schedule-visible_from_1": "02:00"})

    assert "01:30 does not exist" in refused.content.decode()
    assert messages(late) == ["That moment has passed. Choose a later one, or publish it now."]
    assert 'value="2020-01-05"' in late.content.decode()
    assert messages(done) == ["“A report” is scheduled."]
    item = Item.objects.get()
    assert item.visible_from == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)
    assert item.versions.get().made_at == item.visible_from
    assert item.review_events.first().what == "scheduled"


@pytest.mark.parametrize(("name", "status"), [("ask", "changes-asked"), ("decline", "declined")])
def test_a_reason_is_needed_and_kept(client, staff, charity, name, status):
    submission = make_submission(charity, status="submitted")

    refused = decide(client, submission, name)
    decide(client, submission, name, **{f"{name}-because": "The summary is missing."})

    assert "This field is required." in refused.content.decode()
    item = Item.objects.get()
    assert (item.status, item.review_events.get().why) == (status, "The summary is missing.")


def test_what_cannot_be_is_a_sentence_and_keeps_what_was_typed(client, staff, charity):
    submission = make_submission(charity, status="submitted")
    claim_submission(submission, by=make_user(name="A colleague"))

    answer = decide(client, submission, "ask", **{"ask-because": "My long reason."})

    assert messages(answer) == ["A colleague is on it. Take it over first."]
    assert "My long reason." in answer.content.decode()
    assert Item.objects.get().status == "submitted"


def test_somebody_is_on_it_until_they_let_it_go(client, staff, charity):
    submission = make_submission(charity, status="submitted")

    client.post(f"{DESK}{submission.pk}/do/claim/")
    submission.refresh_from_db()
    assert submission.claimed_by == staff
    client.post(f"{DESK}{submission.pk}/do/release/")

    submission.refresh_from_db()
    assert submission.claimed_by is None
    assert client.post(f"{DESK}{submission.pk}/do/nothing/").status_code == 404
    assert client.post(f"{DESK}{submission.pk}/decide/nothing/").status_code == 404


def test_staff_read_the_files_but_not_a_refused_one(client, staff, charity):
    submission = make_submission(charity, status="submitted")
    make_document(submission.item)
    make_document(submission.item, "bad.pdf", reading=Reading.INFECTED)
    make_document(submission.item, "new.pdf", reading=Reading.UNCHECKED)

    answer = client.get(f"{DESK}{submission.pk}/files/report.pdf")

    assert b"".join(answer).startswith(b"%PDF")
    assert client.get(f"{DESK}{submission.pk}/files/bad.pdf").status_code == 404
    assert client.get(f"{DESK}{submission.pk}/files/new.pdf").status_code == 404


def test_a_request_is_answered_from_its_page(client, staff, charity):
    item = make_submission(charity, status="published").item
    request = ChangeRequest.objects.create(item=item, kind="version", text="It is newer.")
    request.file_name = "new.pdf"
    request.file.save("new.pdf", ContentFile(b"%PDF-1.4 newer"))

    page = client.get(f"{REQUESTS}{request.pk}/change/").content.decode()
    file = client.get(f"{REQUESTS}{request.pk}/file/")
    client.post(f"{REQUESTS}{request.pk}/change/", {"text": "Newer figures."})
    again = client.post(f"{REQUESTS}{request.pk}/change/", {"text": "Newer figures."})

    assert "It is newer." in page
    assert b"".join(file) == b"%PDF-1.4 newer"
    version = Version.objects.get()
    assert (version.note, version.is_major) == ("Newer figures.", False)
    assert item.documents.get().name == "new.pdf"
    assert messages(again)[-1] == "This request has been answered already."


def test_a_file_that_the_scanner_did_not_pass_is_not_opened_by_staff(
    client, staff, charity, settings
):
    settings.CLAMD = "127.0.0.1:1"  # Nobody is there.
    item = make_submission(charity, status="published").item
    request = ChangeRequest.objects.create(item=item, kind="version", text="It is newer.")
    request.file.save("new.pdf", ContentFile(b"%PDF-1.4 newer"))

    answer = client.get(f"{REQUESTS}{request.pk}/file/", follow=True)

    assert messages(answer) == ["The virus scanner did not pass this file."]


def test_a_request_can_be_declined(client, staff, charity):
    item = make_submission(charity, status="published").item
    request = ChangeRequest.objects.create(item=item, kind="withdrawal", text="Please.")

    client.post(f"{REQUESTS}{request.pk}/change/", {"text": "It is right.", "decline": "Decline"})

    request.refresh_from_db()
    assert (request.outcome, Item.objects.get().status) == ("declined", "published")


def test_only_staff_with_the_right_to_change_items_decide(client, settings, charity):
    settings.REQUIRE_SECOND_FACTOR = False
    client.force_login(make_user(is_staff=True))
    submission = make_submission(charity, status="submitted")

    answers = [
        client.get(f"{DESK}{submission.pk}/change/"),
        client.post(f"{DESK}{submission.pk}/decide/publish/", {"seen": state_of(submission)}),
        client.post(f"{DESK}{submission.pk}/do/claim/"),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert Item.objects.get().status == "submitted"


# -- On the page of an item -----------------------------------------------------------------------


def test_staff_mark_a_change_as_a_new_version(client, staff, charity):
    item = make_submission(charity, "A report", status="published").item
    page = client.get(f"/admin/library/item/{item.pk}/change/")
    form = page.context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields}
    data = {name: value for name, value in data.items() if not name.startswith("visible_from")}
    for prefix in INLINES:
        data |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    data |= {"version_note": "The figures of 2025 are in it.", "themes": [], "nations": []}
    data |= {"readers": [], "content_notes": []}

    client.post(f"/admin/library/item/{item.pk}/change/", data | {"version_is_major": ""})

    version = Version.objects.get()
    assert (version.number, version.note) == (1, "The figures of 2025 are in it.")
    assert (version.is_major, version.made_by) == (False, staff)


def test_an_item_that_staff_give_to_an_organisation_can_be_asked_about(client, staff, charity):
    item = make_item("A report")
    page = client.get(f"/admin/library/item/{item.pk}/change/")
    form = page.context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields if name != "visible_from"}
    for prefix in INLINES:
        data |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    data |= {name: [] for name in ("themes", "nations", "readers", "content_notes")}

    client.post(f"/admin/library/item/{item.pk}/change/", data | {"owner": charity.pk})

    assert Submission.objects.get().item.owner == charity
