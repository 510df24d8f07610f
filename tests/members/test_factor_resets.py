import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail, signing
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from members.actions.factor_resets import (
    STOPS,
    FactorResetError,
    ask_factor_reset,
    confirm_factor_reset,
    finish_factor_reset,
    refuse_factor_reset,
    stop_factor_reset,
)
from members.models import FactorReset, WaitingTimes
from tests.factories import make_outsider, make_staff, make_user
from tests.logins import PASSWORD, log_in, set_up_app, sign_in
from tests.races import race

pytestmark = pytest.mark.django_db

ASK = "/lost-second-step/"
NEW, OLD = "outsider@example.org", "older@example.org"


@pytest.fixture(autouse=True)
def _letters_go_out(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        yield


def somebody(**fields):
    """With an app, and two addresses."""
    user = make_outsider(password=PASSWORD, **fields)
    EmailAddress.objects.create(user=user, email=OLD, verified=True)
    set_up_app(user)
    return user


def two_staff(**fields):
    return [make_staff(email=f"{name}@example.org", **fields) for name in ("first", "second")]


def make_reset(user=None, **fields):
    user = user or somebody()
    return FactorReset.objects.create(user=user, email=user.email, words="Call us.", **fields)


def confirmed(user=None, *, days_ago=0):
    """By two members of staff, so many days ago."""
    first, second = two_staff()
    at = timezone.now() - timedelta(days=days_ago)
    opens_at = at + timedelta(days=2)
    return make_reset(
        user, first_by=first, second_by=second, confirmed_at=at, opens_at=opens_at, asked_at=at
    )


def link_in(letter):
    return urlsplit(re.search(r"http\S+", letter.body)[0]).path


# -- The whole way --------------------------------------------------------------------------------


def test_the_whole_way_from_the_lost_phone_to_a_new_login(
    client, django_capture_on_commit_callbacks, monkeypatch
):
    def done(act):
        """The letters of it: to whom, and where they lead."""
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            act()
        return {
            (letter.to[0], link_in(letter).split("/")[-2:][0]): letter for letter in mail.outbox
        }

    user, device, (first, second) = somebody(), Client(), two_staff()

    [asked] = done(lambda: client.post(ASK, {"email": NEW.upper()})).values()
    told = done(lambda: client.post(link_in(asked), {"words": "Call 020 7946 0000."}))
    reset = FactorReset.objects.get()
    alone = done(lambda: confirm_factor_reset(reset, by=first))
    both = done(lambda: confirm_factor_reset(reset, by=second))
    finish = link_in(both[NEW, "finish"])
    too_early = client.post(finish)
    later = timezone.now() + timedelta(days=2, minutes=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    looked = client.get(finish).status_code
    kept = Authenticator.objects.count()
    done(lambda: client.post(finish))

    assert set(told) == {(NEW, "stop"), (OLD, "stop")}
    assert alone == {}
    assert set(both) == {(NEW, "stop"), (OLD, "stop"), (NEW, "finish")}
    assert (too_early.status_code, looked, kept) == (410, 200, 1)
    assert sorted(letter.to[0] for letter in mail.outbox) == [OLD, NEW]
    assert Authenticator.objects.count() == 0
    assert log_in(device, user)["Location"] == "/my/"


# -- Asking ---------------------------------------------------------------------------------------


def test_known_and_unknown_addresses_are_answered_alike():
    somebody()
    make_user("without@example.org")
    answers = set()
    for email in [NEW, "without@example.org", "unknown@example.org"]:
        page = Client().post(ASK, {"email": email})
        answers.add((page.status_code, page.content.decode().replace(email, "ADDRESS")))

    assert len(answers) == 1
    assert [letter.to for letter in mail.outbox] == [[NEW]]


def test_an_address_gets_three_links_a_day():
    somebody()

    for _ in range(5):
        Client().post(ASK, {"email": NEW})

    assert len(mail.outbox) == 3


def test_strangers_cannot_ask_by_guessing_the_address_of_the_page(client):
    somebody()

    assert client.post(f"{ASK}wrong/", {"words": "It is me."}).status_code == 410
    assert not FactorReset.objects.exists()


def test_it_is_asked_for_once_at_a_time():
    reset = make_reset()

    with pytest.raises(FactorResetError, match="asked already"):
        ask_factor_reset(reset.user, NEW, words="Again.")
    with pytest.raises(IntegrityError, match="factor_reset_one_open"), transaction.atomic():
        make_reset(reset.user)


# -- Two members of staff -------------------------------------------------------------------------


def test_the_same_person_cannot_confirm_twice():
    reset, (first, _) = make_reset(), two_staff()
    confirm_factor_reset(reset, by=first)

    with pytest.raises(FactorResetError, match="somebody else"):
        confirm_factor_reset(reset, by=first)

    reset.refresh_from_db()
    assert reset.second_by is None


@pytest.mark.django_db(transaction=True)
def test_two_presses_of_one_person_at_once_count_once(transactional_db):
    reset, (first, _) = make_reset(), two_staff()

    outcomes = race(
        lambda: confirm_factor_reset(FactorReset.objects.get(), by=first),
        lambda: confirm_factor_reset(FactorReset.objects.get(), by=first),
    )

    reset.refresh_from_db()
    assert [type(one) for one in outcomes] == [type(None), FactorResetError]
    assert (reset.first_by, reset.second_by) == (first, None)


@pytest.mark.parametrize(
    ("who", "law"),
    [
        (lambda reset, first, second: (first, first), "takes_two_people"),
        (lambda reset, first, second: (None, second), "takes_two_people"),
        (lambda reset, first, second: (reset.user, second), "is_not_one_s_own"),
        (lambda reset, first, second: (first, reset.user), "is_not_one_s_own"),
    ],
)
def test_the_database_wants_two_others(who, law):
    reset = make_reset()
    reset.first_by, reset.second_by = who(reset, *two_staff())
    reset.confirmed_at, reset.opens_at = timezone.now(), timezone.now() + timedelta(days=1)

    with pytest.raises(IntegrityError, match=law), transaction.atomic():
        reset.save()


@pytest.mark.parametrize(
    ("fields", "law"),
    [
        ({"outcome": "done"}, "ends_in_order"),
        ({"outcome": "done", "ended_at": timezone.now()}, "ends_in_order"),
        ({"ended_at": timezone.now()}, "ends_in_order"),
        ({"opens_at": timezone.now()}, "leaves_time_to_stop_it"),
    ],
)
def test_the_database_ends_it_in_order_alone(fields, law):
    reset = confirmed()
    if law == "leaves_time_to_stop_it":
        fields = {"confirmed_at": timezone.now()} | fields

    with pytest.raises(IntegrityError, match=law), transaction.atomic():
        FactorReset.objects.filter(pk=reset.pk).update(**fields)


@pytest.mark.parametrize(
    ("by", "whose", "may"),
    [
        ({}, {}, True),
        ({"is_superuser": True}, {"is_superuser": True}, True),
        ({}, {"is_superuser": True}, False),
        ({"is_staff": False}, {}, False),
        ({"is_active": False}, {}, False),
    ],
)
def test_who_confirms(by, whose, may):
    reset = make_reset(somebody(is_staff=True, **whose))
    staff = make_staff(**by)

    if may:
        confirm_factor_reset(reset, by=staff)
    else:
        with pytest.raises(FactorResetError, match="administrators"):
            confirm_factor_reset(reset, by=staff)


def test_staff_do_not_decide_about_themselves():
    staff = somebody(is_staff=True)

    with pytest.raises(FactorResetError, match="themselves"):
        confirm_factor_reset(make_reset(staff), by=staff)


def test_the_days_are_those_that_staff_set():
    WaitingTimes.objects.update(reset_days=5)
    reset, (first, second) = make_reset(), two_staff()

    for staff in (first, second):
        confirm_factor_reset(reset, by=staff)

    assert reset.opens_at - reset.confirmed_at == timedelta(days=5)


def test_staff_confirm_and_refuse_in_the_admin(client):
    reset, (first, second) = make_reset(), two_staff()
    address = "/admin/members/factorreset/"
    for staff in (first, second):
        sign_in(client, staff)
        client.post(address, {"action": "confirm", "_selected_action": [reset.pk]})

    reset.refresh_from_db()
    shown = client.get(address).content.decode()

    assert (reset.first_by, reset.second_by) == (first, second)
    assert "Confirmed by both" in shown
    assert client.get(f"{address}?waits=staff").context["cl"].result_count == 0


def test_a_refusal_says_that_nothing_changed():
    reset = make_reset()

    refuse_factor_reset(reset, by=make_staff())

    assert (reset.outcome, reset.words) == ("refused", "")
    with pytest.raises(FactorResetError):
        confirm_factor_reset(reset, by=make_staff(email="late@example.org"))


# -- It was not me --------------------------------------------------------------------------------


def test_any_known_address_stops_it_with_one_press_and_no_login(
    django_capture_on_commit_callbacks,
):
    user = somebody()
    with django_capture_on_commit_callbacks(execute=True):
        ask_factor_reset(user, NEW, words="Call.")
    address = next(link_in(letter) for letter in mail.outbox if letter.to == [OLD])

    scanned = Client().get(address)
    still_open = FactorReset.objects.open().exists()
    stopped = Client().post(address)
    again = Client().post(address)

    assert (scanned.status_code, still_open) == (200, True)
    assert "It is stopped" in stopped.content.decode()
    assert again.status_code == 410
    assert FactorReset.objects.get().outcome == "stopped"


def test_what_was_stopped_is_never_done():
    reset = confirmed(days_ago=3)
    stop_factor_reset(reset)

    with pytest.raises(FactorResetError):
        finish_factor_reset(reset)

    assert Authenticator.objects.exists()


@pytest.mark.parametrize(("days_ago", "opens"), [(1, False), (3, True), (15, True), (17, False)])
def test_when_it_can_be_done(days_ago, opens):
    reset = confirmed(days_ago=days_ago)

    if opens:
        finish_factor_reset(reset)
    else:
        with pytest.raises(FactorResetError):
            finish_factor_reset(reset)

    assert Authenticator.objects.exists() is not opens


def test_what_was_not_used_in_its_days_can_be_asked_for_again():
    old = confirmed(days_ago=17)

    new = ask_factor_reset(old.user, NEW, words="Again.")

    old.refresh_from_db()
    assert (old.outcome, new.outcome) == ("expired", "")


def test_staff_whose_session_proved_nothing_can_still_stop_it(client):
    reset = make_reset(somebody(is_staff=True))
    client.force_login(reset.user)
    address = f"{ASK}{signing.dumps(str(reset.uuid), salt=STOPS)}/stop/"

    assert client.post(address).status_code == 200
    assert FactorReset.objects.get().outcome == "stopped"


def test_it_ends_all_sessions(client):
    user = somebody()
    sign_in(client, make_user("other@example.org"))
    lost, found = Client(), client
    Authenticator.objects.filter(user=user).delete()
    log_in(lost, user)
    lost.get("/my/")

    finish_factor_reset(confirmed(user, days_ago=3))

    assert (lost.get("/my/").status_code, found.get("/my/").status_code) == (302, 200)


def test_the_operator_lets_the_last_administrator_in_again():
    somebody(is_staff=True, is_superuser=True)

    call_command("remove_second_step", NEW)

    assert not Authenticator.objects.exists()
