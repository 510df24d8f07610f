"""How much longer the main pages take than a bare view: `make bench`, on the local database.

With production's settings, since development reads each template anew for every page.
"""

import statistics
import time
from importlib import import_module

from django.core.management import call_command
from django.test import Client

from tests.benchmarks import judging, matching
from tests.benchmarks.production import be_like_production

ROUNDS = 60
BARE = "/healthz"
PAGES = {
    "Home": "/",
    "Dictionary search": "/dictionary/?q=bail",
    "Dictionary search, misspelt": "/dictionary/?q=bial",
    "Library search": "/library/?q=prison",
    "Members directory": "/members/",
    "Search everywhere": "/search/?q=bail",
}


def main():
    be_like_production()
    call_command("collectstatic", interactive=False, verbosity=0)
    times = measure(Client(headers={"host": "localhost"}), [BARE, *PAGES.values()])
    print(table(times))
    print(f"\n{matching.report()}\n\n{judging.report()}\n")
    # Modules that need Django to be set up.
    for name in ("linking", "embedding", "searching", "intake", "directory", "answers"):
        print(f"{import_module(f'tests.benchmarks.{name}').report()}\n")
    # Last: each goes to a database of its own.
    for name in ("importing", "quoting", "library", "judging_pages", "rounds"):
        import_module(f"tests.benchmarks.{name}").run()
        print()


def measure(client, addresses):
    """Milliseconds by address. In turns, so that a busy moment of the machine hits all alike."""
    times = {address: [] for address in addresses}
    for turn in range(ROUNDS + 1):
        for address in addresses:
            taken = milliseconds(client, address)
            if turn:  # the first turn fills the caches
                times[address].append(taken)
    return times


def milliseconds(client, address):
    start = time.perf_counter()
    response = client.get(address)
    taken = (time.perf_counter() - start) * 1000
    if response.status_code != 200:
        raise SystemExit(f"{address} answered {response.status_code}.")
    return taken


def table(times):
    bare = statistics.median(times[BARE])
    lines = [f"{'Page':30} {'p50 ms':>8} {'p95 ms':>8} {'× bare':>8}"]
    for name, address in {"Bare view": BARE, **PAGES}.items():
        middle = statistics.median(times[address])
        slow = statistics.quantiles(times[address], n=20)[-1]
        lines.append(f"{name:30} {middle:8.1f} {slow:8.1f} {middle / bare:8.1f}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
