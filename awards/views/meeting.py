"""The meeting, as a judge follows it on a screen of their own."""

from django.template.response import TemplateResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from awards.seat import seat_of


@require_safe
@cache_control(no_store=True, private=True)
def judging_meeting(request, uuid):
    """Read only; nothing of an entry that the judge has an interest in, or has not marked."""
    seat = seat_of(request.user, uuid)
    context = {"seat": seat, "round": seat.round, "category": seat.round.category}
    return TemplateResponse(request, "awards/judging_meeting.html", context)
