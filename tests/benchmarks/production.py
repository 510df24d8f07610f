"""The portal as in production, its settings and its server, for a measure of what readers meet."""

import os
import secrets
import socket
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

from cja_portal import embedded_postgres


def be_like_production():
    """Start the portal as a web server does, which reads these settings."""
    folder = Path(os.environ.get("VAR_DIR") or "var").absolute() / "postgres"
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = embedded_postgres.address(folder)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "cja_portal.settings",
        "DEBUG": "0",
        "HTTPS_ONLY": "0",
        "ALLOWED_HOSTS": "localhost",
        "SECRET_KEY": secrets.token_urlsafe(50),
    }
    import_module("cja_portal.wsgi")


PATIENCE = 30  # seconds, for the start of the server


@contextmanager
def served(database):
    """A `Site` that gunicorn serves from the database of this name, by one process and thread.

    To be entered after `be_like_production`.
    """
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", "cja_portal.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--worker-class", "gthread", "--threads", "1", "--keep-alive", "600"]
    command += ["--log-level", "error"]
    server = subprocess.Popen(command, env=os.environ | {"DATABASE_URL": address})
    try:
        yield _started(Site(port))
    finally:
        server.terminate()
        server.wait()


def _free_port():
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def _started(site):
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        try:
            site.get("/healthz")
            return site
        except OSError:
            time.sleep(0.1)
    raise SystemExit("gunicorn did not start.")


class Site:
    """One reader's browser: a connection that stays open."""

    def __init__(self, port):
        self.port, self.connection = port, None

    def get(self, path):
        """The status of the answer, once all of it has come."""
        if self.connection is None:
            self.connection = HTTPConnection("localhost", self.port, timeout=120)
        try:
            self.connection.request("GET", path)
            answer = self.connection.getresponse()
            answer.read()
        except OSError:
            self.connection = None
            raise
        return answer.status
