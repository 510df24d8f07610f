"""Money that came in: recorded by staff, by hand or from lines of a bank statement."""

from django.db import transaction
from django.utils import timezone

from members import emails
from members.actions.affiliations import lock_organisation
from members.actions.invoices import BillingError, check_keeps_memberships, settle
from members.audit import record
from members.models import Invoice, Payment, StatementLine


@transaction.atomic
def record_payment(invoice, *, by, pence, received_on, **details):
    """Note money for an invoice that waits for it, and thank whoever pays.

    `details` may name a `method`, a `note` and the `line` of the bank statement.
    """
    lock_organisation(invoice.organisation)
    check_keeps_memberships(by)
    _check_waits(invoice)
    if received_on > timezone.localdate():
        raise BillingError("This day has not come yet.")
    fields = {"amount_pence": pence, "received_on": received_on} | details
    payment = Payment.objects.create(invoice=invoice, **fields)
    settle(invoice.period, on=received_on)
    record(by, "members.record_payment", payment)
    transaction.on_commit(lambda: emails.payment(payment))
    return payment


@transaction.atomic
def reverse_payment(payment, *, by, reason):
    """Undo a payment that was recorded by mistake: a row of its own takes the money away."""
    lock_organisation(payment.invoice.organisation)
    check_keeps_memberships(by)
    if payment.reverses_id or Payment.objects.filter(reverses=payment).exists():
        raise BillingError("This payment has been reversed already.")
    reversal = Payment.objects.create(
        invoice=payment.invoice,
        amount_pence=-payment.amount_pence,
        received_on=timezone.localdate(),
        method=payment.method,
        note=reason,
        reverses=payment,
    )
    settle(payment.invoice.period, on=timezone.localdate())
    record(by, "members.reverse_payment", payment, reason=reason)
    return reversal


def _check_waits(invoice):
    if invoice.kind != Invoice.Kind.INVOICE:
        raise BillingError("A credit note is not paid.")
    if not Invoice.objects.outstanding().filter(pk=invoice.pk).exists():
        raise BillingError("Nothing is to be paid for this invoice any more.")


# -- Lines of bank statements ---------------------------------------------------------------------


@transaction.atomic
def keep_lines(lines, *, by):
    """Keep those not seen before; how many these are. The same file may come again and again."""
    check_keeps_memberships(by)
    before = StatementLine.objects.count()
    rows = [
        StatementLine(
            digest=line.digest, booked_on=line.booked_on, amount_pence=line.pence, text=line.text
        )
        for line in lines
    ]
    StatementLine.objects.bulk_create(rows, ignore_conflicts=True)
    return StatementLine.objects.count() - before


@transaction.atomic
def match_line(line, invoice, *, by):
    """Record a line as the payment of an invoice, once for ever."""
    _lock(line)
    return record_payment(
        invoice, by=by, pence=line.amount_pence, received_on=line.booked_on, line=line
    )


@transaction.atomic
def set_line_aside(line, *, by):
    """It is not for us to keep: its words go, and its digest keeps it from coming back."""
    check_keeps_memberships(by)
    _lock(line)
    line.text, line.set_aside_at = "", timezone.now()
    line.save(update_fields=["text", "set_aside_at"])
    record(by, "members.set_line_aside", line)


def _lock(line):
    line.refresh_from_db(from_queryset=StatementLine.objects.select_for_update())
    if line.set_aside_at or Payment.objects.filter(line=line).exists():
        raise BillingError("This line has been dealt with already.")
