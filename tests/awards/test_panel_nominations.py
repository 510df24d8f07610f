"""Categories in which the panel nominates: judges of theirs and staff put people forward."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from awards.actions.published import publish_cycle
from awards.interests import conflicts_of
from awards.models import Category, CategoryKind, Cycle, Nomination, NomineeConsent
from awards.permissions import may_nominate
from tests.awards.factories import announce, make_category, make_running_cycle
from tests.awards.judging import make_judge
from tests.factories import make_organisation, make_owner, make_staff
from tests.logins import sign_in

pytestmark = pytest.mark.django_db
WHO = {
    "nominee_kind": "person",
    "nominee_name": "Example Person",
    "nominee_email": "nominee@example.org",
    "name": "Judge 1, Example Charity",
}


@pytest.fixture
def category():
    """One that asks no question, as a panel's category may."""
    cycle = make_running_cycle(is_announced=False)
    kinds = {"kind": CategoryKind.PANEL, "consent": "at-once"}
    category = make_category(cycle, "Example Lifetime", asks=(), **kinds)
    announce(cycle)
    return category


def start_address(category):
    return reverse("awards:nomination-start", args=[category.cycle.year, category.slug])


def client_of(user):
    client = Client()
    sign_in(client, user)
    return client


def of_category(category, *categories, **fields):
    judge = make_judge(category.cycle, **fields)
    judge.categories.set(categories)
    return judge.user


SPEAKERS = [
    ("judge of all categories", True),
    ("judge of this category", True),
    ("judge of another category", False),
    ("judge who has not said yes", False),
    ("judge of another year", False),
    ("member", False),
    ("staff", True),
]


def speaker(name, category):
    other = category.cycle.categories.exclude(pk=category.pk).get()
    unsaid = {"accepted_at": None, "terms_version": ""}
    people = {
        "judge of all categories": lambda: of_category(category),
        "judge of this category": lambda: of_category(category, category, other),
        "judge of another category": lambda: of_category(category, other),
        "judge who has not said yes": lambda: of_category(category, **unsaid),
        "judge of another year": lambda: make_judge(Cycle.objects.create(year=2029)).user,
        "member": lambda: make_owner(make_organisation()),
        "staff": make_staff,
    }
    return people[name]()


@pytest.mark.parametrize(("name", "may"), SPEAKERS)
def test_who_speaks_for_the_panel(category, name, may):
    assert may_nominate(speaker(name, category), category) == may


def test_a_judge_puts_somebody_forward_who_is_asked_and_whom_they_then_do_not_read(category):
    judge = make_judge(category.cycle)
    client = client_of(judge.user)
    home = client.get(reverse("awards:judging-home")).content.decode()
    assert start_address(category) in home

    begun = client.post(start_address(category), WHO | {"key": uuid4()}, follow=True)
    nomination = Nomination.objects.get()
    assert begun.redirect_chain == [(nomination.get_absolute_url(), 302)]
    submit = reverse("awards:nomination-submit", args=[nomination.uuid])
    client.post(submit, {"key": uuid4(), "is_true": "on"})

    nomination.refresh_from_db()
    assert nomination.state == "submitted"
    consent = NomineeConsent.objects.get()
    assert consent.email == WHO["nominee_email"]
    assert consent.links.count() == 1
    Nomination.objects.update(state="screened-in")
    assert [found.source for found in conflicts_of(judge)] == ["writer"]


def test_nobody_else_is_offered_it(category):
    judge = make_judge(category.cycle)
    judge.categories.set(category.cycle.categories.exclude(pk=category.pk))
    publish_cycle(category.cycle, by=judge.user)

    client = client_of(judge.user)
    home = client.get(reverse("awards:judging-home")).content.decode()
    year = client.get(reverse("awards:cycle-detail", args=[category.cycle.year])).content.decode()
    page = client.post(start_address(category), WHO | {"key": uuid4()})

    assert start_address(category) not in home + year
    assert "The judges put people forward for this award." in year
    assert "The panel nominates here" in page.content.decode()
    assert not Nomination.objects.exists()


def test_staff_come_by_the_page_of_the_year(category):
    client = client_of(make_staff(is_superuser=True))

    year = client.get(reverse("admin:awards_cycle_change", args=[category.cycle_id]))
    page = client.get(start_address(category)).content.decode()

    assert start_address(category) in year.content.decode()
    assert "Here you nominate for the panel" in page
    assert list(Category.objects.by_panel()) == [category]
