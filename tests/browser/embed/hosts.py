"""A website of a member with our script: another origin, with the strictest policy."""

from dataclasses import dataclass
from html import escape
from http.server import ThreadingHTTPServer

from dictionary.embed import current_script

# Playwright's own waiting needs eval, which the host's policy refuses.
WAIT = """(count) => new Promise((done) => {
    const look = () => (window.ready >= count ? done() : setTimeout(look, 20));
    look();
})"""
LISTEN = """window.ready = 0;
addEventListener("words-marked", () => { window.ready += 1; });"""
# The words are in the starter content, which tests/dictionary/test_starter.py holds.
TEXT = "He was on bail. Bail ended, and the Crown Court gave a community order."


@dataclass
class Host:
    """A website of a member: `page(body)` is the address of a page with our script."""

    server: ThreadingHTTPServer
    portal: str

    def __post_init__(self):
        self.pages = {}
        self.origin = f"http://127.0.0.1:{self.server.server_port}"

    @property
    def policy(self):
        own = f"script-src {self.portal}; connect-src {self.portal}"
        return f"default-src 'none'; {own}; require-trusted-types-for 'script'"

    def tag(self, **data):
        script = current_script()
        address = f"{self.portal}/dictionary/embed/v1/{script.digest}/words.js"
        given = " ".join(f'data-{name}="{escape(value)}"' for name, value in data.items())
        return (
            f'<script defer src="{address}" integrity="{script.integrity}" '
            f'crossorigin="anonymous" {given}></script>'
        )

    def page(self, body, head=None, language="en-GB"):
        head = self.tag() if head is None else head
        self.pages["/"] = f'<!doctype html><html lang="{language}"><title>Host</title>{head}{body}'
        return f"{self.origin}/"


def marked(window):
    return window.locator("[data-cja-word]").all_text_contents()
