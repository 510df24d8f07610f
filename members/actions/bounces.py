"""Letters that came back: noting them, and writing to an address again."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from members.audit import record
from members.bounce_reports import of_event
from members.models import Bounce
from members.models.bounce import BounceKind


@transaction.atomic
def note_bounce(report):
    """One row for each address: a worse report makes it worse, and staff see it again."""
    try:
        Bounce._meta.get_field("email").clean(report.email, None)
    except ValidationError:
        return None
    values = {"kind": report.kind, "reason": report.reason}
    rows = Bounce.objects.open().select_for_update()
    bounce, is_new = rows.get_or_create(email=report.email, defaults=values)
    if not is_new:
        _count(bounce, report)
    return bounce


def _count(bounce, report):
    was_dead = Bounce.objects.dead().filter(pk=bounce.pk).exists()
    bounce.times, bounce.last_at = bounce.times + 1, timezone.now()
    if _badness(report.kind) >= _badness(bounce.kind):
        bounce.kind, bounce.reason = report.kind, report.reason
    bounce.save()
    if not was_dead:
        Bounce.objects.dead().filter(pk=bounce.pk).update(seen_at=None)


def _badness(kind):
    return BounceKind.values.index(kind)


@transaction.atomic
def write_again(bounce, *, by):
    """Somebody knows that the address works."""
    Bounce.objects.open().filter(pk=bounce.pk).update(lifted_at=timezone.now())
    record(by, "members.write_again", bounce)


@transaction.atomic
def take_note(bounce, *, by):
    """Staff know of it, and nothing more is to do. The address gets no letters."""
    Bounce.objects.for_staff().filter(pk=bounce.pk).update(seen_at=timezone.now())
    record(by, "members.note_bounce", bounce)


def note_tracking_event(sender, event, **kwargs):
    """What a mail service told us; anymail has made sure that it was the service."""
    if report := of_event(event):
        note_bounce(report)
