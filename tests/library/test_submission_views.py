"""The pages on which members prepare and hand in: who may open which, and what they keep."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import now

from library.intake import kinds
from library.models import ChangeRequest, Document, Item, Reading, Submission
from members.models import Role
from tests.factories import (
    make_affiliation,
    make_document,
    make_item,
    make_organisation,
    make_submission,
    make_theme,
    make_user,
)
from tests.library.submitted import PDF, pdf
from tests.logins import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client, editor):
    client.force_login(editor)
    return editor


# -- Who may --------------------------------------------------------------------------------------

# Address, method, the state it is about, and the least role; what others get follows from it.
PREPARE, SUBMIT = "participant editor owner", "editor owner"
PAGES = {
    "list": ("/library/submit/example-charity/", "get", "draft", PREPARE),
    "start": ("/library/submit/example-charity/", "post", "draft", PREPARE),
    "detail": ("/library/submissions/{uuid}/", "get", "draft", PREPARE),
    "edit": ("/library/submissions/{uuid}/edit/", "get", "draft", PREPARE),
    "save": ("/library/submissions/{uuid}/edit/", "post", "draft", PREPARE),
    "check": ("/library/submissions/{uuid}/check/", "get", "draft", PREPARE),
    "hand in": ("/library/submissions/{uuid}/check/", "post", "draft", SUBMIT),
    "preview": ("/library/submissions/{uuid}/preview/", "get", "draft", PREPARE),
    "file": ("/library/submissions/{uuid}/files/report.pdf", "get", "draft", PREPARE),
    "discard": ("/library/submissions/{uuid}/discard/", "post", "draft", PREPARE),
    "take back": ("/library/submissions/{uuid}/take-back/", "post", "submitted", SUBMIT),
    "request": ("/library/submissions/{uuid}/request/", "get", "published", SUBMIT),
    "ask": ("/library/submissions/{uuid}/request/", "post", "published", SUBMIT),
}
OUTSIDE = ["outsider", "owner of another", "left", "staff"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["anonymous", *OUTSIDE, *Role.values])
def test_every_address_of_a_submission_opens_for_the_right_roles(client, charity, who, page):
    address, method, status, roles = PAGES[page]
    submission = make_submission(charity, by=make_user(), status=status)
    make_document(submission.item)
    user = make_user(is_staff=who == "staff")
    if who == "owner of another":
        make_affiliation(user, make_organisation("Other"), Role.OWNER)
    elif who == "left":
        make_affiliation(user, charity, Role.OWNER, ended_at=now())
    elif who in Role.values:
        make_affiliation(user, charity, Role(who))
    if who != "anonymous":
        sign_in(client, user)

    answer = getattr(client, method)(address.format(uuid=submission.uuid))
    b"".join(answer)

    if who == "anonymous":
        assert answer.url.startswith("/accounts/login/")
    elif who in OUTSIDE:
        assert answer.status_code == 404
    else:
        assert (answer.status_code == 403) == (who not in roles.split())
        assert answer.status_code in {200, 302, 403}
    is_gone = page == "discard" and who in PREPARE.split()
    assert Submission.objects.exists() != is_gone


def test_a_submission_that_is_not_there_answers_as_one_that_is_hidden(client, editor):
    hidden = make_submission(make_organisation("Other"), by=None)
    nowhere = "00000000-0000-4000-8000-000000000000"

    answers = [client.get(f"/library/submissions/{uuid}/") for uuid in (hidden.uuid, nowhere)]

    assert [answer.status_code for answer in answers] == [404, 404]
    pages = [re.sub('value="[^"]*"', "", answer.content.decode()) for answer in answers]
    assert pages[0].replace(str(hidden.uuid), nowhere) == pages[1]


def test_a_work_that_staff_gave_to_another_organisation_is_theirs(client, editor, charity):
    submission = make_submission(charity, by=editor)
    Item.objects.update(owner=make_organisation("Other"))

    assert client.get(submission.get_absolute_url()).status_code == 404


def test_the_way_in_asks_only_those_who_belong_to_several(client, editor, charity):
    one = client.get("/library/submit/")
    other = make_organisation("Example Service")
    make_affiliation(editor, other, Role.PARTICIPANT)
    make_affiliation(editor, make_organisation("Example Finance"), Role.SIGNATORY)
    two = client.get("/library/submit/")

    assert one.url == "/library/submit/example-charity/"
    assert two.context["organisations"] == [charity, other]


def test_whoever_belongs_to_none_is_told_how_it_goes(client):
    client.force_login(make_user())

    assert "You belong to none here" in client.get("/library/submit/").content.decode()


# -- Starting -------------------------------------------------------------------------------------


def test_it_starts_with_a_file_or_a_link(client, editor):
    address = "/library/submit/example-charity/"

    nothing = client.post(address)
    bad = client.post(address, {"link": "javascript:alert(1)"})
    refused = client.post(address, {"file": SimpleUploadedFile("a.exe", b"MZ")})
    client.post(address, {"link": "www.example.org/report"})
    done = client.post(address, {"file": pdf()}, follow=True)

    assert "Choose a file or paste a link." in nothing.content.decode()
    assert "Type a web address" in bad.content.decode()
    assert kinds.PROGRAM in refused.content.decode()
    assert done.redirect_chain[0][0].endswith("/edit/")
    links = set(Item.objects.values_list("link", flat=True))
    assert links == {"", "https://www.example.org/report"}
    assert Document.objects.get().added_by == editor


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_same_of_the_database_for_one_and_for_three(
    number, client, editor, charity, django_assert_num_queries
):
    for _ in range(number):
        make_submission(charity, by=editor)

    with django_assert_num_queries(10):
        answer = client.get("/library/submit/example-charity/")

    assert len(answer.context["page"].object_list) == number


# -- Drafts ---------------------------------------------------------------------------------------


def test_what_is_not_a_draft_leads_to_where_it_stands(client, editor, charity):
    submission = make_submission(charity, by=editor, status="submitted")

    for page in ("edit", "check"):
        answer = client.get(f"/library/submissions/{submission.uuid}/{page}/")
        assert answer.url == submission.get_absolute_url()
    saved = client.post(f"/library/submissions/{submission.uuid}/edit/", {"title": "X"})
    assert saved.url == submission.get_absolute_url()


def test_a_file_of_a_draft_is_sent_as_a_file_that_nobody_keeps(client, editor, charity):
    submission = make_submission(charity, by=editor)
    make_document(submission.item, content=PDF)
    make_document(submission.item, "bad.pdf", reading=Reading.INFECTED)

    answer = client.get(f"/library/submissions/{submission.uuid}/files/report.pdf")

    assert b"".join(answer) == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="report.pdf"'
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    infected = client.get(f"/library/submissions/{submission.uuid}/files/bad.pdf")
    assert infected.status_code == 404


def test_a_file_of_another_submission_is_not_at_this_address(client, editor, charity):
    mine, other = (make_submission(charity, by=editor) for _ in range(2))
    make_document(other.item, "other.pdf")

    assert client.get(f"/library/submissions/{mine.uuid}/files/other.pdf").status_code == 404


# -- Handing in -----------------------------------------------------------------------------------

CONFIRMED = {"rights": "on", "notes": "on", "people": "on"}


def test_what_is_missing_is_listed_and_keeps_it_from_being_handed_in(client, editor, charity):
    submission = make_submission(charity, by=editor, summary="", licence="not-stated")

    answer = client.post(f"/library/submissions/{submission.uuid}/check/", CONFIRMED)

    missing = [point.field for point in answer.context["points"] if point.is_in_the_way]
    assert missing == ["summary", "themes", "licence"]
    assert Item.objects.get().status == "draft"


def test_people_confirm_what_only_they_can_know(client, editor, charity):
    submission = make_submission(charity, by=editor, themes=[make_theme()])
    address = f"/library/submissions/{submission.uuid}/check/"

    refused = client.post(address)
    done = client.post(address, CONFIRMED | {"note": "Please soon."}, follow=True)

    assert "Confirm the content notes." in refused.content.decode()
    assert "The staff have it" in done.content.decode()
    assert "Please soon." in done.content.decode()
    assert Item.objects.get().status == "submitted"


def test_a_file_nobody_can_search_is_said_and_does_not_stand_in_the_way(client, editor, charity):
    submission = make_submission(charity, by=editor, themes=[make_theme()])
    make_document(submission.item, reading=Reading.NO_TEXT)

    answer = client.get(f"/library/submissions/{submission.uuid}/check/")

    assert answer.context["is_complete"]
    assert "pictures of pages" in answer.content.decode()


def test_a_participant_sees_who_can_hand_it_in(client, charity):
    user = make_user()
    make_affiliation(user, charity, Role.PARTICIPANT)
    client.force_login(user)
    submission = make_submission(charity, by=user, themes=[make_theme()])

    page = client.get(f"/library/submissions/{submission.uuid}/check/").content.decode()

    assert "An owner or editor of Example Charity can now submit it" in page
    assert "Submit to the staff" not in page


def test_the_preview_shows_the_record_to_those_who_prepare_it(client, editor, charity):
    submission = make_submission(charity, "A coming report", by=editor)
    make_document(submission.item, pages=["A word."])

    page = client.get(f"/library/submissions/{submission.uuid}/preview/").content.decode()
    ways = set(re.findall(r'href="(/library/[^"?#]+)', page.partition("<article")[2]))

    assert "This is a preview." in page
    assert "<h1>A coming report</h1>" in page
    assert 'name="robots" content="noindex"' in page
    assert f"/library/submissions/{submission.uuid}/files/report.pdf" in ways
    answers = [client.get(way) for way in ways]
    assert all(b"".join(answer) and answer.status_code == 200 for answer in answers)


# -- Afterwards -----------------------------------------------------------------------------------


def test_where_it_stands_tells_the_reason_and_the_next_step(client, editor, charity):
    submission = make_submission(charity, by=editor, status="submitted")
    event = {"what": "changes-asked", "why": "Say who was asked."}
    submission.item.review_events.create(by=make_user("boss@example.org", is_staff=True), **event)
    Item.objects.update(status="changes-asked")

    page = client.get(submission.get_absolute_url()).content.decode()

    assert "Say who was asked." in page
    assert "Change it" in page
    assert "The staff of the CJA" in page
    assert "boss@" not in page


def test_a_request_about_a_published_work_goes_to_staff(client, editor, charity):
    submission = make_submission(charity, by=editor, status="published")
    old = make_document(submission.item)
    address = f"/library/submissions/{submission.uuid}/request/"
    asked = {"kind": "version", "text": "Newer.", "file": pdf("n.pdf"), "replaces": old.pk}

    nothing = client.post(address, {"kind": "version"})
    client.post(address, asked)
    again = client.post(address, asked | {"file": pdf("n.pdf")})

    assert "This field is required." in nothing.content.decode()
    assert "not yet answered" in again.content.decode()
    request = ChangeRequest.objects.get()
    assert (request.asked_by, request.file_name, request.replaces) == (editor, "n.pdf", old)
    assert "Your request waits" in client.get(submission.get_absolute_url()).content.decode()


def test_a_request_cannot_name_a_file_of_another_work(client, editor, charity):
    submission = make_submission(charity, by=editor, status="published")
    make_document(submission.item)
    other = make_document(make_item())
    asked = {"kind": "version", "text": "Newer.", "replaces": other.pk}

    answer = client.post(f"/library/submissions/{submission.uuid}/request/", asked)

    assert "Select a valid choice" in answer.content.decode()
    assert not ChangeRequest.objects.exists()


def test_the_file_of_a_proposed_version_cannot_be_read_before_staff_agree(client, editor, charity):
    submission = make_submission(charity, by=editor, status="published")
    asked = {"kind": "version", "text": "Newer.", "file": pdf("n.pdf")}
    client.post(f"/library/submissions/{submission.uuid}/request/", asked)

    assert not Document.objects.exists()


def test_the_page_of_a_person_leads_to_publishing_if_they_may(client, editor, charity):
    make_affiliation(editor, make_organisation("Example Finance"), Role.FINANCE)

    page = client.get("/my/").content.decode()

    assert "/library/submit/example-charity/" in page
    assert "/library/submit/example-finance/" not in page
