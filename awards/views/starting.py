"""How a nomination begins, and how people find the way back to theirs."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from awards.actions.links import note_opening, read_link, send_links_to
from awards.actions.nominations import start_nomination
from awards.clock import moment_of
from awards.forms.nominations import EligibilityForm, FindForm, StartForm
from awards.models import Category, Collaborator, Cycle, Nomination, Stage
from awards.permissions import held_by, hold, may_nominate, member_organisations
from awards.views.gate import kept_by_no_cache
from cja_portal.kit.moves import ImpossibleMove
from cja_portal.kit.visitors import may_go_on

MOST_AN_HOUR, HOUR = 20, 60 * 60  # from one network: an office shares one
TOO_OFTEN = "Many nominations were begun where you are. Wait an hour and try again."
page = require_http_methods(["GET", "HEAD", "POST"])


@login_not_required
@page
@kept_by_no_cache
def nomination_start(request, year, slug):
    """Whether it can be nominated at all, and only then who and by whom."""
    category = _category(request, year, slug)
    moment = moment_of(category.cycle, getattr(request.user, "email", ""))
    context = {"category": category, "cycle": category.cycle, "moment": moment}
    is_for_them = may_nominate(request.user, category)
    if not is_for_them or not _may_begin(request, moment, category.cycle):
        return _closed(request, context | {"is_for_them": is_for_them})
    eligibility = EligibilityForm(request.POST or None, category=category)
    if not (eligibility.is_valid() or not eligibility.questions):
        return TemplateResponse(
            request, "awards/nomination_eligibility.html", context | {"form": eligibility}
        )
    if advice := eligibility.questions and eligibility.advice():
        return TemplateResponse(
            request, "awards/nomination_not_eligible.html", context | {"advice": advice}
        )
    return _second_step(request, context, eligibility)


def _category(request, year, slug):
    """Of a year that was announced; staff may look at one in preparation."""
    categories = Category.objects.select_related("cycle").filter(cycle__rehearsal_of__isnull=True)
    if not request.user.is_staff:
        categories = categories.exclude(cycle__stage=Stage.DRAFT)
    return get_object_or_404(
        categories.exclude(cycle__opens_at__isnull=True), cycle__year=year, slug=slug
    )


def _may_begin(request, moment, cycle):
    """Whether the form is shown; whoever was given more time comes with it in the address."""
    if cycle.stage != Stage.ANNOUNCED:
        return False
    has_more = "more-time" in request.GET and cycle.extensions.filter(until__gt=moment.now).exists()
    return moment.may_begin or has_more


def _closed(request, context):
    """Not yet, not any more, or not for this person."""
    state = context["cycle"].state(context["moment"].now)
    context |= {"state": state, "kind": context["category"].kind}
    return TemplateResponse(request, "awards/nomination_closed.html", context)


def _second_step(request, context, eligibility):
    is_sent = "key" in request.POST
    form = StartForm(request.POST if is_sent else None, user=request.user)
    if is_sent and form.is_valid():
        nomination = _begin(request, context["category"], form, eligibility)
        if nomination:
            return _to_first_section(nomination)
    context |= {"form": form, "eligibility": eligibility}
    return TemplateResponse(request, "awards/nomination_start.html", context)


def _to_first_section(nomination):
    """The panel's categories may ask nothing."""
    if nomination.category.questions.current().exists():
        return redirect("awards:nomination-edit", nomination.uuid, 1)
    return redirect(nomination)


def _begin(request, category, form, eligibility):
    """The draft, open to this session; None with a sentence in the form."""
    if not may_go_on(request, "nominate", most=MOST_AN_HOUR, seconds=HOUR):
        form.add_error(None, TOO_OFTEN)
        return None
    user = request.user if request.user.is_authenticated else None
    nominated_for = next(iter(member_organisations(user)), None) if user else None
    try:
        nomination = start_nomination(
            category,
            key=form.cleaned_data["key"],
            nominator=form.nominator(),
            nominee=form.nominee() | {"nominated_for": nominated_for},
            eligibility=eligibility.answers() if eligibility.questions else {},
            user=user,
        )
    except ImpossibleMove as impossible:
        form.add_error(None, str(impossible))
        return None
    lead = nomination.collaborators.get(is_lead=True)
    if lead.email == form.cleaned_data["email"].lower():
        hold(request, lead)
    return nomination


@login_not_required
@require_safe
@kept_by_no_cache
def nomination_open(request, secret):
    """Move the right from the address into the session. Mail scanners come here too."""
    collaborator = read_link(secret)
    if not isinstance(collaborator, Collaborator):
        return TemplateResponse(request, "awards/nomination_gone.html", status=410)
    hold(request, collaborator)
    note_opening(collaborator)
    return redirect(collaborator.nomination)


@login_not_required
@page
@kept_by_no_cache
def nomination_list(request):
    """One's own nominations, and a way for those who lost their link."""
    own = Nomination.objects.visible_to(request.user, held_by(request))
    form = FindForm(request.POST or None)
    is_sent = form.is_valid() and _send(request, form)
    context = {
        "nominations": own.select_related("category__cycle").order_by("-changed_at"),
        "form": form,
        "is_sent": is_sent,
    }
    return TemplateResponse(request, "awards/nomination_list.html", context)


def _send(request, form):
    if not may_go_on(request, "nomination-find", most=MOST_AN_HOUR, seconds=HOUR):
        form.add_error(None, "That was too often. Wait an hour and try again.")
        return False
    for cycle in Cycle.objects.filter(stage__in=[Stage.ANNOUNCED, Stage.JUDGING]):
        send_links_to(form.cleaned_data["email"], cycle)
    return True
