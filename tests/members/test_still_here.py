from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from members.actions.affiliations import end_affiliation
from members.actions.still_here import ask_who_is_still_here, confirm_still_here
from members.health import health_of
from members.models import Affiliation, Role, StillHere
from members.models.succession import round_of
from tests.factories import (
    make_affiliation,
    make_organisation,
    make_outsider,
    make_owner,
    make_participant,
    make_user,
)
from tests.races import race, without_key, without_row_locks

pytestmark = pytest.mark.django_db
SEPTEMBER = datetime(2030, 9, 2, 9, tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch):
    """Everybody's clock can be set."""

    def set_to(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    set_to(SEPTEMBER)
    return set_to


# -- Asking ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "begun"),
    [
        (date(2030, 1, 31), date(2029, 9, 1)),
        (date(2030, 2, 28), date(2029, 9, 1)),
        (date(2030, 3, 1), date(2030, 3, 1)),
        (date(2030, 8, 31), date(2030, 3, 1)),
        (date(2030, 9, 1), date(2030, 9, 1)),
        (date(2030, 12, 31), date(2030, 9, 1)),
    ],
)
def test_two_rounds_a_year(day, begun):
    assert round_of(day) == begun


def test_a_person_is_asked_once_about_all_places(clock):
    user = make_owner(make_organisation())
    make_affiliation(user, make_organisation("Example Service"))

    first, second = ask_who_is_still_here(), ask_who_is_still_here()

    assert (first, second) == (1, 0)
    assert [letter.to for letter in mail.outbox] == [["owner@example.org"]]
    assert "- Example Charity (Owner)" in mail.outbox[0].body
    assert "- Example Service (Participant)" in mail.outbox[0].body
    assert "http://127.0.0.1:8000/my/still-here/" in mail.outbox[0].body


def test_every_half_year_anew(clock):
    make_owner(make_organisation())

    sent = []
    for month in range(24):
        clock(SEPTEMBER + timedelta(days=30.5 * month))
        sent.append(ask_who_is_still_here())

    assert sum(sent) == 4


def test_a_round_caught_up_late_rests_before_the_next(clock):
    make_owner(make_organisation())
    clock(datetime(2031, 2, 20, tzinfo=UTC))
    late = ask_who_is_still_here()
    clock(datetime(2031, 3, 2, tzinfo=UTC))
    soon = ask_who_is_still_here()
    clock(datetime(2031, 5, 25, tzinfo=UTC))
    later = ask_who_is_still_here()

    assert (late, soon, later) == (1, 0, 1)


def test_who_is_not_asked(clock):
    organisation = make_organisation()
    make_affiliation(make_user(), organisation, started_at=SEPTEMBER - timedelta(hours=1))
    make_affiliation(make_user(is_active=False), organisation)
    make_affiliation(make_user(), organisation, ended_at=SEPTEMBER - timedelta(days=5))
    make_outsider()

    assert ask_who_is_still_here() == 0


def test_the_command_says_how_many(clock):
    make_owner(make_organisation())
    out = StringIO()

    call_command("ask_who_is_still_here", stdout=out)
    call_command("ask_who_is_still_here", stdout=out)

    assert out.getvalue() == "Letters sent: 1.\nLetters sent: 0.\n"


def test_a_letter_that_cannot_be_queued_is_sent_by_the_next_run(clock, monkeypatch):
    make_owner(make_organisation())
    with monkeypatch.context() as broken:
        broken.setattr("members.emails.post", lambda *letter: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            ask_who_is_still_here()

    assert (StillHere.objects.count(), ask_who_is_still_here()) == (0, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("guards", "count"), [("all", 1), ("law", 1), ("none", 2)])
def test_two_runs_at_once_send_one_letter(clock, monkeypatch, guards, count):
    make_owner(make_organisation())
    if guards != "all":
        without_row_locks(monkeypatch)
    lawless = without_key("members_stillhere", "affiliation_id", "round")

    with lawless if guards == "none" else nullcontext():
        _, second = race(ask_who_is_still_here, ask_who_is_still_here)

    assert len(mail.outbox) == count
    assert isinstance(second, IntegrityError) if guards == "law" else second == count - 1


def test_the_database_holds_the_ledger(clock):
    place = make_owner(make_organisation()).affiliations.get()
    ask_who_is_still_here()

    with pytest.raises(IntegrityError, match="still_here_asked_once"), transaction.atomic():
        StillHere.objects.create(affiliation=place, round=date(2030, 9, 1))


# -- Answering ------------------------------------------------------------------------------------


def test_opening_the_page_says_nothing_and_the_button_does(client):
    user = make_owner(make_organisation())
    StillHere.objects.create(affiliation=user.affiliations.get(), round=date(2030, 3, 1))
    client.force_login(user)

    home = client.get("/my/").content.decode()
    page = client.get("/my/still-here/").content.decode()
    before = StillHere.objects.get().answered_at
    done = client.post("/my/still-here/")
    after = client.get("/my/still-here/").content.decode()

    assert "Are you still here?" in home
    assert page.count("Yes, I am still here") == 1
    assert before is None
    assert done["Location"] == "/my/"
    assert StillHere.objects.get().answered_at is not None
    assert "You have answered." in after


def test_one_persons_answer_is_nobody_elses(client):
    organisation = make_organisation()
    owner, participant = make_owner(organisation), make_participant(organisation)
    for place in Affiliation.objects.all():
        StillHere.objects.create(affiliation=place, round=date(2030, 3, 1))

    assert confirm_still_here(participant) == 1
    assert StillHere.objects.filter(answered_at=None).get().affiliation.user == owner


def test_people_without_a_place_are_asked_nothing(client):
    client.force_login(make_outsider())

    assert "nothing to answer" in client.get("/my/still-here/").content.decode()


# -- The light ------------------------------------------------------------------------------------


def ask_long_ago(place, **fields):
    long_ago = timezone.now() - timedelta(days=61)
    return StillHere.objects.create(
        affiliation=place, round=date(2030, 3, 1), asked_at=long_ago, **fields
    )


def test_the_light_of_an_organisation():
    organisation = make_organisation()
    lights = [health_of(organisation).level]
    first = make_owner(organisation).affiliations.get()
    lights.append(health_of(organisation).level)
    second = make_affiliation(make_user(), organisation, Role.OWNER)
    lights.append(health_of(organisation).level)
    ask_long_ago(second)
    lights.append(health_of(organisation).level)
    ask_long_ago(first)
    lights.append(health_of(organisation).level)
    confirm_still_here(first.user)
    end_affiliation(second, by=first.user)
    lights.append(health_of(organisation).level)

    assert lights == ["red", "amber", "green", "amber", "red", "amber"]


@pytest.mark.parametrize(
    ("make", "sees"),
    [
        (make_owner, True),
        (make_participant, False),
        (lambda organisation: make_outsider(), False),
        (lambda organisation: None, False),
    ],
)
def test_only_owners_see_the_light(client, make, sees):
    organisation = make_organisation()
    user = make(organisation)
    if user:
        client.force_login(user)

    page = client.get(organisation.get_absolute_url()).content.decode()

    assert ("At risk: one owner only" in page) is sees
    assert ("Invite a second owner" in page) is sees


def test_the_people_page_shows_the_light_and_who_is_silent(client):
    organisation = make_organisation()
    client.force_login(make_owner(organisation))
    ask_long_ago(make_participant(organisation).affiliations.get())

    page = client.get(f"/my/organisations/{organisation.slug}/people/").content.decode()

    assert "At risk: one owner only" in page
    assert page.count("Has not said for 60 days") == 1


def test_of_two_owners_one_who_is_silent_is_named(client):
    organisation = make_organisation()
    client.force_login(make_owner(organisation))
    silent = make_affiliation(make_user("silent@example.org"), organisation, Role.OWNER)
    ask_long_ago(silent)

    page = client.get(organisation.get_absolute_url()).content.decode()

    assert "At risk: one owner answers" in page
    assert "No answer to “still here?” from silent@example.org." in page


def test_sixty_days_are_left_to_answer():
    organisation = make_organisation()
    place = make_owner(organisation).affiliations.get()
    StillHere.objects.create(affiliation=place, round=date(2030, 3, 1))

    assert health_of(organisation).silent == []
