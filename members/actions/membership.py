"""Opening, renewing and ending memberships. Each step locks the organisation first."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from cja_portal.kit.moves import ImpossibleMove
from members import emails
from members.actions.affiliations import lock_organisation
from members.actions.invoices import (
    BillingError,
    check_keeps_memberships,
    credit_invoice,
    issue_invoice,
    live_invoices,
    settle,
)
from members.audit import record
from members.models import FeeBand, MembershipBreak, MembershipPeriod, WaitingTimes
from members.models.membership import a_year_from
from members.permissions import may_see_membership
from members.standing import DAY, standing_of

SUSPENDED, RESIGNED = MembershipBreak.Kind.SUSPENDED, MembershipBreak.Kind.RESIGNED
ALREADY = {
    SUSPENDED: "The organisation is suspended already.",
    RESIGNED: "The organisation has resigned already.",
}


class MembershipError(ImpossibleMove):
    """An impossible step with a membership, as a sentence for the person who tried it."""


def find_band(organisation, *, income, day):
    """The fee band for a yearly income in pounds, for periods that begin on that day."""
    bands = FeeBand.objects.for_organisation(organisation).holding_on(day)
    band = bands.for_income(income).first()
    if band is None:
        raise MembershipError("CJA staff have set no fee for this income yet.")
    return band


@transaction.atomic
def open_membership(
    organisation, *, by, income=None, starts_on=None, ends_on=None, waiver="", purchase_order=""
):
    """Make an organisation a member from a day on, by default for a year from today.

    The fee is that of the band for its yearly income in pounds, and an invoice goes out at once.
    With a `waiver`, which says why nothing is to be paid, neither is needed. A resignation ends.
    Returns the period; raises MembershipError or BillingError, both an ImpossibleMove.
    """
    lock_organisation(organisation)
    check_keeps_memberships(by)
    starts_on = starts_on or timezone.localdate()
    _end_breaks(organisation, RESIGNED, on=starts_on, reason="Joined again.")
    grace = timedelta(days=WaitingTimes.now().grace_days)
    fee = _fee(organisation, income, starts_on, waiver)
    days = {"ends_on": ends_on or a_year_from(starts_on), "pay_by": starts_on - DAY + grace}
    return _open(organisation, by, purchase_order, starts_on=starts_on, **days, **fee)


@transaction.atomic
def renew_membership(organisation, *, by, income, expected_pence, purchase_order=""):
    """Open the next period, at the fee that was shown to whoever renews."""
    lock_organisation(organisation)
    if not may_see_membership(by, organisation):
        raise MembershipError("Only owners and those who keep the finances renew.")
    term = standing_of(organisation).next_term()
    if term is None:
        raise MembershipError("There is nothing to renew now.")
    fee = _fee(organisation, income, term.starts_on, "")
    if fee["amount_pence"] != expected_pence:
        raise MembershipError("The fee has changed meanwhile. Look at it again before you agree.")
    days = {"ends_on": a_year_from(term.starts_on), "pay_by": term.pay_by}
    return _open(organisation, by, purchase_order, starts_on=term.starts_on, **days, **fee)


def _fee(organisation, income, day, waiver):
    if waiver:
        return {"income": income, "waiver": waiver}
    if income is None:
        raise MembershipError("Say the yearly income, or why the fee is waived.")
    band = find_band(organisation, income=income, day=day)
    return {"income": income, "band_name": band.name, "amount_pence": band.amount_pence}


def _open(organisation, by, purchase_order, *, pay_by, **fields):
    """The row and its invoice. What is due after the last day of grace counts until it is due."""
    times, today = WaitingTimes.now(), timezone.localdate()
    due_on = today + timedelta(days=times.payment_days)
    is_return = pay_by < fields["starts_on"]
    period = MembershipPeriod(
        organisation=organisation,
        opened_by=by,
        pay_by=pay_by if is_return else max(pay_by, due_on),
        grace_ends_on=fields["ends_on"] + timedelta(days=times.grace_days),
        **fields,
    )
    _check_free(period)
    period.save()
    settle(period, on=today)
    record(by, "members.open_period", period, pence=period.amount_pence, waiver=period.waiver)
    if not period.settled_on:
        issue_invoice(period, by=by, due_on=due_on, purchase_order=purchase_order)
    return period


def _check_free(period):
    """A sentence for most; two at once are stopped by the constraint of the same meaning."""
    others = MembershipPeriod.objects.standing().filter(organisation=period.organisation_id)
    if period.ends_on < period.starts_on:
        raise MembershipError("A period cannot end before it begins.")
    if others.filter(starts_on__lte=period.ends_on, ends_on__gte=period.starts_on).exists():
        raise MembershipError("The organisation already has a period on these days.")


# -- Corrections by staff ------------------------------------------------------------------------


@transaction.atomic
def void_period(period, *, by, reason):
    """Take a period back that was opened by mistake, and its invoice with it."""
    _lock(period)
    check_keeps_memberships(by)
    if period.voided_at:
        raise MembershipError("This period has been taken back already.")
    for invoice in live_invoices(period).with_paid():
        if invoice.paid_pence:
            raise BillingError("Money was paid for it: reverse the payments first.")
        credit_invoice(invoice, by=by, reason=reason)
    period.voided_at, period.void_reason = timezone.now(), reason
    period.save(update_fields=["voided_at", "void_reason"])
    record(by, "members.void_period", period, reason=reason)


@transaction.atomic
def waive_fee(period, *, by, reason):
    """Let a period count as paid although it is not, and take its invoice back."""
    _lock(period)
    check_keeps_memberships(by)
    if period.settled_on or period.voided_at:
        raise MembershipError("Nothing is to be paid for this period.")
    period.waiver = reason
    period.save(update_fields=["waiver"])
    for invoice in live_invoices(period):
        credit_invoice(invoice, by=by, reason=reason)
    settle(period, on=timezone.localdate())
    record(by, "members.waive_fee", period, reason=reason)


def _lock(period):
    lock_organisation(period.organisation)
    period.refresh_from_db(from_queryset=MembershipPeriod.objects.select_for_update())


# -- Resigning, suspending, reinstating ----------------------------------------------------------


@transaction.atomic
def suspend_membership(organisation, *, by, reason):
    return _break_off(organisation, SUSPENDED, by, reason, timezone.localdate())


@transaction.atomic
def resign_membership(organisation, *, by, reason, on=None):
    """Note that an organisation leaves from a day on. Unpaid periods after it are taken back."""
    on = on or timezone.localdate()
    broken = _break_off(organisation, RESIGNED, by, reason, on)
    ahead = organisation.membership_periods.standing().filter(starts_on__gte=on)
    for period in ahead.filter(settled_on__isnull=True):
        void_period(period, by=by, reason="The organisation has resigned.")
    return broken


@transaction.atomic
def reinstate_membership(organisation, *, by, reason):
    """End a suspension or a resignation from today on."""
    lock_organisation(organisation)
    check_keeps_memberships(by)
    if not _end_breaks(organisation, SUSPENDED, RESIGNED, on=timezone.localdate(), reason=reason):
        raise MembershipError("The organisation is neither suspended nor has it resigned.")
    record(by, "members.reinstate", organisation, reason=reason)
    transaction.on_commit(lambda: emails.membership_reinstated(organisation, reason))


def _break_off(organisation, kind, by, reason, on):
    lock_organisation(organisation)
    check_keeps_memberships(by)
    if any(one.ended_on is None for one in organisation.membership_breaks.filter(kind=kind)):
        raise MembershipError(ALREADY[kind])
    fields = {"kind": kind, "starts_on": on, "reason": reason}
    broken = MembershipBreak.objects.create(organisation=organisation, **fields)
    record(by, f"members.{kind}", organisation, reason=reason, on=on.isoformat())
    transaction.on_commit(lambda: emails.membership_broken(broken))
    return broken


def _end_breaks(organisation, *kinds, on, reason):
    """One that was to begin later never begins: it ends on the day on which it would have."""
    broken = list(organisation.membership_breaks.filter(kind__in=kinds, ended_on__isnull=True))
    for one in broken:
        one.ended_on, one.end_reason = max(on, one.starts_on), reason
        one.save(update_fields=["ended_on", "end_reason"])
    return len(broken)
