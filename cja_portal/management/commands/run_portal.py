"""The whole portal on this machine: database, content, web server and background worker."""

import os
import secrets
import signal
import subprocess
import sys
import time
from contextlib import suppress
from io import StringIO
from urllib.request import urlopen

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from cja_portal.bootstrap import Trouble, disk_fault, explain, port, refuse_taken_port

LOGINS = {
    "owner@example.org": "an organisation's owner",
    "participant@example.org": "a person who takes part for an organisation",
    "judge@example.org": "a judge of the awards",
    "staff@example.org": "staff, with the admin",
}
PATIENCE = 60  # seconds, for the web server to answer and for both to stop


class Command(BaseCommand):
    help = "For development: prepare the database and its content, then serve until Ctrl-C."
    requires_system_checks = []

    def handle(self, **options):
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, _stop)
        try:
            self.serve()
        except KeyboardInterrupt:
            self.stdout.write("\nStopped.")
        except Trouble as trouble:
            raise CommandError(str(trouble)) from trouble
        except OSError as error:
            raise CommandError(explain(error, settings.VAR_DIR)) from error
        except OperationalError as error:
            fault = disk_fault(str(error), settings.VAR_DIR)
            raise CommandError(fault or f"The database failed: {str(error).strip()}") from error

    def serve(self):
        password = _demonstration_password()
        self.prepare(password)
        refuse_taken_port(port())
        children = [_start_web_server(), _start_worker()]
        try:
            _wait_until_it_answers(children)
            self.stdout.write(_welcome(password))
            self.stdout.flush()
            _wait_until_one_ends(children)
        finally:
            _end(children)

    def prepare(self, password):
        self.say("Bringing the database up to date…")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        call_command("load_starter_content")
        call_command("read_documents", later=True)
        os.environ["DEMO_PASSWORD"] = password
        call_command("create_demo_logins", stdout=StringIO())

    def say(self, sentence):
        self.stdout.write(sentence)
        self.stdout.flush()


def _stop(number, frame):
    """Only the first signal counts: stopping takes a moment, and people press Ctrl-C again."""
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    raise KeyboardInterrupt


def _demonstration_password():
    """From DEMO_PASSWORD, or one made at the first run and kept for the next."""
    if given := os.environ.get("DEMO_PASSWORD", "").strip():
        return given
    path = settings.VAR_DIR / "demo-password"
    if not path.exists():
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(12))
    return path.read_text().strip()


def _address():
    return f"http://127.0.0.1:{port()}"


def _start_web_server():
    return _start(
        *["-m", "gunicorn", "cja_portal.wsgi", "--bind", f"127.0.0.1:{port()}"],
        *["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--reload"],
        *["--log-level", "error", "--graceful-timeout", "5", "--no-control-socket"],
    )


def _start_worker():
    return _start("manage.py", "db_worker", "--no-startup-delay", "--reload", "-v", "0")


def _start(*arguments):
    """In a session of its own: Ctrl-C is for us, who then stop both in order."""
    environment = os.environ | {"SITE_ORIGIN": _address(), "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


def _wait_until_it_answers(children):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        _refuse_an_end(children)
        try:
            with urlopen(f"{_address()}/healthz", timeout=5):
                return
        except OSError:  # not there yet, or too busy to answer
            time.sleep(0.1)
    raise CommandError(f"The web server did not answer within {PATIENCE} seconds.")


def _wait_until_one_ends(children):
    while True:
        _refuse_an_end(children)
        time.sleep(0.5)


def _refuse_an_end(children):
    for child, name in zip(children, ["web server", "background worker"], strict=True):
        if child.poll() is not None:
            raise CommandError(f"The {name} ended by itself; its last words are above.")


def _end(children):
    for child in children:
        _signal(child, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            _signal(child, signal.SIGKILL)
            child.wait()


def _signal(child, number):
    """To all processes of the child's session."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, number)


def _welcome(password):
    width = max(map(len, LOGINS))
    logins = "\n".join(f"    {email:{width}}  {who}" for email, who in LOGINS.items())
    return (
        f"\n  The portal is at {_address()}\n\n"
        f"  Log in at {_address()}/accounts/login/ as\n{logins}\n"
        f"  with the password {password}\n\n"
        f"  Mail is written to {settings.VAR_DIR / 'mail'}. Press Ctrl-C to stop.\n"
    )
