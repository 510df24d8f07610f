"""`make run` from its second half on: database, content, web server and worker, and a clean end."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest
from django.core.management.base import CommandError

from cja_portal.management.commands import run_portal

ROOT = Path(__file__).parent.parent


@pytest.fixture
def var(settings, tmp_path, monkeypatch):
    monkeypatch.delenv("DEMO_PASSWORD", raising=False)
    settings.VAR_DIR = tmp_path / "var"
    return settings.VAR_DIR


def test_a_password_is_made_once_and_kept_private(var):
    made = run_portal._demonstration_password()

    assert run_portal._demonstration_password() == made
    assert (var / "demo-password").stat().st_mode & 0o777 == 0o600


def test_a_given_password_is_used_and_not_kept(var, monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "chosen by hand")

    assert run_portal._demonstration_password() == "chosen by hand"
    assert not var.exists()


def test_the_end_of_either_process_is_named():
    lives = subprocess.Popen(["sleep", "60"], start_new_session=True)
    ended = subprocess.Popen(["true"], start_new_session=True)
    ended.wait()

    with pytest.raises(CommandError, match=r"^The background worker ended by itself"):
        run_portal._refuse_an_end([lives, ended])

    run_portal._end([lives, ended])
    assert lives.returncode == -signal.SIGTERM


@pytest.fixture
def fresh(tmp_path):
    yield tmp_path
    shutil.rmtree((tmp_path / "postgres").resolve())  # run by root, they are elsewhere


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def read_until(stream, words):
    lines = []
    for line in stream:
        lines.append(line)
        if words in line:
            break
    return "".join(lines)


@pytest.mark.long
def test_a_fresh_portal_opens_and_leaves_nothing_running(fresh):
    port = free_port()
    chosen = {"DEBUG": "1", "DEMONSTRATION": "1", "REQUIRE_SECOND_FACTOR": "0"}
    chosen |= {"VAR_DIR": str(fresh), "PORT": str(port), "DEMO_PASSWORD": "words for the test"}
    portal = subprocess.Popen(
        [sys.executable, "manage.py", "run_portal"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **chosen},
        stdout=subprocess.PIPE,
        text=True,
    )

    with portal:
        told = read_until(portal.stdout, "Press Ctrl-C")
        with urlopen(f"http://127.0.0.1:{port}/dictionary/") as answer:
            page = answer.read().decode()
        portal.send_signal(signal.SIGINT)
        told += portal.communicate()[0]

    assert f"The portal is at http://127.0.0.1:{port}\n" in told
    assert "owner@example.org" in told
    assert "with the password words for the test\n" in told
    assert told.endswith("\nStopped.\n")
    assert "<h1" in page
    assert portal.returncode == 0
    assert not (fresh / "postgres" / "postmaster.pid").exists()
