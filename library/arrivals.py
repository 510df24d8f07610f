"""Noticing what is new: items that came into sight, whatever brought them there."""

from django.db import connection, transaction
from django.db.models import Max

from library.models import Arrival

# One writer at a time: then whoever remembers the highest number has seen all below it.
ONE_WRITER = "SELECT pg_advisory_xact_lock(hashtext('library.arrivals'))"

# A wider audience, or a new major version, is news again; a narrower audience is not.
NOTE = """
INSERT INTO library_arrival (item_id, audience, edition, noticed_at)
SELECT item.id, item.audience, coalesce(newest.edition, 0), clock_timestamp()
FROM library_item item
LEFT JOIN (
    SELECT item_id, max(number) AS edition FROM library_version WHERE is_major GROUP BY item_id
) newest ON newest.item_id = item.id
WHERE item.status = 'published'
    AND (item.visible_from IS NULL OR item.visible_from <= clock_timestamp())
    AND NOT EXISTS (
        SELECT FROM library_arrival known
        WHERE known.item_id = item.id AND known.audience IN (item.audience, 'public')
            AND known.edition = coalesce(newest.edition, 0)
    )
ORDER BY item.id
"""


@transaction.atomic
def note_arrivals():
    """Write down what came into sight since the last time; returns the highest number."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_WRITER)
        cursor.execute(NOTE)
    return Arrival.objects.aggregate(newest=Max("pk"))["newest"] or 0
