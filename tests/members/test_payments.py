"""Money that came in: recorded once, by hand or from a bank statement."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.utils import timezone

from cja_portal.kit.money import in_pounds, read_pounds
from members.actions import payments
from members.actions.invoices import BillingError, credit_invoice
from members.actions.payments import (
    keep_lines,
    match_line,
    record_payment,
    reverse_payment,
    set_line_aside,
)
from members.bank_statements import StatementError, read_statement
from members.matching import suggest
from members.models import Invoice, Payment, StatementLine, Status
from members.standing import standing_of
from tests.factories import make_invoice, make_organisation, make_outsider
from tests.races import race

pytestmark = pytest.mark.django_db


def today():
    return timezone.localdate()


def pay(invoice, pence=10_000, **fields):
    values = {"by": None, "received_on": today()} | fields
    return record_payment(invoice, pence=pence, **values)


def make_line(text="CJA-00001", pence=10_000, **fields):
    values = {"digest": f"{text}{pence}", "booked_on": date(2026, 1, 5), "amount_pence": pence}
    return StatementLine.objects.create(text=text, **values | fields)


# -- Sums -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "pence"),
    [("£1,234.50", 123450), ("1234.5", 123450), ("0.07", 7), ("-3", -300), ("+12.00", 1200)],
)
def test_sums_are_read_exactly(written, pence):
    assert read_pounds(written) == pence


@pytest.mark.parametrize("written", ["", "1,23", "12.345", "1e5", "ten", "9" * 20, "1.2.3", "٣"])
def test_what_is_no_sum(written):
    with pytest.raises(ValueError):  # noqa: PT011
        read_pounds(written)


def test_sums_in_words():
    assert [in_pounds(pence) for pence in (0, 5, 10_000, 123_450, -250)] == [
        *("£0", "£0.05", "£100", "£1,234.50", "−£2.50"),
    ]


# -- Payments -------------------------------------------------------------------------------------


def test_a_payment_settles_the_period_and_thanks(django_capture_on_commit_callbacks):
    invoice = make_invoice()

    pay(invoice, 4_000)
    assert standing_of(invoice.organisation).unpaid[0].left_pence == 6_000
    pay(invoice, 6_000)

    standing = standing_of(invoice.organisation)
    assert (standing.status, standing.unpaid) == (Status.ACTIVE, [])


def test_a_mistake_is_reversed_once():
    invoice = make_invoice()
    payment = pay(invoice)

    reverse_payment(payment, by=None, reason="It was for somebody else.")

    assert standing_of(invoice.organisation).status == Status.GRACE
    assert sum(Payment.objects.values_list("amount_pence", flat=True)) == 0
    with pytest.raises(BillingError, match="reversed already"):
        reverse_payment(payment, by=None, reason="Again.")


@pytest.mark.parametrize("case", ["paid", "credited", "credit note", "future", "outsider"])
def test_what_cannot_be_recorded(case):
    invoice, fields = make_invoice(), {}
    if case == "paid":
        pay(invoice)
    if case.startswith("credit"):
        note = credit_invoice(invoice, by=None, reason="Wrong.")
        invoice = note if case == "credit note" else invoice
    if case == "future":
        fields["received_on"] = today() + timedelta(days=1)
    if case == "outsider":
        fields["by"] = make_outsider()

    with pytest.raises(BillingError):
        pay(invoice, **fields)


def test_the_database_refuses_to_change_a_payment():
    pay(make_invoice())

    with pytest.raises((IntegrityError, InternalError), match="cannot be"), transaction.atomic():
        Payment.objects.update(amount_pence=1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("is_guarded", "count"), [(True, 1), (False, 2)])
def test_two_who_record_the_same_payment_at_once(monkeypatch, is_guarded, count):
    invoice = make_invoice()
    if not is_guarded:
        monkeypatch.setattr(payments, "lock_organisation", lambda organisation: None)
        monkeypatch.setattr(payments, "settle", lambda period, on: None)

    _, second = race(lambda: pay(invoice), lambda: pay(invoice))

    assert isinstance(second, BillingError if is_guarded else Payment)
    assert Payment.objects.count() == count


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("guards", "count"), [("all", 1), ("law", 1), ("none", 2)])
def test_two_who_match_the_same_line_at_once(monkeypatch, guards, count):
    """The lock says it in a sentence; without it, the law of one payment for a line holds."""
    line = make_line()
    one, other = make_invoice(), make_invoice(make_organisation("Example Other"))
    if guards != "all":
        monkeypatch.setattr(payments, "_lock", lambda line: None)
    law = line_law(is_dropped=guards == "none")

    with law:
        _, second = race(
            lambda: match_line(line, one, by=None), lambda: match_line(line, other, by=None)
        )
        found = Payment.objects.filter(line=line).count()
        if guards == "none":
            wipe("members_payment")

    kind = {"all": BillingError, "law": IntegrityError, "none": Payment}[guards]
    assert isinstance(second, kind)
    assert found == count


class line_law:
    """The unique law of payments by line, as it is or dropped for a while."""

    def __init__(self, *, is_dropped):
        self.is_dropped = is_dropped

    def __enter__(self):
        if self.is_dropped:
            run("ALTER TABLE members_payment DROP CONSTRAINT members_payment_line_id_key")

    def __exit__(self, *_):
        if self.is_dropped:
            run(
                "ALTER TABLE members_payment "
                "ADD CONSTRAINT members_payment_line_id_key UNIQUE (line_id)"
            )


def wipe(table):
    run(f"TRUNCATE {table} CASCADE")


def run(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


# -- Statements -----------------------------------------------------------------------------------

BANKS = {
    "one amount": "Date,Reference,Amount\n05/01/2026,CJA-00001 EXAMPLE,100.00\n06/01/2026,Rent,-9",
    "in and out": (
        "Account 1\n\nDate,Type,Details,Paid out,Paid in,Balance\n"
        '5 Jan 2026,CR,"CJA-00001 EXAMPLE",,"£100.00",1.00\n06 Jan 2026,DD,RENT,9.00,,1'
    ),
    "semicolons": "Booking Date;Reference;Credit\n2026-01-05;CJA-00001 EXAMPLE;100.00\n;;\n",
}


@pytest.mark.parametrize("bank", BANKS)
def test_statements_of_several_banks(bank):
    lines = read_statement(BANKS[bank])

    expected = [(date(2026, 1, 5), 10_000, "CJA-00001 EXAMPLE")]
    assert [(line.booked_on, line.pence, line.text) for line in lines] == expected


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "No line names the columns"),
        ("Date,Amount\n31/02/2026,5", "Line 2: “31/02/2026” is not a date"),
        ("Date,Amount\n05/01/2026,five", "Line 2: “five” is not an amount"),
        (b"\xff\xfe\x00", "No line names the columns"),
        ("Date,Amount\r31/01/2026,5x", "Line 2: “5x” is not an amount"),
        ("Date,Amount\n" + "5" * 200_000, "far too long"),
        ("Date,Amount\n" + "\n" * 5001, "more than 5,000 lines"),
    ],
)
def test_statements_that_cannot_be_read(content, fault):
    with pytest.raises(StatementError, match=fault):
        read_statement(content)


def test_a_line_comes_once_however_often_it_is_uploaded():
    twice = "Date,Name,Amount\n05/01/2026,EXAMPLE,5\n05/01/2026,EXAMPLE,5\n"
    later = twice + "06/01/2026,OTHER,7\n"

    counts = [keep_lines(read_statement(text), by=None) for text in (twice, twice, later)]

    assert counts == [2, 0, 1]


def test_what_is_set_aside_loses_its_words_and_stays_away():
    text = "Date,Name,Amount\n05/01/2026,A GIFT,5"
    keep_lines(read_statement(text), by=None)
    line = StatementLine.objects.get()

    set_line_aside(line, by=None)

    assert keep_lines(read_statement(text), by=None) == 0
    assert StatementLine.objects.waiting().count() == 0
    assert StatementLine.objects.get().text == ""
    with pytest.raises(BillingError, match="dealt with already"):
        match_line(line, make_invoice(), by=None)


@pytest.mark.parametrize(
    ("text", "pence", "reasons"),
    [
        ("CJA00001", 10_000, ["the same number", "the same amount"]),
        ("cja - 1", 9_000, ["the same number"]),
        ("BGC EXAMPLE CHARITY LTD", 10_000, ["the same amount", "a similar name"]),
        ("BGC EXAMPLE CHARITY", 9_000, ["a similar name"]),
        ("FEES", 10_000, ["the same amount"]),
        ("CJA-000011", 5, None),
        ("SOMEBODY", 5, None),
    ],
)
def test_what_is_suggested_and_why(text, pence, reasons):
    make_invoice()
    unpaid = Invoice.objects.outstanding().select_related("organisation")

    found = suggest(make_line(text, pence), list(unpaid))

    assert [one.reasons for one in found] == ([reasons] if reasons else [])


def test_the_same_amount_alone_suggests_nothing_where_many_have_it():
    for name in ("Example One", "Example Two"):
        make_invoice(make_organisation(name))
    unpaid = list(Invoice.objects.outstanding().select_related("organisation"))

    assert suggest(make_line("FEES"), unpaid) == []
    named = suggest(make_line("EXAMPLE TWO"), unpaid)
    assert [one.invoice.organisation.name for one in named][:1] == ["Example Two"]
