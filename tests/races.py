"""Two connections at once, in an order that never varies.

`RACES=1000 pytest tests/awards/test_release_races.py` provokes each race of `TIMES` that often,
over two connections that are kept: a new one would compile every trigger anew.
"""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

from django.db import connection, transaction
from django.db.models import QuerySet

PATIENCE = 10  # seconds
TIMES = int(os.environ.get("RACES", 1))
THREADS = [ThreadPoolExecutor(max_workers=1) for _ in range(2)]
KEY = """
    SELECT conname FROM pg_constraint
    WHERE conrelid = %s::regclass AND contype = 'u' AND %s = (
        SELECT array_agg(attname::text) FROM pg_attribute
        WHERE attrelid = conrelid AND attnum = ANY (conkey))
"""
LAW = """
    SELECT pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid = %s::regclass AND conname = %s
"""
WAITING = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def race(first, second):
    """What came of two actions, each in its own transaction, the second begun within the first.

    The first commits once the second waits for it, or has ended without waiting. An outcome is
    what the action returned, or the exception that it raised.
    """
    has_acted, may_commit = Event(), Event()

    def run_first():
        try:
            with transaction.atomic():
                outcome = first()
                has_acted.set()
                may_commit.wait(PATIENCE)
            return outcome
        finally:
            has_acted.set()

    def run_second():
        has_acted.wait(PATIENCE)
        with transaction.atomic():
            return second()

    runs = [
        thread.submit(_run, action)
        for thread, action in zip(THREADS, (run_first, run_second), strict=True)
    ]
    _wait_for(runs[1], has_acted)
    may_commit.set()
    return tuple(run.exception(PATIENCE) or run.result() for run in runs)


def _run(action):
    try:
        return action()
    finally:
        if TIMES == 1:
            connection.close()


def _wait_for(run, has_acted):
    has_acted.wait(PATIENCE)
    until = time.monotonic() + PATIENCE
    while not run.done() and time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
        time.sleep(0.002)


def without_row_locks(monkeypatch):
    """Each reads what stands there without waiting for the other: what rows' locks are for."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_: rows.all())


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


@contextmanager
def without_index(name):
    """As `without_key`, for a law that a unique index holds: leave no rows that break it."""
    definition = _one("SELECT pg_get_indexdef(%s::regclass)", [name])
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {name}")
        try:
            yield
        finally:
            cursor.execute(definition)


def without_key(table, *columns):
    """As `without_law`, for the key of these columns."""
    return without_law(table, _one(KEY, [table, list(columns)]))


@contextmanager
def without_law(table, name):
    """The table is empty afterwards: the law would refuse what came in meanwhile."""
    definition = _one(LAW, [table, name])
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        try:
            yield
        finally:
            cursor.execute(f"TRUNCATE {table} CASCADE")
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def _one(statement, values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]
