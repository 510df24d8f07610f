import base64
import pickle
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.utils import timezone

from dictionary import missing
from dictionary.missing import (
    AlreadyHandled,
    draft_missing_word,
    forget_old_misses,
    note_miss,
    set_aside_missing_word,
    word_to_keep,
)
from dictionary.models import Entry, MissingWord, MissSighting
from members.models import AuditEvent
from tests.factories import make_entry, make_staff

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
CANARY = "xylophonist"


@pytest.fixture
def on(monkeypatch):
    """Set the day."""
    return lambda day: monkeypatch.setattr(timezone, "localdate", lambda *_: day)


def miss(*visitors, text=CANARY):
    for visitor in visitors:
        note_miss(text, visitor=visitor)


def kept():
    return list(MissingWord.objects.values_list("text", flat=True))


# -- When staff learn of a word -------------------------------------------------------------------


def test_three_visitors_on_two_days_make_a_missing_word(on):
    on(MONDAY)
    miss("192.0.2.1", "192.0.2.2")
    on(TUESDAY)
    assert kept() == []

    miss("192.0.2.3")

    assert kept() == [CANARY]


def test_three_visitors_on_one_day_are_not_enough(on):
    on(MONDAY)
    miss("192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4")

    assert kept() == []


def test_two_visitors_are_not_enough_on_however_many_days(on):
    for number in range(10):
        on(MONDAY + timedelta(days=number))
        miss("192.0.2.1", "192.0.2.2", "192.0.2.1")

    assert kept() == []


def test_one_of_the_three_may_be_the_one_who_comes_again(on):
    on(MONDAY)
    miss("192.0.2.1", "192.0.2.2", "192.0.2.3")
    on(TUESDAY)
    miss("192.0.2.1")

    assert kept() == [CANARY]


def test_searches_of_ninety_one_days_ago_no_longer_count(on):
    on(MONDAY)
    miss("192.0.2.1", "192.0.2.2")
    on(MONDAY + timedelta(days=91))
    miss("192.0.2.3")

    assert kept() == []


def test_a_kept_word_is_counted_on(on):
    on(MONDAY)
    miss("192.0.2.1", "192.0.2.2")
    on(TUESDAY)
    miss("192.0.2.3", "192.0.2.4")

    word = MissingWord.objects.get()
    assert (word.searches, word.last_seen_on) == (4, TUESDAY)


@pytest.mark.django_db(transaction=True)
def test_two_third_visitors_at_once_make_one_word(on):
    on(MONDAY)
    miss("192.0.2.1")
    on(TUESDAY)
    together = Barrier(2)

    def search(visitor):
        together.wait(timeout=30)
        try:
            note_miss(CANARY, visitor=visitor)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(search, ["192.0.2.2", "192.0.2.3"]))

    assert MissSighting.objects.filter(is_first=True).count() == 3
    assert kept() == [CANARY]


@pytest.mark.django_db(transaction=True)
def test_the_same_visitor_twice_at_once_is_noted_once():
    together = Barrier(2)

    def search(_):
        together.wait(timeout=30)
        try:
            note_miss(CANARY, visitor="192.0.2.1")
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(search, range(2)))

    assert MissSighting.objects.count() == 1


# -- What is held until then ----------------------------------------------------------------------


def test_a_sighting_holds_digests_and_a_day_and_nothing_else(on):
    on(MONDAY)
    miss("192.0.2.1")

    sighting = MissSighting.objects.values().get()
    assert sighting.keys() == {"id", "day", "word", "visitor", "is_first"}
    assert sighting["day"] == MONDAY
    assert {len(sighting["word"]), len(sighting["visitor"])} == {64}


def test_digests_of_two_days_have_nothing_in_common(on):
    for day in (MONDAY, TUESDAY):
        on(day)
        miss("192.0.2.1")
        miss("192.0.2.1", text="zookeeper")

    digests = [value for one in MissSighting.objects.all() for value in (one.word, one.visitor)]
    assert len(digests) == len(set(digests)) == 8


def test_without_the_secret_key_the_word_cannot_be_tried(on, settings):
    on(MONDAY)
    miss("192.0.2.1")
    settings.SECRET_KEY = "another key"

    assert not missing._sightings(CANARY, MONDAY).exists()


def test_a_canary_searched_for_is_nowhere_afterwards(client, caplog):
    cache.set("findable", CANARY[::-1])
    page = client.get("/dictionary/", {"q": CANARY}, REMOTE_ADDR="192.0.2.77")

    assert CANARY in page.content.decode()
    assert CANARY[::-1] in _everything()
    assert MissSighting.objects.count() == 1
    assert CANARY not in _everything()
    assert "192.0.2.77" not in _everything()
    assert CANARY not in caplog.text


def _everything():
    """All rows of all tables, the cache's too."""
    tables = [model._meta.db_table for model in apps.get_models(include_auto_created=True)]
    with connection.cursor() as cursor:
        rows = []
        for table in [*tables, "portal_cache"]:
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += cursor.fetchall()
        cursor.execute("SELECT value FROM portal_cache")
        values = [_opened(value) for (value,) in cursor.fetchall()]
    return repr(rows) + repr(values)


def _opened(value):
    return pickle.loads(base64.b64decode(value))


@pytest.mark.parametrize(
    "text",
    [
        *("AB123456C", "SW1A 2AA", "07700 900123", "someone@example.org", "case 42", "a1"),
        *("John Smith", "john smith", "JOHN SMITH", "mohammed", "Mr Xqz", "Mark", "Grant Xqz"),
        *("Xqzzy Plugh", "why was my brother sent there again", "x" * 41, "ab", "", "🙂", "<b>"),
        *("http://example", "one/two", "12/03/2020", "my son liam", "one two three four five six"),
    ],
)
def test_what_may_be_about_somebody_is_never_noted(text):
    miss("192.0.2.1", text=text)

    assert word_to_keep(text) == ""
    assert MissSighting.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("subpoena", "subpoena"),
        ("Subpoena", "subpoena"),
        ("habeas corpus", "habeas corpus"),
        ("no-fault", "no fault"),
        ("ICO", "ico"),
        ("grant of probate", "grant of probate"),
        ("judge’s rules", "judges rules"),
    ],
)
def test_words_may_be_noted(text, word):
    assert word_to_keep(text) == word


def test_a_search_that_finds_something_is_not_noted(client):
    make_entry("Bail")
    client.get("/dictionary/?q=bail")
    client.get("/dictionary/?q=bial")
    client.get("/dictionary/suggest-entries/?q=zookeeper")
    client.get("/dictionary/?q=zookeeper&jurisdiction=scotland")
    assert MissSighting.objects.count() == 0

    client.get("/dictionary/?q=zookeeper")
    assert MissSighting.objects.count() == 1


def test_no_machine_fills_the_table(monkeypatch):
    monkeypatch.setattr(missing, "MOST_A_DAY", 2)
    for text in ("zookeeper", "xylophonist", "wainwright"):
        miss("192.0.2.1", text=text)

    assert MissSighting.objects.count() == 2


# -- What staff do, and forgetting ----------------------------------------------------------------


def make_missing(text="zookeeper", day=MONDAY):
    return MissingWord.objects.create(text=text, searches=3, last_seen_on=day)


def test_a_missing_word_becomes_a_draft_that_readers_do_not_see():
    make_entry("Zookeeper")
    staff, word = make_staff(), make_missing()

    entry = draft_missing_word(word, by=staff)

    assert (entry.headword, entry.slug, entry.stage) == ("Zookeeper", "zookeeper-2", "draft")
    assert not Entry.objects.published().filter(pk=entry.pk).exists()
    assert not MissingWord.objects.waiting().exists()
    assert AuditEvent.objects.filter(verb="dictionary.draft-missing-word", by=staff).exists()


def test_a_word_is_handled_once():
    staff, word = make_staff(), make_missing()
    set_aside_missing_word(word, by=staff)

    with pytest.raises(AlreadyHandled, match="set aside"):
        draft_missing_word(word, by=staff)


def test_what_is_ninety_one_days_old_is_forgotten(on):
    on(MONDAY)
    miss("192.0.2.1")
    make_missing()
    on(MONDAY + timedelta(days=90))
    make_missing("wainwright", timezone.localdate())
    forget_old_misses()
    assert (MissSighting.objects.count(), len(kept())) == (1, 2)

    on(MONDAY + timedelta(days=91))
    forget_old_misses()

    assert (MissSighting.objects.count(), kept()) == (0, ["wainwright"])


def test_a_word_with_digits_cannot_be_kept():
    word = MissingWord(text="case 42", searches=3, last_seen_on=MONDAY)

    with pytest.raises(ValidationError, match="may be about a person"):
        word.full_clean()
    with pytest.raises(IntegrityError, match="missing_word_tells_of_nobody"):
        word.save()
