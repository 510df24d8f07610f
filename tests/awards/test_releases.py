"""Nothing is public before its release; a withdrawal takes it off every page at once."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from awards.actions import releases
from awards.actions.releases import release_category, release_due, withdraw_release
from awards.models import (
    Cycle,
    PublishedAward,
    PublishedProof,
    Release,
)
from cja_portal.kit.moves import ImpossibleMove
from tests.awards.factories import make_running_cycle
from tests.awards.results import (
    agree_to_be_named,
    decide_all,
    make_locked_category,
    make_people,
    make_released_category,
    make_sealed_category,
    seal_and_confirm,
)
from tests.factories import make_award

pytestmark = pytest.mark.django_db
REASON = "The wrong name was read out."


@pytest.fixture
def people():
    return make_people()


@pytest.fixture
def sealed(people):
    return make_sealed_category(people=people)


def let_its_moment_come():
    """Its clock stands twelve minutes after the deadline."""
    Cycle.objects.update(results_at=F("closes_at") + timedelta(minutes=5))


def public():
    return list(PublishedAward.objects.public().values_list("recipient", "result"))


# -- Releasing -------------------------------------------------------------------------------------


def test_a_release_writes_what_the_public_reads(people):
    category = make_sealed_category(people=people, prizes=[(1, 400000), (2, 200000)])
    assert not PublishedAward.objects.exists()
    assert not PublishedProof.objects.exists()

    release_category(category, by=people[0])

    awards = PublishedAward.objects.public().values_list("recipient", "result", "prize_pence")
    assert list(awards) == [
        ("Example Bridge", "winner", 400000),
        ("Example Garden", "runner-up", 200000),
        ("Example Line", "shortlisted", None),
    ]
    coded = PublishedAward.objects.exclude(entry_code="").values_list("recipient", flat=True)
    assert set(coded) == {"Example Bridge", "Example Garden"}
    assert Cycle.objects.get().stage == "released"
    assert PublishedProof.objects.public().get().sha256 == category.seals.get().sha256


NAMES = [
    ({}, "Example Bridge"),
    ({"name_choice": "pseudonym", "public_name": "B."}, "B."),
    ({"answer": "with-changes"}, "Example Bridge"),
    (None, "A nominee who is not named"),
]


@pytest.mark.parametrize(("consent", "name"), NAMES)
def test_nobody_is_named_otherwise_than_they_chose(people, consent, name):
    category = make_locked_category(agree=False)
    nomination = category.nominations.get(nominee_name="Example Bridge")
    if consent is not None:
        agree_to_be_named(nomination, **consent)
    finish(category, people)

    release_category(category, by=people[0])

    assert public() == [(name, "winner"), (other_name(name), "runner-up")]


def other_name(name):
    return "A nominee who is not named" + (" (2)" if name.startswith("A nominee") else "")


def finish(category, people):
    decide_all(category, by=people[0])
    seal_and_confirm(category, people)


def test_a_result_comes_out_once(sealed, people):
    release_category(sealed, by=people[0])

    with pytest.raises(ImpossibleMove, match="is public already"):
        release_category(sealed, by=people[1])


def test_what_is_not_sealed_or_only_a_rehearsal_stays_in(people):
    category = make_locked_category()
    with pytest.raises(ImpossibleMove, match="is not sealed"):
        release_category(category, by=people[0])
    rehearsal = make_running_cycle(2031, rehearsal_of=category.cycle)
    with pytest.raises(ImpossibleMove, match="rehearsal"):
        release_category(rehearsal.categories.get(), by=people[0])


MOMENTS = [(timedelta(seconds=1), 0), (timedelta(0), 1), (timedelta(seconds=-1), 1)]


@pytest.mark.parametrize(("ahead", "count"), MOMENTS)
def test_the_clock_releases_at_the_moment_and_not_before(sealed, monkeypatch, ahead, count):
    moment = sealed.cycle.closes_at + timedelta(days=30)
    Cycle.objects.update(results_at=moment)
    monkeypatch.setattr(Cycle, "now", lambda cycle: moment - ahead)

    call_command("release_results")

    assert len(public()) == count * 3
    assert Release.objects.filter(by=None).count() == count


def test_the_clock_brings_nothing_back_that_somebody_withdrew():
    category = make_released_category()
    withdraw_release(category, because=REASON, by=category.releases.get().by)
    let_its_moment_come()

    assert release_due() == 0
    assert public() == []


# -- Withdrawing -----------------------------------------------------------------------------------


def test_a_withdrawal_takes_it_off_every_page_and_it_can_come_back(client):
    category = make_released_category()
    by = category.releases.get().by
    pages = ["/awards/", "/awards/2031/", category_page(category), "/awards/roll-of-honour/"]
    pages += ["/search/?q=example+bridge", "/awards/verify/2031/", "/"]
    assert all(b"Example Bridge" in client.get(page).content for page in pages[1:6])
    sheet = f"/awards/verify/2031/{category.slug}.json"
    assert client.get(sheet).status_code == 200

    withdraw_release(category, because=REASON, by=by)

    assert [page for page in pages if b"Example Bridge" in client.get(page).content] == []
    assert client.get(sheet).status_code == 404
    release_category(category, by=by)
    assert len(public()) == 3
    assert Release.objects.count() == 2


def category_page(category):
    return f"/awards/2031/{category.slug}/"


def test_no_public_page_is_kept_by_caches(client):
    category = make_released_category()

    kept = [
        page
        for page in ["/awards/2031/", category_page(category), "/awards/roll-of-honour/"]
        if "max-age" in client.get(page).headers.get("Cache-Control", "")
        and "max-age=0" not in client.get(page).headers["Cache-Control"]
    ]

    assert kept == []


def test_a_withdrawal_says_why():
    category = make_released_category()

    with pytest.raises(ImpossibleMove, match="Say why"):
        withdraw_release(category, because=" ", by=category.releases.get().by)


# -- Laws, whoever writes --------------------------------------------------------------------------


def test_no_award_of_a_year_that_runs_is_written_before_its_release(sealed):
    for values in ({}, {"published_at": None}):
        with pytest.raises(IntegrityError, match="not released yet"), transaction.atomic():
            make_award(year=2031, category=sealed.name, **values)
    assert make_award(year=2020).is_public


def test_the_database_wants_a_seal_by_two(people):
    category = make_locked_category()
    with pytest.raises(IntegrityError, match="once all are sealed"), transaction.atomic():
        Release.objects.create(category=category, seal_id=1)


def test_prizes_must_add_up(people, monkeypatch):
    category = make_sealed_category(people=people, prizes=[(1, 400000)])
    winner = category.decisions.get(outcome="winner").nomination_id
    monkeypatch.setattr(releases, "shares", lambda category, outcomes: {winner: 5})

    with pytest.raises(IntegrityError, match="prizes do not add up"), transaction.atomic():
        released_and_checked(category, by=people[0])


def released_and_checked(category, by):
    """The law of prizes is looked at when the transaction ends, or when it is asked for."""
    release_category(category, by=by)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
