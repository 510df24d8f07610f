"""The nominee's desk, behind the link in their letter."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from awards.actions.consent import answer_as_nominee
from awards.actions.links import read_link
from awards.forms.nominations import DeskForm
from awards.models import NominationState, NomineeConsent
from awards.views.gate import kept_by_no_cache


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@kept_by_no_cache
def nominee_desk(request, secret):
    """What is claimed, and the nominee's answer to it. Who nominated them is not told here."""
    consent = read_link(secret)
    if not isinstance(consent, NomineeConsent) or _is_withdrawn(consent):
        return TemplateResponse(request, "awards/nomination_gone.html", status=410)
    form = DeskForm(request.POST or None, instance=consent)
    if request.method == "POST" and form.is_valid():
        answer_as_nominee(consent, form.cleaned_data)
        messages.success(request, "Thank you. Your answer is saved.")
        return redirect("awards:nominee-desk", secret)
    nomination = consent.nomination
    answers = nomination.answers.exclude(sent_text="").select_related("question")
    context = {
        "consent": consent,
        "nomination": nomination,
        "category": nomination.category,
        "answers": answers.filter(question__is_for_judges=True),
        "form": form,
    }
    return TemplateResponse(request, "awards/nominee_desk.html", context)


def _is_withdrawn(consent):
    return consent.nomination.state == NominationState.WITHDRAWN
