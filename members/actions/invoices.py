"""Issuing invoices and taking them back. The database gives the numbers and refuses changes."""

from django.db import transaction
from django.utils import timezone

from cja_portal.kit.moves import ImpossibleMove
from members import emails
from members.actions.affiliations import lock_organisation
from members.audit import record
from members.models import BillingDetails, Invoice
from members.permissions import may_keep_memberships


class BillingError(ImpossibleMove):
    """An impossible step with money, as a sentence for the person who tried it."""


@transaction.atomic
def issue_invoice(period, *, by, due_on, purchase_order=""):
    """Charge for a period. There is one invoice for it at a time, and letters tell who pays."""
    lock_organisation(period.organisation)
    if live_invoices(period).exists():
        raise BillingError("There is an invoice for this period already. Take it back first.")
    return _issue(
        by,
        period=period,
        organisation=period.organisation,
        due_on=due_on,
        recipient=period.organisation.name,
        description=_description(period),
        amount_pence=period.amount_pence,
        purchase_order=purchase_order,
    )


@transaction.atomic
def credit_invoice(invoice, *, by, reason):
    """Take an invoice back by a credit note over all of it. The invoice itself stays as it was."""
    lock_organisation(invoice.organisation)
    check_keeps_memberships(by)
    _check_creditable(invoice)
    note = _issue(
        by,
        kind=Invoice.Kind.CREDIT_NOTE,
        credits=invoice,
        period=invoice.period,
        organisation=invoice.organisation,
        due_on=timezone.localdate(),
        recipient=invoice.recipient,
        description=invoice.description,
        amount_pence=invoice.amount_pence,
        purchase_order=invoice.purchase_order,
        reason=reason,
    )
    settle(invoice.period, on=timezone.localdate())
    return note


def settle(period, *, on):
    """Note whether the period is paid: by money for its invoice, or because it costs nothing."""
    is_free = bool(period.waiver) or period.amount_pence == 0
    invoices = live_invoices(period)
    is_paid = invoices.exists() and not invoices.outstanding().exists()
    period.settled_on = (period.settled_on or on) if is_free or is_paid else None
    period.save(update_fields=["settled_on"])


def live_invoices(period):
    return period.invoices.invoices().filter(credit_note__isnull=True)


def check_keeps_memberships(by):
    if not may_keep_memberships(by):
        raise BillingError("Only CJA staff keep memberships and payments.")


def _issue(by, **fields):
    """The number is not known before: a trigger of the database gives it."""
    issuer = BillingDetails.now().as_printed()
    invoice = Invoice.objects.create(number=0, issuer=issuer, **fields)
    invoice.refresh_from_db(fields=["number"])
    record(by, f"members.issue_{invoice.kind.replace('-', '_')}", invoice)
    transaction.on_commit(lambda: emails.invoice(invoice))
    return invoice


def _check_creditable(invoice):
    if invoice.kind != Invoice.Kind.INVOICE:
        raise BillingError("A credit note cannot be taken back. Issue a new invoice.")
    if Invoice.objects.filter(credits=invoice).exists():
        raise BillingError("This invoice has been taken back already.")


def _description(period):
    first, last = f"{period.starts_on:%-d %B %Y}", f"{period.ends_on:%-d %B %Y}"
    return f"Membership from {first} to {last}. {period.band_name}".strip()
