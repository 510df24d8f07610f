"""Certificates and badges of those honoured, made from the public record alone."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from awards.keepsakes import badge, certificate
from awards.models import PublishedAward


@login_not_required
@require_safe
def award_certificate(request, year, slug, pk):
    award = _award(request, year, slug, pk)
    return _file(certificate(award), award, "application/pdf", "pdf")


@login_not_required
@require_safe
def award_badge(request, year, slug, pk):
    award = _award(request, year, slug, pk)
    return _file(badge(award), award, "image/svg+xml", "svg")


def _award(request, year, slug, pk):
    """Whatever was withdrawn or is not released has none."""
    honours = PublishedAward.objects.visible_to(request.user).honours().defer("search_text")
    return get_object_or_404(honours, pk=pk, year=year, category_slug=slug)


def _file(content, award, content_type, ending):
    name = f"{slugify(award.recipient) or 'award'}-{award.year}.{ending}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-cache",
    }
    return HttpResponse(content, content_type=content_type, headers=headers)
