"""Two connections at once, in an order that never varies.

`RACES=1000 pytest tests/awards/test_release_races.py` provokes each race of `TIMES` that often.
"""

import os
import time
from contextlib import contextmanager
from threading import Event, Thread

from django.db import connection, transaction

PATIENCE = 10  # seconds
TIMES = int(os.environ.get("RACES", 1))
WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def race(first, second):
    """What came of two actions, each in its own transaction, the second begun within the first.

    The first commits once the second waits for it, or has ended without waiting. An outcome is
    what the action returned, or the exception that it raised.
    """
    outcomes, has_acted, may_commit = {}, Event(), Event()

    def run_first():
        with transaction.atomic():
            outcomes["first"] = first()
            has_acted.set()
            may_commit.wait(PATIENCE)

    def run_second():
        has_acted.wait(PATIENCE)
        with transaction.atomic():
            outcomes["second"] = second()

    threads = [Thread(target=_run, args=(run, outcomes)) for run in (run_first, run_second)]
    for thread in threads:
        thread.start()
    _wait_for(threads[1], has_acted)
    may_commit.set()
    for thread in threads:
        thread.join(PATIENCE)
    return outcomes["first"], outcomes["second"]


def _run(action, outcomes):
    try:
        action()
    except Exception as error:
        outcomes[action.__name__.removeprefix("run_")] = error
    finally:
        connection.close()


def _wait_for(thread, has_acted):
    has_acted.wait(PATIENCE)
    until = time.monotonic() + PATIENCE
    while thread.is_alive() and time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.002)


@contextmanager
def past_all_guards():
    """To set rows back as they were before a race: no trigger, no key looks on."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


@contextmanager
def without_trigger(name, table):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
        try:
            yield
        finally:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {name}")
