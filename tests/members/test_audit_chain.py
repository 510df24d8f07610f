"""The audit log as a chain: whoever changes it past the triggers is found out."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, InternalError, connection, transaction

from members.audit import first_broken_link, head_of_chain, record
from members.models import AuditEvent
from tests.factories import make_staff, make_theme
from tests.races import race

pytestmark = pytest.mark.django_db
REFUSALS = (IntegrityError, InternalError)


def write_events(count=4):
    """As if each had come by a transaction of its own."""
    theme, staff = make_theme(), make_staff()
    for number in range(count):
        record(staff, "members.test", theme, number=number, text="“ü” \\ %s")
        link()
    return list(AuditEvent.objects.order_by("place"))


def link():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def tamper(statement, *values):
    """As a superuser of the database does it."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE members_auditevent DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        cursor.execute("ALTER TABLE members_auditevent ENABLE TRIGGER USER")


def verify(**options):
    out = StringIO()
    call_command("verify_audit", stdout=out, **options)
    return out.getvalue()


def test_each_event_holds_the_digest_of_the_one_before():
    events = write_events()

    assert [event.place for event in events] == [1, 2, 3, 4]
    assert [event.previous for event in events] == ["", *(one.digest for one in events[:-1])]
    assert verify() == f"4 events, unbroken; 0 without their names.\nHead: {head_of_chain()}\n"


def test_an_empty_log_is_unbroken():
    assert verify() == "0 events, unbroken; 0 without their names.\nHead: 0:\n"


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE members_auditevent SET verb = 'other' WHERE id = %s", "it was changed"),
        ("UPDATE members_auditevent SET by_id = NULL WHERE id = %s", "it was changed"),
        ("UPDATE members_auditevent SET at = now() WHERE id = %s", "it was changed"),
        ("UPDATE members_auditevent SET noun_id = '0' WHERE id = %s", "it was changed"),
        ("UPDATE members_auditevent SET title = 'x' WHERE id = %s", "its words were changed"),
        ("UPDATE members_auditevent SET details = '{}' WHERE id = %s", "its words were changed"),
        ("UPDATE members_auditevent SET salt = '' WHERE id = %s", "its words were changed"),
        (
            "UPDATE members_auditevent SET place = NULL WHERE id = %s",
            "what stood before it is gone",
        ),
        ("DELETE FROM members_auditevent WHERE id = %s", "what stood before it is gone"),
    ],
)
def test_the_first_broken_link_is_named(statement, problem):
    second, third = write_events()[1:3]

    tamper(statement, second.pk)

    broken = third if "gone" in problem else second
    with pytest.raises(CommandError, match=f"Event {broken.pk} .*{problem}"):
        verify()


def test_an_event_that_was_slipped_in_is_found():
    write_events(2)

    tamper(
        "INSERT INTO members_auditevent (at, verb, noun, noun_id, title, details, salt, contents, "
        "previous, digest) VALUES (now(), 'x', 'x', '1', 'x', '{}', 'x', '', '', '')"
    )

    assert first_broken_link().problem == "it was never linked to the others"


def test_a_link_that_was_made_to_fit_breaks_the_next():
    """Whoever mends the digest of the row they changed must rewrite all that follow."""
    second, third = write_events()[1:3]

    tamper("UPDATE members_auditevent SET verb = 'other' WHERE id = %s", second.pk)
    tamper(
        "UPDATE members_auditevent e SET digest = audit_event_digest(e) WHERE id = %s", second.pk
    )

    assert first_broken_link().event_id == third.pk


def test_a_log_cut_at_its_end_is_found_by_its_noted_head():
    last = write_events()[-1]
    noted = head_of_chain()

    tamper("DELETE FROM members_auditevent WHERE id = %s", last.pk)

    assert first_broken_link() is None
    with pytest.raises(CommandError, match="was cut or rewritten"):
        verify(expect=noted)


@pytest.mark.parametrize("head", ["1:0", "x", "", "-1:"])
def test_a_head_that_was_never_noted_is_not_in_the_log(head):
    write_events(1)

    if head:
        with pytest.raises(CommandError):
            verify(expect=head)
    assert verify(expect=head_of_chain())


def test_names_can_be_forgotten_and_the_chain_holds():
    second = write_events()[1]

    AuditEvent.objects.filter(pk=second.pk).forget()

    event = AuditEvent.objects.get(pk=second.pk)
    assert (event.title, event.details, event.salt) == ("", {}, "")
    assert str(event) == "members.test: what named people is erased"
    assert "1 without their names" in verify()


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "", "details": {}},
        {"title": "", "details": {}, "salt": "", "verb": "other"},
        {"title": "other", "details": {}, "salt": ""},
        {"place": None},
        {"at": datetime(2020, 1, 1, tzinfo=UTC)},
    ],
)
def test_nothing_else_can_be_changed(fields):
    write_events(1)

    with pytest.raises(REFUSALS, match="only grows"), transaction.atomic():
        AuditEvent.objects.update(**fields)


# -- At once --------------------------------------------------------------------------------------


def record_and_link():
    event = record(None, "members.test", make_theme(f"Theme {AuditEvent.objects.count()}"))
    link()
    return event


@pytest.mark.django_db(transaction=True)
def test_two_who_write_at_once_make_one_chain():
    race(record_and_link, record_and_link_other)

    places = list(AuditEvent.objects.order_by("place").values_list("place", flat=True))
    assert (places, first_broken_link()) == ([1, 2], None)


def record_and_link_other():
    record(None, "members.test", make_theme("Another theme"))
    link()


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_they_would_not():
    with without_the_lock():
        outcomes = race(record_and_link, record_and_link_other)

    assert isinstance(outcomes[1], IntegrityError)


@contextmanager
def without_the_lock():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('audit_event_link'::regproc)")
        definition = cursor.fetchone()[0]
        unguarded = definition.replace("PERFORM pg_advisory_xact_lock", "PERFORM length('x'); --")
        cursor.execute(unguarded)
        yield
        cursor.execute(definition)


@pytest.mark.django_db(transaction=True)
def test_a_crowd_makes_one_chain():
    theme = make_theme()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: _write_some(theme), range(8)))

    assert AuditEvent.objects.order_by("-place").first().place == 40
    assert first_broken_link() is None


def _write_some(theme):
    try:
        for _ in range(5):
            with transaction.atomic():
                record(None, "members.test", theme)
    finally:
        connection.close()
