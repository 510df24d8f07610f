"""Applying to join, without a login: a link by mail opens the application in this browser."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cja_portal.kit.moves import ImpossibleMove
from cja_portal.kit.visitors import may_go_on
from members.actions.applying import (
    find_link,
    resend_link,
    send_application_link,
    submit_application,
    use_link,
    withdraw_application,
    write_page,
)
from members.application_forms import BY_SLUG, PAGES, SendForm, StartForm
from members.applications import first_open, read
from members.models import Application, KeepingTimes
from members.models.application import ApplicationState
from members.views.invitations import leaves_no_trace

OPENED = "applications"  # in the session: {reference: seconds at which it was opened}
OPEN_FOR = 24 * 60 * 60  # seconds
MOST_AN_HOUR = 10  # from one network: an office shares one
TOO_OFTEN = "That was too often. Wait an hour and try again."
GET_AND_POST = ["GET", "HEAD", "POST"]
WRITTEN = ["name", "other_names", "summary", "reasons", "answer"]  # long enough to be missed


# -- The way in -----------------------------------------------------------------------------------


@login_not_required
@require_http_methods(GET_AND_POST)
def application_start(request):
    """Every address is answered alike, whether it has an application or not."""
    form = StartForm(request.POST or None)
    is_sent = form.is_valid() and _send(request, form)
    context = {"form": form, "is_sent": is_sent, "pages": PAGES, "kept": KeepingTimes.now().drafts}
    return TemplateResponse(request, "members/application_start.html", context)


def _send(request, form):
    if not may_go_on(request, "application", most=MOST_AN_HOUR, seconds=3600):
        form.add_error(None, TOO_OFTEN)
        return False
    send_application_link(form.cleaned_data["email"])
    return True


@login_not_required
@require_http_methods(GET_AND_POST)
@leaves_no_trace
def application_open(request, secret):
    """Mail scanners read this page too: only its button uses the link."""
    link = find_link(secret)
    if link and link.works and request.method == "POST":
        return _use(request, link)
    works = bool(link and link.works)
    context = {"link": link, "works": works}
    status = 200 if works else 410
    return TemplateResponse(request, "members/application_open.html", context, status=status)


def _use(request, link):
    try:
        use_link(link)
    except ImpossibleMove as error:
        messages.error(request, str(error))
    else:
        opened = request.session.get(OPENED, {})
        request.session[OPENED] = opened | {link.application.reference: _now()}
    return redirect(link.application)


def _now():
    return int(timezone.now().timestamp())


def has_opened(request, reference):
    """Whether a link of this application was used in this browser within the last day."""
    opened_at = request.session.get(OPENED, {}).get(reference, 0)
    return _now() - opened_at < OPEN_FOR


def opened_application(view):
    """The view is given the application; without its link people are sent to ask for one."""

    @wraps(view)
    def gate(request, reference, **kwargs):
        found = Application.objects.filter(reference=reference).first()
        if found is None or not has_opened(request, reference):
            return _give_back(request, reference)
        return view(request, found, **kwargs)

    return leaves_no_trace(gate)


def _give_back(request, reference):
    """The time to work on it is over: what was typed is shown once more, to be copied."""
    texts = [text for name in WRITTEN for text in request.POST.getlist(name) if text.strip()]
    if not texts:
        return redirect("members:application-detail", reference)
    context = {"reference": reference, "texts": texts}
    return TemplateResponse(request, "members/application_closed.html", context, status=403)


@login_not_required
@require_http_methods(GET_AND_POST)
@leaves_no_trace
def application_detail(request, reference):
    """Where an application stands; to those who have not opened it, every number looks alike."""
    found = Application.objects.filter(reference=reference).first()
    if found is None or not has_opened(request, reference):
        return _ask_for_link(request, reference, found)
    if found.is_draft:
        return redirect(*_next_place(found))
    steps = found.steps.exclude(state=ApplicationState.REVIEW, words="")
    context = {"application": found, "steps": steps, "readings": _readings(found)}
    return TemplateResponse(request, "members/application_detail.html", context)


def _ask_for_link(request, reference, found):
    """The letter goes to the address of the application, whoever asks; the answer never tells."""
    is_sent = too_often = False
    if request.method == "POST":
        is_sent = may_go_on(request, "application", most=MOST_AN_HOUR, seconds=3600)
        too_often = not is_sent
    if is_sent and found:
        resend_link(found)
    context = {"reference": reference, "is_sent": is_sent, "too_often": too_often}
    status = 429 if too_often else 200
    return TemplateResponse(request, "members/application_closed.html", context, status=status)


def _readings(application):
    return read(application.answers, applicant=application.email)


def _next_place(application):
    page = first_open(_readings(application))
    if page is None:
        return "members:application-check", application.reference
    return "members:application-page", application.reference, page.slug


# -- The questions --------------------------------------------------------------------------------


@login_not_required
@require_http_methods(GET_AND_POST)
@opened_application
def application_page(request, application, page):
    """One group of questions. What is typed is kept before it is judged."""
    if page not in BY_SLUG:
        raise Http404
    if not application.is_with_applicant:
        return redirect(application)
    page = BY_SLUG[page]
    form = _form(request, application, page)
    if form.is_bound and (place := _keep(request, application, page, form)):
        return place
    number = PAGES.index(page)
    context = {
        "application": application,
        "page": page,
        "form": form,
        "number": number + 1,
        "count": len(PAGES),
        "before": PAGES[number - 1] if number else None,
        "is_change": "change" in request.GET,
    }
    return TemplateResponse(request, "members/application_page.html", context)


def _form(request, application, page):
    if request.method == "POST":
        return page.form(request.POST, applicant=application.email)
    return page.form(initial=application.answers, applicant=application.email)


def _keep(request, application, page, form):
    """Where to go on, or nothing: the page is shown again, with its mistakes."""
    try:
        write_page(application, form.typed())
    except ImpossibleMove as error:
        messages.error(request, str(error))
        return redirect("members:application-start")
    if request.POST.get("do") == "leave":
        return _leave(request, application)
    if not form.is_valid():
        return None
    if "change" in request.GET or page == PAGES[-1]:
        return redirect("members:application-check", application.reference)
    after = PAGES[PAGES.index(page) + 1]
    return redirect("members:application-page", application.reference, after.slug)


def _leave(request, application):
    """Nothing of it stays in this browser."""
    opened = request.session.get(OPENED, {})
    opened.pop(application.reference, None)
    request.session[OPENED] = opened
    messages.success(request, "What you wrote is kept, and closed in this browser.")
    return redirect(application)


@login_not_required
@require_http_methods(GET_AND_POST)
@opened_application
def application_check(request, application):
    """All answers with the way back to each; sent from here."""
    if not application.is_with_applicant:
        return redirect(application)
    is_answer = application.state == ApplicationState.ASKED
    form = SendForm(request.POST or None, is_answer=is_answer)
    readings = _readings(application)
    if form.is_valid() and _submit(request, application, form):
        return redirect(application)
    context = {
        "application": application,
        "form": form,
        "readings": readings,
        "open_page": first_open(readings),
        "question": application.steps.filter(state=ApplicationState.ASKED).last(),
    }
    return TemplateResponse(request, "members/application_check.html", context)


def _submit(request, application, form):
    try:
        submit_application(application, answer=form.cleaned_data.get("answer", ""))
    except ImpossibleMove as error:
        messages.error(request, str(error))
        return not application.is_with_applicant
    return True


@login_not_required
@require_POST
@opened_application
def application_change(request, application):
    """Withdraw it, or leave it in this browser."""
    if request.POST.get("do") != "withdraw":
        return _leave(request, application)
    try:
        withdraw_application(application)
    except ImpossibleMove as error:
        messages.error(request, str(error))
        return redirect(application)
    if application.pk:
        return redirect(application)
    messages.success(request, "Your draft is deleted, with everything in it.")
    return redirect("members:application-start")
