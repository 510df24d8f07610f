"""Letters that come back: who tells, what follows, and how it ends."""

import json
from base64 import b64encode

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile

from library.models import SavedSearch
from members.actions.bounces import note_bounce
from members.bounce_reports import Report, of_text
from members.emails import post
from members.health import health_of
from members.letters import without
from members.models import AuditEvent, Bounce, Organisation
from members.models.bounce import OFTEN
from tests.factories import make_organisation, make_owner, make_staff

pytestmark = pytest.mark.django_db
EVENTS, DESK = "/mail/events/", "/admin/members/bounce/"
RETURNED = """The mail system

<gone@example.org>: host mx.example.org said: 550 5.1.1 unknown

Reporting-MTA: dns; mail.example.org

Final-Recipient: rfc822; Gone@example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <gone@example.org>: Recipient address
    rejected: User unknown

Final-Recipient: rfc822; full@example.org
Status: 5.2.2
Diagnostic-Code: smtp; 552 5.2.2 Over quota
"""


def bounced(email, kind="hard", times=1):
    for _ in range(times):
        bounce = note_bounce(Report(email, kind, "550 5.1.1 unknown"))
    return bounce


def sent(capture, *addresses):
    with capture(execute=True):
        for address in addresses:
            post("Hello", "Body.", [address])
    return [letter.to[0] for letter in mail.outbox]


# -- What others tell -----------------------------------------------------------------------------


@pytest.fixture
def service(settings):
    settings.MAIL_DELIVERY = "postmark"
    settings.ANYMAIL = {"WEBHOOK_SECRET": "post:secret"}


def tell(client, secret="post:secret", **event):
    known = {"RecordType": "Bounce", "Type": "HardBounce", "Email": "gone@example.org"}
    return client.post(
        EVENTS,
        json.dumps(known | event),
        "application/json",
        headers={"Authorization": f"Basic {b64encode(secret.encode()).decode()}"},
    )


@pytest.mark.parametrize(
    ("event", "kinds"),
    [
        ({}, ["hard"]),
        ({"Type": "SoftBounce"}, ["soft"]),
        ({"Details": "smtp;552 5.2.2 Mailbox full"}, ["soft"]),
        ({"Details": "smtp;451 4.3.0 Try later"}, ["soft"]),
        ({"Type": "Blocked"}, ["soft"]),
        ({"RecordType": "SpamComplaint", "Type": "SpamComplaint"}, ["complaint"]),
        ({"RecordType": "Delivery", "Recipient": "gone@example.org"}, []),
        ({"Email": "no address"}, []),
        ({"Email": f"a@{'b.' * 130}org"}, []),
    ],
)
def test_a_mail_service_tells_what_came_back(client, service, event, kinds):
    assert tell(client, **event).status_code == 200
    assert list(Bounce.objects.values_list("kind", flat=True)) == kinds


def test_only_the_service_is_listened_to_and_without_a_secret_nobody(client, service, settings):
    forged = tell(client, secret="post:guess").status_code
    settings.ANYMAIL = {"WEBHOOK_SECRET": ""}
    unset = tell(client).status_code
    settings.MAIL_DELIVERY = "smtp"

    assert (forged, unset, tell(client).status_code) == (400, 404, 404)
    assert not Bounce.objects.exists()


def test_a_returned_letter_says_for_each_address_how_bad_it_is():
    assert [(one.email, one.kind) for one in of_text(RETURNED)] == [
        ("gone@example.org", "hard"),
        ("full@example.org", "soft"),
    ]
    assert "User unknown" in of_text(RETURNED)[0].reason
    assert [one.email for one in of_text("A@example.org\nand so on\n b@example.org ")] == [
        "a@example.org",
        "b@example.org",
    ]


# -- What follows ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "times", "gets_letters", "gets_news"),
    [
        ("soft", 1, True, True),
        ("soft", OFTEN, False, False),
        ("complaint", 1, True, False),
        ("hard", 1, False, False),
    ],
)
def test_who_still_gets_letters(
    kind, times, gets_letters, gets_news, django_capture_on_commit_callbacks
):
    bounced("one@example.org", kind, times)
    written = ["one@example.org", "One@Example.org"]

    got = sent(django_capture_on_commit_callbacks, *written, "other@example.org")

    assert got == [*(written if gets_letters else ()), "other@example.org"]
    assert without("drafts", written) == (written if gets_news else [])


def test_a_search_writes_to_nobody_whose_letters_come_back():
    owner = make_owner(make_organisation())
    values = {"query": "q=prison", "frequency": "weekly", "confirmed_at": owner.joined_at}
    SavedSearch.objects.create(owner=owner, **values)
    SavedSearch.objects.create(email="reader@example.org", **values)
    before = SavedSearch.objects.to_be_told().count()
    bounced(owner.email)
    bounced("reader@example.org", "complaint")

    assert (before, SavedSearch.objects.to_be_told().count()) == (2, 0)


def test_an_owner_who_gets_no_letters_is_no_safe_hand(client):
    organisation = make_organisation()
    owner = make_owner(organisation)
    before = health_of(organisation).level
    bounced(owner.email)
    client.force_login(owner)

    assert (before, health_of(organisation).level) == ("amber", "red")
    assert list(Organisation.objects.lost()) == [organisation]
    people = client.get("/my/organisations/example-charity/people/").content.decode()
    assert "Letters to this address come back." in people


def test_its_reader_says_that_it_works(client, django_capture_on_commit_callbacks):
    owner = make_owner(make_organisation())
    bounced(owner.email)
    bounced("other@example.org")
    client.force_login(owner)
    shown = client.get("/my/").content.decode()
    client.post("/my/letters-again/")

    assert "Our letters do not reach you" in shown
    assert "Our letters do not reach you" not in client.get("/my/").content.decode()
    assert sent(django_capture_on_commit_callbacks, owner.email) == [owner.email]
    assert Bounce.objects.dead().count() == 1


# -- The staff's desk -----------------------------------------------------------------------------


@pytest.fixture
def staff(client, settings):
    settings.REQUIRE_SECOND_FACTOR = False
    user = make_staff()
    client.force_login(user)
    return user


@pytest.mark.parametrize("is_file", [True, False])
def test_staff_note_a_returned_letter(client, staff, is_file):
    file = SimpleUploadedFile("back.eml", RETURNED.encode())

    page = client.post(
        f"{DESK}add/", {"file": file} if is_file else {"text": RETURNED}, follow=True
    )

    assert "gone@example.org (the address does not exist" in page.content.decode()
    assert set(Bounce.objects.values_list("email", "kind")) == {
        ("gone@example.org", "hard"),
        ("full@example.org", "soft"),
    }


def test_a_letter_without_an_address_is_refused_with_a_sentence(client, staff):
    page = client.post(f"{DESK}add/", {"text": "I am on holiday."}).content.decode()

    assert "No address that came back stands in it." in page


def queue():
    return list(Bounce.objects.for_staff())


def test_staff_take_note_and_a_worse_report_comes_back_to_them(client, staff):
    bounce = bounced("one@example.org", "complaint")
    waiting = queue()
    client.post(DESK, {"action": "take_note", "_selected_action": [bounce.pk]})
    noted = queue()
    bounced("one@example.org", "hard")
    again = queue()
    client.post(DESK, {"action": "write_again", "_selected_action": [bounce.pk]})

    assert (waiting, noted, again, queue()) == ([bounce], [], [bounce], [])
    assert without("drafts", ["one@example.org"]) == ["one@example.org"]
    assert list(AuditEvent.objects.values_list("verb", flat=True)) == [
        "members.write_again",
        "members.note_bounce",
    ]
