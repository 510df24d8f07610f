"""Each alert once, however many workers there are and whoever is killed."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction

from library import alerts
from library.alerts import send_alerts
from library.arrivals import note_arrivals
from library.models import Alert, Arrival, Letter
from tests.factories import (
    make_item,
    make_saved_search,
)
from tests.library.alerts import told
from tests.mail_server import MailServer
from tests.races import race

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parent.parent.parent


def test_the_database_keeps_one_row_for_each_search_and_item():
    saved, item = make_saved_search(), make_item()
    Alert.objects.create(search=saved, item=item)

    with pytest.raises(IntegrityError), transaction.atomic():
        Alert.objects.create(search=saved, item=item)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_letter():
    make_saved_search(email="reader@example.org")
    make_item()

    race(send_alerts, send_alerts)
    send_alerts()

    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_a_higher_number_always_arrives_later():
    make_item()

    assert race(note_arrivals, lambda: (make_item(), note_arrivals())[1]) == (
        Arrival.objects.first().pk,
        Arrival.objects.last().pk,
    )


def worker(port):
    """`manage.py send_alerts` in a process of its own, as cron starts it."""
    database = connection.settings_dict
    address = f"postgres://{database['USER']}:{database['PASSWORD'] or ''}@"
    address += f"/{database['NAME']}?host={database['HOST']}"
    if database["PORT"]:
        address += f"&port={database['PORT']}"
    settings = {
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "cja_portal.settings",
        "DEBUG": "1",
        "MAIL_DELIVERY": "smtp",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(port),
        "SMTP_TLS": "0",
    }
    command = [sys.executable, "manage.py", "send_alerts"]
    return subprocess.Popen(
        command, cwd=ROOT, env=os.environ | settings, stdout=subprocess.PIPE, text=True
    )


def wait_until(condition, seconds=30):
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.005)
    assert condition()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("after", [1, 30])
def test_a_killed_worker_loses_nothing_and_sends_nothing_twice(settings, after):
    """The one letter that was on the wire is in doubt, and is the only one that may be."""
    readers = {f"reader{number}@example.org" for number in range(50)}
    for reader in sorted(readers):
        make_saved_search("q=prison", email=reader)
    make_item("About prison")

    with MailServer(slowness=0.02) as server:
        first = worker(server.port)
        wait_until(lambda: len(server.taken) >= after)
        os.kill(first.pid, signal.SIGKILL)
        first.communicate()
        taken_at_kill = [recipient for recipient, _ in server.taken]
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_USE_TLS = False
        sent_again = [send_alerts(), send_alerts()]

    taken = Counter(recipient for recipient, _ in server.taken)
    doubtful = Letter.objects.filter(started_at__isnull=False, sent_at__isnull=True)
    in_doubt = set(doubtful.values_list("search__email", flat=True))
    assert after <= len(taken_at_kill) < 50
    assert set(taken.values()) == {1}
    assert set(taken) | in_doubt == readers
    assert len(in_doubt) <= 1
    assert sent_again == [50 - len(set(taken_at_kill) | in_doubt), 0]
    assert Letter.objects.count() == Alert.objects.count() == 50


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_it_looks_up_leaves_nothing_half_done(monkeypatch):
    make_saved_search(email="reader@example.org")
    make_item()

    def dies(search, untold):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(alerts, "_prepare_letter", dies)
        with pytest.raises(KeyboardInterrupt):
            send_alerts()

    assert Alert.objects.count() == 0
    assert [to for to, _ in told()] == ["reader@example.org"]
