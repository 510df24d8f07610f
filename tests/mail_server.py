"""A small mail server for tests, slow on purpose: it remembers every letter that it took."""

import socketserver
import time
from email import message_from_bytes, policy
from threading import Thread


class Session(socketserver.StreamRequestHandler):
    """The few words of SMTP that Python's own client says."""

    def handle(self):
        self._say("220 ready")
        recipient = ""
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"QUIT":
                return self._say("221 bye")
            if word == b"RCPT":
                recipient = line.decode().split("<")[1].split(">")[0]
                refused = recipient in self.server.refused
                self._say("550 no such person" if refused else "250 fine")
            elif word == b"DATA":
                self._take(recipient)
            else:
                self._say("250 fine")

    def _take(self, recipient):
        """Half of the waiting is before the letter counts as taken, and half after."""
        self._say("354 go on")
        lines = iter(self.rfile.readline, b".\r\n")
        letter = message_from_bytes(b"".join(lines), policy=policy.default)
        time.sleep(self.server.slowness / 2)
        self.server.taken.append((recipient, letter))
        time.sleep(self.server.slowness / 2)
        self._say("250 taken")

    def _say(self, line):
        try:
            self.wfile.write(f"{line}\r\n".encode())
        except OSError:  # Whoever sent was killed.
            self.server.cut_off += 1


class MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self, *, slowness=0):
        super().__init__(("127.0.0.1", 0), Session)
        self.slowness, self.taken, self.refused, self.cut_off = slowness, [], set(), 0

    @property
    def port(self):
        return self.server_address[1]

    def __enter__(self):
        Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *details):
        self.shutdown()
        self.server_close()
