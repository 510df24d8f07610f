"""A person's own data: taking them away, being erased, fewer letters; and complaining."""

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from cja_portal.kit.visitors import may_go_on
from cja_portal.privacy.erasure import (
    ErasureError,
    ask_for_erasure,
    last_owner_of,
    obstacles,
    preview,
    take_back_erasure,
)
from cja_portal.privacy.export import archive_of
from cja_portal.privacy.letters import AllLettersForm, choose_all_letters
from members.actions.complaints import receive_complaint
from members.audit import record
from members.complaint_forms import ComplaintForm
from members.letters import of_token, stop_letter, want_letter
from members.models import Erasure

MOST_AN_HOUR = 5
PAGES = ["GET", "HEAD", "POST"]


@require_http_methods(PAGES)
def privacy_home(request):
    """What one may ask for. The two forms here need no password: both can be taken back."""
    act = request.POST.get("do") if request.method == "POST" else ""
    if act == "undo":
        return _take_back(request)
    form = AllLettersForm(request.POST if act == "letters" else None, user=request.user)
    if act == "letters" and form.is_valid():
        choose_all_letters(request.user, **form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect("privacy-home")
    erasure = Erasure.objects.open().filter(user=request.user).first()
    return TemplateResponse(request, "privacy/home.html", {"form": form, "erasure": erasure})


def _take_back(request):
    try:
        take_back_erasure(request.user)
        messages.success(request, "Nothing will be erased. Good that you stay.")
    except ErasureError as error:
        messages.error(request, str(error))
    return redirect("privacy-home")


@never_cache
@require_http_methods(PAGES)
@reauthentication_required
def privacy_export(request):
    """The file is made for this answer and kept nowhere."""
    if request.method != "POST":
        return TemplateResponse(request, "privacy/export_ask.html")
    record(request.user, "members.export_own_data", request.user)
    response = HttpResponse(archive_of(request.user), content_type="application/zip")
    name = f"about-you-{timezone.localdate():%Y-%m-%d}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(PAGES)
@reauthentication_required
def privacy_erase(request):
    """First what would go and what would stay, then the press that asks for it."""
    if request.method == "POST":
        return _ask_for_erasure(request)
    context = {
        **preview(request.user),
        "obstacles": obstacles(request.user),
        "last_owner_of": last_owner_of(request.user),
    }
    return TemplateResponse(request, "privacy/erase.html", context)


def _ask_for_erasure(request):
    try:
        ask_for_erasure(request.user)
    except ErasureError as error:
        messages.error(request, str(error))
    return redirect("privacy-home")


@csrf_exempt
@login_not_required
@require_http_methods(PAGES)
def letters_stop(request, token):
    """One press, here or in the mail program (RFC 8058), which sends no cookie and no CSRF token.

    The token of the address is the proof. What has stopped before is stopped.
    """
    reader, topic = of_token(token)
    if reader is None:
        return TemplateResponse(request, "privacy/letters_stop.html", {"topic": None}, status=410)
    act = request.POST.get("do", "stop") if request.method == "POST" else ""
    if act:
        (want_letter if act == "again" else stop_letter)(reader, topic)
    context = {"topic": topic, "act": act, "has_account": "user" in reader}
    return TemplateResponse(request, "privacy/letters_stop.html", context)


@login_not_required
@require_http_methods(PAGES)
def complaint_create(request):
    form = ComplaintForm(request.POST or None)
    complaint = _received(request, form) if form.is_valid() else None
    context = {"form": form, "complaint": complaint, "contact": settings.CONTACT_EMAIL}
    return TemplateResponse(request, "privacy/complaint_create.html", context)


def _received(request, form):
    if not may_go_on(request, "complaint", most=MOST_AN_HOUR, seconds=3600):
        form.add_error(None, "Many complaints came from where you are. Try in an hour, or write.")
        return None
    return receive_complaint(form.save(commit=False))
