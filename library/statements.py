"""How the search asks Postgres: by statements with their values in them and a limit of time.

Values are written into each statement, since a plan that Postgres makes for any value is a hundred
times slower here, and the settings before it hold for that statement alone.
"""

from time import monotonic

from django.db import OperationalError, connection

SETTINGS = """
SET LOCAL jit = off; SET LOCAL work_mem = '64MB'; SET LOCAL plan_cache_mode = force_custom_plan;
SET LOCAL enable_seqscan = off; SET LOCAL statement_timeout = {patience};
"""
PATIENCE = 1_800  # milliseconds: with what goes before and after, no page takes over two seconds


class TakesTooLong(Exception):
    """Postgres gave up, or nothing was found in what there was time to look through."""


def written(sql, *parameters):
    """As `connection.ops.compose_sql`, without a cursor of Django's for each of a dozen pieces."""
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        return cursor.mogrify(sql, parameters).decode()


def ends_after(share=1):
    """The moment, by the clock of `monotonic`, when a share of the patience ends."""
    return monotonic() + PATIENCE * share / 1000


def run(sql, ends):
    """`ends`: the moment when the patience does."""
    patience = max(int((ends - monotonic()) * 1000), 1)
    try:
        with connection.cursor() as cursor:
            cursor.execute(SETTINGS.format(patience=patience) + sql)
            return cursor.fetchall()
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") == "57014":
            raise TakesTooLong from error
        raise
