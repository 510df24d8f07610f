"""Asking through the whole stack, as cheaply as that goes: there are tens of thousands to ask."""

from contextlib import contextmanager
from functools import cache

from django.contrib.messages import get_messages
from django.core.handlers.base import BaseHandler
from django.db import transaction
from django.test import RequestFactory

from tests.access import matrix


def ask(client, address, method="get", data=None):
    """What this client gets, as one of the signs; what a POST did is taken back."""
    return matrix.cell_of(_answer(client, address, method, data)[0])


def act(client, address, data):
    """What came of an action in a list of the admin: it ran, or may not."""
    response, told = _answer(client, address, "post", data)
    cell = matrix.cell_of(response)
    is_list_again = "cl" in (getattr(response, "context_data", None) or {})
    if is_list_again or "No action selected." in told:
        return "3"
    return "+" if cell == ">" else cell


def _answer(client, address, method, data):
    request = _request(client, address, method, data)
    with _taken_back(is_needed=method != "get"):
        response = _handler().get_response(request)
        b"".join(response)
    for close in response._resource_closers:  # and not the connection, as `close` would
        close()
    return response, {str(message) for message in get_messages(request)}


def _request(client, address, method, data):
    factory = RequestFactory()
    factory.cookies = client.cookies
    request = getattr(factory, method)(address, data)
    request._dont_enforce_csrf_checks = True
    return request


@contextmanager
def _taken_back(*, is_needed):
    if not is_needed:
        yield
        return
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@cache
def _handler():
    handler = BaseHandler()
    handler.load_middleware()
    return handler
