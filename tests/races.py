"""Two connections at once, in an order that never varies."""

import time
from threading import Event, Thread

from django.db import connection, transaction

PATIENCE = 10  # seconds
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
        time.sleep(0.02)
