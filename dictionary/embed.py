"""The dictionary for the pages of others: the names in one small file, the meanings on shelves.

`embedded/words.js` fetches them. What a reader opens is fetched with its whole shelf, so that this
server does not learn the word. The addresses hold a digest of all files: each may be kept for ever.
"""

import json
import zlib
from base64 import b64encode
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256, sha384
from itertools import groupby
from pathlib import Path

from django.utils import timezone
from django.utils.dateformat import format as format_date

from dictionary.embed_names import Names, Spelling, on_one_line
from dictionary.matching import Form, Matcher
from dictionary.models import CaseRule, Entry, Jurisdiction
from dictionary.published import published
from dictionary.search import current_index
from dictionary.words import is_telling

SCRIPTS = Path(__file__).parent / "embedded"
PLACES = Jurisdiction.values
SHELF = 32  # entries
DIGEST_LENGTH = 16
LONGEST_TEXT = 100_000  # characters, of one that is sent here


@dataclass(frozen=True)
class Packed:
    """A file as it is, and in a third of the length for those who can read it so."""

    body: bytes

    @cached_property
    def zipped(self):
        """In gzip's form, in small blocks: each suits its own part of the file."""
        zipper = zlib.compressobj(9, wbits=31, memLevel=6)
        return zipper.compress(self.body) + zipper.flush()

    @property
    def digest(self):
        return sha256(self.body).hexdigest()[:DIGEST_LENGTH]

    @property
    def integrity(self):
        return f"sha384-{b64encode(sha384(self.body).digest()).decode()}"


# -- The script -----------------------------------------------------------------------------------


def current_script():
    return _read_script(SCRIPTS / "words.js")


def script_with(digest):
    """The script of this digest, now or in the past; None if there never was one.

    One that was in use is kept for ever in `embedded/kept`: pages name it by its digest.
    """
    if digest == current_script().digest:
        return current_script()
    kept = {path.stem: path for path in (SCRIPTS / "kept").glob("*.js")}
    return _read_script(kept[digest]) if digest in kept else None


def _read_script(path):
    return _script(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _script(path, changed):
    return Packed(path.read_bytes())


# -- The data -------------------------------------------------------------------------------------


def current_words():
    """What is public today, ready for the pages of others."""
    return _words(current_index(), timezone.localdate())


@lru_cache(maxsize=1)
def _words(index, day):
    rows = Entry.objects.published().select_related("current").order_by("pk")
    return EmbeddedWords([EmbeddedEntry(published(row), day) for row in rows])


class EmbeddedEntry:
    """An entry with the meanings and names that hold on a day."""

    def __init__(self, entry, day):
        self.entry, self.pk = entry, entry.pk
        self.senses = [one for one in entry.senses if one.holds_on(day)] or entry.senses
        ids = {sense.id for sense in self.senses}
        self.labels = [one for one in entry.labels if _marks(one) and one.sense in {None, *ids}]

    def senses_in(self, jurisdiction):
        wanted = {jurisdiction, Jurisdiction.UK} if jurisdiction else set(PLACES)
        return [sense for sense in self.senses if sense.jurisdiction in wanted]

    def forms_in(self, jurisdiction):
        """What to look for in a text about a place: only names of what has a meaning there."""
        ids = {sense.id for sense in self.senses_in(jurisdiction)}
        for label in self.labels:
            if ids if label.sense is None else label.sense in ids:
                for text in (label.text, *label.forms):
                    is_exact = label.case_rule == CaseRule.EXACT
                    guards = tuple(label.not_before), tuple(label.not_after)
                    yield Form(on_one_line(text), self.pk, is_exact, *guards)

    def spellings(self):
        """Each spelling once, with the places where it is used, "" for all of the entry."""
        places = {one.id: str(PLACES.index(one.jurisdiction)) for one in self.senses}
        everywhere = _joined(places.values())
        used = {}
        for label in self.labels:
            own = everywhere if label.sense is None else places[label.sense]
            spelling = Spelling.of(label)
            used[spelling] = _joined(used.get(spelling, "") + own)
        return everywhere, {one: "" if own == everywhere else own for one, own in used.items()}

    def as_meaning(self):
        return {
            "name": self.entry.headword,
            "path": self.entry.get_absolute_url(),
            "senses": [_sense(sense) for sense in self.senses],
        }


class EmbeddedWords:
    """All entries; `files` holds what the script fetches, by name.

    The names are on every page of every host; their guards are fetched where a guarded one stands.
    """

    def __init__(self, entries):
        self.entries = {entry.pk: entry for entry in entries if entry.labels}
        names = Names((pk, *entry.spellings()) for pk, entry in self.entries.items())
        self.files = {
            "labels.json": _packed({"shelf": SHELF, "places": PLACES, **names.columns()}),
            "guards.json": _packed(names.guards),
            **self._shelves(),
        }
        digest = sha256(b"".join(file.body for file in self.files.values()))
        self.stamp = digest.hexdigest()[:DIGEST_LENGTH]
        self._matchers = {}

    def matcher_for(self, jurisdiction):
        if jurisdiction not in self._matchers:
            forms = (
                form for entry in self.entries.values() for form in entry.forms_in(jurisdiction)
            )
            self._matchers[jurisdiction] = Matcher(forms)
        return self._matchers[jurisdiction]

    def _shelves(self):
        shelves = groupby(self.entries.values(), key=lambda entry: entry.pk // SHELF)
        return {
            f"meanings/{number}.json": _packed({one.pk: one.as_meaning() for one in entries})
            for number, entries in shelves
        }


def _packed(data):
    return Packed(json.dumps(data, ensure_ascii=True, separators=(",", ":")).encode())


def _marks(label):
    return label.language == "en" and is_telling(label)


def _joined(digits):
    return "".join(sorted(set(digits)))


def _sense(sense):
    return {
        "id": sense.id,
        "jurisdiction": sense.jurisdiction,
        "place": f"{sense.place}: {sense.name}" if sense.has_own_name else sense.place,
        "plain": sense.plain,
        "warning": _warning(sense),
        "is_checked": bool(sense.checked_on),
        "status": _status(sense),
        "law_as_of": _day(sense.law_as_of),
    }


def _warning(sense):
    if not sense.is_in_force:
        return "Not in force: Parliament has passed it, but it does not apply yet."
    return f"No longer used: it ended on {_day(sense.valid_to)}." if sense.is_former else ""


def _status(sense):
    if sense.checked_on:
        return f"Checked by a lawyer on {_day(sense.checked_on)}."
    return "Draft: not yet checked by a lawyer."


def _day(day):
    return format_date(day, "j F Y")


# -- A text ---------------------------------------------------------------------------------------


def words_in(text, jurisdiction=""):
    """Where words of the dictionary stand in `text`, and what each means there."""
    words = current_words()
    for match in words.matcher_for(jurisdiction).find(text):
        entries = [words.entries[pk] for pk in match.keys]
        yield {
            "start": match.start,
            "end": match.end,
            "text": text[match.start : match.end],
            "senses": [
                _found(one, sense) for one in entries for sense in one.senses_in(jurisdiction)
            ],
        }


def _found(entry, sense):
    own = _sense(sense)
    return {**own, "headword": entry.entry.headword, "path": sense.get_absolute_url()}
