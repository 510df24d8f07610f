"""The program that opens what strangers made: `python -m library.intake.child MODE TYPE`.

It gets one file as its standard input and writes lines of JSON. It holds itself to the limits
below even when whoever started it is dead; it needs no network and no secret, and is given none.
Each module that opens a kind of file is imported only for that kind.
"""

import base64
import gc
import json
import os
import resource
import signal
import sys
from contextlib import suppress
from importlib import import_module

from library.intake.kinds import BY_CONTENT_TYPE, Refusal
from library.intake.likeness import LONGEST, likeness
from library.intake.outcome import Unreadable
from library.intake.words import Vocabulary, clean, words_of

SECONDS = 30
LARGEST_MEMORY = 512 * 1024 * 1024
LARGEST_OUTPUT = 96 * 1024 * 1024
MOST_PAGES = 5_000
LONGEST_PAGE = 100_000  # characters: Postgres indexes no more than a megabyte at once
LONGEST_TEXT = 20_000_000


def main(mode, content_type):
    limit()
    gc.disable()  # It lives for seconds: looking for garbage costs more than it frees.
    kind = BY_CONTENT_TYPE.get(content_type)
    {"look": look, "read": read}[mode](kind)


def limit():
    signal.alarm(SECONDS)
    _limit(resource.RLIMIT_CPU, SECONDS)
    _limit(resource.RLIMIT_AS, LARGEST_MEMORY)
    _limit(resource.RLIMIT_FSIZE, LARGEST_OUTPUT)
    _limit(resource.RLIMIT_CORE, 0)


def _limit(what, most):
    """macOS knows no limit of memory; there the limit of time must do."""
    with suppress(ValueError, OSError):
        resource.setrlimit(what, (most, most))


def say(value):
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


# -- Looking ----------------------------------------------------------------------------------


def look(kind):
    """Say the kind of an archive, or give a picture back without its metadata."""
    try:
        say(_look(kind))
    except Refusal as refusal:
        say({"refusal": str(refusal)})


def _look(kind):
    if kind is None:
        return {"content_type": _module("office").look(sys.stdin.buffer).content_type}
    bare = _module("pictures").without_traces(sys.stdin.buffer.read(), kind)
    return {"content_type": kind.content_type, "bytes": bare and base64.b64encode(bare).decode()}


def _module(name):
    return import_module(f"library.intake.{name}")


# -- Reading ----------------------------------------------------------------------------------


def read(kind):
    """Say what a document is, then its pages, then how it ended, and last its cover.

    The cover is last because it can take the longest: if it takes too long, the text is there.
    """
    try:
        READERS[kind.opened_by](kind)
    except Unreadable as unreadable:
        say({"end": unreadable.reading})
    except MemoryError:
        say({"end": "too-much"})


def _read_pdf(kind):
    pdfs = _module("pdfs")
    pdf = pdfs.open_pdf(sys.stdin.buffer.read())
    if len(pdf) > MOST_PAGES:
        raise Unreadable("too-much")
    about = {name: _bare(value) for name, value in pdfs.about(pdf).items()}
    outline = [[depth, _bare(title), page] for depth, title, page in pdfs.outline(pdf)]
    about |= {"heading": _bare(pdfs.heading(pdf)), "unit": "page"}
    say({"found": about, "outline": outline, "is_tagged": pdfs.is_tagged(pdf)})
    _say_pages((_bare(label), text) for label, text in pdfs.texts(pdf))
    _say_cover(lambda: pdfs.cover(pdf))


def _bare(text):
    return " ".join(clean(text).split())[:300]


def _read_plain(kind):
    data = sys.stdin.buffer.read()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    say({"found": {"unit": "part"}})
    _say_pages(_module("office").in_parts(clean(text)))


def _read_office(kind):
    office = _module("office")
    say({"found": {"unit": office.UNITS.get(kind, "part")}})
    _say_pages(office.texts(sys.stdin.buffer, kind))


def _say_pages(pages):
    """Each page, with the words joined that a line's end split, as all the pages write them."""
    vocabulary, cleaned, size = Vocabulary(), [], 0
    for label, text in pages:
        text = clean(text[:LONGEST_PAGE])
        size += len(text)
        if size > LONGEST_TEXT or len(cleaned) == MOST_PAGES:
            raise Unreadable("too-much")
        vocabulary.add(text)
        cleaned.append((label, text))
    _say_joined([(label, vocabulary.join(text)) for label, text in cleaned])


def _say_joined(pages):
    first_words = []
    for label, text in pages:
        say([label, text])
        if len(first_words) < LONGEST:
            first_words += words_of(text)
    is_bare = not any(char.isalnum() for _, text in pages for char in text)
    blank = sum(not text for _, text in pages)
    say(
        {"end": "no-text" if is_bare else "read", "likeness": likeness(first_words), "blank": blank}
    )
    sys.stdout.flush()


def _read_picture(kind):
    pictures = _module("pictures")
    data = sys.stdin.buffer.read()
    say({"end": "not-read"})
    sys.stdout.flush()
    _say_cover(lambda: pictures.cover(data, kind))


def _say_cover(make):
    """A document without a picture of its front is still a document."""
    with suppress(Exception):
        say({"cover": base64.b64encode(make()).decode()})


READERS = {"pdf": _read_pdf, "plain": _read_plain, "office": _read_office, "picture": _read_picture}

if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="ignore")
    main(*sys.argv[1:])
    sys.stdout.flush()
    os._exit(0)  # Nothing is left to tidy: the process and all it holds go at once.
