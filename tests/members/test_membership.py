"""Where an organisation stands follows from dates, and two at once cannot muddle them."""

from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from members.actions import membership
from members.actions.membership import (
    MembershipError,
    open_membership,
    reinstate_membership,
    resign_membership,
    suspend_membership,
    void_period,
    waive_fee,
)
from members.models import FeeBand, MembershipPeriod, Organisation, Status
from members.models.membership import a_year_from, status_on
from members.standing import standing_of
from tests.factories import (
    make_break,
    make_fee_band,
    make_organisation,
    make_outsider,
    make_owner,
    make_period,
    make_staff,
)
from tests.races import race, without_law

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2030, 1, 1), date(2030, 12, 31)
DAY = timedelta(days=1)


@pytest.fixture
def clock(monkeypatch):
    def set_to(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    set_to(datetime(2030, 1, 1, 12, tzinfo=UTC))
    return set_to


def both_statuses(organisation, day):
    """What Python says and what Postgres says."""
    periods = organisation.membership_periods.all()
    in_python = status_on(day, periods, organisation.membership_breaks.all())
    in_sql = Organisation.objects.with_status(day).get(pk=organisation.pk).membership_status
    return in_python, in_sql


# -- Status ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "is_paid", "expected"),
    [
        (FIRST - DAY, True, Status.UNKNOWN),
        (FIRST, True, Status.ACTIVE),
        (LAST, True, Status.ACTIVE),
        (LAST + DAY, True, Status.GRACE),
        (LAST + 60 * DAY, True, Status.GRACE),
        (LAST + 61 * DAY, True, Status.LAPSED),
        (FIRST - DAY, False, Status.UNKNOWN),
        (FIRST, False, Status.GRACE),
        (FIRST + 59 * DAY, False, Status.GRACE),
        (FIRST + 60 * DAY, False, Status.LAPSED),
    ],
)
def test_status_on_the_days_where_it_changes(day, is_paid, expected):
    organisation = make_organisation()
    make_period(organisation, FIRST, LAST, is_paid=is_paid)

    assert both_statuses(organisation, day) == (expected, expected)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2030, 2, 28), Status.ACTIVE),
        (date(2030, 3, 1), Status.SUSPENDED),
        (date(2030, 3, 31), Status.SUSPENDED),
        (date(2030, 4, 1), Status.ACTIVE),
        (date(2030, 6, 1), Status.RESIGNED),
        (date(2032, 1, 1), Status.RESIGNED),
    ],
)
def test_status_with_breaks(day, expected):
    organisation = make_organisation()
    make_period(organisation, FIRST, LAST)
    make_break(organisation, "suspended", date(2030, 3, 1), date(2030, 4, 1))
    make_break(organisation, "suspended", date(2030, 5, 1), date(2030, 5, 1))
    make_break(organisation, "resigned", date(2030, 6, 1))

    assert both_statuses(organisation, day) == (expected, expected)


def test_python_and_postgres_agree_on_every_day_of_a_changeable_life():
    organisation = make_organisation()
    make_period(organisation, FIRST, LAST)
    make_period(organisation, LAST + DAY, date(2031, 12, 31), is_paid=False)
    make_period(organisation, date(2032, 2, 29), date(2033, 2, 28), pay_by=date(2032, 2, 28))
    void = make_period(make_organisation("Example Other"), FIRST, LAST)
    MembershipPeriod.objects.filter(pk=void.pk).update(
        organisation=organisation, voided_at=timezone.now(), void_reason="A mistake."
    )
    make_break(organisation, "suspended", date(2031, 3, 1), date(2031, 3, 20))
    make_break(organisation, "resigned", date(2032, 1, 1), date(2032, 2, 1))

    days = [FIRST + 9 * step * DAY for step in range(-2, 140)]
    answers = [both_statuses(organisation, day) for day in days]

    assert {in_python for in_python, _ in answers} == set(Status)
    assert [pair for pair in answers if pair[0] != pair[1]] == []


def test_starter_organisations_without_periods_are_shown_as_before():
    organisation = make_organisation()

    assert both_statuses(organisation, FIRST) == (Status.UNKNOWN, Status.UNKNOWN)
    assert list(Organisation.objects.listed()) == [organisation]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2030, 3, 31, 0, 30, tzinfo=UTC), Status.ACTIVE),
        (datetime(2030, 3, 31, 22, 59, tzinfo=UTC), Status.ACTIVE),
        (datetime(2030, 3, 31, 23, 0, tzinfo=UTC), Status.GRACE),
        (datetime(2030, 10, 27, 22, 59, tzinfo=UTC), Status.GRACE),
        (datetime(2030, 10, 27, 23, 59, tzinfo=UTC), Status.GRACE),
        (datetime(2030, 10, 28, 0, 0, tzinfo=UTC), Status.LAPSED),
    ],
)
def test_days_are_those_of_the_uk_also_when_the_clocks_change(clock, moment, expected):
    """Summer time begins on 31 March 2030 and ends on 27 October; the grace ends that night."""
    organisation = make_organisation()
    make_period(organisation, FIRST, date(2030, 3, 31), grace_ends_on=date(2030, 10, 27))

    clock(moment)

    assert Organisation.objects.with_status().get().membership_status == expected
    assert standing_of(organisation).status == expected
    assert Organisation.objects.listed().exists() == (expected != Status.LAPSED)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2030, 1, 1), date(2030, 12, 31)),
        (date(2027, 3, 1), date(2028, 2, 29)),
        (date(2028, 2, 29), date(2029, 2, 28)),
        (date(2028, 3, 1), date(2029, 2, 28)),
    ],
)
def test_a_year_has_no_gap_and_no_double_day(first, last):
    assert a_year_from(first) == last


# -- Lapse hides, and keeps ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "is_shown"),
    [("paid", True), ("grace", True), ("lapsed", False), ("suspended", False), ("resigned", False)],
)
def test_who_has_a_public_page(client, how, is_shown):
    today = timezone.localdate()
    organisation = make_organisation()
    ends_on = today - {"grace": 5, "lapsed": 61}.get(how, -100) * DAY
    make_period(organisation, ends_on - 300 * DAY, ends_on)
    if how in {"suspended", "resigned"}:
        make_break(organisation, how, today)
    owner = make_owner(organisation)

    assert Organisation.objects.listed().exists() == is_shown
    assert client.get("/members/example-charity/").status_code == (200 if is_shown else 404)
    assert "Example Charity" in client.get("/members/").content.decode() or not is_shown
    client.force_login(owner)
    assert client.get("/members/example-charity/").status_code == 200


# -- Fee bands -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"income_from": 50_000}, "fee_band_one_for_each_income"),
        ({"income_from": 200_000, "income_below": 100_000}, "fee_band_has_incomes|lower bound"),
        ({"income_from": 200_000, "income_below": 200_000}, "fee_band_has_incomes"),
        (
            {"starts_on": date(2019, 1, 1), "ends_on": date(2018, 1, 1)},
            "fee_band_has_days|lower bound",
        ),
        ({"is_example": True, "name": "Small"}, "fee_band_example_says_so"),
    ],
)
def test_the_laws_of_bands(fields, fault):
    make_fee_band(income_below=100_000)
    band = {"name": "Example", "amount_pence": 1, "starts_on": date(2021, 1, 1)} | fields

    with pytest.raises(ValidationError):
        FeeBand(**band).full_clean()
    with pytest.raises((IntegrityError, DataError), match=fault), transaction.atomic():
        FeeBand.objects.create(**band)


@pytest.mark.parametrize(
    ("income", "day", "expected"),
    [
        (0, FIRST, "Small"),
        (99_999, FIRST, "Small"),
        (100_000, FIRST, "Large"),
        (10**12, FIRST, "Large"),
        (0, FIRST - DAY, "Small of old"),
    ],
)
def test_the_band_is_that_of_the_income_and_of_the_day(income, day, expected):
    make_fee_band("Small of old", ends_on=FIRST - DAY)
    make_fee_band("Small", income_below=100_000, starts_on=FIRST)
    make_fee_band("Large", income_from=100_000, starts_on=FIRST)

    band = membership.find_band(make_organisation(), income=income, day=day)

    assert band.name == expected


def test_example_bands_are_for_example_organisations_alone():
    make_fee_band(is_example=True)
    example = make_organisation("Example Charity", is_example=True)
    real = make_organisation("Some Charity")

    assert membership.find_band(example, income=1, day=FIRST).is_example
    with pytest.raises(MembershipError, match="set no fee"):
        membership.find_band(real, income=1, day=FIRST)


# -- Opening -------------------------------------------------------------------------------------


def test_opening_a_membership(clock):
    make_fee_band()
    organisation, staff = make_organisation(), make_staff()

    period = open_membership(organisation, by=staff, income=50_000, purchase_order="PO 7")

    assert (period.starts_on, period.ends_on) == (FIRST, LAST)
    assert (period.pay_by, period.grace_ends_on) == (date(2030, 3, 1), LAST + 60 * DAY)
    assert (period.band_name, period.amount_pence) == ("Example band", 10_000)
    invoice = period.invoices.get()
    assert (invoice.amount_pence, invoice.due_on) == (10_000, date(2030, 1, 31))
    assert invoice.purchase_order == "PO 7"
    assert standing_of(organisation).status == Status.GRACE


def test_a_waived_fee_makes_a_member_at_once():
    organisation = make_organisation()

    period = open_membership(organisation, by=None, waiver="Paid before the portal.")

    assert period.invoices.count() == 0
    assert standing_of(organisation).status == Status.ACTIVE


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"income": 1}, "already has a period"),
        ({}, "Say the yearly income"),
        ({"income": 1, "ends_on": date(2000, 1, 1)}, "cannot end before"),
    ],
)
def test_what_cannot_be_opened(options, fault):
    make_fee_band()
    organisation = make_organisation()
    open_membership(organisation, by=None, income=1)

    with pytest.raises(MembershipError, match=fault):
        open_membership(organisation, by=None, **options)


def test_only_staff_open():
    with pytest.raises(membership.BillingError, match="Only CJA staff"):
        open_membership(make_organisation(), by=make_outsider(), waiver="Me.")


def test_the_database_refuses_periods_that_overlap():
    organisation = make_organisation()
    make_period(organisation, FIRST, LAST)

    make_period(organisation, LAST + DAY, LAST + 300 * DAY)
    with pytest.raises(IntegrityError, match="membership_period_no_overlap"), transaction.atomic():
        make_period(organisation, LAST - DAY, LAST + DAY)
    with pytest.raises(ValidationError, match="already has a period"):
        MembershipPeriod(
            organisation=organisation,
            starts_on=LAST,
            ends_on=LAST,
            pay_by=LAST,
            grace_ends_on=LAST,
        ).full_clean()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("guards", "second_gets", "count"),
    [("all", MembershipError, 1), ("law", IntegrityError, 1), ("none", MembershipPeriod, 2)],
)
def test_two_who_open_at_once(monkeypatch, guards, second_gets, count):
    """The lock refuses the second; without it the law does; without both, two periods overlap."""
    organisation = make_organisation()
    if guards != "all":
        monkeypatch.setattr(membership, "lock_organisation", lambda organisation: None)

    def act():
        return open_membership(organisation, by=None, waiver="Free.")

    lawless = without_law("members_membershipperiod", "membership_period_no_overlap")
    with lawless if guards == "none" else nullcontext():
        _, second = race(act, act)
        found = MembershipPeriod.objects.count()

    assert isinstance(second, second_gets)
    assert found == count


# -- Corrections, breaks -------------------------------------------------------------------------


def test_a_mistake_is_taken_back_with_its_invoice_and_leaves_room():
    make_fee_band()
    organisation = make_organisation()
    period = open_membership(organisation, by=None, income=1)

    void_period(period, by=None, reason="Wrong organisation.")

    assert standing_of(organisation).status == Status.UNKNOWN
    assert organisation.invoices.outstanding().count() == 0
    assert open_membership(organisation, by=None, income=1).starts_on == timezone.localdate()
    with pytest.raises(MembershipError, match="taken back already"):
        void_period(period, by=None, reason="Again.")


def test_a_fee_can_be_waived_later():
    make_fee_band()
    organisation = make_organisation()
    period = open_membership(organisation, by=None, income=1)

    waive_fee(period, by=None, reason="Hardship.")

    assert standing_of(organisation).status == Status.ACTIVE
    assert organisation.invoices.outstanding().count() == 0


def test_suspending_and_reinstating_write_letters(django_capture_on_commit_callbacks, mailoutbox):
    organisation, staff = make_organisation(), make_staff()
    make_owner(organisation)

    with django_capture_on_commit_callbacks(execute=True):
        suspend_membership(organisation, by=staff, reason="The form was wrong.")
        assert standing_of(organisation).status == Status.SUSPENDED
        reinstate_membership(organisation, by=staff, reason="It is right now.")

    assert standing_of(organisation).status == Status.UNKNOWN
    assert [letter.to for letter in mailoutbox] == [["owner@example.org"]] * 2
    assert "The form was wrong." in mailoutbox[0].body
    assert "It is right now." in mailoutbox[1].body
    with pytest.raises(MembershipError, match="neither"):
        reinstate_membership(organisation, by=staff, reason="Again.")


def test_resigning_takes_back_what_has_not_begun_and_joining_again_ends_it():
    make_fee_band()
    organisation, today = make_organisation(), timezone.localdate()
    open_membership(organisation, by=None, waiver="Free.")
    ahead = a_year_from(today) + DAY
    coming = open_membership(organisation, by=None, income=1, starts_on=ahead)

    resign_membership(organisation, by=None, reason="They wrote to us.", on=today)
    coming.refresh_from_db()

    assert coming.voided_at is not None
    assert standing_of(organisation).status == Status.RESIGNED
    assert not Organisation.objects.listed().exists()
    with pytest.raises(MembershipError, match="resigned already"):
        resign_membership(organisation, by=None, reason="Again.")

    open_membership(organisation, by=None, income=1, starts_on=ahead)
    assert standing_of(organisation, ahead).status == Status.GRACE
