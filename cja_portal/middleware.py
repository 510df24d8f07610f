"""Middleware of the portal's own."""

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from django.utils.cache import patch_cache_control

from cja_portal import views


def plain_error_pages(get_response):
    """Show our pages for 400 and 404 in development too, where Django shows technical ones."""

    def show(request):
        response = get_response(request)
        if settings.DEBUG and response.status_code == 404 and request.resolver_match is None:
            return views.page_not_found(request)
        return response

    def process_exception(request, exception):
        if not settings.DEBUG:
            return None
        if isinstance(exception, Http404):
            return views.page_not_found(request, exception)
        if isinstance(exception, BadRequest | SuspiciousOperation):
            return views.bad_request(request, exception)
        return None

    show.process_exception = process_exception
    return show


def refuse_huge_bodies(get_response):
    """Django limits the fields of a form but writes its files to the disk, however large."""

    def show(request):
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.LARGEST_BODY:
            raise RequestDataTooBig("The body is larger than LARGEST_BODY.")
        return get_response(request)

    return show


def refuse_other_encodings(get_response):
    """Our forms come in UTF-8. Others make text of it that no database and no letter can hold."""

    def show(request):
        if request.content_params.get("charset", "utf-8").lower() not in {"utf-8", "utf8"}:
            raise BadRequest("The body is not in UTF-8.")
        return get_response(request)

    return show


def refuse_impossible_addresses(get_response):
    """No address of ours has a NUL in it, and Postgres fails at the mere question.

    Our own pages clean their queries; Django's admin hands them on.
    """

    def show(request):
        return views.page_not_found(request) if _has_nul(request) else get_response(request)

    return show


def _has_nul(request):
    is_admin = request.path.startswith("/admin/")
    return "\0" in request.path or (is_admin and "%00" in request.META.get("QUERY_STRING", ""))


def keep_private_pages_private(get_response):
    """No cache, and on a shared machine no Back button, shows one person's page to the next."""

    def show(request):
        response = get_response(request)
        if _is_private(request) and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_store=True)
        return response

    return show


def _is_private(request):
    """The cookie is asked first: without it the session, and so `Vary`, stays untouched."""
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    return request.path.startswith("/accounts/") or (has_session and request.user.is_authenticated)
