"""Documents are read once, whoever is killed and however many read at once."""

import os
import signal
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection

from library import document_actions as actions
from library.intake import confinement, reading, scanner
from library.intake.confinement import Findings
from library.models import Document, Page, Reading
from members.models import AuditEvent
from tests.factories import make_document, make_item
from tests.library import files
from tests.library.files import upload
from tests.races import race

pytestmark = pytest.mark.django_db
TWO_PAGES = files.pages_pdf("First words", "Second words")


def make_waiting(content=TWO_PAGES, **fields):
    values = {"reading": Reading.WAITING, "page_count": None}
    return make_document(make_item(), content=content, **values | fields)


def fresh(document):
    return Document.objects.get(pk=document.pk)


def read(document):
    is_done = reading.read_document(document.pk)
    return is_done, fresh(document)


# -- What is stored ---------------------------------------------------------------------------


def test_reading_stores_the_pages_the_cover_and_what_was_found():
    is_done, document = read(make_waiting())

    assert is_done
    assert (document.reading, document.page_count, document.tries) == ("read", 2, 0)
    assert list(document.pages.values_list("number", "text")) == [
        (1, "First words"),
        (2, "Second words"),
    ]
    with document.cover.open() as cover:
        assert cover.read(4) == b"RIFF"
    assert document.found["unit"] == "page"


def test_reading_again_takes_the_place_of_all_that_was_there(django_capture_on_commit_callbacks):
    document = make_waiting()
    Page.objects.create(document=document, number=9, text="Old")
    read(document)
    first = fresh(document).cover.name
    Document.objects.filter(pk=document.pk).update(reading=Reading.WAITING)

    with django_capture_on_commit_callbacks(execute=True):
        read(document)

    assert document.pages.count() == 2
    assert not default_storage.exists(first)


def test_what_is_read_is_not_read_a_second_time():
    document = make_waiting()
    read(document)

    assert read(document)[0] is False


@pytest.mark.parametrize(
    ("content", "state"),
    [
        (b"%PDF-1.7\n", "damaged"),
        (files.one_page(b"0 0 m 9 9 l S"), "no-text"),
    ],
)
def test_what_cannot_be_read_is_named_and_has_no_pages(content, state):
    is_done, document = read(make_waiting(content))

    assert (is_done, document.reading, document.pages.count()) == (True, state, 0)
    assert document.advice


def test_a_sound_is_kept_as_it_is():
    document = read(make_waiting(b"ID3", name="talk.mp3", content_type="audio/mpeg"))[1]

    assert (document.reading, document.page_count) == ("not-read", None)


def test_a_page_of_more_words_than_postgres_indexes_is_stored():
    words = " ".join(f"{chr(0x4E00 + n % 20_000)}{n}x" for n in range(20_000))
    document = read(make_waiting(words.encode(), name="a.txt", content_type="text/plain"))[1]

    assert document.reading == "read"


def test_a_file_that_is_gone_is_damaged():
    document = make_waiting()
    document.file.storage.delete(document.file.name)

    assert read(document)[1].reading == "damaged"


# -- Who dies, and who comes second -----------------------------------------------------------


def test_a_document_that_was_begun_five_times_is_given_up():
    document = read(make_waiting(tries=5))[1]

    assert (document.reading, document.tries) == ("too-much", 0)


def test_the_storage_being_away_does_not_count_as_a_try(monkeypatch):
    document = make_waiting(tries=4)

    def fail(*arguments):
        raise ConnectionError("No route")

    monkeypatch.setattr(type(default_storage._wrapped), "_open", fail)

    assert read(document)[0] is False
    assert (fresh(document).reading, fresh(document).tries) == ("waiting", 0)


def test_a_child_that_is_stopped_with_its_machine_leaves_a_document_that_waits(monkeypatch):
    document = make_waiting()
    usual = subprocess.Popen

    def stopped(*arguments, **options):
        child = usual(*arguments, **options)
        child.terminate()
        return child

    monkeypatch.setattr(confinement.subprocess, "Popen", stopped)

    assert read(document)[0] is False
    assert fresh(document).reading == "waiting"


def test_one_that_fails_holds_up_none(monkeypatch):
    documents, times = [make_waiting(), make_waiting()], []

    def fail_first(copy, kind, usual=confinement.read):
        times.append(1)
        if len(times) == 1:
            raise ValueError("A fault of ours")
        return usual(copy, kind)

    monkeypatch.setattr(confinement, "read", fail_first)

    assert reading.read_waiting() == 1
    assert sorted(fresh(document).reading for document in documents) == ["read", "waiting"]


def test_a_file_replaced_while_it_was_read_waits_on(monkeypatch):
    document = make_waiting()

    def read_slowly(copy, kind):
        Document.objects.filter(pk=document.pk).update(file="another")
        return Findings("read", pages=[["1", "Old words"]])

    monkeypatch.setattr(confinement, "read", read_slowly)

    assert read(document)[0] is False
    assert (fresh(document).reading, Page.objects.count()) == ("waiting", 0)


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_reads(monkeypatch):
    document, times = make_waiting(), []

    def count(copy, kind, usual=confinement.read):
        times.append(1)
        return usual(copy, kind)

    monkeypatch.setattr(confinement, "read", count)
    outcomes = race(
        lambda: reading.read_document(document.pk), lambda: reading.read_document(document.pk)
    )

    assert sorted(outcomes) == [False, True]
    assert (len(times), document.pages.count()) == (1, 2)


WORKER = """
import time
from library.intake import confinement, reading

def wait_for_ever(copy, kind):
    print("begun", flush=True)
    time.sleep(60)

{patch}
print(reading.read_document({pk}), flush=True)
"""
BEFORE_THE_PAGES = "confinement.read = wait_for_ever"
AFTER_THE_PAGES = "reading._save = wait_for_ever"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("patch", [BEFORE_THE_PAGES, AFTER_THE_PAGES])
def test_a_killed_worker_leaves_a_document_that_waits_and_the_next_one_reads_it(patch, settings):
    document = make_waiting()
    worker = start_worker(WORKER.format(pk=document.pk, patch=patch), settings)
    assert worker.stdout.readline() == b"begun\n"
    assert reading.read_document(document.pk) is False  # It is being read.

    worker.kill()
    worker.communicate()
    wait_until(lambda: not locks())

    assert (fresh(document).reading, fresh(document).tries, Page.objects.count()) == (
        "waiting",
        1,
        0,
    )
    output = StringIO()
    call_command("read_documents", stdout=output)
    assert output.getvalue() == "Documents read: 1; still waiting: 0.\n"
    assert (fresh(document).reading, document.pages.count()) == ("read", 2)


def start_worker(script, settings):
    database = connection.settings_dict["NAME"]
    address, _, options = os.environ["DATABASE_URL"].partition("?")
    environment = os.environ | {
        "DATABASE_URL": f"{address.rpartition('/')[0]}/{database}?{options}",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    start = "import django; django.setup()\nfrom django.conf import settings\n"
    start += f"settings.MEDIA_ROOT = {str(settings.MEDIA_ROOT)!r}\n"
    return subprocess.Popen(
        [sys.executable, "-c", start + script],
        cwd=Path(__file__).parents[2],
        env=environment,
        stdout=subprocess.PIPE,
    )


LOCKS = """
    SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database
    WHERE locktype = 'advisory' AND datname = current_database() AND classid = %s
"""


def locks():
    with connection.cursor() as cursor:
        cursor.execute(LOCKS, [reading.LOCKS])
        return cursor.fetchone()[0]


def wait_until(is_so):
    until = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_the_child_ends_itself_when_nobody_is_left_to_stop_it():
    """It sets its own alarm: here we read that it has, since thirty seconds are long."""
    spin = "import signal, time; from library.intake import child; child.SECONDS = 1\n"
    spin += "child.limit()\nwhile True: pass"
    child = subprocess.Popen([sys.executable, "-c", spin], cwd=Path(__file__).parents[2])

    assert child.wait(5) in {-signal.SIGALRM, -signal.SIGXCPU, -signal.SIGKILL}


def test_the_child_gets_no_more_memory_than_allowed():
    hoard = "from library.intake import child; child.limit(); bytes(600 * 1024 * 1024)"
    child = subprocess.run(
        [sys.executable, "-c", hoard], cwd=Path(__file__).parents[2], capture_output=True
    )

    assert child.stderr.rstrip().endswith(b"MemoryError")


# -- The virus scanner ------------------------------------------------------------------------


def test_without_a_scanner_a_file_waits_for_its_reader_only(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        document = actions.add_document(make_item(), upload(TWO_PAGES), by=None)

    assert fresh(document).reading == "read"


@pytest.mark.parametrize(
    ("answer", "state"),
    [(False, "read"), (True, "infected"), (scanner.Unreachable("Away"), "unchecked")],
)
def test_with_a_scanner_nobody_opens_a_file_that_it_has_not_passed(
    answer, state, settings, monkeypatch, django_user_model, client
):
    settings.CLAMD = "127.0.0.1:3310"
    staff = django_user_model(is_staff=True)
    document = actions.add_document(make_item(), upload(TWO_PAGES), by=None)
    assert not Document.objects.visible_to(staff).exists()

    def finds_virus(copy):
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(scanner, "finds_virus", finds_virus)
    reading.read_waiting()

    assert fresh(document).reading == state
    assert Document.objects.visible_to(staff).exists() == (state == "read")
    assert Page.objects.visible_to(staff).exists() == (state == "read")
    assert AuditEvent.objects.get().verb == "library.add_document"
