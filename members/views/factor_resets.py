"""For people whose phone or key is gone: asking, stopping it, doing it. None needs a login."""

from django.contrib.auth.decorators import login_not_required
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from cja_portal.kit.moves import ImpossibleMove
from cja_portal.kit.visitors import may_go_on
from members.actions.factor_resets import (
    ask_factor_reset,
    finish_factor_reset,
    read_finish_link,
    read_reset_link,
    read_stop_link,
    send_reset_link,
    stop_factor_reset,
)
from members.joining_forms import LostFactorForm, LostFactorLinkForm
from members.models import WaitingTimes
from members.views.invitations import leaves_no_trace
from members.views.joining import MOST_AN_HOUR, TOO_OFTEN

READ_AND_PRESS = ["GET", "HEAD", "POST"]


@login_not_required
@require_http_methods(READ_AND_PRESS)
def factor_lost(request):
    """Every address is answered alike."""
    form = LostFactorLinkForm(request.POST or None)
    is_sent = form.is_valid() and _send(request, form)
    context = {"form": form, "is_sent": is_sent}
    return TemplateResponse(request, "members/factor_lost.html", context)


def _send(request, form):
    if not may_go_on(request, "factor-lost", most=MOST_AN_HOUR, seconds=3600):
        form.add_error(None, TOO_OFTEN)
        return False
    send_reset_link(form.cleaned_data["email"])
    return True


@login_not_required
@require_http_methods(READ_AND_PRESS)
@leaves_no_trace
def factor_reset_ask(request, secret):
    """The page behind the link in the letter."""
    try:
        user, email = read_reset_link(secret)
        form = LostFactorForm(request.POST or None)
        is_done = form.is_valid() and bool(ask_factor_reset(user, email, **form.cleaned_data))
    except ImpossibleMove as error:
        return _closed(request, error)
    days = WaitingTimes.now().reset_days
    context = {"email": email, "form": form, "is_done": is_done, "days": days}
    return TemplateResponse(request, "members/factor_reset_ask.html", context)


@login_not_required
@require_http_methods(READ_AND_PRESS)
@leaves_no_trace
def factor_reset_stop(request, secret):
    """Scanners of mail read the page; only a person presses the button."""
    return _pressed(request, secret, read_stop_link, stop_factor_reset, "stop")


@login_not_required
@require_http_methods(READ_AND_PRESS)
@leaves_no_trace
def factor_reset_finish(request, secret):
    return _pressed(request, secret, read_finish_link, finish_factor_reset, "finish")


def _pressed(request, secret, read, act, name):
    try:
        reset = read(secret)
        if request.method == "POST":
            act(reset)
    except ImpossibleMove as error:
        return _closed(request, error)
    context = {"reset": reset, "is_done": request.method == "POST"}
    return TemplateResponse(request, f"members/factor_reset_{name}.html", context)


def _closed(request, error):
    context = {"reason": str(error)}
    return TemplateResponse(request, "members/factor_reset_closed.html", context, status=410)
