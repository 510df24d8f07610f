"""The pages of the list, each opened once in a process for all the tests that read them."""

from django.test import override_settings

from tests.pages import PAGES
from tests.site import client_of, places


def answers():
    """What each page of the list answers; the filled portal must be there (fixture `site`)."""
    if not _answers:
        _answers.update({page: open_page(page) for page in PAGES})
    return _answers


_answers = {}


def open_page(page):
    client = client_of(page.who, raise_request_exception=False)
    with override_settings(DEBUG=page.is_development):
        answer = client.get(page.path.format(**places()))
    answer.context = answer.templates = None  # all that the page was made of, which is much
    return answer
