"""A directory of 1,000 organisations in the server: python -m tests.benchmarks.directory

Generated organisations in a database of its own beside the local one, dropped after it; each page
is asked for through Django's test client, as everybody and as a member. Statements are those beside
what any page costs a person who is logged in (the session, and noting that it is in use).
"""

import random
import statistics
import time
from importlib import import_module

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, setup_databases, teardown_databases

from tests.benchmarks.production import be_like_production

ORGANISATIONS, ROUNDS = 1_000, 40
MOST_STATEMENTS, MOST_P95, MOST_BYTES = 12, 150, 60_000  # p95 in milliseconds
SEED = 2026
FIRST = str.split("Anchor Bridge Castle Dawn Elm Forge Grove Harbour Isle Key Lantern Mill North")
SECOND = str.split("House Trust Project Works Centre Network Support Justice Chance Futures Voices")
WORDS = str.split(
    "works with people in prison and after release on housing families work health courts policing "
    "young adults women restorative services training research advice for those whom others leave"
)
PAGES = {
    "first page": "/members/",
    "last page": "/members/?page=34",
    "search": "/members/?q=harbour",
    "search, misspelt": "/members/?q=harbuor",
    "search by a former name": "/members/?q=formerly",
    "narrowed down": "/members/?theme=prison&area=london&stage=prison&kind=charity",
    "a place by name": "/members/?area=london&reach=place",
    "map": "/members/map/",
    "coverage": "/members/coverage/",
    "a profile": "/members/organisation-7/",
}
NO_ROWS = "/accessibility/"  # A page that asks the database for nothing.


def main():
    be_like_production()
    call_command("collectstatic", interactive=False, verbosity=0)
    print(report())


def report():
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        member = fill(random.Random(SEED))
        return figures(member)
    finally:
        teardown_databases(databases, verbosity=0)


def fill(chance):
    """Organisations as bulk rows; gives a person who belongs to one of them."""
    models = import_module("members.models")  # which reads the settings that `main` has made
    load = import_module("members.starter")
    folder = load.FOLDER
    themes = load.read_themes(folder / "themes.yaml")
    areas = load.read_areas(folder / "areas.yaml")
    load.load_pieces(load.StarterArea(areas), areas)
    load.load_pieces(load.StarterTheme(themes), themes)
    rows = models.Organisation.objects.bulk_create(
        organisation(models, chance, number) for number in range(ORGANISATIONS)
    )
    link(chance, rows, models.Organisation.themes.through, models.Theme, "theme_id", 3)
    link(chance, rows, models.Organisation.areas.through, models.Area, "area_id", 2)
    models.Detail.objects.bulk_create(
        models.Detail(organisation=row, kind=kind, value="info@example.org", audience="members")
        for row in rows
        for kind in ("email", "telephone", "address")
    )
    member = models.User.objects.create_user("member@example.org")
    models.Affiliation.objects.create(user=member, organisation=rows[0], roles=["owner"])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return member


def organisation(models, chance, number):
    name = f"{chance.choice(FIRST)} {chance.choice(SECOND)} {number}"
    return models.Organisation(
        slug=f"organisation-{number}",
        name=name,
        former_names=[f"Formerly {number}"] if number % 9 == 0 else [],
        kind=chance.choice(["charity", "service-provider", "research", "network"]),
        summary=f"{' '.join(chance.choices(WORDS, k=24)).capitalize()}.",
        website="https://www.example.org",
        stages=chance.sample(["police", "prison", "after"], chance.randint(0, 2)),
        is_listed=True,
    )


def link(chance, rows, through, model, column, most):
    ids = list(model.objects.values_list("pk", flat=True))
    through.objects.bulk_create(
        through(organisation_id=row.pk, **{column: pk})
        for row in rows
        for pk in chance.sample(ids, chance.randint(1, most))
    )


def figures(member):
    signed_in = Client(headers={"host": "localhost"})
    signed_in.force_login(member)
    readers = {"everybody": Client(headers={"host": "localhost"}), "a member": signed_in}
    heading = f"{ORGANISATIONS:,} organisations"
    lines = [f"{heading:40} {'statements':>10} {'p50 ms':>8} {'p95 ms':>8} {'CPU':>8} {'bytes':>8}"]
    holds = True
    for reader, client in readers.items():
        client.get(NO_ROWS)  # The first request of a session writes more.
        usual = statements_for(client, NO_ROWS)
        for name, address in PAGES.items():
            statements = statements_for(client, address) - usual
            p50, p95, work, size = measure(client, address)
            few = statements <= MOST_STATEMENTS
            holds &= few and p95 <= MOST_P95 and size <= MOST_BYTES
            title = f"{name}, {reader}"
            times = f"{p50:8.1f} {p95:8.1f} {work:8.1f}"
            lines.append(f"{title:40} {statements:10} {times} {size:8,}")
    bar = f"≤ {MOST_STATEMENTS} statements, p95 ≤ {MOST_P95} ms, ≤ {MOST_BYTES:,} bytes"
    return "\n".join([*lines, f"{bar}: {'holds' if holds else 'FAILS'}"])


def statements_for(client, address):
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


def measure(client, address):
    """The median and the 95th percentile by the clock, our processor time, and bytes."""
    size = len(client.get(address).content)
    start = time.process_time()
    taken = [milliseconds(client, address) for _ in range(ROUNDS)]
    work = (time.process_time() - start) * 1000 / ROUNDS
    return statistics.median(taken), statistics.quantiles(taken, n=20)[-1], work, size


def milliseconds(client, address):
    start = time.perf_counter()
    response = client.get(address)
    taken = (time.perf_counter() - start) * 1000
    if response.status_code != 200:
        raise SystemExit(f"{address} answered {response.status_code}.")
    return taken


if __name__ == "__main__":
    main()
