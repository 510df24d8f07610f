from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from cja_portal.privacy.retention import JOBS, table
from members.audit import first_broken_link, record
from members.models import (
    Affiliation,
    AuditEvent,
    Claim,
    Complaint,
    Invitation,
    JoinRequest,
    KeepingTimes,
)
from members.models.keeping import PERIODS
from tests.factories import (
    make_affiliation,
    make_invitation,
    make_join_request,
    make_organisation,
    make_staff,
    make_theme,
    make_user,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()
JUST, LONG = NOW - timedelta(days=364), NOW - timedelta(days=366)


def make_rows(moment):
    """One row for each of our own rules, whose time began then."""
    organisation = make_organisation()
    person = {"email": "reader@example.org", "name": "Reader", "message": "Hello."}
    make_affiliation(make_user(), organisation, job_title="Policy lead", ended_at=moment)
    make_invitation("reader@example.org", expires_at=moment)
    decided = {"outcome": "declined", "decided_at": moment}
    make_join_request(organisation, "reader@example.org", **decided)
    days = {"claimed_at": moment - timedelta(days=9), "opens_at": moment - timedelta(days=2)}
    decided = {"state": "refused", "decided_at": moment}
    Claim.objects.create(organisation=organisation, **person, **days, **decided)
    Complaint.objects.create(
        email="reader@example.org", text="It is wrong.", outcome="Mended.", answered_at=moment
    )


def names_left():
    return [
        *Affiliation.objects.exclude(job_title="").values_list("job_title", flat=True),
        *(
            email
            for model in (Invitation, JoinRequest, Claim, Complaint)
            for email in model.objects.values_list("email", flat=True)
        ),
    ]


def test_what_was_kept_for_a_year_loses_its_names():
    make_rows(LONG)

    call_command("keep_only_needed")

    assert names_left() == ["erased@erased.invalid"] * 4


def test_what_was_not_kept_so_long_stays():
    make_rows(JUST)

    call_command("keep_only_needed")

    assert names_left() == ["Policy lead", *["reader@example.org"] * 4]


def test_a_dry_run_counts_and_changes_nothing(capsys):
    make_rows(LONG)
    before = names_left()

    call_command("keep_only_needed", dry_run=True)

    lines = capsys.readouterr().out.splitlines()
    assert sum(line.split()[0] == "1" for line in lines) == 5
    assert (names_left(), len(lines)) == (before, len(JOBS))


def test_old_events_lose_their_names_and_the_chain_holds():
    event = record(None, "members.test", make_theme())
    old = AuditEvent.objects.create(
        at=NOW - timedelta(days=6 * 365 + 1), verb="x", noun="x", noun_id="1", title="Reader"
    )
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    call_command("keep_only_needed")

    event.refresh_from_db()
    old.refresh_from_db()
    assert (event.title, old.title) == ("Policing", "")
    assert first_broken_link() is None


def test_the_public_page_shows_the_very_table(client):
    page = client.get("/privacy/").content.decode()

    assert all(what in page and kept in page for what, kept, _ in table())
    assert "/privacy/complaint/" in page


def test_only_the_times_that_the_notice_names_are_fixed():
    fixed = {rule.what for rule in JOBS if not rule.period}

    assert fixed == {
        "Sessions, also of visitors without an account",
        "Shelves of visitors without an account",
        "Searches saved with an address that nobody confirmed",
    }
    assert len(fixed) < len(JOBS) / 2


# -- What staff choose ----------------------------------------------------------------------------

TIMES = "/admin/members/keepingtimes/1/change/"


@pytest.fixture
def staff(client, settings):
    settings.REQUIRE_SECOND_FACTOR = False
    client.force_login(make_staff())
    return {name: str(period[1]) for name, period in PERIODS.items()}


def test_the_job_and_the_public_table_follow_what_staff_chose(client, staff):
    make_rows(NOW - timedelta(days=200))

    client.post(TIMES, staff | {"complaints": "180", "names": "2555"})
    call_command("keep_only_needed")

    page = client.get("/privacy/").content.decode()
    assert names_left() == ["Policy lead", *["reader@example.org"] * 3, "erased@erased.invalid"]
    assert "180 days after the answer" in page
    assert "seven years; that it was done" in page
    assert AuditEvent.objects.get(verb="members.set_keeping_times").details == {
        "complaints": 180,
        "names": 2555,
    }


@pytest.mark.parametrize(("name", "days"), [("letters", "1"), ("sessions", "181"), ("names", "")])
def test_no_period_leaves_its_limits(client, staff, name, days):
    page = client.post(TIMES, staff | {name: days})

    assert list(page.context["errors"]) != []
    assert KeepingTimes.now().names == 6 * 365


def test_the_database_holds_the_limits():
    with pytest.raises(IntegrityError, match="keeping_times_in_reason"), transaction.atomic():
        KeepingTimes.objects.update(letters=400)
