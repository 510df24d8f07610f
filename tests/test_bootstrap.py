"""The first minute on a fresh machine: what can be wrong is said in one sentence."""

import ast
import errno
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from cja_portal import bootstrap
from cja_portal.bootstrap import Trouble

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "cja_portal" / "bootstrap.py"


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A checkout in a path with spaces, whose virtual environment is made but empty."""
    root = tmp_path / "a clone"
    root.mkdir()
    for name in ("requirements.txt", "requirements-dev.txt"):
        (root / name).write_text("Django==5.2\ndjango-allauth[mfa]==65\n# a comment\n")
    monkeypatch.setattr(bootstrap, "ROOT", str(root))
    monkeypatch.setattr(bootstrap, "VENV", str(root / ".venv"))
    monkeypatch.setattr(bootstrap, "STAMP", str(root / ".venv" / "ready"))
    monkeypatch.setattr(bootstrap, "PYTHON", sys.executable)
    return root


@pytest.fixture
def installed(monkeypatch):
    """Counts the installations in place of making them."""
    calls = []

    def make_environment():
        Path(bootstrap.VENV).mkdir(exist_ok=True)

    monkeypatch.setattr(bootstrap, "make_environment", make_environment)
    monkeypatch.setattr(bootstrap, "install", lambda: calls.append("install"))
    return calls


def test_packages_are_installed_once(clone, installed):
    bootstrap.prepare()
    bootstrap.prepare()

    assert installed == ["install"]


def test_packages_are_installed_again_when_the_pins_change(clone, installed):
    bootstrap.prepare()
    (clone / "requirements.txt").write_text("Django==5.2.1\n")

    bootstrap.prepare()

    assert installed == ["install", "install"]


def test_a_clone_that_moved_is_made_afresh(clone, installed, tmp_path, monkeypatch):
    bootstrap.prepare()
    monkeypatch.setattr(bootstrap, "ROOT", str(clone.rename(tmp_path / "moved")))
    monkeypatch.setattr(bootstrap, "STAMP", str(tmp_path / "moved" / ".venv" / "ready"))

    assert not bootstrap.is_ready()


def test_a_taken_port_is_named_with_another_to_try():
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.getsockname()[1]

        with pytest.raises(Trouble, match=rf"^Port {number} is in use: .*PORT={number + 1}$"):
            bootstrap.refuse_taken_port(number)


@pytest.mark.parametrize("value", ["many", "0", "65536", "-1", "80.5"])
def test_a_wrong_port_is_named(value, monkeypatch):
    monkeypatch.setenv("PORT", value)

    with pytest.raises(Trouble, match=r"^PORT must be a number from 1 to 65535, not "):
        bootstrap.port()


def test_the_port_is_8000_unless_told(monkeypatch):
    monkeypatch.setenv("PORT", "")

    assert bootstrap.port() == 8000


def test_an_old_python_is_refused_where_there_is_no_newer(monkeypatch):
    monkeypatch.setattr(bootstrap, "OLDEST", (9, 0))

    with pytest.raises(Trouble, match=r"^Python 3\.11 or newer is needed, and this is 3\.\d+: "):
        bootstrap.use_new_python()


def test_a_newer_python_beside_it_is_found(tmp_path, monkeypatch):
    (tmp_path / "python3.13").symlink_to("/bin/false")
    (tmp_path / "python3.12").symlink_to(sys.executable)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert bootstrap.newer_python() == str(tmp_path / "python3.12")


def test_a_missing_module_is_named_with_its_package():
    with pytest.raises(Trouble, match=r"^Python's module no_venv is missing: .*python3\.\d+-venv'"):
        bootstrap.refuse_missing_module("no_venv")


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full: "),
        ("OSError: [Errno 30] Read-only file system: '/x'", "The disk is read-only: "),
        ("error: [Errno 13] Permission denied: '/x'", "This user may not write to "),
        (
            "WARNING: Retrying after connection broken by 'NewConnectionError'\nERROR: none",
            "The packages could not be fetched: is this machine connected to the internet?",
        ),
        ("Collecting x\nERROR: x is broken\n", "The packages could not be installed: ERROR: x is"),
        ("", "The packages could not be installed: no reason was given"),
    ],
)
def test_what_pip_complains_of_becomes_one_sentence(output, expected):
    sentence = bootstrap.diagnose(output, "The packages")

    assert sentence.startswith(expected)
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (errno.ENOSPC, "The disk is full: free some space, then run this again (at /here)."),
        (errno.EROFS, "The disk is read-only: clone the project to one that can be written"),
        (errno.EACCES, "This user may not write to /here: run this as the owner of that folder."),
        (errno.EIO, "/here: Input/output error."),
    ],
)
def test_what_the_disk_says_becomes_one_sentence(number, expected):
    error = OSError(number, os.strerror(number))

    assert bootstrap.explain(error, "/here").startswith(expected)


def test_progress_counts_each_package_once(clone, capsys, monkeypatch):
    progress = bootstrap.Progress()
    shown = []
    monkeypatch.setattr(progress, "count", shown.append)

    for line in ["Collecting Django==5.2 (from -r x)", "  Using cached", "Collecting Django==5.2"]:
        progress.show(line)

    assert (shown, progress.all) == (["Django"], 4)


def test_the_script_ends_with_one_sentence_and_no_traceback():
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "run"],
        env={"PATH": os.environ["PATH"], "PORT": "none"},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert done.stderr == "PORT must be a number from 1 to 65535, not 'none'.\n"


def test_old_pythons_can_read_the_script():
    """And Python 2 reads only ASCII where a file does not say otherwise."""
    source = SCRIPT.read_text()

    too_new = (ast.JoinedStr, ast.NamedExpr, ast.AnnAssign, ast.Starred, ast.Nonlocal)
    nodes = list(ast.walk(ast.parse(source)))

    assert source.isascii()
    assert [node.lineno for node in nodes if isinstance(node, too_new)] == []
    assert [node.lineno for node in nodes if isinstance(node, ast.Raise) and node.cause] == []
