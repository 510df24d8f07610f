"""Talking with ClamAV, here played by a socket that knows its protocol."""

import socket
from contextlib import contextmanager
from io import BytesIO
from threading import Thread

import pytest

from library.intake import scanner

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@contextmanager
def daemon(settings, answer, address=None):
    """Takes one file, gives what it got through `received`, and answers."""
    family = socket.AF_UNIX if address else socket.AF_INET
    server, received = socket.socket(family), []
    server.bind(address or ("127.0.0.1", 0))
    server.listen()
    settings.CLAMD = address or f"127.0.0.1:{server.getsockname()[1]}"

    def serve():
        line, _ = server.accept()
        with line, line.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            while size := int.from_bytes(stream.read(4), "big"):
                received.append(stream.read(size))
            line.sendall(answer)

    thread = Thread(target=serve)
    thread.start()
    yield received
    thread.join()
    server.close()


def test_a_clean_file_is_sent_whole_and_passes(settings):
    content = bytes(range(256)) * 1000

    with daemon(settings, b"stream: OK\0") as received:
        assert scanner.finds_virus(BytesIO(content)) is False

    assert b"".join(received) == content
    assert len(received) > 1


def test_a_virus_is_found_through_a_socket_of_this_machine(settings, tmp_path):
    with daemon(settings, b"stream: Eicar-Signature FOUND\0", str(tmp_path / "clamd")):
        assert scanner.finds_virus(BytesIO(EICAR)) is True


@pytest.mark.parametrize("answer", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"stream: "])
def test_no_clear_answer_is_no_pass(settings, answer):
    with daemon(settings, answer), pytest.raises(scanner.Unreachable):
        scanner.finds_virus(BytesIO(b"a"))


@pytest.mark.parametrize("address", ["127.0.0.1:1", "/nowhere/clamd.ctl"])
def test_nobody_there_is_no_pass(settings, address):
    settings.CLAMD = address

    with pytest.raises(scanner.Unreachable, match="cannot be reached"):
        scanner.finds_virus(BytesIO(b"a"))
