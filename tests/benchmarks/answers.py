"""Does the time of an answer tell whether an address is known? python -m tests.benchmarks.answers

On the local database, which keeps nothing of it. Known and unknown addresses take turns, each is
asked for once and from its own network, so that the limits on tries stand as they do for readers.
"""

import statistics
import time
from contextlib import contextmanager
from unittest import mock

from django.core.management import call_command

from tests.benchmarks.production import be_like_production

ROUNDS = 60
MOST_APART, MOST_SHARE = 5, 0.05  # milliseconds, or of the time that it takes


def main():
    be_like_production()
    call_command("collectstatic", interactive=False, verbosity=0)
    print(report())


def report():
    with _cast() as (owner, people_page):
        rows = [_row(*way, owner) for way in _ways(people_page)]
    head = (
        f"{'Known and unknown addresses, ms':34} {'known':>8} {'unknown':>8} {'CPU':>8} {'CPU':>8}"
    )
    return "\n".join([head, *rows])


def _ways(people_page):
    """What is asked, where, in which field, and with what else."""
    return [
        ("Login, wrong password", "/accounts/login/", "login", {"password": "wrong words"}),
        ("A link to a new password", "/accounts/password/reset/", "email", {}),
        ("A code by mail", "/accounts/login/code/", "email", {}),
        ("Lost second step", "/lost-second-step/", "email", {}),
        ("An invitation by an owner", people_page, "email", {"roles": ["participant"]}),
    ]


def _row(name, address, field, others, owner):
    wall, processor = {"known": [], "unknown": []}, {"known": [], "unknown": []}
    for turn in range(ROUNDS + 1):
        for kind in sorted(wall, reverse=turn % 2):
            data = {field: _email(kind, turn)} | others
            taken, used = _milliseconds(owner, address, data)
            if turn:  # the first fills the caches
                wall[kind].append(taken)
                processor[kind].append(used)
    known, unknown, *used = (statistics.median(one[k]) for one in (wall, processor) for k in wall)
    apart = abs(known - unknown)
    verdict = "alike" if apart <= max(MOST_APART, MOST_SHARE * max(known, unknown)) else "APART"
    return f"{name:34} {known:8.1f} {unknown:8.1f} {used[0]:8.1f} {used[1]:8.1f}  {verdict}"


def _email(kind, turn):
    return f"{kind}-{turn}@example.org"


def _milliseconds(owner, address, data):
    """Of the clock and of this process, letters put into the queue included."""
    from django.test import Client, TestCase  # once Django is set up

    client = Client(headers={"host": "localhost"}, REMOTE_ADDR=next(_networks))
    if address.startswith("/my/"):
        client.force_login(owner)
    begin, used = time.perf_counter(), time.process_time()
    with TestCase.captureOnCommitCallbacks(execute=True):
        response = client.post(address, data)
    taken = (time.perf_counter() - begin) * 1000, (time.process_time() - used) * 1000
    if response.status_code not in {200, 302}:
        raise SystemExit(f"{address} answered {response.status_code}.")
    return taken


_networks = (f"10.{a}.{b}.1" for a in range(256) for b in range(256))


@contextmanager
def _cast():
    """People with a password and an app, an owner, and room for many invitations."""
    from django.db import transaction

    from members.models import User
    from tests import factories, logins

    rooms = {"MOST_A_DAY": 10_000, "MOST_OPEN": 10_000}
    with transaction.atomic(), mock.patch.multiple("members.actions.invitations", **rooms):
        password = factories.make_user("model@example.org", password=logins.PASSWORD).password
        for turn in range(ROUNDS + 1):
            person = factories.make_user(_email("known", turn))
            logins.set_up_app(person)
        User.objects.filter(email__startswith="known-").update(password=password)
        organisation = factories.make_organisation("Example of the benchmark")
        owner = factories.make_user("owner-of-the-benchmark@example.org")
        factories.make_affiliation(owner, organisation, "owner")
        yield owner, f"/my/organisations/{organisation.slug}/people/"
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
