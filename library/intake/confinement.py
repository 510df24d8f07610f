"""Starting the child, waiting no longer than is allowed, and reading what it said."""

import base64
import json
import logging
import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from tempfile import TemporaryFile

from django.conf import settings

from library.intake import kinds
from library.intake.child import SECONDS
from library.intake.kinds import BY_CONTENT_TYPE, Refusal

log = logging.getLogger(__name__)
GRACE = 1  # second, in which the child ends itself
SECONDS_TO_LOOK = 10  # while somebody waits for the answer to an upload
# PDFium takes memory and gives it back for every page. Pages are read a fifth quicker where glibc
# asks the kernel for 32 MB at a time; other systems do not know the second name.
ENVIRONMENT = {"LANG": "C.UTF-8", "MALLOC_TOP_PAD_": str(32 * 1024 * 1024)}
# How PDFium and the kernel end a process that wants more than it may have.
_WANTED_TOO_MUCH = {
    *(signal.SIGALRM, signal.SIGXCPU, signal.SIGXFSZ, signal.SIGKILL),
    *(signal.SIGABRT, signal.SIGTRAP, signal.SIGILL),
}
_STOPPED_FROM_OUTSIDE = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}


class Interrupted(Exception):
    """Whoever stopped the machine or its services stopped the child: the file is not to blame."""


@dataclass
class Findings:
    """What was read out of a document; `pages` are (printed label, text)."""

    reading: str
    pages: list = field(default_factory=list)
    found: dict = field(default_factory=dict)
    outline: list = field(default_factory=list)
    is_tagged: bool | None = None
    likeness: int | None = None
    cover: bytes = b""


def read(file, kind):
    """The findings of a child of its own, in one of the states of `library.models.Reading`."""
    with TemporaryFile() as output:
        code = _run("read", kind.content_type, file, output, SECONDS + GRACE)
        return _findings(_lines(output), code)


def look(file, kind):
    """(the kind, the bytes to keep or None for those received); raises Refusal."""
    with TemporaryFile() as output:
        content_type = kind if kind == kinds.ZIP else kind.content_type
        _run("look", content_type, file, output, SECONDS_TO_LOOK)
        said = next(_lines(output), {"refusal": kinds.NO_PATIENCE})
    if "refusal" in said:
        raise Refusal(said["refusal"])
    bare = said.get("bytes")
    return BY_CONTENT_TYPE[said["content_type"]], bare and base64.b64decode(bare)


def _run(mode, content_type, file, output, seconds):
    """Give the child a copy of the file without a name; return its exit code."""
    with TemporaryFile() as copy, TemporaryFile() as errors:
        file.seek(0)
        shutil.copyfileobj(file, copy, 1024 * 1024)
        copy.seek(0)
        child = subprocess.Popen(
            [sys.executable, "-E", "-s", "-m", "library.intake.child", mode, content_type],
            stdin=copy,
            stdout=output,
            stderr=errors,
            cwd=settings.BASE_DIR,
            env=ENVIRONMENT,
            start_new_session=True,
        )
        code = _wait(child, seconds)
        if code > 0:
            errors.seek(0)
            log.warning(
                "Opening a file failed: %s", errors.read(10_000)[-500:].decode("utf-8", "replace")
            )
        return code


def _wait(child, seconds):
    try:
        return child.wait(seconds)
    except subprocess.TimeoutExpired:
        return -signal.SIGKILL
    finally:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _lines(output):
    """The whole lines of JSON; the last is broken off if the child was stopped in it."""
    output.seek(0)
    for line in output:
        with suppress(ValueError):
            yield json.loads(line)


def _findings(lines, code):
    findings = Findings(reading="")
    for line in lines:
        if isinstance(line, list):
            findings.pages.append(line)
        elif "end" in line:
            findings.reading, findings.likeness = line["end"], line.get("likeness")
            findings.found |= {"blank": line["blank"]} if line.get("blank") else {}
        elif "cover" in line:
            findings.cover = base64.b64decode(line["cover"])
        else:
            vars(findings).update(line)
    return findings if findings.reading else Findings(_reading_after(code))


def _reading_after(code):
    if -code in _STOPPED_FROM_OUTSIDE:
        raise Interrupted("The child was told to stop.")
    return "too-much" if -code in _WANTED_TOO_MUCH else "damaged"
