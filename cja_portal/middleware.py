"""Middleware of the portal's own."""

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import Http404

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
