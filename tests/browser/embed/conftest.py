from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.browser.embed.hosts import LISTEN, WAIT, Host


@pytest.fixture
def host(server):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            page = host.pages.get(self.path)
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", host.policy)
            self.end_headers()
            self.wfile.write((page or "").encode())

        def log_message(self, *arguments):
            """Quietly."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    host = Host(listening, server)
    thread = Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    yield host
    listening.shutdown()
    listening.server_close()
    thread.join()


@pytest.fixture
def window(page):
    """A window that notes what its pages ask for and complain of."""
    page.add_init_script(LISTEN)
    page.requests, page.complaints = [], []
    page.on("request", lambda request: page.requests.append(request))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("console", lambda said: _note(page, said))
    return page


def _note(page, said):
    if said.type in {"error", "warning"} and "favicon" not in str(said.location):
        page.complaints.append(said.text)


@pytest.fixture
def show(window, host):
    """Opens a page with this body and waits for the marks."""

    def show_page(body, scripts=1, **options):
        window.goto(host.page(body, **options))
        window.evaluate(WAIT, scripts)
        return window

    return show_page
