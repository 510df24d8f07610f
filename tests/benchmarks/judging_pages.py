"""Pages of 12 judges who read 60 entries by 5 criteria: python -m tests.benchmarks.judging_pages

A generated round in a database of its own, dropped after it. Statements are all that a visit asks.
"""

import random
import statistics
import time
from importlib import import_module

from tests.benchmarks.production import be_like_production

JUDGES, ENTRIES, ROUNDS = 12, 60, 20
MOST_STATEMENTS, MOST_P95, LONGEST_PROPOSAL = 15, 200, 3_000  # milliseconds
WEIGHTS = tuple((f"Criterion {number}", 20) for number in range(1, 6))
SEED = 2026


def main():
    be_like_production()
    import_module("django.core.management").call_command(
        "collectstatic", interactive=False, verbosity=0
    )
    run()


def run():
    """What it imports reads the settings that `main` has just made."""
    from django.test.utils import setup_databases, teardown_databases

    databases = setup_databases(verbosity=0, interactive=False)
    try:
        print(report())
    finally:
        teardown_databases(databases, verbosity=0)


def report():
    user, keeper, round_ = fill(random.Random(SEED))
    reading = round_.assignments.filter(judge__user=user).first()
    judge, staff = client_of(user), client_of(keeper)
    desk = f"/admin/awards/round/{round_.pk}"
    pages = {
        "judge's home": (judge, "/awards/judging/", ROUNDS, MOST_P95),
        "judge's queue": (judge, f"/awards/judging/round/{round_.uuid}/", ROUNDS, MOST_P95),
        "sheet": (judge, f"/awards/judging/sheet/{reading.uuid}/", ROUNDS, MOST_P95),
        "progress, for staff": (staff, f"{desk}/change/", ROUNDS, MOST_P95),
        "proposal, for staff": (staff, f"{desk}/proposal/", 3, LONGEST_PROPOSAL),
    }
    lines = [line(name, *values) for name, values in pages.items()]
    head = f"{JUDGES} judges × {ENTRIES} entries × {len(WEIGHTS)} criteria"
    return "\n".join([f"{head:32} {'p95 ms':>8} {'asks':>5}", *lines])


def line(name, client, address, rounds, most):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(address)
    with CaptureQueriesContext(connection) as context:
        client.get(address)
    asks = sum("SAVEPOINT" not in one["sql"] for one in context.captured_queries)
    taken = statistics.quantiles([milliseconds(client, address) for _ in range(rounds)], n=20)[-1]
    is_within = taken <= most and asks <= MOST_STATEMENTS
    return f"{name:32} {taken:8.1f} {asks:5} {'within' if is_within else 'over'}"


def milliseconds(client, address):
    start = time.perf_counter()
    response = client.get(address)
    taken = (time.perf_counter() - start) * 1000
    if response.status_code != 200:
        raise SystemExit(f"{address} answered {response.status_code}.")
    return taken


def client_of(user):
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    import_module("tests.logins").sign_in(client, user)
    return client


def fill(chance):
    """(a judge's user, one of the staff, a sift that is half marked)"""
    from awards.models import Category
    from tests.awards import factories, judging
    from tests.factories import make_staff

    cycle = factories.make_running_cycle(is_announced=False)
    Category.objects.filter(cycle=cycle).delete()
    category = factories.make_category(cycle, weights=WEIGHTS)
    factories.announce(cycle)
    for number in range(ENTRIES):
        factories.make_nomination(category, f"Example {number:02}", state="screened-in")
    judging.begin_judging(cycle)
    judges = [judging.make_judge(cycle, limit=ENTRIES) for _ in range(JUDGES)]
    round_ = judging.make_round(category, judges=judges)
    for reading in round_.assignments.all():
        if chance.random() < 0.5:
            judging.make_sheet(reading, *(chance.randint(1, 5) for _ in WEIGHTS))
    return judges[0].user, make_staff(), round_


if __name__ == "__main__":
    main()
