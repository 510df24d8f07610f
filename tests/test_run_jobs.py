"""What cron does: every job is named once in the table and in the README, and fails alone."""

import re
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F

from awards.models import Cycle
from cja_portal.management.commands import run_jobs
from tests.awards.results import make_sealed_category

pytestmark = pytest.mark.django_db
README = Path(__file__).parent.parent / "README.md"


@pytest.mark.parametrize("often", run_jobs.JOBS)
def test_all_jobs_run_on_an_empty_portal(often):
    call_command("run_jobs", often, stdout=StringIO(), stderr=StringIO())


def test_the_minute_s_jobs_release_a_result_whose_moment_has_come():
    make_sealed_category()
    Cycle.objects.update(results_at=F("closes_at") + timedelta(minutes=5))
    told = StringIO()

    call_command("run_jobs", "minute", stdout=told)

    assert "Categories released: 1." in told.getvalue()


def test_a_job_that_fails_stops_no_other_and_is_named(monkeypatch):
    monkeypatch.setattr(run_jobs, "JOBS", {"week": ["no_such_job", "release_results"]})
    told = StringIO()

    with pytest.raises(CommandError, match="Failed: no_such_job"):
        call_command("run_jobs", "week", stdout=told)

    assert "Categories released: 0." in told.getvalue()


def test_the_readme_tells_of_every_job_and_how_often():
    rows = re.findall(r"\| (minute|hour|day|week) \| `(\w+)` \|", README.read_text())

    assert sorted(rows) == sorted(
        (often, job) for often, jobs in run_jobs.JOBS.items() for job in jobs
    )
