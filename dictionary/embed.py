"""The dictionary for the pages of others: the names in one small file, the meanings on shelves.

`embedded/words.js` fetches them. What a reader opens is fetched with its whole shelf, so that this
server does not learn the word. The addresses hold a digest of all files: each may be kept for ever.
"""

import gzip
import json
from base64 import b64encode
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256, sha384
from itertools import groupby, takewhile
from pathlib import Path

from django.utils import timezone
from django.utils.dateformat import format as format_date

from dictionary.matching import Form, Matcher
from dictionary.models import CaseRule, Entry, Jurisdiction
from dictionary.plurals import plural_forms
from dictionary.published import published
from dictionary.search import current_index
from dictionary.words import is_telling

SCRIPTS = Path(__file__).parent / "embedded"
PLACES = Jurisdiction.values
_SIGNS = set("=|@<>;")
SHELF = 32  # entries
DIGEST_LENGTH = 16
LONGEST_TEXT = 100_000  # characters, of one that is sent here


@dataclass(frozen=True)
class Packed:
    """A file as it is, and in a third of the length for those who can read it so."""

    body: bytes

    @cached_property
    def zipped(self):
        return gzip.compress(self.body, 9, mtime=0)

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
                    yield Form(_on_one_line(text), self.pk, is_exact, *guards)

    def spellings(self):
        """Each spelling once, with the places where it is used, "" for all of the entry."""
        places = {one.id: str(PLACES.index(one.jurisdiction)) for one in self.senses}
        everywhere = _joined(places.values())
        used = {}
        for label in self.labels:
            own = everywhere if label.sense is None else places[label.sense]
            used[_spelling(label)] = _joined(used.get(_spelling(label), "") + own)
        return everywhere, {one: "" if own == everywhere else own for one, own in used.items()}

    def as_meaning(self):
        return {
            "name": self.entry.headword,
            "path": self.entry.get_absolute_url(),
            "senses": [_sense(sense) for sense in self.senses],
        }


class EmbeddedWords:
    """All entries; `files` holds what the script fetches, by name."""

    def __init__(self, entries):
        self.entries = {entry.pk: entry for entry in entries if entry.labels}
        self.files = {"labels.json": _packed(self._labels()), **self._shelves()}
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

    def _labels(self):
        """A line per entry, "step:places" and its names; `special` holds what fits no line.

        The shape is bare for the sake of its length: it is fetched on every page of every host.
        """
        lines, special, last = [], [], 0
        for pk, entry in self.entries.items():
            everywhere, spellings = entry.spellings()
            simple = [one for one in spellings.items() if _is_simple(one[0])]
            step = "" if pk == last + 1 else f"{pk - last}:"
            lines.append("\t".join([step + everywhere, *(_written(*one) for one in simple)]))
            special += [
                [pk, places or everywhere, *spelling]
                for spelling, places in spellings.items()
                if not _is_simple(spelling)
            ]
            last = pk
        return {"shelf": SHELF, "places": PLACES, "lines": "\n".join(lines), "special": special}

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


def _on_one_line(text):
    return " ".join(text.split())


def _joined(digits):
    return "".join(sorted(set(digits)))


def _spelling(label):
    """Names, is_exact, guards: alike for labels of several meanings that say the same."""
    is_exact = label.case_rule == CaseRule.EXACT
    names = [_on_one_line(text) for text in (label.text, *label.forms)]
    names = names if is_exact else [_small(name) for name in names]
    return tuple(names), int(is_exact), tuple(label.not_before), tuple(label.not_after)


def _small(name):
    """In small letters, which compress better, unless that makes another length."""
    return name.lower() if len(name.lower()) == len(name) else name


def _is_simple(spelling):
    names, _, not_before, not_after = spelling
    return all(
        text and max(text) <= "\ud7ff" and text.isprintable() and not set(text) & _SIGNS
        for text in (*names, *not_before, *not_after)
    )


def _written(spelling, places):
    """ "=ROTL@0>of a<the;our": with these capitals, in the first place, not before "of a", not
    after "the" or "our". Forms other than those of the rule follow a "|".
    """
    (name, *forms), is_exact, not_before, not_after = spelling
    changes = "" if forms == _regular_forms(name, is_exact) else f"|{_changes(name, forms)}"
    signed = [
        ("@", places),
        (">", ";".join(sorted(set(not_before)))),
        ("<", ";".join(sorted(set(not_after)))),
    ]
    rest = "".join(sign + text for sign, text in signed if text)
    return f"{'=' if is_exact else ''}{name}{changes}{rest}"


def _changes(name, forms):
    return "|".join(_change(name, form) for form in forms)


def _regular_forms(name, is_exact):
    """What the script makes of a name by the same rule, which it knows for English letters."""
    return plural_forms(name, is_acronym=is_exact) if name.isascii() else []


def _change(name, form):
    """ "1ies" makes "penalties" of "penalty"; "=" begins a form that is written out."""
    pairs = zip(name, form, strict=False)
    kept = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return f"{len(name) - kept}{form[kept:]}" if len(name) - kept < 10 else f"={form}"


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
