"""The laws of the awards, and who sees what of them."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from awards.models import (
    Category,
    Cycle,
    PublishedAward,
    PublishedCategory,
    PublishedCycle,
    PublishedJudge,
    Result,
)
from tests.factories import (
    LONG_AGO,
    make_award,
    make_cycle,
    make_organisation,
    make_published_cycle,
    make_theme,
    make_user,
)

pytestmark = pytest.mark.django_db

PLAUSIBLE = "The year must lie between 2000 and 2200."
IN_ITS_YEAR = "The ceremony must be in that year or in the next."
ONLY_PUBLISHED = "Only what was published can be withdrawn."
MONEY = "Leave the prize blank if there was no money."
WON = "A prize is money, and not for a place on the shortlist."


def an_award(**fields):
    values = {
        "year": 2030,
        "cycle_name": "Example Awards 2030",
        "category_slug": "example-category",
        "category_name": "Example Category",
        "recipient": "Example Winner",
        "result": Result.WINNER,
    }
    return PublishedAward(**values | fields)


def a_category(model, cycle, **fields):
    return model(**{"cycle": cycle, "slug": "example", "name": "Example"} | fields)


BROKEN = [
    (lambda: Cycle(year=1999, name="Example"), PLAUSIBLE),
    (lambda: PublishedCycle(year=2201, name="Example"), PLAUSIBLE),
    (lambda: Cycle(year=2030, name="Example", held_on=date(2032, 1, 1)), IN_ITS_YEAR),
    (lambda: PublishedCycle(year=2030, name="Example", held_on=date(2029, 12, 31)), IN_ITS_YEAR),
    (lambda: PublishedCycle(year=2030, name="Example", withdrawn_at=LONG_AGO), ONLY_PUBLISHED),
    (lambda: a_category(Category, make_cycle(), prize_pence=0), MONEY),
    (lambda: a_category(PublishedCategory, make_published_cycle(), prize_pence=0), MONEY),
    (lambda: an_award(year=1999), PLAUSIBLE),
    (lambda: an_award(withdrawn_at=LONG_AGO), ONLY_PUBLISHED),
    (
        lambda: an_award(published_at=timezone.now(), withdrawn_at=LONG_AGO),
        ONLY_PUBLISHED,
    ),
    (lambda: an_award(prize_pence=0), WON),
    (lambda: an_award(result=Result.SHORTLISTED, prize_pence=100), WON),
    (lambda: an_award(recipient=""), "Name the recipient and the category."),
]


@pytest.mark.parametrize(("make", "message"), BROKEN)
def test_what_breaks_a_law_is_told_so_and_refused_by_the_database(make, message):
    thing = make()

    with pytest.raises(ValidationError) as refused:
        thing.validate_constraints()
    assert refused.value.messages == [message]
    with pytest.raises(IntegrityError), transaction.atomic():
        thing.save()


@pytest.mark.parametrize(
    ("first", "again", "message"),
    [
        (
            lambda: make_award(),
            lambda first: an_award(),
            "This category already names this recipient.",
        ),
        (
            lambda: make_cycle(2030, "Example"),
            lambda first: a_category(Category, first),
            "This year already has a category at this address.",
        ),
        (
            lambda: make_published_cycle(2030, "Example"),
            lambda first: a_category(PublishedCategory, first),
            "This year already has a category at this address.",
        ),
        (
            lambda: make_published_cycle().judges.create(name="Example Judge"),
            lambda first: PublishedJudge(cycle=first.cycle, name="Example Judge"),
            "This year already names this judge.",
        ),
    ],
)
def test_what_is_there_once_is_not_added_twice(first, again, message):
    twin = again(first())

    with pytest.raises(ValidationError) as refused:
        twin.validate_constraints()
    assert refused.value.messages == [message]
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


@pytest.mark.parametrize("model", [Cycle, PublishedCycle])
def test_a_year_has_one_cycle(model):
    model.objects.create(year=2030, name="Example")
    twin = model(year=2030, name="Example")

    with pytest.raises(ValidationError) as refused:
        twin.full_clean()
    assert refused.value.messages == ["There is already a cycle for this year."]
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_a_ceremony_may_be_early_in_the_next_year():
    cycle = Cycle(year=2030, name="Example", held_on=date(2031, 2, 1))

    cycle.full_clean()
    cycle.save()


# -- Who sees what ----------------------------------------------------------------------------

DRAFT = {"published_at": None}
WITHDRAWN = {"withdrawn_at": LONG_AGO + timedelta(days=1)}
VISIBLE = [
    # the award, the page of its year, is it seen
    ({}, {}, True),
    (DRAFT, {}, False),
    (WITHDRAWN, {}, False),
    ({}, DRAFT, False),
    ({}, WITHDRAWN, False),
]


@pytest.mark.parametrize(("award", "cycle", "is_seen"), VISIBLE)
@pytest.mark.parametrize("who", ["anonymous", "member", "staff"])
def test_an_award_is_seen_by_all_or_by_none(award, cycle, is_seen, who):
    make_published_cycle(**cycle)
    make_award(**award)
    users = {
        "anonymous": AnonymousUser,
        "member": make_user,
        "staff": lambda: make_user(is_staff=True),
    }

    seen = PublishedAward.objects.visible_to(users[who]())

    assert seen.exists() is is_seen


def test_an_award_without_the_page_of_its_year_is_not_seen():
    make_award()

    assert not PublishedAward.objects.public().exists()


@pytest.mark.parametrize(("fields", "is_seen"), [({}, True), (DRAFT, False), (WITHDRAWN, False)])
def test_a_year_is_seen_from_publication_to_withdrawal(fields, is_seen):
    make_published_cycle(**fields)

    assert PublishedCycle.objects.visible_to(make_user(is_staff=True)).exists() is is_seen


def test_the_roll_keeps_honours_and_no_shortlist():
    for result in Result:
        make_award(f"Example {result.label}", result=result, position=list(Result).index(result))

    honours = PublishedAward.objects.honours().values_list("recipient", flat=True)

    assert list(honours) == [
        *("Example Winner", "Example Joint winner", "Example Honoured", "Example Runner-up"),
        *("Example Highly commended", "Example Commended"),
    ]


def test_a_theme_finds_awards_by_category_and_by_organisation():
    victims, policing = make_theme("Victims"), make_theme("Policing")
    cycle = make_published_cycle(2030, "For Victims", "Other")
    cycle.categories.get(slug="for-victims").themes.add(victims)
    make_award("By Category", category="For Victims")
    listed = make_organisation("Listed", themes=[victims])
    hidden = make_organisation("Hidden", themes=[victims], is_listed=False)
    make_award("By Organisation", category="Other", organisation=listed, position=1)
    make_award("Not In The Directory", category="Other", organisation=hidden)
    make_award("Same Category, Other Year", category="For Victims", year=2031)

    def about(theme):
        return [award.recipient for award in PublishedAward.objects.about(theme)]

    assert about(victims) == ["By Category", "By Organisation"]
    assert about(policing) == []


def test_states_are_named_for_staff():
    assert make_award().state == "Public"
    assert make_award("B", published_at=None).state == "Draft"
    assert make_award("C", **WITHDRAWN).state == "Withdrawn"
