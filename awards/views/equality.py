"""A few questions after a nomination was sent. Nothing of the answers leads back to it."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from awards.equality import count_answers
from awards.forms.equality import EqualityForm
from awards.models import Cycle, Nomination
from awards.permissions import held_by
from awards.views.gate import kept_by_no_cache
from cja_portal.kit.visitors import may_go_on

MOST_A_DAY, DAY = 40, 24 * 60 * 60  # from one network: an office shares one
ANSWERED = "awards_equality"  # in the session: the years for which it has answered


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@kept_by_no_cache
def equality_form(request, year):
    """For those who sent a nomination that year: 404 for everybody else.

    The address names no nomination, and the log of the web server learns of none.
    """
    own = Nomination.objects.visible_to(request.user, held_by(request)).submitted()
    if not own.filter(category__cycle__year=year).exists():
        raise Http404
    has_answered = year in request.session.get(ANSWERED, [])
    form = EqualityForm(request.POST or None)
    if request.method == "POST" and not has_answered and form.is_valid():
        return _counted(request, year, form)
    cycle = Cycle.objects.real().filter(year=year).first()
    context = {"form": form, "cycle": cycle, "has_answered": has_answered}
    return TemplateResponse(request, "awards/equality_form.html", context)


def _counted(request, year, form):
    """From one session once; who answered is kept by no table that knows of nominations."""
    if may_go_on(request, "equality", most=MOST_A_DAY, seconds=DAY):
        count_answers(year, form.cleaned_data)
    request.session[ANSWERED] = [*request.session.get(ANSWERED, []), year]
    return redirect("awards:equality-form", year)
