"""Being named on a profile, and letters that show no address."""

import re
from urllib.parse import urlsplit

import pytest

from members.models import AuditEvent, BlockedSender, Contact, Organisation, Role
from tests.factories import (
    make_affiliation,
    make_contact,
    make_organisation,
    make_owner,
    make_staff,
    make_user,
)
from tests.logins import sign_in

pytestmark = pytest.mark.django_db

TYPED = {"name": "A reader", "email": "reader@example.com", "message": "Hello there."}


@pytest.fixture
def organisation():
    made = make_organisation()
    make_owner(made, name="Policy lead")
    return made


@pytest.fixture
def send(client, organisation, django_capture_on_commit_callbacks):
    def send(**fields):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(f"/members/{organisation.slug}/contact/", TYPED | fields)

    return send


# -- Letters --------------------------------------------------------------------------------------


def test_owners_get_the_message_and_no_page_shows_their_address(send, mailoutbox):
    page = send().content.decode()

    letter = mailoutbox[0]
    assert "Your message is on its way" in page
    assert "owner@example.org" not in page
    assert (letter.to, letter.reply_to) == (["owner@example.org"], ["reader@example.com"])
    assert letter.subject == "A message for Example Charity"
    assert "Hello there." in letter.body
    assert "We have not checked that this address is theirs" in letter.body
    assert "Hello" not in str(AuditEvent.objects.get().__dict__)


def test_contacts_get_it_in_place_of_owners_and_each_alone(organisation, send, mailoutbox):
    for number, reads in enumerate([True, True, False]):
        place = make_affiliation(make_user(f"contact{number}@example.org"), organisation)
        make_contact(place, "own", reads_messages=reads)

    send()

    assert [letter.to for letter in mailoutbox] == [
        ["contact0@example.org"],
        ["contact1@example.org"],
    ]
    assert not any(letter.cc or letter.bcc for letter in mailoutbox)


@pytest.mark.parametrize(
    ("email", "letters"),
    [("member@example.org", 2), ("somebody-else@example.org", 1)],
)
def test_a_copy_goes_only_to_an_address_that_is_shown_to_be_theirs(
    client, send, mailoutbox, email, letters
):
    client.force_login(make_user("member@example.org"))

    send(email=email, wants_copy="on")

    assert len(mailoutbox) == letters
    assert mailoutbox[-1].to == (["member@example.org"] if letters == 2 else ["owner@example.org"])


def test_who_is_not_logged_in_gets_no_copy(send, mailoutbox):
    send(wants_copy="on")

    assert [letter.to for letter in mailoutbox] == [["owner@example.org"]]


@pytest.mark.parametrize(
    "fields",
    [
        {"email": "a@example.com\nBcc: b@example.com"},
        {"email": "a@example.com, b@example.com"},
        {"email": "a@example.com\r\n\r\nHello"},
        {"name": ""},
        {"message": "a" * 4001},
    ],
)
def test_what_cannot_be_sent_is_told(send, mailoutbox, fields):
    page = send(**fields).content.decode()

    assert "There is a problem" in page
    assert mailoutbox == []


def test_no_header_comes_from_what_was_typed(send, mailoutbox):
    send(name="A\r\nBcc: b@example.com", message="x\r\nBcc: b@example.com")

    message = mailoutbox[0].message()
    assert message["Bcc"] is None
    assert set(message.keys()) <= {
        *("Content-Type", "MIME-Version", "Content-Transfer-Encoding", "Subject", "From", "To"),
        *("Reply-To", "Date", "Message-ID"),
    }


def test_five_messages_an_hour_from_one_place(send, mailoutbox):
    answers = [send(email=f"r{number}@example.com").content.decode() for number in range(6)]

    assert len(mailoutbox) == 5
    assert "That was too often" in answers[-1]


@pytest.mark.parametrize("fields", [{"takes_messages": False}, {"is_listed": False}])
def test_an_organisation_can_switch_it_off(client, organisation, send, mailoutbox, fields):
    Organisation.objects.update(**fields)

    assert send().status_code == 404
    assert mailoutbox == []
    if organisation.is_listed and "takes_messages" in fields:
        assert "Write to them" not in client.get(organisation.get_absolute_url()).content.decode()


def test_without_people_there_is_nobody_to_write_to(client):
    alone = make_organisation("Example Alone")

    assert client.get(f"/members/{alone.slug}/contact/").status_code == 404


# -- Being named ----------------------------------------------------------------------------------


def test_people_agree_for_themselves_and_take_it_back(client, organisation):
    colleague = make_user(name="Press officer")
    place = make_affiliation(colleague, organisation, Role.PARTICIPANT)
    client.force_login(colleague)
    address = f"/my/organisations/{organisation.slug}/contact/"

    client.post(address, {"about": "Press", "audience": "public", "reads_messages": "on"})
    contact = Contact.objects.get()
    page = client.get(organisation.get_absolute_url()).content.decode()
    client.post(address, {"do": "stop"})

    assert (contact.affiliation, contact.audience, contact.about) == (place, "public", "Press")
    assert "Press officer" in page
    assert "Ask about: Press" in page
    assert not Contact.objects.exists()


def test_nobody_agrees_for_an_organisation_they_are_not_in(client, organisation):
    client.force_login(make_user())

    answer = client.post(f"/my/organisations/{organisation.slug}/contact/", {"audience": "public"})

    assert answer.status_code == 404
    assert not Contact.objects.exists()


def test_a_name_of_many_lines_passes_for_no_words_of_ours(send, mailoutbox):
    send(name="A reader\r\nAddress: a@example.org\r\nWe know that this address is theirs")

    assert "From: A reader Address: a@example.org We know" in mailoutbox[0].body


# -- Unwanted messages ----------------------------------------------------------------------------


def block_link(letter):
    return urlsplit(re.search(r"http\S+/messages/\S+", letter.body)[0]).path


def test_whoever_gets_a_message_can_block_its_sender_who_learns_nothing(
    client, organisation, send, mailoutbox
):
    before = send(email="Writer@example.com")
    address = block_link(mailoutbox[0])

    looked = client.get(address).status_code
    still_open = not organisation.blocked_senders.exists()
    for _ in range(2):
        client.post(address)
    after = send(email="Writer@example.com")
    send(email="another@example.com")

    assert (looked, still_open) == (200, True)
    assert before.content == after.content
    senders = [["Writer@example.com"], ["another@example.com"]]
    assert [letter.reply_to for letter in mailoutbox if letter.to] == senders
    assert not BlockedSender.objects.for_staff().exists()


def test_staff_see_and_settle_what_is_reported(client, send, mailoutbox):
    send()
    client.post(block_link(mailoutbox[0]), {"is_reported": "on", "words": "A threat."})
    client.post(block_link(mailoutbox[0]))
    sign_in(client, make_staff())
    queue = "/admin/members/blockedsender/?waits=staff"

    waiting = client.get(queue).context["cl"].result_count
    blocked = BlockedSender.objects.get()
    client.post(queue, {"action": "settle", "_selected_action": [blocked.pk]})

    assert (waiting, blocked.words) == (1, "A threat.")
    assert client.get(queue).context["cl"].result_count == 0
    assert BlockedSender.objects.count() == 1


def test_nobody_blocks_without_a_letter(client, organisation):
    assert client.post("/messages/wrong/").status_code == 410
    assert not organisation.blocked_senders.exists()
