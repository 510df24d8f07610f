"""Asking for another format, and what staff answer and lend."""

import time
from datetime import timedelta

import pytest
from django.core import mail, signing
from django.db import IntegrityError, transaction
from django.utils import timezone

from cja_portal.kit.moves import ImpossibleMove
from library.copy_request_forms import CopyRequestForm
from library.copy_requests import (
    answer_copy_request,
    forget_copy_requests,
    receive_copy_request,
)
from library.models import CopyRequest, Document, Item
from tests.factories import make_document, make_item, make_staff, make_user

pytestmark = pytest.mark.django_db
ADDRESS = "/library/about-prison/request/"


def make_prison_item(**fields):
    return make_item("About prison", slug="about-prison", **fields)


def sent(**fields):
    stamp = signing.dumps(time.time() - 60, salt=CopyRequestForm.salt)
    return {"kind": "large-print", "email": "reader@example.org", "shown": stamp} | fields


def asked(item, **fields):
    return receive_copy_request(item, **{"kind": "copy", "email": "a@example.org"} | fields)


# -- Asking ---------------------------------------------------------------------------------------


def test_anyone_can_ask_from_the_page_of_the_work(client):
    item = make_prison_item()

    page = client.get(item.get_absolute_url()).content.decode()
    answer = client.post(ADDRESS, sent(text="Eighteen point, please."), follow=True)

    assert ADDRESS in page
    assert answer.redirect_chain == [(item.get_absolute_url(), 302)]
    assert "We have your request" in answer.content.decode()
    request = CopyRequest.objects.get()
    assert (request.item, request.kind, request.text, request.email) == (
        *(item, "large-print", "Eighteen point, please."),
        "reader@example.org",
    )


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kind": "zzz"}, "Select a valid choice."),
        ({"kind": "other"}, "Say what you need."),
        ({"email": "nobody"}, "Enter a valid email address."),
        ({"needed_by": "2001-01-01"}, "This day is over."),
        ({"needed_by": "soon"}, "Enter a valid date."),
        ({"text": "x" * 1001}, "at most 1000 characters"),
        ({"text": "\x00"}, "is no letter or sign"),
        ({"text": "http://a.example www.b.example https://c.example"}, "no more than 2 links"),
        ({"website": "http://a.example"}, "Something filled in a field that must stay empty."),
        ({"shown": "forged"}, "That was very quick."),
    ],
)
def test_what_cannot_be_sent_is_said(client, fields, sentence):
    make_prison_item()

    assert sentence in client.post(ADDRESS, sent(**fields)).content.decode()
    assert not CopyRequest.objects.exists()


def test_an_empty_form_is_not_taken_for_a_visit(client):
    make_prison_item()

    assert client.post(ADDRESS, {}).context["form"].errors


def test_the_same_request_is_one_until_it_is_answered(client):
    item = make_prison_item()

    for email in ("reader@example.org", "READER@example.org"):
        client.post(ADDRESS, sent(email=email))
    answer_copy_request(CopyRequest.objects.get(), by=make_staff(), text="Here it is.")
    client.post(ADDRESS, sent())

    assert [bool(one.answered_at) for one in item.copy_requests.all()] == [True, False]


def test_too_many_from_one_address_must_wait(client, monkeypatch):
    monkeypatch.setattr("library.copy_request_views.MOST_AN_HOUR", 1)
    make_prison_item()

    statuses = [client.post(ADDRESS, sent(kind=kind)).status_code for kind in ("audio", "welsh")]

    assert statuses == [302, 429]


# -- Answering ------------------------------------------------------------------------------------


def test_the_answer_goes_out_and_the_address_goes(django_capture_on_commit_callbacks):
    request, staff = asked(make_prison_item(), kind="welsh"), make_staff()

    with django_capture_on_commit_callbacks(execute=True):
        answer_copy_request(request, by=staff, text="We have no Welsh copy.")

    [letter] = mail.outbox
    assert letter.to == ["a@example.org"]
    assert "We have no Welsh copy." in letter.body
    assert "/lent/" not in letter.body
    assert CopyRequest.objects.get().email == ""
    with pytest.raises(ImpossibleMove, match="answered already"):
        answer_copy_request(request, by=staff, text="Once more.")


def test_an_answer_says_something_and_lends_only_of_the_same_work():
    request, staff = asked(make_prison_item()), make_staff()
    other = make_document(make_item("Another"))

    with pytest.raises(ImpossibleMove, match="Write something"):
        answer_copy_request(request, by=staff, text=" ")
    with pytest.raises(ImpossibleMove, match="another work"):
        answer_copy_request(request, by=staff, text="Here.", lent=other)


def test_the_database_keeps_no_address_beside_an_answer():
    request = asked(make_prison_item())

    with pytest.raises(IntegrityError), transaction.atomic():
        CopyRequest.objects.filter(pk=request.pk).update(answered_at=timezone.now(), answer="Yes.")


def test_staff_answer_in_the_admin(client, settings, django_capture_on_commit_callbacks):
    settings.REQUIRE_SECOND_FACTOR = False
    item = make_prison_item()
    document = make_document(item)
    request = asked(item)
    client.force_login(make_user(is_staff=True, is_superuser=True))
    address = f"/admin/library/copyrequest/{request.pk}/change/"

    queue = client.get("/admin/library/copyrequest/?state=waiting").content.decode()
    empty = client.post(address, {"text": ""})
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {"text": "Here it is.", "lent": document.pk})
    done = client.get(address).content.decode()

    assert address in queue
    assert "a@example.org" not in queue
    assert empty.context["form"].errors
    assert CopyRequest.objects.get().loan_address in mail.outbox[0].body
    assert "Send the answer" not in done


# -- Lending --------------------------------------------------------------------------------------


def lend(**fields):
    item = make_prison_item(files_audience="staff")
    request = asked(item)
    answer_copy_request(request, by=make_staff(), text="Here.", lent=make_document(item, **fields))
    return request


def test_a_loan_opens_this_file_for_whoever_has_the_link(client):
    request = lend(name="closed.pdf")

    answer = client.get(request.loan_address)

    assert b"".join(answer) == b"%PDF-1.4 not a real one"
    assert answer["Cache-Control"] == "private, no-store"
    assert client.get("/library/about-prison/files/closed.pdf").status_code == 404


@pytest.mark.parametrize(
    "end",
    {
        "its time is over": lambda one: CopyRequest.objects.update(lent_until=timezone.now()),
        "the work is withdrawn": lambda one: Item.objects.update(
            status="withdrawn", withdrawn_at=timezone.now(), withdrawn_because="A reason."
        ),
        "the file is infected": lambda one: Document.objects.update(reading="infected"),
        "the file is gone": lambda one: Document.objects.all().delete(),
        "the link is forged": lambda one: setattr(one, "uuid", "x"),
    }.values(),
)
def test_a_loan_ends(client, end):
    request = lend()
    address = request.loan_address

    end(request)

    address = address[:-1] if request.uuid == "x" else address
    assert client.get(address).status_code == 404


def test_answers_are_forgotten_after_a_year():
    item, staff = make_prison_item(), make_staff()
    old, new = asked(item), asked(item, kind="audio")
    for request in (old, new):
        answer_copy_request(request, by=staff, text="Here.")
    long_ago = timezone.now() - timedelta(days=366)
    CopyRequest.objects.filter(pk=old.pk).update(answered_at=long_ago)

    assert forget_copy_requests() == 1
    assert list(CopyRequest.objects.all()) == [new]
