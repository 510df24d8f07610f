"""Pages that belong to no app."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.sitemaps import views as sitemaps_views
from django.http import Http404, HttpResponse, HttpResponseServerError
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from cja_portal import home as front_page
from cja_portal import search as portal_search
from cja_portal import sitemaps, themes
from cja_portal.kit.problems import is_for_program, problem
from cja_portal.kit.site import absolute
from cja_portal.privacy.retention import table
from cja_portal.styleguide import samples
from library.models.shelf import VISITORS_KEEP
from members.models import Theme

PRIVATE_ROOMS = [
    *("/accounts/", "/admin/", "/my/", "/invitations/", "/awards/judging/", "/search/"),
    *("/library/shelf/", "/library/shelves/", "/library/searches/"),
]


@login_not_required
@require_safe
def home(request):
    """Search first, then what each room holds."""
    context = {
        "words": front_page.words(request.user),
        "items": front_page.items(request.user),
        "organisation_count": front_page.organisation_count(request.user),
        "winner": front_page.latest_winner(request.user),
        "goals": front_page.themes_by_goal(),
    }
    return TemplateResponse(request, "home.html", context)


@login_not_required
@require_safe
def search(request):
    """The best of each room for one question."""
    answer = portal_search.search(request.GET.get("q", ""), request.user)
    return TemplateResponse(request, "search.html", {"answer": answer, "query": answer.query})


@login_not_required
@require_safe
def theme_list(request):
    return TemplateResponse(request, "theme_list.html", {"goals": themes.by_goal(request.user)})


@login_not_required
@require_safe
def theme_detail(request, slug):
    """What all four rooms hold on one theme."""
    theme = get_object_or_404(themes.counted(request.user), slug=slug)
    context = {
        "theme": theme,
        "words": themes.words(theme, request.user),
        "items": themes.items(theme, request.user),
        "neighbours": Theme.objects.filter(goal=theme.goal).exclude(pk=theme.pk),
    }
    return TemplateResponse(request, "theme_detail.html", context)


@login_not_required
@require_safe
def sitemap(request):
    """All public pages in one file, or the list of the files if they are too many for one."""
    if sitemaps.fit_in_one_file():
        return sitemaps_views.sitemap(request, sitemaps.SITEMAPS)
    return sitemaps_views.index(request, sitemaps.SITEMAPS, sitemap_url_name="sitemap-section")


@login_not_required
@require_safe
def sitemap_section(request, section):
    return sitemaps_views.sitemap(request, sitemaps.SITEMAPS, section=section)


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
    names = {"session": settings.SESSION_COOKIE_NAME, "form": settings.CSRF_COOKIE_NAME}
    context = {"cookies": names, "shelf_days": VISITORS_KEEP.days, "table": table()}
    return TemplateResponse(request, "privacy.html", context)


@login_not_required
@require_safe
def styleguide(request):
    """Every component in use, for those who write templates."""
    if not settings.DEBUG:
        raise Http404
    return TemplateResponse(request, "styleguide.html", samples(request))


@login_not_required
@require_safe
def favicon(request):
    """Browsers and feed readers ask here, whatever icon a page names."""
    return redirect(static("img/favicon-32.png"))


@login_not_required
@require_safe
def robots(request):
    """A demonstration is nothing for search engines; neither are private pages."""
    closed = ["/"] if settings.IS_DEMONSTRATION else PRIVATE_ROOMS
    lines = ["User-agent: *", *[f"Disallow: {path}" for path in closed]]
    lines += ["", f"Sitemap: {absolute('/sitemap.xml')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


# -- When something is wrong --------------------------------------------------------------------


def _refusal(request, status, sentence):
    """A page for people, problem details for programs."""
    if is_for_program(request):
        return problem(sentence, status)
    return render(request, f"{status}.html", status=status)


def bad_request(request, exception=None):
    return _refusal(request, 400, "The request cannot be understood.")


def permission_denied(request, exception=None):
    return _refusal(request, 403, "This is not open to you.")


def csrf_failure(request, reason=""):
    return render(request, "403_csrf.html", status=403)


def page_not_found(request, exception=None):
    return _refusal(request, 404, "There is nothing at this address.")


def too_many_requests(request, exception=None, *, retry_after=60):
    """`retry_after`: the seconds to wait, where they are known; allauth counts by the minute."""
    minutes = -(-retry_after // 60) if retry_after else None
    response = render(request, "429.html", {"minutes": minutes}, status=429)
    if retry_after:
        response["Retry-After"] = str(retry_after)
    return response


def server_error(request):
    """Asks neither the database nor a context processor: they may be what is broken."""
    if is_for_program(request):
        return problem("Something went wrong here. We have been told; try again later.", 500)
    return HttpResponseServerError(render_to_string("500.html"))
