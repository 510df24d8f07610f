"""How anybody can check a result. These pages too read what is published and nothing else."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from awards.models import PublishedAward, PublishedCycle, PublishedProof, Result
from awards.proof import CHECKER


@login_not_required
@require_safe
def verify(request, year):
    """The fingerprints of a year, and the way to check them on one's own computer."""
    cycle = get_object_or_404(PublishedCycle.objects.visible_to(request.user), year=year)
    awards = PublishedAward.objects.visible_to(request.user).filter(year=year)
    coded = awards.filter(result__in=Result.HONOURS).exclude(entry_code="").defer("search_text")
    proofs = list(PublishedProof.objects.visible_to(request.user).filter(cycle=cycle))
    for proof in proofs:
        proof.awards = [one for one in coded if one.category_slug == proof.category_slug]
    context = {"cycle": cycle, "proofs": proofs}
    return TemplateResponse(request, "awards/verify.html", context)


@login_not_required
@require_safe
def score_sheet(request, year, slug):
    """The very bytes that were sealed: judges and entries stand in it under codes."""
    proofs = PublishedProof.objects.visible_to(request.user).exclude(file="")
    proof = get_object_or_404(proofs, cycle__year=year, category_slug=slug)
    return _file(proof.file, f"score-sheet-{year}-{slug}.json", "application/json")


@login_not_required
@require_safe
def checker(request):
    """A program of one file that needs nothing but Python."""
    return _file(CHECKER.read_text(), CHECKER.name, "text/x-python; charset=utf-8")


def _file(text, name, content_type):
    disposition = f'attachment; filename="{name}"'
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-cache"}
    return HttpResponse(text, content_type=content_type, headers=headers)
