"""What the database and the retention rules hold of applications to join."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from members.actions.applying import (
    forget_contents,
    forget_drafts,
    submit_application,
    use_link,
    write_page,
)
from members.models import Application, ApplicationLink
from members.models.application import ApplicationError, ApplicationState
from tests.factories import make_application
from tests.races import race, without_row_locks

pytestmark = pytest.mark.django_db


# -- Laws and races -------------------------------------------------------------------------------


def test_the_database_holds_the_table_of_states():
    allowed = ApplicationState.next_states
    for here in ApplicationState.values:
        for there in set(ApplicationState.values) - {here}:
            until = {"deferred_until": "2030-01-01"} if here == "deferred" else {}
            application = make_application(f"{here}-{there}@example.org", state=here, **until)
            if there in allowed.get(here, ()):
                move(application, there)
                continue
            with pytest.raises(IntegrityError, match="cannot become"), transaction.atomic():
                move(application, there)
            with pytest.raises(ApplicationError, match="it cannot become"):
                application.move_to(there)


def move(application, state):
    now = timezone.now()
    Application.objects.filter(pk=application.pk).update(
        state=state,
        submitted_at=None if state == "draft" else now,
        closed_at=now if state in ApplicationState.closed_ones else None,
        deferred_until=now.date() if state == "deferred" else None,
    )


@pytest.mark.parametrize(
    ("law", "fields"),
    [
        ("application_sent_on_a_day", {"submitted_at": None}),
        ("application_closed_on_a_day", {"closed_at": timezone.now()}),
        ("application_deferred_until_a_day", {"deferred_until": "2030-01-01"}),
        ("application_declined_for_a_reason", {"decline_reason": "other"}),
    ],
)
def test_a_broken_law_is_held(law, fields):
    with pytest.raises(ValidationError):
        Application(**{"state": "submitted", "submitted_at": timezone.now()} | fields).full_clean()
    with pytest.raises(IntegrityError, match=law), transaction.atomic():
        make_application(**fields)


def attempt(action, *args):
    def act():
        return action(Application.objects.get(), *args)

    return act


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_guarded", [True, False])
def test_two_who_send_at_once_send_once(monkeypatch, is_guarded):
    make_application(state="draft")
    if not is_guarded:
        monkeypatch.setattr("members.actions.applying.lock_application", lambda application: None)

    first, second = race(attempt(submit_application), attempt(submit_application))

    steps = Application.objects.get().steps.count()
    assert first is None
    assert (steps, isinstance(second, ApplicationError)) == (
        (1, True) if is_guarded else (2, False)
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_guarded", [True, False])
def test_two_pages_written_at_once_are_both_kept(monkeypatch, is_guarded):
    make_application(state="draft")
    drafts = [Application.objects.get(), Application.objects.get()]
    if not is_guarded:
        monkeypatch.setattr("members.actions.applying.lock_application", lambda application: None)

    race(
        lambda: write_page(drafts[0], {"summary": "New."}),
        lambda: write_page(drafts[1], {"reasons": "New too."}),
    )

    answers = Application.objects.get().answers
    assert ((answers["summary"], answers["reasons"]) == ("New.", "New too.")) == is_guarded


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_guarded", [True, False])
def test_of_two_who_use_a_link_at_once_one_gets_in(monkeypatch, is_guarded):
    link = make_application(secret="a secret").links.get()
    again = ApplicationLink.objects.get()
    if not is_guarded:
        without_row_locks(monkeypatch)

    first, second = race(lambda: use_link(link), lambda: use_link(again))

    assert first is None
    assert isinstance(second, ApplicationError) == is_guarded


# -- Forgetting -----------------------------------------------------------------------------------


def test_old_drafts_are_deleted_and_others_stay():
    now = timezone.now()
    ages = {"a": (61, True), "b": (59, True), "c": (8, False), "d": (6, False)}
    for name, (days, is_opened) in ages.items():
        at = now - timedelta(days=days)
        times = {"touched_at": at, "opened_at": at if is_opened else None}
        make_application(f"{name}@example.org", state="draft", **times)
    make_application("e@example.org", touched_at=now - timedelta(days=400))

    assert forget_drafts(now) == 2
    kept = Application.objects.order_by("email").values_list("email", flat=True)
    assert [email[0] for email in kept] == ["b", "d", "e"]


def test_what_was_closed_a_year_ago_keeps_only_what_became_of_it():
    long_ago = timezone.now() - timedelta(days=366)
    old = make_application(
        "old@example.org", state="declined", closed_at=long_ago, decline_reason="other", secret="x"
    )
    old.steps.create(state="declined", words="Because.", note="A note.", answers={"name": "x"})
    make_application("b@example.org", state="declined")

    assert (forget_contents(timezone.now()), forget_contents(timezone.now())) == (1, 0)

    row = Application.objects.filter(pk=old.pk).values().get()
    kept = {"reference", "state", "decline_reason"}
    assert {name for name, value in row.items() if isinstance(value, str) and value} == kept
    assert list(old.steps.values_list("words", "note", "answers")) == [("", "", None)]
    assert (row["answers"], old.links.count()) == ({}, 0)
