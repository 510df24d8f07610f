"""Applying to join, as the applicant meets it."""

import re
import time
from datetime import timedelta

import pytest
from django.core import mail, signing
from django.test import Client
from django.utils import timezone

from members.actions.applying import (
    submit_application,
    withdraw_application,
    write_page,
)
from members.application_forms import PAGES, SALT
from members.models import Application, ApplicationLink, AuditEvent
from members.models.application import ApplicationError
from tests.factories import APPLICATION_ANSWERS, make_application

pytestmark = pytest.mark.django_db
START = "/members/join/"


@pytest.fixture
def letters(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def stamped(email="applicant@example.org", **fields):
    shown = signing.dumps(time.time() - 60, salt=SALT)
    return {"email": email, "shown": shown} | fields


def link_in(letter):
    return re.search(r"/applications/\S+", letter.body)[0]


def words_of(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def opened(application, client=None):
    """A browser in which the link of the application was used."""
    client = client or Client()
    secret = f"secret of {application.reference}"
    if not application.links.exists():
        make_link(application, secret)
    client.post(f"/applications/{secret}/")
    return client


def make_link(application, secret, **fields):
    from_secret = make_application("other@example.org", state="draft", secret=secret)
    link = from_secret.links.get()
    ApplicationLink.objects.filter(pk=link.pk).update(application=application, **fields)
    from_secret.delete()


def address(application, page=""):
    return f"{START}{application.reference}/{page}{'/' if page else ''}"


# -- The whole way --------------------------------------------------------------------------------


def test_an_application_goes_from_the_first_letter_to_its_number(client, letters):
    with letters():
        client.post(START, stamped("Applicant@Example.org"))
    link = link_in(mail.outbox[-1])
    client.get(link)
    place = client.post(link, follow=True).redirect_chain[-1][0]
    for page in PAGES:
        assert place.endswith(f"/{page.slug}/")
        typed = {name: APPLICATION_ANSWERS[name] for name in page.form.base_fields}
        place = client.post(place, typed)["Location"]
    check = client.get(place)
    with letters():
        done = client.post(place, {"may_apply": "on"}, follow=True)

    application = Application.objects.get()
    assert "£250,000" in words_of(check)
    assert re.fullmatch(r"[a-z2-9]{5}-[a-z2-9]{5}", application.reference)
    assert application.reference in words_of(done)
    assert application.reference in mail.outbox[-1].subject
    assert [letter.to for letter in mail.outbox] == [["applicant@example.org"]] * 2
    assert application.state == "submitted"
    assert application.name == "Example Orchard"
    assert application.charity_number == "1234567"
    assert application.steps.get().answers["summary"] == APPLICATION_ANSWERS["summary"]
    assert AuditEvent.objects.filter(verb="members.submit_application").count() == 1


def test_going_back_and_forward_loses_nothing():
    draft = make_application(state="draft")
    client = opened(draft)

    for page in PAGES:
        shown = client.get(address(draft, page.slug)).content.decode()
        typed = [APPLICATION_ANSWERS[name] for name in page.form.base_fields]
        assert [text for text in typed if text and text not in shown] == []


def test_a_mistake_is_told_and_nothing_is_lost_even_for_those_who_leave():
    draft = make_application(state="draft", answers={"charity_number": ""})
    client = opened(draft)

    page = client.post(address(draft, "numbers"), {"charity_number": "12", "website": "x y"})
    again = client.get(address(draft, "numbers")).content.decode()
    check = client.get(address(draft, "check"))

    assert "Write the charity number as the register of England and Wales does" in words_of(page)
    assert 'value="12"' in page.content.decode()
    assert ('value="12"' in again, 'value="x y"' in again) == (True, True)
    assert "One page still waits for an answer: Registers and website" in words_of(check)


def test_a_change_leads_back_to_the_answers():
    draft = make_application(state="draft")
    client = opened(draft)

    answer = client.post(f"{address(draft, 'people')}?change", {"contact_name": "Chief executive"})

    assert answer["Location"] == address(draft, "check")
    assert "Chief executive" in words_of(client.get(answer["Location"]))


@pytest.mark.parametrize(
    ("page", "typed", "sentence"),
    [
        ("organisation", {"name": "x"}, "Choose the kind that fits best."),
        ("numbers", {"company_number": "1234567"}, "Write all eight characters"),
        ("work", {"summary": "x" * 301}, "at most 300 characters"),
        ("work", {"summary": "x", "themes": ["none"]}, "none is not one of"),
        ("reasons", {"reasons": "x", "income": "a lot"}, "Write the income in whole pounds"),
        ("reasons", {"reasons": "nul\x00"}, "Null characters are not allowed"),
        (
            "people",
            {"contact_name": "x", "second_email": "APPLICANT@example.org"},
            "This is your own address.",
        ),
        ("people", {"contact_name": "x", "second_name": "y"}, "Give the address of this person"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(page, typed, sentence):
    draft = make_application(state="draft")

    shown = opened(draft).post(address(draft, page), typed)

    assert sentence in words_of(shown)


def test_numbers_are_taken_as_people_type_them():
    draft = make_application(state="draft", answers={"scottish_charity_number": " sco12345"})

    submit_application(draft)

    assert draft.given_numbers == {
        "charity_number": "1234567",
        "scottish_charity_number": "SC012345",
    }


def test_a_draft_that_is_not_complete_cannot_be_sent():
    draft = make_application(state="draft", answers={"summary": ""})

    sent = opened(draft).post(address(draft, "check"), {"may_apply": "on"}, follow=True)

    draft.refresh_from_db()
    assert draft.state == "draft"
    assert "One of the pages still waits" in words_of(sent)


def test_the_applicant_answers_a_question_and_may_change_the_application(letters):
    asked = make_application(state="asked")
    asked.steps.create(state="asked", words="Where do you work?")
    client = opened(asked)
    assert "Where do you work?" in words_of(client.get(address(asked)))
    client.post(
        f"{address(asked, 'organisation')}?change", {"name": "Example Elm", "kind": "charity"}
    )

    empty = client.post(address(asked, "check"), {"may_apply": "on"})
    with letters():
        client.post(address(asked, "check"), {"may_apply": "on", "answer": "In Wales."})

    asked.refresh_from_db()
    assert "Write an answer" in words_of(empty)
    assert (asked.state, asked.name) == ("review", "Example Elm")
    assert asked.steps.last().words == "In Wales."
    assert "We have your answer" in mail.outbox[-1].subject


def test_what_was_sent_cannot_be_written_in():
    application = make_application()
    client = opened(application)

    answer = client.post(address(application, "work"), {"summary": "Changed."})

    application.refresh_from_db()
    assert answer["Location"] == address(application)
    assert application.answers == APPLICATION_ANSWERS
    with pytest.raises(ApplicationError, match="sent already"):
        write_page(application, {"summary": "Changed."})


def test_withdrawing_deletes_a_draft_and_closes_what_was_sent(letters):
    draft, sent = make_application(state="draft"), make_application("b@example.org")
    with letters():
        for one in (draft, sent):
            opened(one).post(address(one, "change"), {"do": "withdraw"})

    assert Application.objects.get().state == "withdrawn"
    assert [letter.to for letter in mail.outbox] == [["b@example.org"]]
    with pytest.raises(ApplicationError, match="it cannot become"):
        withdraw_application(sent)


# -- The link -------------------------------------------------------------------------------------


def test_every_address_is_answered_alike(letters):
    make_application("known@example.org")
    pages = set()
    for number, email in enumerate(["known@example.org", "fresh@example.org"]):
        visitor = Client(REMOTE_ADDR=f"192.0.2.{number}")
        with letters():
            page = visitor.post(START, stamped(email))
        pages.add(page.content.decode().replace(email, ""))

    assert len(pages) == 1
    assert [letter.to[0] for letter in mail.outbox] == ["known@example.org", "fresh@example.org"]
    assert Application.objects.count() == 2


def test_an_address_gets_few_letters_and_a_network_few_tries(client, letters):
    with letters():
        pages = [client.post(START, stamped("a@example.org")) for _ in range(11)]

    assert len(mail.outbox) == 3
    assert Application.objects.count() == 1
    assert "That was too often" in words_of(pages[-1])
    assert "Look into your inbox" in words_of(pages[-2])


@pytest.mark.parametrize("fields", [{"website": "spam"}, {"shown": ""}, {"email": "x"}])
def test_machines_get_no_letter(client, letters, fields):
    with letters():
        client.post(START, stamped(**fields))

    assert (mail.outbox, Application.objects.count()) == ([], 0)


def test_reading_the_page_of_a_link_does_not_use_it_and_its_secret_is_not_kept(client):
    application = make_application(secret="a secret")

    page = client.get("/applications/a secret/")

    link = application.links.get()
    assert link.used_at is None
    assert page["Referrer-Policy"] == "same-origin"
    assert "a secret" not in [link.secret_digest, *application.answers.values()]


STRANGERS = ["no link", "wrong link", "used link", "old link", "link of another"]


@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_reads_nothing(client, who):
    application = make_application(
        answers={"reasons": "CANARY", "contact_name": "CANARY"}, email="canary@example.org"
    )
    application.steps.create(state="submitted", words="CANARY")
    make_link(application, "used", used_at=timezone.now())
    make_link(application, "old", sent_at=timezone.now() - timedelta(hours=25))
    make_application("b@example.org", secret="of another")
    links = {"wrong link": "wrong", "used link": "used", "old link": "old"}
    secret = links.get(who, "of another" if who == "link of another" else "")
    tries = [client.get(f"/applications/{secret}/"), client.post(f"/applications/{secret}/")]
    pages = ["", "check", "organisation", "people", "change"]

    answers = [client.get(address(application, page), follow=True) for page in pages]
    answers += [client.post(address(application, page), {"do": "x"}) for page in pages]

    told = " ".join(answer.content.decode() for answer in [*answers, *tries]).lower()
    assert "canary" not in told
    assert (
        "canary"
        in opened(make_application_again(application))
        .get(address(application))
        .content.decode()
        .lower()
    )


def make_application_again(application):
    """The same with a link that works, to show that something could have leaked."""
    application.links.all().delete()
    return application


def test_numbers_that_exist_and_others_are_answered_alike(letters):
    application = make_application("known@example.org")
    pages = set()
    for number, reference in enumerate([application.reference, "aaaaa-bbbbb"]):
        visitor = Client(REMOTE_ADDR=f"192.0.2.{number}")
        with letters():
            found = [
                visitor.get(f"{START}{reference}/"),
                visitor.get(f"{START}{reference}/check/", follow=True),
                visitor.post(f"{START}{reference}/"),
            ]
        pages.add(tuple(strip(page).replace(reference, "") for page in found))

    assert len(pages) == 1
    assert [letter.to for letter in mail.outbox] == [["known@example.org"]]


def strip(page):
    return f"{page.status_code} {words_of(page)}"


def test_no_public_page_shows_an_application(client):
    make_application(answers={"name": "Example Canary", "summary": "Example Canary"})

    pages = ["/members/", "/members/?q=canary", "/search/?q=canary", START, "/sitemap.xml"]

    for page in pages:
        assert "example canary" not in client.get(page).content.decode().lower()


def test_leaving_closes_it_in_this_browser_and_a_day_does_too():
    draft = make_application(state="draft")
    client = opened(draft)

    client.post(address(draft, "reasons"), {"reasons": "Kept.", "do": "leave"})

    draft.refresh_from_db()
    assert draft.answers["reasons"] == "Kept."
    assert "Send me a link" in words_of(client.get(address(draft)))
    session = opened(make_application_again(draft), client).session
    session["applications"] = {draft.reference: time.time() - 25 * 60 * 60}
    session.save()
    assert "Send me a link" in words_of(client.get(address(draft)))


def test_what_is_typed_too_late_is_given_back(client):
    draft = make_application(state="draft")

    page = client.post(address(draft, "reasons"), {"reasons": "Two hours of work."})

    assert page.status_code == 403
    assert "Two hours of work." in words_of(page)
