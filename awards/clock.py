"""Deadlines in UK time. One rule decides: the server's clock, once our code holds the year."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from awards.models import Cycle, Nomination
from awards.models.cycle import DEADLINE_MINUTE, GRACE
from cja_portal.kit.dates import UK


class Lateness(StrEnum):
    EARLY = "early"
    IN_TIME = "in time"
    IN_GRACE = "in grace"
    LATE = "late"


@dataclass(frozen=True)
class Moment:
    """What time it is for somebody who nominates."""

    now: datetime
    opens_at: datetime
    closes_at: datetime  # theirs: the public deadline, or later if they were given more time
    is_extended: bool

    @property
    def ends_at(self):
        return self.closes_at + DEADLINE_MINUTE

    @property
    def grace_ends_at(self):
        return self.ends_at + GRACE

    @property
    def lateness(self):
        if self.now < self.opens_at:
            return Lateness.EARLY
        if self.now < self.ends_at:
            return Lateness.IN_TIME
        return Lateness.IN_GRACE if self.now < self.grace_ends_at else Lateness.LATE

    @property
    def may_write(self):
        return self.lateness in {Lateness.IN_TIME, Lateness.IN_GRACE}

    @property
    def may_begin(self):
        return self.lateness == Lateness.IN_TIME


def moment_of(cycle, email, *, now=None):
    """The time for the person with this address, or for everybody if it is blank."""
    extensions = cycle.extensions.filter(email=email.lower()) if email else cycle.extensions.none()
    until = max(extensions.values_list("until", flat=True), default=cycle.closes_at)
    is_extended = until > cycle.closes_at
    closes_at = until if is_extended else cycle.closes_at
    return Moment(now or cycle.now(), cycle.opens_at, closes_at, is_extended)


def take_up(nomination):
    """(the nomination, its moment), held until the transaction ends: nothing moves under it.

    First the year, which many may hold at once and which nobody then can move on; then the
    nomination, which one alone holds; then the clock is read, and not before.
    """
    cycle = Cycle.objects.locked(nomination.category.cycle_id)
    locked = Nomination.objects.select_for_update(of=["self"]).select_related("category")
    nomination = locked.get(pk=nomination.pk)
    nomination.category.cycle = cycle
    return nomination, moment_of(cycle, lead_of(nomination).email)


def lead_of(nomination):
    return nomination.collaborators.get(is_lead=True)


def add_days(moment, days):
    """The same time by the clock on the wall, that many days later."""
    return add_by_the_wall(moment, timedelta(days=days))


def add_by_the_wall(moment, time):
    """What the clock on the wall shows when its hands have moved on, or back, by that much.

    A day on which the clocks change has 23 or 25 hours. A time that the night skips is moved on by
    the hour that was skipped.
    """
    wall = moment.astimezone(UK).replace(tzinfo=None, fold=0) + time
    return wall.replace(tzinfo=UK).astimezone(moment.tzinfo)


def is_on_changing_night(moment):
    """Whether it lies between 00:00 and 03:00 of a night when the clocks change."""
    wall = moment.astimezone(UK)
    midnight = wall.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return wall.hour < 3 and midnight.utcoffset() != midnight.replace(hour=3).utcoffset()
