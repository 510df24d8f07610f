"""Complaints about how data are used: received from anybody, acknowledged at once, answered."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cja_portal.kit.moves import ImpossibleMove
from members.audit import record
from members.emails import write
from members.models import Complaint


@transaction.atomic
def receive_complaint(complaint):
    """Keep it and acknowledge it at once; the law allows 30 days for that (see the model)."""
    complaint.acknowledged_at = timezone.now()
    complaint.save()
    record(None, "members.receive_complaint", complaint)
    transaction.on_commit(lambda: _write("complaint_received", complaint))
    return complaint


@transaction.atomic
def answer_complaint(complaint, *, by, steps, outcome):
    """Tell the person what came of it. What they can do then stands in the letter."""
    locked = Complaint.objects.select_for_update().get(pk=complaint.pk)
    if locked.answered_at:
        raise ImpossibleMove("This complaint has been answered.")
    locked.steps, locked.outcome = steps, outcome
    locked.answered_at, locked.answered_by = timezone.now(), by
    locked.full_clean()
    locked.save()
    record(by, "members.answer_complaint", locked)
    transaction.on_commit(lambda: _write("complaint_answered", locked))


def _write(name, complaint):
    subject = f"Your complaint {complaint.reference}"
    context = {"complaint": complaint, "contact": settings.CONTACT_EMAIL}
    write(name, subject, [complaint.email], **context)
