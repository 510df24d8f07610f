"""Asking ClamAV's daemon about a file, where one is configured (CLAMD)."""

import socket
from contextlib import contextmanager

from django.conf import settings

PATIENCE = 60  # seconds
PIECE = 64 * 1024  # bytes
LONGEST_ANSWER = 4096


class Unreachable(Exception):
    """The scanner gave no clear answer: the file must wait."""


def is_configured():
    return bool(settings.CLAMD)


def passes(file):
    """Whether the file may be opened now: where there is a scanner, only if it says so."""
    if not is_configured():
        return True
    try:
        with file.open() as opened:
            return not finds_virus(opened)
    except Unreachable:
        return False


def finds_virus(file):
    """Whether the scanner refuses the file; raises Unreachable if it does not say."""
    try:
        answer = _ask(file)
    except OSError as error:
        raise Unreachable(f"The virus scanner at {settings.CLAMD} cannot be reached.") from error
    if answer.endswith("FOUND"):
        return True
    if answer != "stream: OK":
        raise Unreachable(f"The virus scanner gave no result: {answer[:200]}")
    return False


def _ask(file):
    """ClamAV's INSTREAM: pieces, each after its length, and a piece of no length at the end."""
    with _line() as line:
        line.sendall(b"zINSTREAM\0")
        file.seek(0)
        while piece := file.read(PIECE):
            line.sendall(len(piece).to_bytes(4, "big") + piece)
        line.sendall(bytes(4))
        return _answer(line)


@contextmanager
def _line():
    """`/run/clamav/clamd.ctl` is a socket of this machine, `host:3310` one of another."""
    if settings.CLAMD.startswith("/"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(PATIENCE)
            line.connect(settings.CLAMD)
            yield line
    else:
        host, _, port = settings.CLAMD.rpartition(":")
        with socket.create_connection((host, int(port)), PATIENCE) as line:
            yield line


def _answer(line):
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
        piece = line.recv(LONGEST_ANSWER)
        if not piece:
            break
        answer += piece
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")
