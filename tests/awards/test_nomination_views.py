"""The pages on which people without an account, or with one, nominate."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from awards.models import Attachment, Cycle, Nomination, NomineeConsent
from awards.permissions import HELD
from members.models.invitation import digest_of
from tests.awards.factories import make_nomination, make_running_cycle, set_clock
from tests.factories import make_organisation, make_owner, make_staff, make_user
from tests.logins import sign_in

pytestmark = pytest.mark.django_db
WHO = {
    "nominee_kind": "project",
    "nominee_name": "Example Project",
    "name": "Policy lead, Example Charity",
    "email": "lead@example.org",
}


@pytest.fixture
def category():
    return make_running_cycle().categories.get()


@pytest.fixture
def nomination(category):
    return make_nomination(category, email="lead@example.org")


def client_of(*nominations, is_lead=True):
    """Somebody who opened the links of these nominations."""
    client = Client()
    session = client.session
    people = [one.collaborators.filter(is_lead=is_lead).first() for one in nominations]
    session[HELD] = [str(person.uuid) for person in people]
    session.save()
    client.cookies["sessionid"] = session.session_key
    return client


def address(nomination, name="detail", **parts):
    return reverse(f"awards:nomination-{name}", kwargs={"uuid": nomination.uuid} | parts)


def start_address(category):
    return reverse("awards:nomination-start", args=[category.cycle.year, category.slug])


def eligible(category, answer="yes"):
    return {f"eligible-{one.pk}": answer for one in category.eligibility_questions.all()}


def text(page):
    return page.content.decode()


# -- Beginning -------------------------------------------------------------------------------------


def test_somebody_without_an_account_nominates_from_first_to_last(client, category):
    page = client.post(start_address(category), eligible(category))
    assert "Begin a nomination" in text(page)

    form = eligible(category) | WHO | {"key": uuid4()}
    page = client.post(start_address(category), form, follow=True)
    nomination = Nomination.objects.get()
    questions = list(category.questions.current())
    answers = {f"answer-{one.pk}": "They help people." for one in questions}
    answers |= {f"seen-{one.pk}": 0 for one in questions} | {"then": "next"}
    page = client.post(address(nomination, "edit", section=1), answers, follow=True)
    assert "Saved at" in text(page)
    page = client.post(
        address(nomination, "submit"), {"key": uuid4(), "is_true": "on"}, follow=True
    )

    assert page.redirect_chain == [(address(nomination, "receipt"), 302)]
    assert "They help people." in text(page)
    nomination.refresh_from_db()
    assert nomination.state == "submitted"
    assert nomination.eligibility


def test_who_is_not_eligible_writes_nothing(client, category):
    page = client.post(start_address(category), eligible(category, "no") | WHO | {"key": uuid4()})

    assert "Only there." in text(page)
    assert not Nomination.objects.exists()


def test_posting_the_beginning_twice_makes_one_draft(client, category):
    form = eligible(category) | WHO | {"key": uuid4()}
    for _ in range(2):
        assert client.post(start_address(category), form).status_code == 302

    assert Nomination.objects.count() == 1


def test_a_key_that_somebody_else_used_opens_nothing(client, category, nomination):
    form = eligible(category) | WHO | {"key": nomination.start_key, "email": "x@example.org"}

    client.post(start_address(category), form)

    assert client.get(address(nomination)).status_code == 404


CLOSED = [
    ("announced", timedelta(days=-2), "open", "not open yet"),
    ("announced", timedelta(days=30), "open", "Nominations have closed"),
    ("announced", timedelta(), "panel", "The panel nominates here"),
    ("announced", timedelta(), "members", "For people of member organisations"),
]


@pytest.mark.parametrize(("stage", "shift", "kind", "words"), CLOSED)
def test_where_nobody_can_nominate_the_page_says_why(client, stage, shift, kind, words):
    cycle = make_running_cycle(is_announced=False)
    cycle.categories.update(kind=kind)
    Cycle.objects.filter(pk=cycle.pk).update(stage=stage, frozen_at=cycle.opens_at)
    set_clock(cycle, cycle.now() + shift)

    assert words in text(client.get(start_address(cycle.categories.get())))


@pytest.mark.parametrize("is_member", [True, False])
def test_a_category_for_members_is_for_people_of_members(client, is_member):
    cycle = make_running_cycle(is_announced=False)
    cycle.categories.update(kind="members")
    Cycle.objects.filter(pk=cycle.pk).update(stage="announced", frozen_at=cycle.opens_at)
    client.force_login(make_owner(make_organisation()) if is_member else make_user())

    page = client.get(start_address(cycle.categories.get()))

    assert ("may it be nominated" in text(page)) == is_member


def test_a_year_in_preparation_is_unknown_but_to_staff(client):
    category = make_running_cycle(is_announced=False).categories.get()
    assert client.get(start_address(category)).status_code == 404

    sign_in(client, make_staff())

    assert client.get(start_address(category)).status_code == 200


# -- Who opens what --------------------------------------------------------------------------------

PAGES = ["detail", "nominee", "files", "people", "submit", "withdraw"]


def test_nobody_else_opens_a_nomination(client, category, nomination, settings):
    settings.REQUIRE_SECOND_FACTOR = False
    other = make_nomination(category)
    outsiders = [client, client_of(other)]
    for user in (make_staff(), make_user()):
        outsiders.append(Client())
        outsiders[-1].force_login(user)

    answers = {
        outsider.get(address(nomination, name)).status_code
        for outsider in outsiders
        for name in PAGES
    }

    assert answers == {404}
    own = client_of(nomination)
    assert {own.get(address(nomination, name)).status_code for name in PAGES} == {200}


def test_who_has_an_account_comes_by_login(client, nomination):
    user = make_user()
    nomination.collaborators.update(user=user)

    client.force_login(user)

    assert "Example Project" in text(client.get(reverse("awards:nomination-list")))
    assert client.get(address(nomination)).status_code == 200


def test_a_link_opens_the_nomination_until_the_writer_is_taken_out(client, nomination):
    helper = nomination.collaborators.create(name="Helper", email="helper@example.org")
    helper.links.create(secret_digest=digest_of("a secret"), expires_at="2099-01-01T00:00Z")
    link = reverse("awards:nomination-open", args=["a secret"])
    assert client.get(link, follow=True).status_code == 200
    withdraw = address(nomination, "withdraw")
    assert client.post(withdraw).status_code == 404

    page = client_of(nomination).post(address(nomination, "people"), {"remove": helper.uuid})

    assert page.status_code == 302
    assert client.get(link).status_code == 410
    assert client.get(address(nomination)).status_code == 404


def test_pages_of_a_nomination_are_kept_by_no_cache(nomination):
    page = client_of(nomination).get(address(nomination))

    assert page["Cache-Control"] == "no-store, private"


def test_browsers_may_send_forms_from_pages_of_a_nomination(client, nomination, category):
    """From a page that says "no-referrer" they come with the origin "null", and are refused."""
    pages = [
        client_of(nomination).get(address(nomination, "submit")),
        client.get(start_address(category)),
        client.get(reverse("awards:nomination-list")),
        client.get(reverse("awards:nominee-desk", args=["wrong"])),
    ]

    assert {page["Referrer-Policy"] for page in pages} == {"same-origin"}


# -- Writing ---------------------------------------------------------------------------------------


def written(nomination, words, seen, others="They help people.", others_seen=1):
    """The form of the first section, which asks two questions, and its first one for autosave."""
    first, second = nomination.category.questions.current()
    form = {"question": first.pk, f"answer-{first.pk}": words, f"seen-{first.pk}": seen}
    return form | {f"answer-{second.pk}": others, f"seen-{second.pk}": others_seen}


def test_a_stale_form_shows_both_texts_and_then_saves_knowingly(nomination):
    client, edit = client_of(nomination), address(nomination, "edit", section=1)
    first, second = nomination.answers.order_by("question__position")
    client.post(edit, written(nomination, "Mine, first.", 1, "Same.", 1))
    stale = written(nomination, "Mine, later.", 1, "New.", 2)

    page = client.post(edit, stale)

    assert page.status_code == 409
    assert "Mine, first." in text(page)
    assert "Mine, later." in text(page)
    assert client.post(edit, page.context["form"].data.dict()).status_code == 302
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.text, second.text) == ("Mine, later.", "New.")


def test_autosave_tells_the_version_or_that_somebody_else_wrote(nomination):
    client, save = client_of(nomination), address(nomination, "save")

    saved = client.post(save, written(nomination, "Two words", 1))
    stale = client.post(save, written(nomination, "Other", 1))

    assert (saved.json()["version"], saved.json()["words"]) == (2, 2)
    assert stale.status_code == 409
    assert "while you were writing" in stale.json()["message"]
    assert client.post(save, {"question": "x"}).status_code == 404


def test_what_comes_too_late_is_shown_so_that_nothing_is_lost(nomination):
    client = client_of(nomination)
    set_clock(nomination.category.cycle, nomination.category.cycle.ends_at + timedelta(hours=1))

    page = client.post(address(nomination, "edit", section=1), written(nomination, "Late.", 1))
    saved = client.post(address(nomination, "save"), written(nomination, "Late.", 1))

    assert (page.status_code, saved.status_code) == (409, 403)
    assert "Late." in text(page)
    assert "have closed" in text(page)


def test_opening_the_page_after_the_deadline_sends_what_should_be_sent(nomination):
    client = client_of(nomination)
    client.post(address(nomination, "deadline"), {"submits_itself": "on"})
    set_clock(nomination.category.cycle, nomination.category.cycle.ends_at + timedelta(hours=1))

    page = client.get(address(nomination))

    assert "We received it at" in text(page)
    assert nomination.receipts.get().is_by_itself


def test_an_incomplete_one_shows_what_is_missing(nomination):
    client = client_of(nomination)
    client.post(address(nomination, "save"), written(nomination, "", 1))

    page = client.post(address(nomination, "submit"), {"key": uuid4(), "is_true": "on"})

    assert "Answer “What they do”." in text(page)


def test_the_nominee_and_the_writers_change_and_it_is_withdrawn(nomination):
    client = client_of(nomination)
    nominee = {"nominee_kind": "person", "nominee_name": "Example Person"}
    client.post(address(nomination, "nominee"), nominee)
    client.post(address(nomination, "people"), {"name": "Helper", "email": "h@example.org"})

    page = client.post(address(nomination, "withdraw"), {"reason": ""}, follow=True)

    assert "It was withdrawn" in text(page)
    nomination.refresh_from_db()
    assert (nomination.nominee_name, nomination.collaborators.count()) == ("Example Person", 2)


# -- Files -----------------------------------------------------------------------------------------


def a_photograph():
    exif = Image.Exif()
    exif[0x010E] = "Taken at a secret place"
    kept = BytesIO()
    Image.new("RGB", (20, 20), "red").save(kept, "JPEG", exif=exif)
    return SimpleUploadedFile("Person X.jpg", kept.getvalue())


def test_a_picture_loses_its_metadata_and_its_name(nomination):
    client = client_of(nomination)
    picture = a_photograph()
    assert b"secret place" in picture.read()
    picture.seek(0)

    client.post(address(nomination, "files"), {"file": picture})

    kept = Attachment.objects.get()
    assert "Person" not in kept.file.name
    answer = client.get(address(nomination, "file", file=kept.uuid))
    assert b"secret place" not in b"".join(answer)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"
    outsider = client_of(make_nomination(nomination.category))
    assert outsider.get(address(nomination, "file", file=kept.uuid)).status_code == 404
    client.post(address(nomination, "files"), {"remove": kept.uuid})
    assert not Attachment.objects.exists()


REFUSED = [
    ("report.pdf", b"MZ\x00\x00 not a report", "This is a program"),
    ("sheet.csv", b"a,b\n1,2\n", "We cannot take this kind of file."),
    ("empty.pdf", b"", "empty"),
    ("large.pdf", b"%PDF-1.4" + b"x" * (10 * 1024 * 1024), "larger than 10 MB"),
]


@pytest.mark.parametrize(("name", "content", "words"), REFUSED)
def test_other_files_are_refused_with_the_reason(nomination, name, content, words):
    upload = SimpleUploadedFile(name, content)

    page = client_of(nomination).post(address(nomination, "files"), {"file": upload})

    assert words in text(page)
    assert not Attachment.objects.exists()


# -- The nominee's desk ----------------------------------------------------------------------------


def test_the_nominee_reads_what_is_claimed_and_answers(client, category):
    nomination = make_nomination(category, state="submitted", email="lead@example.org")
    consent = NomineeConsent.objects.create(nomination=nomination, email="n@example.org")
    consent.links.create(secret_digest=digest_of("a secret"), expires_at="2099-01-01T00:00Z")
    desk = reverse("awards:nominee-desk", args=["a secret"])
    page = text(client.get(desk))
    assert "They help people." in page
    assert "lead@example.org" not in page
    wrong = client.post(desk, {"answer": "accepted", "name_choice": "pseudonym"})
    assert "Write the name as it should appear." in text(wrong)

    client.post(desk, {"answer": "accepted", "name_choice": "pseudonym", "public_name": "R."})

    consent.refresh_from_db()
    assert consent.name_to_publish == "R."
    assert "You answered: I accept the nomination." in text(client.get(desk))


def test_referees_are_named_until_the_deadline_and_stand_on_the_receipt(nomination):
    client, page = client_of(nomination), address(nomination, "referees")
    who = {"name": "Referee, Example College", "organisation": "Example College"}
    for place in range(4):
        client.post(page, who | {"email": f"referee{place}@example.org"})
    again = client.post(page, who | {"email": "referee0@example.org"}, follow=True)
    assert "At most 3 people" in text(again)
    third = nomination.referees.get(email="referee2@example.org")
    client.post(page, {"drop": third.pk})
    assert client.post(page, {"drop": third.pk}).status_code == 404

    client.post(address(nomination, "submit"), {"key": uuid4(), "is_true": "on"})

    named = [one["email"] for one in nomination.receipts.get().copy["referees"]]
    assert named == ["referee0@example.org", "referee1@example.org"]
    assert "referee1@example.org" in text(client.get(address(nomination, "receipt")))
    set_clock(nomination.category.cycle, nomination.category.cycle.closes_at + timedelta(days=1))
    client.post(page, {"drop": nomination.referees.first().pk})
    assert nomination.referees.count() == 2
