"""How long a search takes in the server, on generated words: python -m tests.benchmarks.searching

In a database of its own beside the local one, made for this run and dropped after it, with
2,000 entries of five names each; each page is asked for through Django's test client.
"""

import random
import statistics
import time
from datetime import date
from importlib import import_module

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import setup_databases, teardown_databases

from tests.benchmarks.production import be_like_production

ENTRIES, NAMES, ROUNDS = 2_000, 5, 100
MOST_P95 = 50  # milliseconds
SEED = 2026
STARTS = str.split(
    "ab ac ad al ap be bo ca ch com con cri cus de di dis en ex fi ho im in ju leg li mag"
)
MIDDLES = str.split(
    "ba bra ci cla cu da di ga gen gis ju la li mi nal no pa pro ra ri sen sti ta tra vi"
)
ENDS = str.split("al ance ant ary ate ed ence er ing ion ise ity ive ment or ory tion ty ure y")
JOINTS = ["of", "and", "on", "to", "for"]


def main():
    be_like_production()
    call_command("collectstatic", interactive=False, verbosity=0)
    print(report())


def report():
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        names = fill(random.Random(SEED))
        return figures(names, Client(headers={"host": "localhost"}))
    finally:
        teardown_databases(databases, verbosity=0)


def fill(chance):
    """Published entries as bulk rows; gives all names."""
    models = import_module("dictionary.models")  # which reads the settings that `main` has made
    Entry, EntryVersion = models.Entry, models.EntryVersion
    words = [word(chance) for _ in range(4_000)]
    rows = [[name(chance, words) for _ in range(NAMES)] for _ in range(ENTRIES)]
    entries = Entry.objects.bulk_create(
        Entry(slug=f"entry-{number}", headword=names[0]) for number, names in enumerate(rows)
    )
    pairs = zip(entries, rows, strict=True)
    versions = EntryVersion.objects.bulk_create(
        version(EntryVersion, entry, names, chance, words) for entry, names in pairs
    )
    for entry, current in zip(entries, versions, strict=True):
        entry.current, entry.stage = current, "published"
    Entry.objects.bulk_update(entries, ["current", "stage"], batch_size=500)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE dictionary_entryversion, dictionary_entry")
    return [one for names in rows for one in names]


def word(chance):
    middles = "".join(chance.choice(MIDDLES) for _ in range(chance.randint(0, 2)))
    return chance.choice(STARTS) + middles + chance.choice(ENDS)


def name(chance, words):
    parts = [chance.choice(words) for _ in range(chance.choice([1, 2, 2, 3]))]
    if len(parts) == 3:
        parts.insert(chance.randint(1, 2), chance.choice(JOINTS))
    return " ".join(parts)


def version(model, entry, names, chance, words):
    plain = " ".join(f"{' '.join(chance.choices(words, k=12)).capitalize()}." for _ in range(8))
    day = date(2025, 1, 1).isoformat()
    sense = {
        "id": entry.pk,
        "jurisdiction": "uk",
        "plain": plain,
        "means_for_you": plain,
        "legal": plain,
        "no_statutory_definition": True,
        "is_in_force": True,
        "valid_from": None,
        "valid_to": None,
        "law_as_of": day,
        "review_due": "2099-01-01",
        "checked_on": None,
        "replaced_by": "",
        "sources": [],
    }
    labels = [
        {
            "text": text,
            "kind": "alternative",
            "language": "en",
            "case_rule": "any",
            "policy": "everywhere",
            "forms": [],
            "not_before": [],
            "not_after": [],
            "said_as": "",
            "note": "",
            "sense": None,
        }
        for text in names[1:]
    ]
    snapshot = {
        "headword": names[0],
        "senses": [sense],
        "labels": labels,
        "relations": [],
        "language_notes": [],
    }
    return model(
        entry=entry,
        number=1,
        snapshot=snapshot,
        jurisdictions=["uk"],
        meanings=plain * 3,
        change_note="Made.",
    )


def figures(names, client):
    search = import_module("dictionary.search")
    search._known.clear()
    search._latest.clear()
    first = milliseconds(search.current_index)
    search._latest.clear()
    again = milliseconds(search.current_index)
    lines = [
        f"{ENTRIES:,} entries, {len(names):,} names",
        f"{'index from nothing':32} {first:8.0f} ms",
        f"{'index after a publication':32} {again:8.0f} ms",
        f"{'milliseconds':32} {'p50':>8} {'p95':>8} {'CPU':>8}",
    ]
    chance, slowest = random.Random(SEED), 0
    for kind, make in KINDS.items():
        queries = [make(chance, chance.choice(names)) for _ in range(ROUNDS)]
        for address in ("/dictionary/", "/dictionary/suggest-entries/"):
            p50, p95, work = times(client, address, queries)
            slowest = max(slowest, p95)
            lines.append(f"{kind + ' ' + address[12:]:32} {p50:8.1f} {p95:8.1f} {work:8.1f}")
    verdict = "holds" if slowest <= MOST_P95 else "FAILS"
    return "\n".join([*lines, f"p95 ≤ {MOST_P95} ms {verdict}: {slowest:.1f} ms"])


def times(client, address, queries):
    """The median and the 95th percentile by the clock, and the mean of our own processor time."""
    client.get(address, {"q": queries[0]})
    start = time.process_time()
    taken = [milliseconds(lambda q=query: client.get(address, {"q": q})) for query in queries]
    work = (time.process_time() - start) * 1000 / len(queries)
    return statistics.median(taken), statistics.quantiles(taken, n=20)[-1], work


def milliseconds(action):
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


def misspelt(chance, text):
    place = chance.randrange(len(text))
    return text[:place] + chance.choice("aeioust") + text[place + 1 :]


KINDS = {
    "exact": lambda chance, text: text,
    "beginning": lambda chance, text: text[: chance.randint(2, 4)],
    "misspelt": misspelt,
    "misspelt twice": lambda chance, text: misspelt(chance, misspelt(chance, text)),
    "nonsense": lambda chance, text: "".join(chance.choices(text.replace(" ", ""), k=9)),
}

if __name__ == "__main__":
    main()
