"""Invoices: numbered without gaps, never changed, on paper for everybody."""

import pypdfium2
import pytest
from django.db import DatabaseError, IntegrityError, InternalError, connection, transaction

from members.actions.invoices import BillingError, credit_invoice, issue_invoice
from members.actions.membership import open_membership
from members.invoice_paper import invoice_pdf
from members.models import BillingDetails, Invoice, InvoiceCounter
from members.standing import standing_of
from tests.factories import (
    make_affiliation,
    make_fee_band,
    make_invoice,
    make_organisation,
    make_owner,
    make_participant,
    make_user,
)
from tests.logins import sign_in
from tests.races import race

pytestmark = pytest.mark.django_db
REFUSALS = (IntegrityError, InternalError)


def numbers():
    return list(Invoice.objects.order_by("number").values_list("number", flat=True))


class ChangeOfMindError(Exception):
    pass


def open_for(name, *, then=None):
    def act():
        period = open_membership(make_organisation(name), by=None, income=1)
        if then:
            raise then
        return period

    return act


# -- Numbers --------------------------------------------------------------------------------------


def test_a_rollback_takes_its_number_back():
    make_invoice(make_organisation("Example One"))

    with pytest.raises(ChangeOfMindError), transaction.atomic():
        open_for("Example Two", then=ChangeOfMindError)()
    make_invoice(make_organisation("Example Three"))

    assert numbers() == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_get_two_numbers():
    make_fee_band()

    race(open_for("Example One"), open_for("Example Two"))

    assert numbers() == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_one_that_rolls_back_while_the_other_waits_leaves_no_gap():
    make_fee_band()
    roll_back = {}

    def first():
        period = open_for("Example One")()
        roll_back["number"] = period.invoices.get().number
        connection.set_rollback(True)

    race(first, open_for("Example Two"))

    assert (roll_back["number"], numbers()) == (1, [1])


@pytest.mark.django_db(transaction=True)
def test_a_sequence_would_leave_a_gap_and_reading_the_last_would_give_one_twice():
    """What the counter's lock is for: both simpler ways fail the same race."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('invoice_takes_the_next_number'::regproc)")
        lawful = cursor.fetchone()[0]
        cursor.execute(
            "CREATE OR REPLACE FUNCTION invoice_takes_the_next_number() RETURNS trigger LANGUAGE "
            "plpgsql AS $$ BEGIN SELECT coalesce(max(number), 0) + 1 INTO NEW.number FROM "
            "members_invoice; RETURN NEW; END $$"
        )
    make_fee_band()
    try:
        _, second = race(open_for("Example One"), open_for("Example Two"))
    finally:
        with connection.cursor() as cursor:
            cursor.execute(lawful)

    assert isinstance(second, IntegrityError)
    assert "number" in str(second)


def test_nobody_chooses_a_number():
    invoice = make_invoice()

    other = Invoice.objects.create(
        number=900,
        organisation=invoice.organisation,
        period=invoice.period,
        due_on=invoice.due_on,
        recipient="Example",
        description="Example",
        amount_pence=1,
    )
    other.refresh_from_db()

    assert (other.number, InvoiceCounter.objects.get().last) == (2, 2)


# -- Never changed --------------------------------------------------------------------------------


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_to_change_what_was_issued(change):
    invoice = make_invoice()
    rows = Invoice.objects.filter(pk=invoice.pk)

    with pytest.raises(REFUSALS, match="cannot be changed"), transaction.atomic():
        rows.update(amount_pence=1) if change == "update" else rows._raw_delete(rows.db)

    assert Invoice.objects.get().amount_pence == 10_000


def test_a_credit_note_takes_back_all_of_it_once_and_makes_room_for_another():
    invoice = make_invoice()

    note = credit_invoice(invoice, by=None, reason="The band was wrong.")

    assert (note.number, note.credits, note.amount_pence) == (2, invoice, 10_000)
    assert standing_of(invoice.organisation).unpaid == []
    with pytest.raises(BillingError, match="taken back already"):
        credit_invoice(invoice, by=None, reason="Again.")
    with pytest.raises(BillingError, match="credit note cannot"):
        credit_invoice(note, by=None, reason="Again.")
    again = issue_invoice(invoice.period, by=None, due_on=invoice.due_on)
    assert again.number == 3
    with pytest.raises(BillingError, match="an invoice for this period already"):
        issue_invoice(invoice.period, by=None, due_on=invoice.due_on)


def test_the_database_refuses_a_second_credit_note():
    invoice = make_invoice()
    note = credit_invoice(invoice, by=None, reason="Wrong.")

    note.pk, note.uuid = None, "00000000-0000-4000-8000-000000000000"
    with pytest.raises(DatabaseError, match="credits_id"), transaction.atomic():
        note.save(force_insert=True)


# -- On paper and by letter -----------------------------------------------------------------------


def text_of(pdf):
    with pypdfium2.PdfDocument(pdf) as pages:
        assert pages.is_tagged()
        return " ".join("\n".join(p.get_textpage().get_text_bounded() for p in pages).split())


def test_an_invoice_on_paper_is_tagged_and_says_what_it_said_when_issued():
    details = {"name": "Example Alliance", "address": "1 Example Street\nLondon"}
    bank = {"account_name": "Example", "sort_code": "01-02-03", "account_number": "01234567"}
    BillingDetails.objects.create(pk=1, **details, **bank)
    invoice = make_invoice(make_organisation("Example #Charity"), purchase_order="PO 7")
    BillingDetails.objects.update(name="Other", account_number="99999999")

    pdf = invoice_pdf(invoice)
    words = text_of(pdf)

    assert pdf == invoice_pdf(Invoice.objects.get())
    assert b"pdfuaid:part" in pdf
    wanted = ["Invoice CJA-00001", "Example Alliance", "1 Example Street", "Example #Charity"]
    wanted += ["£100", "01-02-03", "01234567", "PO 7", "Example band"]
    assert [word for word in wanted if word not in words] == []


def test_a_credit_note_on_paper_and_an_invoice_without_a_bank():
    invoice = make_invoice()
    note = credit_invoice(invoice, by=None, reason="Wrong band.")

    assert "ask us how to pay" in text_of(invoice_pdf(invoice))
    words = text_of(invoice_pdf(note))
    assert "Credit note CJA-00002" in words
    assert "Invoice CJA-00001 is taken back in full. There is nothing to pay" in words


def test_letters_go_to_owners_and_finance(django_capture_on_commit_callbacks, mailoutbox):
    organisation = make_organisation()
    make_owner(organisation)
    make_participant(organisation)
    make_affiliation(make_user("finance@example.org"), organisation, "finance")
    make_affiliation(make_user("closed@example.org", is_active=False), organisation, "owner")

    with django_capture_on_commit_callbacks(execute=True):
        make_invoice(organisation)

    assert sorted(letter.to[0] for letter in mailoutbox) == [
        "finance@example.org",
        "owner@example.org",
    ]
    assert "Quote with the payment: CJA-00001" in mailoutbox[0].body


# -- Who may see ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status"),
    [("owner", 200), ("finance", 200), ("editor", 403), ("participant", 403), (None, 404)],
)
def test_who_opens_the_membership_and_its_invoices(client, role, status):
    invoice = make_invoice()
    other = make_organisation("Example Other")
    user = make_user("somebody@example.org")
    make_affiliation(user, invoice.organisation if role else other, role or "owner")
    sign_in(client, user)
    root = "/my/organisations/example-charity/"

    assert client.get(f"{root}membership/").status_code == status
    assert client.get(f"{root}renew/").status_code == (302 if status == 200 else status)
    paper = client.get(f"{root}invoices/{invoice.uuid}.pdf")
    assert paper.status_code == status
    assert paper.headers["Content-Type"].startswith("application/pdf" if status == 200 else "text")


def test_an_invoice_is_not_to_be_had_through_another_organisation(client):
    invoice = make_invoice()
    other = make_organisation("Example Other")
    client.force_login(make_owner(other))

    address = f"/my/organisations/example-other/invoices/{invoice.uuid}.pdf"

    assert client.get(address).status_code == 404
