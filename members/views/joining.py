"""Asking to be let in, claiming what has no owner, and an owner's answer."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_POST

from cja_portal.kit.moves import ImpossibleMove
from cja_portal.kit.visitors import may_go_on
from members.actions.claims import (
    claim_organisation,
    is_orphaned,
    object_to_claim,
    read_objection_link,
)
from members.actions.join_requests import (
    accept_join_request,
    decline_join_request,
    read_join_link,
    request_to_join,
    send_join_link,
)
from members.joining_forms import JoinLinkForm, JoinRequestForm, ObjectionForm
from members.models import Organisation, Role, WaitingTimes
from members.permissions import needs_role
from members.views.invitations import leaves_no_trace

MOST_AN_HOUR = 10
TOO_OFTEN = "That was too often. Wait an hour and try again."


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def join_ask(request, slug):
    """Every address is answered alike: who reads the page learns nothing of the organisation."""
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), slug=slug)
    form = JoinLinkForm(request.POST or None)
    is_sent = form.is_valid() and _send(request, organisation, form)
    context = {"organisation": organisation, "form": form, "is_sent": is_sent}
    return TemplateResponse(request, "members/join_ask.html", context)


def _send(request, organisation, form):
    if not may_go_on(request, "join-link", most=MOST_AN_HOUR, seconds=3600):
        form.add_error(None, TOO_OFTEN)
        return False
    send_join_link(organisation, form.cleaned_data["email"])
    return True


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@leaves_no_trace
def join_confirm(request, secret):
    """The page behind the link in the letter: a request, or a claim where no owner answers."""
    try:
        organisation, email = read_join_link(secret)
    except ImpossibleMove as error:
        return _closed(request, error)
    is_claim = is_orphaned(organisation)
    form = JoinRequestForm(request.POST or None)
    is_done = form.is_valid() and _ask(form, organisation, email, is_claim)
    context = {
        "organisation": organisation,
        "email": email,
        "is_claim": is_claim,
        "days": WaitingTimes.now().claim_days,
        "form": form,
        "is_done": is_done,
    }
    return TemplateResponse(request, "members/join_confirm.html", context)


def _ask(form, organisation, email, is_claim):
    act = claim_organisation if is_claim else request_to_join
    try:
        act(organisation, email, **form.cleaned_data)
    except ImpossibleMove as error:
        form.add_error(None, str(error))
        return False
    return True


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@leaves_no_trace
def claim_object(request, secret):
    """Reading the page changes nothing; the button does."""
    try:
        claim, email = read_objection_link(secret)
    except ImpossibleMove as error:
        return _closed(request, error)
    form = ObjectionForm(request.POST or None)
    is_done = form.is_valid() and _object(form, claim, email)
    context = {"claim": claim, "form": form, "is_done": is_done}
    return TemplateResponse(request, "members/claim_object.html", context)


def _object(form, claim, email):
    try:
        object_to_claim(claim, email, **form.cleaned_data)
    except ImpossibleMove as error:
        form.add_error(None, str(error))
        return False
    return True


def _closed(request, error):
    context = {"reason": str(error)}
    return TemplateResponse(request, "members/join_closed.html", context, status=410)


@needs_role(Role.OWNER)
@require_POST
def join_request_change(request, organisation, uuid):
    """Let somebody in, or not."""
    asked = get_object_or_404(organisation.join_requests.waiting(), uuid=uuid)
    lets_in = request.POST.get("do") == "accept"
    try:
        (accept_join_request if lets_in else decline_join_request)(asked, by=request.user)
    except ImpossibleMove as error:
        messages.error(request, str(error))
    else:
        done = f"The invitation to {asked.email} is on its way." if lets_in else "Declined."
        messages.success(request, done)
    return redirect("members:people-list", organisation.slug)
