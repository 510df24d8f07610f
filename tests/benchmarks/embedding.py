"""How much the pages of others fetch, for 2,000 meanings as rich in names as our starter content.

Each further copy of the starter content says other things: its rarer words are new, made of halves
of English ones, and the common ones change places. So the number of different words grows as it
does within the starter content (about the 0.8th power of all words).
"""

import random
import re
from collections import Counter, defaultdict
from itertools import cycle

from django.utils import timezone

from dictionary.embed import EmbeddedEntry, EmbeddedWords, current_script
from dictionary.models import Entry, EntryVersion
from dictionary.plurals import plural_forms
from dictionary.published import PublishedEntry

MEANINGS = 2_000
RARE = 1  # times in the starter content
WORD = re.compile(r"[A-Za-z]+")
LINKS = {"of", "and", "the", "to", "in", "for", "on", "or", "a", "an", "by", "with", "at", "from"}


def report():
    day = timezone.localdate()
    words = EmbeddedWords([EmbeddedEntry(entry, day) for entry in many_entries(MEANINGS)])
    names, guards = (len(words.files[f"{name}.json"].zipped) for name in ("labels", "guards"))
    sizes = {
        "The script of other pages": len(current_script().zipped),
        f"Its names of {MEANINGS:,} meanings": names,
        "Their guards, where a guarded name stands": guards,
    }
    lines = [f"{name:44} {size / 1000:8.1f}" for name, size in sizes.items()]
    return "\n".join([f"{'Files for the pages of others':44} {'kB gzip':>8}", *lines])


def many_entries(meanings):
    """Entries, not in the database, with at least so many meanings, made of those that are."""
    rows = Entry.objects.published().select_related("current").order_by("pk")
    snapshots = [row.current.snapshot for row in rows]
    made, count, chance, words = [], 0, random.Random(2026), {}
    for number, snapshot in enumerate(cycle(snapshots)):
        if number and number % len(snapshots) == 0:
            words = _other_words(snapshots, chance)
        made.append(_entry(_like(snapshot, words, number), number + 1))
        count += len(snapshot["senses"])
        if count >= meanings:
            return made


def _other_words(snapshots, chance):
    """What each word of the starter content becomes in one copy of it."""
    texts = (text for one in snapshots for label in one["labels"] for text in _texts(label))
    counts = Counter(word for text in texts for word in WORD.findall(text))
    alike = defaultdict(list)
    for word, count in counts.items():
        alike["rare" if count <= RARE else min(count, 8), word.isupper()].append(word)
    return {word: new for key, own in alike.items() for word, new in _changed(key, own, chance)}


def _changed(key, words, chance):
    kind, is_acronym = key
    if is_acronym:
        return [
            (word, "".join(chance.choices("ABCDEFGHILMNOPRSTUVWY", k=len(word)))) for word in words
        ]
    if kind == "rare":
        return [(word, word[: len(word) // 2] + _end(chance.choice(words))) for word in words]
    free = [word for word in words if word not in LINKS]
    return zip(free, chance.sample(free, len(free)), strict=True)


def _end(word):
    return word[len(word) // 2 :]


def _texts(label):
    return [label["text"], *label["not_before"], *label["not_after"]]


def _like(snapshot, words, copy):
    def told(text):
        return WORD.sub(lambda found: words.get(found[0], found[0]), text)

    def moved(number):
        return number and number * 10_000 + copy

    senses = [sense | {"id": moved(sense["id"])} for sense in snapshot["senses"]]
    labels = [
        label
        | {key: [told(text) for text in label[key]] for key in ("not_before", "not_after")}
        | {
            "text": told(label["text"]),
            "sense": moved(label["sense"]),
            "forms": _forms(label, told),
        }
        for label in snapshot["labels"]
    ]
    return snapshot | {"senses": senses, "labels": labels}


def _forms(label, told):
    is_acronym = label["kind"] == "acronym"
    if label["forms"] == plural_forms(label["text"], is_acronym=is_acronym):
        return plural_forms(told(label["text"]), is_acronym=is_acronym)
    return [told(form) for form in label["forms"]]


def _entry(snapshot, pk):
    version = EntryVersion(entry_id=pk, snapshot=snapshot)
    return PublishedEntry(version, slug=f"word-{pk}")
