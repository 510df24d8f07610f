"""A membership as its owner meets it most often: what is paid ends soon, what follows waits."""

from datetime import timedelta

from django.utils import timezone

from members.actions.membership import open_membership
from members.actions.payments import keep_lines
from members.bank_statements import read_statement
from members.models import Organisation

STATEMENT = "Date,Reference,Amount\n05/01/2026,CJA-00002 EXAMPLE CHARITY,50\n05/01/2026,A gift,5"


def renew_membership():
    """Of the example charity, whose first year came with the demonstration; bank lines wait too."""
    organisation = Organisation.objects.get(slug="example-charity")
    period = organisation.membership_periods.get()
    ends_on = timezone.localdate() + timedelta(days=20)
    days = {"starts_on": ends_on - timedelta(days=364), "ends_on": ends_on}
    organisation.membership_periods.update(grace_ends_on=ends_on, **days)
    begins = ends_on + timedelta(days=1)
    open_membership(organisation, by=None, income=period.income, starts_on=begins)
    keep_lines(read_statement(STATEMENT), by=None)
