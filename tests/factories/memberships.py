"""What an organisation pays, and for when."""

from datetime import date, timedelta

from members.actions.membership import open_membership
from members.models import FeeBand, MembershipBreak, MembershipPeriod
from tests.factories.organisations import make_organisation


def make_fee_band(name="Example band", amount_pence=10_000, **fields):
    """It holds for every income, and for organisations that are no examples, since 2020."""
    values = {"starts_on": date(2020, 1, 1)} | fields
    return FeeBand.objects.create(name=name, amount_pence=amount_pence, **values)


def make_period(organisation, starts_on, ends_on, *, is_paid=True, grace_days=60, **fields):
    """A paid period, or one that counts unpaid for as long as grace lasts, without its invoice."""
    grace = timedelta(days=grace_days)
    values = {"pay_by": starts_on - timedelta(days=1) + grace, "grace_ends_on": ends_on + grace}
    values |= {"settled_on": starts_on if is_paid else None, "amount_pence": 10_000} | fields
    return MembershipPeriod.objects.create(
        organisation=organisation, starts_on=starts_on, ends_on=ends_on, **values
    )


def make_break(organisation, kind, starts_on, ended_on=None):
    days = {"starts_on": starts_on, "ended_on": ended_on}
    return MembershipBreak.objects.create(
        organisation=organisation, kind=kind, reason="For the test.", **days
    )


def make_invoice(organisation=None, **fields):
    """Of a membership opened today by the operator, at £100 unless there is a band already."""
    organisation = organisation or make_organisation()
    if not FeeBand.objects.exists():
        make_fee_band()
    return open_membership(organisation, by=None, income=50_000, **fields).invoices.get()
