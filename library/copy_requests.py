"""What happens to readers' requests for copies: received once, answered with a letter."""

from functools import partial

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from cja_portal.kit.moves import ImpossibleMove
from cja_portal.kit.site import absolute
from library.models import CopyRequest
from library.models.copy_request import LENT_FOR
from members.audit import record
from members.emails import post
from members.models import KeepingTimes


def receive_copy_request(item, *, kind, email, text="", needed_by=None):
    """Keep a request; the same one again, while it waits, is one."""
    details = {"text": text, "needed_by": needed_by}
    request, _ = CopyRequest.objects.get_or_create(
        item=item, kind=kind, email=email.lower(), answered_at=None, defaults=details
    )
    return request


@transaction.atomic
def answer_copy_request(request, *, by, text, lent=None):
    """Write to whoever asked, lend a file of the work if there is one, and forget the address."""
    request.refresh_from_db(from_queryset=CopyRequest.objects.select_for_update())
    if request.answered_at:
        raise ImpossibleMove("This request has been answered already.")
    if not text.strip():
        raise ImpossibleMove("Write something: whoever asked will read it.")
    if lent and lent.item_id != request.item_id:
        raise ImpossibleMove("This file belongs to another work.")
    email = request.email
    request.answer, request.email = text.strip(), ""
    request.answered_at, request.answered_by = timezone.now(), by
    request.lent, request.lent_until = lent, timezone.now() + LENT_FOR if lent else None
    request.save()
    record(by, "library.answer-copy-request", request.item, lent=lent.name if lent else "")
    transaction.on_commit(partial(_write, request, email))


def _write(request, email):
    item = request.item
    context = {
        "request": request,
        "item": item,
        "link": absolute(item.get_absolute_url()),
        "loan": absolute(request.loan_address) if request.lent else "",
        "site": settings.SITE_ORIGIN,
    }
    body = render_to_string("library/emails/copy_answered.txt", context)
    post(f"Your request about: {item}", body, [email])


def old_copy_requests():
    """Those that were answered long ago."""
    return CopyRequest.objects.filter(answered_at__lt=timezone.now() - KeepingTimes.of("copies"))


def forget_copy_requests():
    """Delete requests that were answered long ago; returns how many."""
    return old_copy_requests().delete()[1].get("library.CopyRequest", 0)
