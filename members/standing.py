"""Where an organisation stands with its membership, and what comes next, in plain words."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone
from django.utils.dateformat import format as format_date

from cja_portal.kit.moves import ImpossibleMove
from members.models import Invoice, MembershipBreak, MembershipPeriod, Status, WaitingTimes
from members.models.membership import HIDING, status_on

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Term:
    """The first day of the next period, and until when it counts while it is not paid."""

    starts_on: date
    pay_by: date


@dataclass(frozen=True)
class Standing:
    organisation: object
    today: date
    status: Status
    periods: list
    unpaid: list
    breaks: list = field(default_factory=list)
    times: WaitingTimes = field(default_factory=WaitingTimes.now)

    @property
    def latest(self):
        """The standing period that ends last, or None."""
        return max(self.periods, key=lambda period: period.ends_on, default=None)

    @property
    def full_service_until(self):
        """The last day on which the periods that have begun give full service.

        One with which a lapsed organisation returns gives none until it is paid.
        """
        begun = [period for period in self.periods if period.starts_on <= self.today]
        serving = [one for one in begun if one.settled_on or one.pay_by >= one.starts_on]
        ends = [one.grace_ends_on if one.settled_on else one.pay_by for one in serving or begun]
        return max(ends, default=None)

    @property
    def is_renewed(self):
        """Somebody has renewed already, and the invoice waits to be paid."""
        latest = self.latest
        return bool(latest and not latest.settled_on and latest.ends_on >= self.today)

    def next_term(self):
        """What a renewal of today would begin; None where there is nothing to renew now."""
        latest, times = self.latest, self.times
        if latest is None or self.is_renewed or self.status in {Status.SUSPENDED, Status.RESIGNED}:
            return None
        if latest.starts_on <= self.today and self.today > self.full_service_until:
            return Term(self.today, self.today - DAY)
        begins = latest.ends_on + DAY
        if begins - timedelta(days=times.renewal_days) > self.today:
            return None
        return Term(begins, latest.ends_on + timedelta(days=times.grace_days))

    @property
    def is_due(self):
        """Whether somebody should do something now."""
        return bool(self.unpaid) or self.next_term() is not None

    @property
    def why_closed(self):
        """Why it cannot do now what is for members, in a sentence; "" where it can."""
        return _CLOSED[self.status].format(self.organisation) if self.status in HIDING else ""

    @property
    def in_words(self):
        """One or two sentences for the organisation's owners."""
        return _WORDS[self.status](self)


class NotTakingPartError(ImpossibleMove):
    """Why an organisation cannot do now what is for members, as a sentence for its people."""


def check_takes_part(organisation):
    """Members read what is their own and renew whatever happens; this is for all the rest."""
    if why := standing_of(organisation).why_closed:
        raise NotTakingPartError(why)


def standing_of(organisation, today=None):
    return standings_of([organisation], today)[0]


def standings_of(organisations, today=None):
    """Read at once all that the standing of each follows from, in the same order."""
    today, times = today or timezone.localdate(), WaitingTimes.now()
    periods = _grouped(MembershipPeriod.objects.standing(), organisations)
    breaks = _grouped(MembershipBreak.objects.all(), organisations)
    unpaid = _grouped(Invoice.objects.outstanding().order_by("number"), organisations)
    return [
        Standing(
            organisation=one,
            today=today,
            status=status_on(today, periods[one.pk], breaks[one.pk]),
            periods=periods[one.pk],
            unpaid=unpaid[one.pk],
            breaks=breaks[one.pk],
            times=times,
        )
        for one in organisations
    ]


def _grouped(rows, organisations):
    grouped = defaultdict(list)
    for row in rows.filter(organisation__in=organisations):
        grouped[row.organisation_id].append(row)
    return grouped


# -- In words ------------------------------------------------------------------------------------


def _day(day):
    return format_date(day, "j F Y")


def _unknown(standing):
    if standing.latest:
        begins = min(period.starts_on for period in standing.periods)
        return f"Your membership begins on {_day(begins)}."
    return "The portal does not hold your membership yet. CJA staff will add it."


def _active(standing):
    paid = [period.ends_on for period in standing.periods if period.settled_on]
    return f"You are a member until {_day(max(paid))}."


def _grace(standing):
    until = _day(standing.full_service_until)
    if standing.is_renewed:
        return f"You are a member. Your fee is not paid yet; everything goes on until {until}."
    ended = _day(standing.latest.ends_on)
    return f"Your membership ended on {ended}. Everything goes on until {until}: renew before then."


def _lapsed(standing):
    lapsed = _day(standing.full_service_until + DAY)
    return (
        f"Your membership lapsed on {lapsed}. The public does not see your profile. Nothing is "
        "lost: it shows again as soon as your fee is paid."
    )


def _broken(kind):
    def words(standing):
        begun = next(
            one.starts_on
            for one in standing.breaks
            if one.kind == kind and one.holds_on(standing.today)
        )
        return _BROKEN[kind].format(_day(begun))

    return words


_BROKEN = {
    Status.SUSPENDED: (
        "CJA staff suspended your membership on {}. The public does not see your profile. Nothing "
        "is lost."
    ),
    Status.RESIGNED: (
        "You resigned from membership on {}. The public does not see your profile. Nothing is "
        "lost: write to CJA staff to come back."
    ),
}
_CLOSED = {
    Status.LAPSED: "The membership of {} has lapsed. It can publish again once an owner renews it.",
    Status.SUSPENDED: "The membership of {} is suspended. It cannot publish meanwhile.",
    Status.RESIGNED: "{} has resigned from membership. It can no longer publish here.",
}
_WORDS = {
    Status.UNKNOWN: _unknown,
    Status.ACTIVE: _active,
    Status.GRACE: _grace,
    Status.LAPSED: _lapsed,
    Status.SUSPENDED: _broken(Status.SUSPENDED),
    Status.RESIGNED: _broken(Status.RESIGNED),
}
