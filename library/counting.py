"""Counting readers without knowing them: no cookie, no address, nothing but a number for a day."""

import re
from urllib.parse import urlsplit

from library.models import DailyUse, Status

# Obvious programs; a program that takes itself for a browser is counted as one.
PROGRAM = re.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp|archiver|preview|externalhit|scan|monitor|check|fetch|feed"
    r"|headless|lighthouse|curl|wget|python|java/|ruby|perl|go-http|okhttp|axios|node|zotero|http",
    re.IGNORECASE,
)
AHEAD_OF_TIME = {"prefetch", "prefetch;prerender", "prerender", "preview"}


def count_view(request, response, item):
    """Note that somebody opened the item, unless they come from its own pages: it is one visit."""
    if response.status_code == 200 and not _comes_from(request, item.get_absolute_url()):
        _count(request, response, item, views=1)


def count_download(request, response, item):
    _count(request, response, item, downloads=1)


def _count(request, response, item, **numbers):
    """After the answer has gone out, so that no reader waits for it."""
    if item.status == Status.PUBLISHED and _is_reader(request):
        response._resource_closers.append(lambda: DailyUse.objects.count_one(item, **numbers))


def _is_reader(request):
    """Whether a person reads now, who is not one of the staff that keep the library."""
    agent = request.headers.get("User-Agent", "")
    purpose = request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    is_person = agent and not PROGRAM.search(agent) and purpose.lower() not in AHEAD_OF_TIME
    return bool(is_person) and request.method == "GET" and not request.user.is_staff


def _comes_from(request, address):
    before = urlsplit(request.headers.get("Referer", ""))
    return before.netloc == request.get_host() and before.path.startswith(address)
