"""One way to write down who did what."""

from members.models import AuditEvent


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
