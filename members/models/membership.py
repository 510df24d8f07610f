"""Membership: what it costs, how long it lasts, and where an organisation stands on a day.

Where it stands follows from dates alone: nothing stores it, and no job has to run.
"""

import uuid
from datetime import date, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Value,
    When,
)
from django.db.models.functions import Cast
from django.utils import timezone

from cja_portal.kit.money import in_pounds


class Status(models.TextChoices):
    """Where an organisation stands. Blank: the portal knows of no period (starter content)."""

    UNKNOWN = "", "Not recorded"
    ACTIVE = "active", "Active"
    GRACE = "grace", "In grace"
    LAPSED = "lapsed", "Lapsed"
    SUSPENDED = "suspended", "Suspended"
    RESIGNED = "resigned", "Resigned"


HIDING = {Status.LAPSED, Status.SUSPENDED, Status.RESIGNED}


def a_year_from(day):
    """The last day of the year that begins on `day`; that of 29 February ends on 28 February."""
    try:
        again = day.replace(year=day.year + 1)
    except ValueError:
        again = date(day.year + 1, 3, 1)
    return again - timedelta(days=1)


def _days(start, end, bounds="[]"):
    return Func(start, end, Value(bounds), function="daterange", output_field=DateRangeField())


def _incomes(start, end):
    return Func(start, end, function="int8range", output_field=BigIntegerRangeField())


# -- What it costs -------------------------------------------------------------------------------


class FeeBandQuerySet(models.QuerySet):
    def holding_on(self, day):
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)

    def for_income(self, pounds):
        below = Q(income_below__isnull=True) | Q(income_below__gt=pounds)
        return self.filter(below, income_from__lte=pounds)

    def for_organisation(self, organisation):
        """Bands of a demonstration are for its example organisations, and theirs alone."""
        return self.filter(is_example=organisation.is_example)


class FeeBand(models.Model):
    """What a year costs an organisation of a certain income. Staff set the bands."""

    name = models.CharField(max_length=80, help_text="As it stands on invoices.")
    income_from = models.PositiveBigIntegerField("yearly income from (£)", default=0)
    income_below = models.PositiveBigIntegerField(
        "and below (£)", null=True, blank=True, help_text="Leave empty for the highest band."
    )
    amount_pence = models.PositiveBigIntegerField("fee for a year")
    starts_on = models.DateField("for periods that begin from")
    ends_on = models.DateField(
        "until", null=True, blank=True, help_text="The last day; leave empty while it holds."
    )
    is_example = models.BooleanField("is for example organisations only", default=False)

    objects = FeeBandQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "income_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(income_below__isnull=True) | Q(income_below__gt=F("income_from")),
                name="fee_band_has_incomes",
                violation_error_message="The band must end above where it begins.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="fee_band_has_days",
                violation_error_message="A band cannot end before it begins.",
            ),
            models.CheckConstraint(
                condition=Q(is_example=False) | Q(name__startswith="Example "),
                name="fee_band_example_says_so",
                violation_error_message="The name of an example band begins with “Example”.",
            ),
            ExclusionConstraint(
                name="fee_band_one_for_each_income",
                expressions=[
                    (Cast("is_example", IntegerField()), RangeOperators.EQUAL),
                    (_incomes("income_from", "income_below"), RangeOperators.OVERLAPS),
                    (_days("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="Another band holds for these incomes on these days.",
            ),
        ]

    def __str__(self):
        return f"{self.name}: {in_pounds(self.amount_pence)}"

    @property
    def incomes_in_words(self):
        start, below = f"£{self.income_from:,}", self.income_below
        if below is None:
            return f"{start} or more"
        return f"{start} to under £{below:,}" if self.income_from else f"Under £{below:,}"

    def clean(self):
        """Postgres would not even look for overlaps of a range that ends before it begins."""
        if self.income_below is not None and self.income_below <= self.income_from:
            raise ValidationError({"income_below": "The band must end above where it begins."})
        if self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": "A band cannot end before it begins."})


# -- How long it lasts ---------------------------------------------------------------------------


class MembershipPeriodQuerySet(models.QuerySet):
    def standing(self):
        """All but those that were taken back."""
        return self.filter(voided_at__isnull=True)

    def begun(self, day):
        return self.standing().filter(starts_on__lte=day)

    def settled(self):
        return self.standing().filter(settled_on__isnull=False)

    def active(self, day):
        return self.settled().filter(starts_on__lte=day, ends_on__gte=day)

    def holding(self, day):
        """Those that give full service: active, or within the grace that they allow."""
        settled = Q(settled_on__isnull=False, grace_ends_on__gte=day)
        return self.begun(day).filter(settled | Q(settled_on__isnull=True, pay_by__gte=day))


class MembershipPeriod(models.Model):
    """Days for which an organisation is a member; both ends belong to it.

    Not yet paid, it counts until `pay_by`; paid or waived (`settled_on`), until `grace_ends_on`.
    The band, the fee and these days are those of the day on which it was opened.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        "members.Organisation", models.PROTECT, related_name="membership_periods"
    )
    starts_on = models.DateField("first day")
    ends_on = models.DateField("last day")
    pay_by = models.DateField("counts unpaid until")
    grace_ends_on = models.DateField("last day of grace")
    settled_on = models.DateField("paid or waived on", null=True, blank=True)
    band_name = models.CharField("fee band", max_length=80, blank=True)
    amount_pence = models.PositiveBigIntegerField("fee", default=0)
    income = models.PositiveBigIntegerField("yearly income told (£)", null=True, blank=True)
    waiver = models.CharField("why the fee is waived", max_length=300, blank=True)
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    opened_by = models.ForeignKey(
        "members.User", models.SET_NULL, null=True, editable=False, related_name="+"
    )
    voided_at = models.DateTimeField("taken back at", null=True, blank=True)
    void_reason = models.CharField("why it was taken back", max_length=300, blank=True)

    objects = MembershipPeriodQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            ExclusionConstraint(
                name="membership_period_no_overlap",
                expressions=[
                    ("organisation", RangeOperators.EQUAL),
                    (_days("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                condition=Q(voided_at__isnull=True),
                violation_error_message="The organisation already has a period on these days.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on"), grace_ends_on__gte=F("ends_on")),
                name="membership_period_has_days",
                violation_error_message="A period ends after it begins, and its grace after that.",
            ),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True) | ~Q(void_reason=""),
                name="membership_period_void_says_why",
                violation_error_message="Say why the period is taken back.",
            ),
        ]

    def __str__(self):
        return f"{self.organisation}, {self.starts_on:%-d %B %Y} to {self.ends_on:%-d %B %Y}"

    def is_active_on(self, day):
        return self.settled_on is not None and self.starts_on <= day <= self.ends_on

    def holds_on(self, day):
        until = self.grace_ends_on if self.settled_on else self.pay_by
        return self.starts_on <= day <= until

    @property
    def fee(self):
        return in_pounds(self.amount_pence)


# -- What interrupts it --------------------------------------------------------------------------


class MembershipBreak(models.Model):
    """An organisation has resigned, or staff have suspended it, from a day until another."""

    class Kind(models.TextChoices):
        SUSPENDED = "suspended", "Suspended"
        RESIGNED = "resigned", "Resigned"

    organisation = models.ForeignKey(
        "members.Organisation", models.PROTECT, related_name="membership_breaks"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    starts_on = models.DateField("from")
    ended_on = models.DateField("no longer from", null=True, blank=True)
    reason = models.TextField(max_length=1000)
    end_reason = models.TextField("why it ended", max_length=1000, blank=True)

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            ExclusionConstraint(
                name="membership_break_no_overlap",
                expressions=[
                    ("organisation", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (_days("starts_on", "ended_on", "[)"), RangeOperators.OVERLAPS),
                ],
                violation_error_message="That is so already.",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("starts_on")),
                name="membership_break_has_days",
                violation_error_message="It cannot end before it begins.",
            ),
        ]

    def __str__(self):
        return f"{self.organisation}: {self.get_kind_display().lower()} from {self.starts_on}"

    def holds_on(self, day):
        return self.starts_on <= day and (self.ended_on is None or day < self.ended_on)


# -- Where an organisation stands ----------------------------------------------------------------


def status_on(day, periods, breaks):
    """The status that these periods and breaks give on a day; `status_expression` says the same."""
    broken = {one.kind for one in breaks if one.holds_on(day)}
    standing = [period for period in periods if period.voided_at is None]
    begun = [period for period in standing if period.starts_on <= day]
    if MembershipBreak.Kind.RESIGNED in broken:
        return Status.RESIGNED
    if MembershipBreak.Kind.SUSPENDED in broken:
        return Status.SUSPENDED
    if not begun:
        return Status.UNKNOWN
    if any(period.is_active_on(day) for period in begun):
        return Status.ACTIVE
    return Status.GRACE if any(period.holds_on(day) for period in begun) else Status.LAPSED


def _periods(choice, day, path="pk"):
    chosen = getattr(MembershipPeriod.objects, choice)(day)
    return Exists(chosen.filter(organisation=OuterRef(path)))


def _break(day, path="pk", **fields):
    open_ended = Q(ended_on__isnull=True) | Q(ended_on__gt=day)
    chosen = MembershipBreak.objects.filter(open_ended, starts_on__lte=day, **fields)
    return Exists(chosen.filter(organisation=OuterRef(path)))


def status_expression(day):
    """The status of an organisation on a day, in SQL."""
    return Case(
        When(_break(day, kind=MembershipBreak.Kind.RESIGNED), then=Value(Status.RESIGNED)),
        When(_break(day, kind=MembershipBreak.Kind.SUSPENDED), then=Value(Status.SUSPENDED)),
        When(_periods("active", day), then=Value(Status.ACTIVE)),
        When(_periods("holding", day), then=Value(Status.GRACE)),
        When(_periods("begun", day), then=Value(Status.LAPSED)),
        default=Value(Status.UNKNOWN),
        output_field=CharField(),
    )


def hidden_on(day, path="pk"):
    """Whether an organisation has lapsed, resigned or been suspended on a day, in SQL.

    Its page is then kept from the public, and its people from what is for members. `path` leads
    to the organisation from the rows that are asked.
    """
    has_lapsed = Q(_periods("begun", day, path)) & ~Q(_periods("holding", day, path))
    return Q(_break(day, path)) | has_lapsed


def is_hidden_on(day, path="pk"):
    """The same as a column."""
    return models.ExpressionWrapper(hidden_on(day, path), models.BooleanField())
