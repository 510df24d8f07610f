"""The pages of a locked round at its largest: `python -m tests.benchmarks.rounds`, on its own.

12 judges mark 60 entries on 5 criteria. Results are timed with nothing kept from before and, like
the meeting and what a judge follows of it, once the findings are kept.
"""

import random
import statistics
import time

from django.core.management import call_command

from tests.benchmarks.production import be_like_production

JUDGES, ENTRIES, VISITS = 12, 60, 30
WEIGHTS = [("Difference", 30), ("Part", 25), ("Reach", 20), ("Learning", 15), ("Care", 10)]
MOST_UNCACHED, MOST_P95, MOST_STATEMENTS = 1500, 200, 15


def main():
    be_like_production()
    call_command("collectstatic", interactive=False, verbosity=0)
    run()


def run():
    """Imports here: what they import reads the settings that `main` has just made."""
    from django.test.utils import override_settings, setup_databases, teardown_databases

    databases = setup_databases(verbosity=0, interactive=False)
    try:
        with override_settings(REQUIRE_SECOND_FACTOR=False):
            print(report())
    finally:
        teardown_databases(databases, verbosity=0)


def report():
    from django.core.cache import cache
    from django.urls import reverse

    round_, staff, judge = make_round()
    results, meeting = (
        reverse(f"admin:awards_round_{name}", args=[round_.uuid]) for name in ("results", "meeting")
    )
    followed = reverse("awards:judging-meeting", args=[round_.uuid])
    uncached = []
    for _ in range(5):
        cache.clear()
        uncached.append(milliseconds(staff, results))
    taken, worked = (statistics.median(times) for times in zip(*uncached, strict=True))
    lines = [
        f"{'Results, uncached':22} {taken:6.0f} ms (most {MOST_UNCACHED}), "
        f"processor {worked:.0f} ms",
        *(
            line(name, *visit)
            for name, visit in {
                "Results, kept": (staff, results),
                "Meeting": (staff, meeting),
                "What a judge follows": (judge, followed),
            }.items()
        ),
    ]
    return "\n".join([f"A round of {JUDGES} × {ENTRIES} × {len(WEIGHTS)}", *lines])


def make_round():
    """A locked final whose meeting has begun, a client for staff and one for a judge."""
    from awards.actions.meetings import hold_meeting, take_item
    from awards.models import Assignment, Mark, Round, Sheet
    from tests.awards.factories import announce, make_category, make_nomination, make_running_cycle
    from tests.awards.judging import begin_judging, make_judge, set_state
    from tests.factories import make_user

    chance = random.Random(2026)
    cycle = make_running_cycle(is_announced=False)
    category = make_category(cycle, "Example Largest", weights=WEIGHTS)
    announce(cycle)
    entries = [
        make_nomination(category, f"Example {number}", state="finalist")
        for number in range(ENTRIES)
    ]
    begin_judging(cycle)
    judges = [make_judge(cycle, limit=ENTRIES) for _ in range(JUDGES)]
    round_ = Round.objects.create(category=category, stage="final")
    keys = {"round": round_, "category": category}
    reads = Assignment.objects.bulk_create(
        Assignment(judge=judge, nomination=entry, **keys) for judge in judges for entry in entries
    )
    set_state(round_, "scoring")
    sheets = Sheet.objects.bulk_create(Sheet(assignment=one, category=category) for one in reads)
    Mark.objects.bulk_create(
        Mark(sheet=sheet, criterion=each, category=category, value=chance.randint(1, 5))
        for sheet in sheets
        for each in category.criteria.all()
    )
    _hand_in(Sheet.objects.filter(assignment__round=round_))
    set_state(round_, "locked")
    hold_meeting(round_, judges, by=judges[0].user)
    take_item(round_, entries[7], by=judges[0].user)
    staff = make_user(is_staff=True, is_superuser=True)
    return round_, client_of(staff), client_of(judges[0].user)


def _hand_in(sheets):
    from django.db.models import F
    from django.utils import timezone

    sheets.update(submitted_at=timezone.now(), version=F("version") + 1)


def client_of(user):
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    return client


def line(name, client, address):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    visits = [milliseconds(client, address) for _ in range(VISITS)]
    times, worked = zip(*visits, strict=True)
    with CaptureQueriesContext(connection) as context:
        client.get(address)
    p95 = statistics.quantiles(times, n=20)[-1]
    return (
        f"{name:22} {statistics.median(times):6.0f} ms, p95 {p95:.0f} (most {MOST_P95}), processor "
        f"{statistics.median(worked):.0f} ms, {len(context)} statements (most {MOST_STATEMENTS})"
    )


def milliseconds(client, address):
    """(by the clock, by our processor: the one that a busy machine does not stretch)"""
    start, work = time.perf_counter(), time.process_time()
    response = client.get(address)
    taken = (time.perf_counter() - start) * 1000, (time.process_time() - work) * 1000
    if response.status_code != 200:
        raise SystemExit(f"{address} answered {response.status_code}.")
    return taken


if __name__ == "__main__":
    main()
