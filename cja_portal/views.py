"""Pages that belong to no app."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from cja_portal.styleguide import samples

PRIVATE_ROOMS = ["/accounts/", "/admin/", "/my/", "/invitations/", "/awards/judging/", "/search/"]


@login_not_required
def home(request):
    return TemplateResponse(request, "home.html")


@login_not_required
@require_safe
def about(request):
    return TemplateResponse(request, "about.html")


@login_not_required
@require_safe
def accessibility(request):
    return TemplateResponse(request, "accessibility.html")


@login_not_required
@require_safe
def privacy(request):
    return TemplateResponse(request, "privacy.html")


@login_not_required
@require_safe
def styleguide(request):
    """Every component in use, for those who write templates."""
    if not settings.DEBUG:
        raise Http404
    return TemplateResponse(request, "styleguide.html", samples(request))


@login_not_required
@require_safe
def robots(request):
    """A demonstration is nothing for search engines; neither are private pages."""
    closed = ["/"] if settings.IS_DEMONSTRATION else PRIVATE_ROOMS
    lines = ["User-agent: *", *[f"Disallow: {path}" for path in closed]]
    lines += ["", f"Sitemap: {settings.SITE_ORIGIN}/sitemap.xml", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


# -- When something is wrong --------------------------------------------------------------------


def bad_request(request, exception=None):
    return render(request, "400.html", status=400)


def permission_denied(request, exception=None):
    return render(request, "403.html", status=403)


def csrf_failure(request, reason=""):
    return render(request, "403_csrf.html", status=403)


def page_not_found(request, exception=None):
    return render(request, "404.html", status=404)


def too_many_requests(request, exception=None, *, retry_after=None):
    """`retry_after`: the seconds to wait, where they are known."""
    minutes = -(-retry_after // 60) if retry_after else None
    response = render(request, "429.html", {"minutes": minutes}, status=429)
    if retry_after:
        response["Retry-After"] = str(retry_after)
    return response


def server_error(request):
    """Asks neither the database nor a context processor: they may be what is broken."""
    return HttpResponseServerError(render_to_string("500.html"))
