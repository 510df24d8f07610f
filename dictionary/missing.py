"""Words that people miss: staff learn of one when three visitors looked for it on two days.

A search box hears confessions, so what may be about a person is never noted at all, and the rest
is held only as digests until enough different people share it (see MissSighting).
"""

import re
from datetime import timedelta
from functools import cache
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.text import slugify

from cja_portal.kit.moves import ImpossibleMove
from cja_portal.kit.text import fold
from dictionary.models import Entry, MissingWord, MissSighting
from members.audit import record
from members.models import KeepingTimes

VISITORS, DAYS = 3, 2
MOST_WORDS, LONGEST, SHORTEST = 5, 40, 3
MOST_A_DAY = 5_000  # so that no machine fills the table
TITLES = {"mr", "mrs", "ms", "miss", "mx", "dr", "sir", "lord", "lady", "judge", "pc"}
_WORDS_ALONE = re.compile(r"[^\W\d_]+(?:[ '’&-]+[^\W\d_]+)*['’]?")


class AlreadyHandled(ImpossibleMove):
    """The missing word is dealt with; the message says how, for staff."""


# -- What may be kept ------------------------------------------------------------------------------


def word_to_keep(text):
    """`text` as staff may one day see it, or "" if it may say something about somebody."""
    text = text.strip()
    word = fold(text)
    may_be_a_word = (
        _WORDS_ALONE.fullmatch(text)
        and len(word) >= SHORTEST
        and len(text) <= LONGEST
        and len(text.split()) <= MOST_WORDS
    )
    return word if may_be_a_word and not _may_name_somebody(text) else ""


def _may_name_somebody(text):
    words = text.split()
    if {fold(word) for word in words} & (TITLES | _names().sure):
        return True
    cased = [word for word in words if word[:1].isupper() and not word.isupper()]
    if any(fold(word) in _names().unsure for word in cased):
        return True
    return len(words) > 1 and len(cased) * 2 > len(words)


class _Names:
    """Common names; the unsure ones are everyday words too, so that a capital decides."""

    def __init__(self):
        sure, unsure = (Path(__file__).parent / "names.txt").read_text().split("# Also words")
        self.sure, self.unsure = (
            frozenset(line for line in part.split() if line.isalpha()) for part in (sure, unsure)
        )


@cache
def _names():
    return _Names()


# -- Noting ----------------------------------------------------------------------------------------


@transaction.atomic
def note_miss(text, *, visitor):
    """Note that `visitor`, an address, found nothing for `text`, as far as it may be noted."""
    word, today = word_to_keep(text), timezone.localdate()
    if not word or MissSighting.objects.filter(day=today).count() >= MOST_A_DAY:
        return
    _wait_for_others_with(word)
    sightings = list(_sightings(word, today))
    own = [one for one in sightings if one.visitor == _digest(one.day, word, visitor)]
    if any(one.day == today for one in own):
        return
    new = MissSighting.objects.create(
        day=today,
        word=_digest(today, word),
        visitor=_digest(today, word, visitor),
        is_first=not own,
    )
    _keep_if_shared(word, [*sightings, new])


def _wait_for_others_with(word):
    """Two third visitors at once must see each other: one at a time for each word."""
    number = int(
        salted_hmac("dictionary.missing lock", word, algorithm="sha256").hexdigest()[:15], 16
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def _sightings(word, today):
    """All that is known of the word: its digest is made anew for each day that may hold one."""
    days = [today - timedelta(days=number) for number in range(KeepingTimes.now().misses + 1)]
    return MissSighting.objects.filter(word__in=[_digest(day, word) for day in days])


def _digest(day, *parts):
    salt = f"dictionary.missing {day.isoformat()}"
    return salted_hmac(salt, "\n".join(parts), algorithm="sha256").hexdigest()


def _keep_if_shared(word, sightings):
    visitors = sum(one.is_first for one in sightings)
    days = {one.day for one in sightings}
    if visitors >= VISITORS and len(days) >= DAYS:
        seen = {"searches": len(sightings), "last_seen_on": max(days)}
        MissingWord.objects.update_or_create(text=word, defaults=seen)


# -- What staff do ---------------------------------------------------------------------------------


@transaction.atomic
def draft_missing_word(missing, *, by):
    """Begin an entry for the word; readers see nothing of it until it is published."""
    missing = _locked(missing)
    headword = missing.text[:1].upper() + missing.text[1:]
    entry = Entry.objects.create(slug=_free_slug(missing.text), headword=headword)
    missing.entry, missing.handled_by = entry, by
    missing.save(update_fields=["entry", "handled_by"])
    record(by, "dictionary.draft-missing-word", entry)
    return entry


@transaction.atomic
def set_aside_missing_word(missing, *, by):
    """Take the word out of the queue: it is none for the dictionary."""
    missing = _locked(missing)
    missing.is_set_aside, missing.handled_by = True, by
    missing.save(update_fields=["is_set_aside", "handled_by"])


def _locked(missing):
    missing = MissingWord.objects.select_for_update(of=("self",)).get(pk=missing.pk)
    if missing.entry_id or missing.is_set_aside:
        raise AlreadyHandled(
            f"“{missing}” is already {'a draft' if missing.entry_id else 'set aside'}."
        )
    return missing


def _free_slug(text):
    """The address of the word, with a number behind it if another entry has it."""
    slug = slugify(text) or "word"
    taken = set(Entry.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    numbered = (f"{slug}-{number}" for number in range(2, len(taken) + 3))
    return next(one for one in [slug, *numbered] if one not in taken)


# -- Forgetting ------------------------------------------------------------------------------------


def old_misses():
    return MissSighting.objects.filter(day__lt=timezone.localdate() - KeepingTimes.of("misses"))


def forget_old_misses():
    """Delete what is older than staff chose; gives how many sightings and words went."""
    before = timezone.localdate() - KeepingTimes.of("misses")
    sightings, _ = old_misses().delete()
    words, _ = MissingWord.objects.filter(last_seen_on__lt=before).delete()
    return sightings, words
