"""One way to write down what happened in a year of awards."""

from awards.models import Event

STAFF, NOMINATOR, CO_EDITOR = "staff", "nominator", "co-editor"
NOMINEE, JUDGE, PORTAL = "nominee", "judge", "portal"


def note(cycle, verb, *, role, by=None, nomination=None, reason="", before="", after="", **details):
    """Add to the log; texts of nominations never go in."""
    return Event.objects.create(
        cycle=cycle,
        verb=verb,
        role=role,
        by=by,
        nomination=nomination,
        reason=reason,
        before=before,
        after=after,
        details=details,
    )


def note_of(nomination, verb, collaborator=None, **details):
    """The same by somebody who writes the nomination, or by the portal itself."""
    role = PORTAL
    if collaborator:
        role = NOMINATOR if collaborator.is_lead else CO_EDITOR
    by = collaborator.user if collaborator else None
    cycle = nomination.category.cycle
    return note(cycle, verb, role=role, by=by, nomination=nomination, **details)
