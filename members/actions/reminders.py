"""Reminders of memberships that end and of invoices that wait, from a ledger.

Whatever is due and has not been sent goes out, and only the latest: a run that comes late neither
forgets one nor sends an old one. It may run at any time, twice at once, or be killed.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from members import emails
from members.actions.affiliations import lock_organisation
from members.models import Invoice, MembershipPeriod, Organisation, Reminder, WaitingTimes
from members.standing import DAY

STALE = 30 * DAY  # after the last of its kind, nobody wants to hear of it any more


def send_reminders():
    """Write to whoever should hear something today; how many reminders went out."""
    today = timezone.localdate()
    periods = _remind_each(_ending(today), _remind_of_period, today)
    return periods + _remind_each(_unpaid(today), _remind_of_invoice, today)


def _remind_each(rows, remind, today):
    return sum(remind(pk, today) for pk in list(rows.order_by("pk").values_list("pk", flat=True)))


# -- A membership that ends -----------------------------------------------------------------------


def renewal_schedule(period):
    """On which day which kind is due. After `period.grace_ends_on` it has lapsed."""
    opens = timedelta(days=WaitingTimes.now().renewal_days)
    days = {
        "opens": period.ends_on - opens,
        "month": period.ends_on - 30 * DAY,
        "week": period.ends_on - 7 * DAY,
        "last-day": period.ends_on,
        "grace": period.ends_on + 14 * DAY,
        "late-grace": period.ends_on + 45 * DAY,
    }
    begin, end = days["opens"], period.grace_ends_on
    within = {kind: day for kind, day in days.items() if begin <= day <= end}
    return within | {"lapsed": end + DAY}


def _ending(today):
    """The last paid periods of members, about to end or ended a short while ago."""
    later = MembershipPeriod.objects.standing().filter(
        organisation=OuterRef("organisation"), starts_on__gt=OuterRef("starts_on")
    )
    longest = timedelta(days=WaitingTimes.now().renewal_days)
    ending = MembershipPeriod.objects.settled().filter(
        ends_on__lte=today + longest, grace_ends_on__gte=today - STALE
    )
    return ending.filter(~Exists(later)).exclude(organisation__in=_broken_off(today))


def _broken_off(today):
    """Those that have resigned or are suspended, though by dates alone they would be members."""
    broken = Q(membership_breaks__starts_on__lte=today) & (
        Q(membership_breaks__ended_on__isnull=True) | Q(membership_breaks__ended_on__gt=today)
    )
    return Organisation.objects.filter(broken).values("pk")


@transaction.atomic
def _remind_of_period(pk, today):
    """Asked again under the lock: somebody may have renewed meanwhile, or another run reminded."""
    lock_organisation(MembershipPeriod.objects.only("organisation_id").get(pk=pk).organisation)
    period = _ending(today).filter(pk=pk).select_related("organisation").first()
    kind = period and _due(renewal_schedule(period), period.reminders, today)
    return _send(kind, emails.renewal_reminder, period=period) if kind else 0


# -- An invoice that waits ------------------------------------------------------------------------


def payment_schedule(invoice):
    days = {
        "due-week": invoice.due_on - 7 * DAY,
        "overdue-week": invoice.due_on + 7 * DAY,
        "overdue-weeks": invoice.due_on + 21 * DAY,
    }
    period = invoice.period
    if period.settled_on is None and period.pay_by >= period.starts_on:
        return {kind: day for kind, day in days.items() if day <= period.pay_by} | {
            "lapsed": period.pay_by + DAY
        }
    return days


def _unpaid(today):
    waiting = Invoice.objects.outstanding().filter(
        due_on__lte=today + 7 * DAY, period__voided_at__isnull=True
    )
    return waiting.exclude(organisation__in=_broken_off(today))


@transaction.atomic
def _remind_of_invoice(pk, today):
    lock_organisation(Invoice.objects.only("organisation_id").get(pk=pk).organisation)
    waiting = _unpaid(today).filter(pk=pk).select_related("organisation", "period")
    invoice = waiting.first()
    kind = invoice and _due(payment_schedule(invoice), invoice.reminders, today)
    return _send(kind, emails.payment_reminder, invoice=invoice) if kind else 0


# -- Both -----------------------------------------------------------------------------------------


def _due(schedule, sent, today):
    """The latest kind whose day has come, unless it went out already or is stale."""
    come = [(day, kind) for kind, day in schedule.items() if day <= today]
    day, kind = max(come, default=(None, None))
    if kind is None or today > day + STALE or sent.filter(kind=kind).exists():
        return None
    return kind


def _send(kind, letter, **thing):
    """The letters are queued within the transaction: they go out if the ledger knows it, once.

    With nobody to write to nothing is noted, so that it is caught up when somebody has come.
    """
    count = letter(*thing.values(), kind)
    if count:
        Reminder.objects.create(kind=kind, addresses=count, **thing)
    return int(bool(count))
