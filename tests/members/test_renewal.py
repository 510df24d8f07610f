"""Renewing: three screens, at the fee that was shown, once."""

import re
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from members.actions import membership
from members.actions.membership import MembershipError, renew_membership
from members.actions.payments import record_payment
from members.models import FeeBand, MembershipPeriod, Organisation, Status
from members.standing import standing_of
from tests.factories import (
    make_break,
    make_fee_band,
    make_organisation,
    make_outsider,
    make_owner,
    make_period,
)
from tests.logins import sign_in
from tests.races import race, without_law

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2030, 1, 1), date(2030, 12, 31)
DAY = timedelta(days=1)
ADDRESS = "/my/organisations/example-charity/renew/"


@pytest.fixture
def clock(monkeypatch):
    def set_to(day):
        moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_to


def make_member(**fields):
    organisation = make_organisation()
    make_owner(organisation)
    make_period(organisation, FIRST, LAST, **{"income": 50_000} | fields)
    return organisation


@pytest.fixture
def member():
    return make_member()


@pytest.fixture
def owner(client, member):
    """Signed in, on a day on which the renewal is open, with two bands."""
    today = timezone.localdate()
    member.membership_periods.update(
        starts_on=today - 300 * DAY, ends_on=today + 10 * DAY, grace_ends_on=today + 70 * DAY
    )
    make_fee_band("Small", income_below=100_000)
    make_fee_band("Large", 25_000, income_from=100_000)
    user = member.affiliations.get().user
    sign_in(client, user)
    return user


def fields_of(page):
    """What the browser would send back: the hidden fields and the boxes as they are filled in."""
    inputs = re.findall(r"<input[^>]*>", page.content.decode())
    named = [
        (re.search(r'name="([^"]*)"', one), re.search(r'value="([^"]*)"', one)) for one in inputs
    ]
    return {name[1]: value[1] if value else "" for name, value in named if name}


def test_three_clicks_when_nothing_changed(client, owner, member):
    details = client.get(ADDRESS)
    fee = client.get(f"{ADDRESS}?step=fee")
    check = client.post(ADDRESS, fields_of(fee) | {"do": "check"})
    done = client.post(ADDRESS, fields_of(check) | {"do": "renew"}, follow=True)

    assert "Is this still right?" in details.content.decode()
    assert 'href="?step=fee"' in details.content.decode()
    assert fields_of(fee)["income"] == "50,000"
    assert f'action="{ADDRESS}"' in fee.content.decode()  # what is sent there waits for a password
    assert "Renew for £100" in check.content.decode()
    assert "To pay" in done.content.decode()
    standing = standing_of(member)
    assert standing.status == Status.ACTIVE
    assert standing.latest.starts_on == timezone.localdate() + 11 * DAY
    assert [invoice.amount_pence for invoice in standing.unpaid] == [10_000]


def test_another_income_another_band(client, owner):
    page = client.post(ADDRESS, {"do": "check", "income": "£250,000"}).content.decode()

    assert "Large" in page
    assert "Renew for £250" in page


@pytest.mark.parametrize("income", ["", "lots", "-5", "10.50", "9" * 30])
def test_incomes_that_are_none(client, owner, income):
    page = client.post(ADDRESS, {"do": "renew", "income": income, "fee": "10000"})

    assert "Your fee" in page.content.decode()
    assert 'aria-invalid="true"' in page.content.decode()
    assert MembershipPeriod.objects.count() == 1


@pytest.mark.parametrize("seen", ["25000", "", "x", "-1", "9" * 50])
def test_a_fee_that_was_not_the_one_shown_is_refused(client, owner, seen):
    page = client.post(ADDRESS, {"do": "renew", "income": "50000", "fee": seen})

    assert "The fee has changed meanwhile" in page.content.decode()
    assert MembershipPeriod.objects.count() == 1


def test_without_bands_the_page_says_whom_to_ask(client, owner):
    FeeBand.objects.all().delete()

    page = client.get(f"{ADDRESS}?step=fee").content.decode()

    assert "CJA staff have not set the fees here yet" in page


def test_the_press_is_signed_with_a_second_step_also_in_the_days_of_grace(client, owner):
    owner.authenticator_set.all().delete()
    client.force_login(owner)
    looked = client.post(ADDRESS, {"do": "check", "income": "50000"})

    pressed = client.post(ADDRESS, {"do": "renew", "income": "50000", "fee": "10000"})

    assert "so we may ask you once more who you are" in looked.content.decode()
    assert pressed["Location"] == "/accounts/2fa/"
    assert MembershipPeriod.objects.count() == 1


def test_pressing_twice_renews_once(client, owner):
    sent = {"do": "renew", "income": "50000", "fee": "10000"}

    answers = [client.post(ADDRESS, sent, follow=True).content.decode() for _ in range(2)]

    assert "Renewed until" in answers[0]
    assert "There is nothing to renew now." in answers[1]
    assert MembershipPeriod.objects.count() == 2


# -- When -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "starts_on", "pay_by"),
    [
        (LAST - 60 * DAY, None, None),
        (LAST - 59 * DAY, LAST + DAY, LAST + 60 * DAY),
        (LAST + 60 * DAY, LAST + DAY, LAST + 60 * DAY),
        (LAST + 61 * DAY, LAST + 61 * DAY, LAST + 60 * DAY),
    ],
)
def test_when_a_renewal_is_open_and_from_when_it_counts(member, today, starts_on, pay_by):
    term = standing_of(member, today).next_term()

    assert (term and (term.starts_on, term.pay_by)) == (starts_on and (starts_on, pay_by))


@pytest.mark.parametrize("kind", ["suspended", "resigned"])
def test_staff_settle_breaks_before_anybody_renews(member, kind):
    make_break(member, kind, LAST)

    assert standing_of(member, LAST).next_term() is None


def test_only_those_who_may(member, clock):
    make_fee_band()
    clock(LAST)

    with pytest.raises(MembershipError, match="Only owners"):
        renew_membership(member, by=make_outsider(), income=1, expected_pence=10_000)


def test_a_lapsed_organisation_shows_again_when_it_has_paid(member, clock):
    make_fee_band()
    clock(LAST + 100 * DAY)
    owner = member.affiliations.get().user
    assert not Organisation.objects.listed().exists()

    period = renew_membership(member, by=owner, income=1, expected_pence=10_000)
    assert standing_of(member).status == Status.LAPSED
    assert "lapsed on 2 March 2031" in standing_of(member).in_words
    assert not Organisation.objects.listed().exists()
    paid_on = LAST + 100 * DAY
    record_payment(period.invoices.get(), by=None, pence=10_000, received_on=paid_on)

    assert standing_of(member).status == Status.ACTIVE
    assert Organisation.objects.listed().get() == member
    assert member.membership_periods.count() == 2


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (FIRST - DAY, "Your membership begins on 1 January 2030."),
        (LAST, "You are a member until 31 December 2030."),
        (LAST + DAY, "Your membership ended on 31 December 2030. Everything goes on until 1 March"),
        (LAST + 61 * DAY, "Your membership lapsed on 2 March 2031."),
    ],
)
def test_where_it_stands_in_plain_words(member, today, words):
    assert standing_of(member, today).in_words.startswith(words)


def test_my_page_shows_what_is_due(client, owner):
    page = client.get("/my/").content.decode()

    assert "You are a member until" in page
    assert 'href="/my/organisations/example-charity/membership/"' in page


# -- Two at once ----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("guards", "count"), [("all", 2), ("law", 2), ("none", 3)])
def test_two_who_renew_at_once(monkeypatch, clock, guards, count):
    clock(LAST)
    member = make_member()
    make_fee_band()
    owner = member.affiliations.get().user
    if guards != "all":
        monkeypatch.setattr(membership, "lock_organisation", lambda organisation: None)

    def renew():
        return renew_membership(member, by=owner, income=1, expected_pence=10_000)

    lawless = without_law("members_membershipperiod", "membership_period_no_overlap")
    with lawless if guards == "none" else nullcontext():
        _, second = race(renew, renew)
        found = MembershipPeriod.objects.count()

    kind = {"all": MembershipError, "law": IntegrityError, "none": MembershipPeriod}[guards]
    assert isinstance(second, kind)
    assert found == count
