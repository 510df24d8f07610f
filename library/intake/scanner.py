"""Asking ClamAV's daemon about a file, where one is configured (CLAMD)."""

import socket
from contextlib import closing

from django.conf import settings

PATIENCE = 60  # seconds
PIECE = 64 * 1024  # bytes
LONGEST_ANSWER = 4096


class Unreachable(Exception):
    """The scanner gave no clear answer: the file must wait."""


def is_configured():
    return bool(settings.CLAMD)


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
    with closing(_connect()) as line:
        line.sendall(b"zINSTREAM\0")
        file.seek(0)
        while piece := file.read(PIECE):
            line.sendall(len(piece).to_bytes(4, "big") + piece)
        line.sendall(bytes(4))
        return _answer(line)


def _connect():
    """`/run/clamav/clamd.ctl` is a socket on this machine, `host:3310` one on another."""
    if settings.CLAMD.startswith("/"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(PATIENCE)
        line.connect(settings.CLAMD)
        return line
    host, _, port = settings.CLAMD.rpartition(":")
    return socket.create_connection((host, int(port)), PATIENCE)


def _answer(line):
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
        piece = line.recv(LONGEST_ANSWER)
        if not piece:
            break
        answer += piece
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")
