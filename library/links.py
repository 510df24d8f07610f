"""Asking addresses elsewhere whether they still lead to a work, politely and safely.

A member may put any address on an item, so no question may reach our own network: a host is asked
only at a public address, the very one that was looked up and checked, at every step of a redirect.
"""

import ipaddress
import socket
import time
from dataclasses import dataclass
from datetime import timedelta
from threading import Thread
from urllib.parse import urljoin, urlsplit

import urllib3
from django.db import connection, transaction
from django.utils.timezone import now

from cja_portal.kit.site import absolute
from library.models import Answer, LinkCheck

MOST_STEPS = 5
# Beside it are wrappings, such as 64:ff9b::/96, by which a router leads to old addresses.
UNICAST = ipaddress.ip_network("2000::/3")
TIMEOUT = urllib3.Timeout(connect=10, read=20)
PATIENCE = 90  # seconds, for all steps together
BETWEEN_QUESTIONS = 5.0  # seconds, to one host
LEASE = timedelta(hours=1)
NEXT_CHECK = {
    Answer.FOUND: timedelta(days=7),
    Answer.GUARDED: timedelta(days=30),
}
AFTER_FAILURE = timedelta(days=5)
# Sites that keep programs out answer so; the page is most likely there.
GUARDS = {401, 402, 403, 405, 406, 409, 418, 421, 423, 425, 429, 451, 503, 999}
NO_HEAD = GUARDS | {400, 404, 410, 500, 501, 502}


class NotPublic(Exception):
    """The address leads where we do not ask: no web address, or not on the public internet."""


@dataclass(frozen=True)
class Outcome:
    answer: str
    status_code: int | None = None
    leads_to: str = ""


# -- One address --------------------------------------------------------------------------------


def ask(address, *, is_open_to_us=None):
    """What an address answers, if it does so in time: a host may send a letter every ten seconds.

    Nobody waits any longer for the thread that asks; it ends with its host or with us.
    """
    outcomes = []
    thread = Thread(target=lambda: outcomes.append(_ask(address, is_open_to_us)), daemon=True)
    thread.start()
    thread.join(PATIENCE)
    return outcomes[0] if outcomes else Outcome(Answer.FAILING)


def _ask(address, is_open_to_us):
    """A short question first, the whole page only if that is refused."""
    try:
        status, reached = _follow("HEAD", address, is_open_to_us or is_public_host)
        if status in NO_HEAD:
            status, reached = _follow("GET", address, is_open_to_us or is_public_host)
    except NotPublic:
        return Outcome(Answer.REFUSED)
    except (urllib3.exceptions.HTTPError, OSError, ValueError):
        return Outcome(Answer.FAILING)
    return Outcome(_answer(status, address, reached), status, reached if reached != address else "")


def _answer(status, address, reached):
    if status in GUARDS:
        return Answer.GUARDED
    if status >= 500:
        return Answer.FAILING
    if status >= 400:
        return Answer.MISSING
    return Answer.FRONT_PAGE if _is_front_page(address, reached) else Answer.FOUND


def _is_front_page(address, reached):
    """Whether a deep link ends at the door of a site: its page is gone, politely."""
    return bool(urlsplit(address).path.strip("/")) and not urlsplit(reached).path.strip("/")


def _follow(method, address, is_open_to_us):
    """(status, address) at the end of the redirects."""
    for _ in range(MOST_STEPS + 1):
        status, location = _question(method, address, is_open_to_us)
        if not (300 <= status < 400 and location):
            return status, address
        address = urljoin(address, location)
    raise urllib3.exceptions.HTTPError("too many redirects")


def _question(method, address, is_open_to_us):
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        raise NotPublic(address)
    place = _look_up(parts.hostname, parts.port or (443 if parts.scheme == "https" else 80))
    if not is_open_to_us(place):
        raise NotPublic(address)
    path = parts.path or "/"
    with _pool(parts, place) as pool:
        response = pool.urlopen(
            method,
            f"{path}?{parts.query}" if parts.query else path,
            headers={"Host": parts.netloc, "User-Agent": _our_name(), "Accept": "*/*"},
            timeout=TIMEOUT,
            retries=False,
            redirect=False,
            assert_same_host=False,
            preload_content=False,
        )
        response.close()
        return response.status, response.headers.get("Location", "")


def _look_up(host, port):
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return min(found, key=lambda one: one[0] != socket.AF_INET)[4]


def is_public_host(place):
    """Whether it is on the public internet; an old address may be wrapped in a new one."""
    number = ipaddress.ip_address(place[0].partition("%")[0])
    number = getattr(number, "ipv4_mapped", None) or number
    if number.version == 6 and (number not in UNICAST or number.sixtofour or number.teredo):
        return False
    return number.is_global and not number.is_multicast


def _pool(parts, place):
    """A way to the very address that was checked, for the host that was meant."""
    if parts.scheme == "http":
        return urllib3.HTTPConnectionPool(place[0], place[1])
    host = parts.hostname
    return urllib3.HTTPSConnectionPool(
        place[0], place[1], server_hostname=host, assert_hostname=host
    )


def _our_name():
    return f"CJA-portal-link-check/1 (+{absolute('/about/')})"


# -- All of them --------------------------------------------------------------------------------

GATHER = """
INSERT INTO library_linkcheck (address, answer, failures, leads_to, next_on)
SELECT DISTINCT link, 'not-asked', 0, '', now() FROM library_item
WHERE link <> '' AND status = 'published' ON CONFLICT (address) DO NOTHING
"""
FORGET = """
DELETE FROM library_linkcheck
WHERE NOT EXISTS (SELECT FROM library_item WHERE link = address AND status = 'published')
"""


def gather_links():
    """A row for each address that a published item names, and none for others."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(GATHER)
        cursor.execute(FORGET)


def check_links(most, *, ask=ask, wait=time.sleep):
    """Ask the addresses that are due, no host twice within five seconds; how many were asked."""
    last_asked, count = {}, 0
    while count < most and (check := _claim(last_asked)):
        host = urlsplit(check.address).hostname
        pause = last_asked.get(host, -BETWEEN_QUESTIONS) + BETWEEN_QUESTIONS - time.monotonic()
        if pause > 0:
            wait(pause)
        note_outcome(check, ask(check.address))
        last_asked[host] = time.monotonic()
        count += 1
    return count


def _claim(last_asked):
    """The next address to ask, rather of a host that had its rest; others do not see it now."""
    with transaction.atomic():
        due = LinkCheck.objects.due().select_for_update(skip_locked=True).order_by("next_on")[:50]
        check = min(due, key=lambda check: _rested(check, last_asked), default=None)
        if check:
            check.next_on = now() + LEASE
            check.save(update_fields=["next_on"])
        return check


def _rested(check, last_asked):
    return last_asked.get(urlsplit(check.address).hostname, 0)


def note_outcome(check, outcome):
    """Write down what an address answered, and when to ask again."""
    moment = check.checked_at = now()
    check.answer, check.status_code = outcome.answer, outcome.status_code
    check.leads_to = outcome.leads_to[:2000]
    if outcome.answer in Answer.bad:
        check.failures += 1
        check.failing_since = check.failing_since or moment
    else:
        check.failures, check.failing_since = 0, None
    if outcome.answer == Answer.FOUND:
        check.found_at = moment
    check.next_on = moment + NEXT_CHECK.get(outcome.answer, AFTER_FAILURE)
    check.save()
