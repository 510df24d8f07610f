"""Middleware of the portal's own."""


def plain_error_pages(get_response):
    return get_response
