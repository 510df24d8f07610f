"""One way to write down who did what, and to see whether the log is whole."""

from dataclasses import dataclass

from django.db import connection

from members.models import AuditEvent

FIRST_BROKEN = """
    SELECT id, place, problem FROM (
        SELECT id, place, CASE
            WHEN place IS NULL THEN 'it was never linked to the others'
            WHEN place <> coalesce(lag(place) OVER chain, 0) + 1 THEN 'what stood before it is gone'
            WHEN previous <> coalesce(lag(digest) OVER chain, '')
                THEN 'it does not follow from the one before it'
            WHEN salt = '' AND (title <> '' OR details <> '{}') THEN 'its words were changed'
            WHEN salt <> '' AND contents <> audit_event_contents(event)
                THEN 'its words were changed'
            WHEN digest <> audit_event_digest(event) THEN 'it was changed'
        END AS problem
        FROM members_auditevent event WINDOW chain AS (ORDER BY place)
    ) links
    WHERE problem IS NOT NULL ORDER BY place LIMIT 1
"""


def record(by, verb, thing, **details):
    """Add to the audit log that `by` (a user, or None for the portal itself) did `verb`."""
    return AuditEvent.objects.create(
        by=by,
        verb=verb,
        noun=thing._meta.label_lower,
        noun_id=str(thing.pk),
        title=str(thing)[:200],
        details=details,
    )


@dataclass(frozen=True)
class BrokenLink:
    event_id: int
    place: int | None
    problem: str


def first_broken_link():
    """The first event that is not as it was written, or None."""
    with connection.cursor() as cursor:
        cursor.execute(FIRST_BROKEN)
        row = cursor.fetchone()
    return BrokenLink(*row) if row else None


def head_of_chain():
    """Place and digest of the newest event. Whoever notes it elsewhere can ask for it later."""
    newest = AuditEvent.objects.exclude(place=None).order_by("-place").first()
    return f"{newest.place}:{newest.digest}" if newest else "0:"


def holds(head):
    """Whether the chain still goes through this `head` of an earlier day."""
    place, _, digest = head.partition(":")
    if place == "0":
        return True
    return place.isdecimal() and AuditEvent.objects.filter(place=place, digest=digest).exists()
