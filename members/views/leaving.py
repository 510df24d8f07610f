"""Leaving an organisation, and saying that one is still there."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from members.actions.affiliations import AffiliationError, ask_to_leave
from members.actions.leaving import hand_over_and_leave
from members.actions.still_here import confirm_still_here
from members.joining_forms import HandoverForm
from members.models import Affiliation, Role, StillHere


@require_http_methods(["GET", "HEAD", "POST"])
def organisation_leave(request, slug):
    """First who takes over, then a look at what will happen, then the press that does it."""
    held = Affiliation.objects.current().filter(user=request.user)
    places = held.select_related("organisation", "user")
    affiliation = get_object_or_404(places, organisation__slug=slug)
    if request.POST.get("do") == "ask":
        return _ask_staff(request, affiliation)
    needs_owner = _is_last_owner(affiliation)
    data = request.POST if request.method == "POST" else None
    form = HandoverForm(data, affiliation=affiliation, needs_owner=needs_owner)
    step = "check" if form.is_valid() and request.POST.get("do") != "back" else "choose"
    if step == "check" and request.POST.get("do") == "leave" and _leave(request, form):
        return redirect("members:my-home")
    context = {
        "affiliation": affiliation,
        "organisation": affiliation.organisation,
        "form": form,
        "is_stuck": needs_owner and not form.colleagues,
        "handed": _in_words(form) if step == "check" else [],
        "step": step,
    }
    return TemplateResponse(request, "members/organisation_leave.html", context)


def _is_last_owner(affiliation):
    others = affiliation.organisation.affiliations.owning().exclude(pk=affiliation.pk)
    return affiliation.has_role(Role.OWNER) and not others.exists()


def _in_words(form):
    return [(Role(role).label, place.user) for role, place in form.successors().items()]


def _leave(request, form):
    try:
        hand_over_and_leave(form.affiliation, form.successors(), by=request.user)
    except AffiliationError as error:
        messages.error(request, str(error))
        form.affiliation.refresh_from_db()
        return False
    messages.success(request, f"You have left {form.affiliation.organisation}. Thank you.")
    return True


def _ask_staff(request, affiliation):
    try:
        ask_to_leave(affiliation, by=request.user)
        messages.success(request, "CJA staff will look for somebody and write to you.")
    except AffiliationError as error:
        messages.error(request, str(error))
    return redirect("members:my-home")


@require_http_methods(["GET", "HEAD", "POST"])
def still_here(request):
    """A link in a letter leads here. Opening it says nothing yet; the button does."""
    if request.method == "POST":
        confirm_still_here(request.user)
        messages.success(request, "Thank you. We ask again in about half a year.")
        return redirect("members:my-home")
    places = Affiliation.objects.current().filter(user=request.user)
    asked = StillHere.objects.filter(affiliation__in=places, answered_at__isnull=True)
    context = {"places": places.select_related("organisation"), "is_asked": asked.exists()}
    return TemplateResponse(request, "members/still_here.html", context)
