"""Sending a stored file: whole, in parts, or not at all because the reader has it (RFC 9110).

A storage hands out no address of its own and no file is ever held in memory: each is read in
pieces, from where the reader wants it.
"""

import logging
import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.encoding import filepath_to_uri
from django.utils.http import content_disposition_header, http_date, parse_http_date_safe

logger = logging.getLogger(__name__)

PIECE = 64 * 1024
MOST_RANGES = 16
# What browsers show safely by themselves; all else is saved to the reader's disk.
SHOWN = {"application/pdf", "image/avif", "image/gif", "image/jpeg", "image/png", "image/webp"}
# Nothing in a file acts in our name. The styles are those of the browsers' own viewers. Safari
# leaves a PDF blank whose scripts the sandbox forbids; there they have an origin of their own.
SANDBOX = (
    "default-src 'none'; img-src 'self'; object-src 'self'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox allow-downloads"
)
SANDBOX_OF_PDF = f"{SANDBOX} allow-scripts"
# A withdrawn file is asked for anew after five minutes, and is gone.
FOR_EVERYONE = "public, max-age=300, must-revalidate"
FOR_ONE_READER = "private, no-store"

_UNIT = re.compile(r"bytes[ \t]*=", re.IGNORECASE)
_RANGE = re.compile(r"([0-9]{0,19})-([0-9]{0,19})")


@dataclass(frozen=True)
class Sending:
    """What is sent; `tag` changes whenever the bytes do."""

    stored: FieldFile
    name: str
    content_type: str
    size: int
    tag: str
    changed_at: datetime
    is_public: bool

    @property
    def etag(self):
        return f'"{self.tag}"'

    @property
    def is_pdf(self):
        return self.content_type == "application/pdf"

    @property
    def headers(self):
        is_shown = self.content_type in SHOWN
        return {
            "Accept-Ranges": "bytes",
            "Cache-Control": FOR_EVERYONE if self.is_public else FOR_ONE_READER,
            "Content-Disposition": content_disposition_header(not is_shown, self.name),
            "Content-Security-Policy": SANDBOX_OF_PDF if self.is_pdf else SANDBOX,
            "ETag": self.etag,
            "Last-Modified": http_date(self.changed_at.timestamp()),
            "X-Content-Type-Options": "nosniff",
        }


def send(request, sending):
    """The answer to GET or HEAD for a file that the reader may have."""
    response = _unless_known(request, sending)
    if response.status_code != 200 or request.method == "HEAD":
        return response
    if settings.ACCEL_REDIRECT and isinstance(sending.stored.storage, FileSystemStorage):
        return _handed_to_proxy(response, sending)
    ranges = ranges_of(request, sending)
    if ranges is None:
        return _streamed(response, _Content(sending, [(0, sending.size - 1)]))
    if not ranges:
        return _no_such_part(sending)
    return _in_parts(response, sending, ranges)


def begins(request, sending):
    """Whether this asks for the file from its beginning: not its next part, nor two bytes to try.

    One reader's many requests for parts are one reading.
    """
    if request.method != "GET":
        return False
    ranges = ranges_of(request, sending)
    return ranges is None or any(first == 0 and last > 1 for first, last in ranges)


# -- What the reader has already -------------------------------------------------------------------


def _unless_known(request, sending):
    """200 without the bytes; 304 or 412 if what the reader knows of the file makes it so."""
    response = HttpResponse(content_type=sending.content_type, headers=sending.headers)
    response["Content-Length"] = sending.size
    modified = int(sending.changed_at.timestamp())
    answer = get_conditional_response(request, sending.etag, modified, response)
    if answer is not response:
        # A cache takes these from a 304 in place of those it keeps.
        for name, value in sending.headers.items():
            answer[name] = value
    return answer


# -- Parts -----------------------------------------------------------------------------------------


def ranges_of(request, sending):
    """(first, last) of each part asked for; None for the whole, [] if the file has no such part."""
    header = request.headers.get("Range", "")
    if not header or not _is_for_this_state(request.headers.get("If-Range"), sending):
        return None
    return read_ranges(header, sending.size)


def _is_for_this_state(condition, sending):
    """If-Range: parts of an old state must not be joined to parts of the new one."""
    if condition is None:
        return True
    if condition.startswith(('"', "W/")):
        return condition == sending.etag
    return parse_http_date_safe(condition) == int(sending.changed_at.timestamp())


def read_ranges(header, size):
    """As `ranges_of`; a header that is wrong, or asks for more than the whole, means the whole."""
    unit = _UNIT.match(header)
    asked = [part.strip(" \t") for part in header[unit.end() :].split(",")] if unit else []
    asked = [_RANGE.fullmatch(part) for part in asked if part]
    if not asked or len(asked) > MOST_RANGES or not all(_is_sound(part) for part in asked):
        return None
    found = [_part(part, size) for part in asked]
    ranges = [(first, last) for first, last in found if 0 <= first <= last]
    return None if sum(last - first + 1 for first, last in ranges) > size else ranges


def _is_sound(part):
    if part is None or not (part[1] or part[2]):
        return False
    return not (part[1] and part[2]) or int(part[1]) <= int(part[2])


def _part(part, size):
    """The first and the last byte; what begins behind the end ends before it begins."""
    if not part[1]:
        return max(0, size - int(part[2])), size - 1
    return int(part[1]), min(int(part[2] or size), size - 1)


def _no_such_part(sending):
    kept = {"Content-Security-Policy", "Cache-Control", "X-Content-Type-Options", "Accept-Ranges"}
    headers = {name: value for name, value in sending.headers.items() if name in kept}
    headers["Content-Range"] = f"bytes */{sending.size}"
    return HttpResponse(status=416, content_type="text/plain", headers=headers)


def _in_parts(response, sending, ranges):
    response.status_code = 206
    if len(ranges) == 1:
        response["Content-Range"] = _content_range(ranges[0], sending)
        return _streamed(response, _Content(sending, ranges))
    boundary = secrets.token_hex(16)
    response["Content-Type"] = f"multipart/byteranges; boundary={boundary}"
    return _streamed(response, _Content(sending, ranges, boundary))


def _content_range(part, sending):
    first, last = part
    return f"bytes {first}-{last}/{sending.size}"


# -- The bytes -------------------------------------------------------------------------------------


class _Content:
    """Parts of a file as an iterable of pieces; it knows its length and closes the file."""

    def __init__(self, sending, ranges, boundary=""):
        self.sending, self.ranges, self.boundary = sending, ranges, boundary
        self.file = _open(sending.stored)

    def __len__(self):
        framing = [*map(len, map(self._head, self.ranges)), len(self._end())]
        return sum(framing) + sum(last - first + 1 for first, last in self.ranges)

    def __iter__(self):
        for part in self.ranges:
            yield self._head(part)
            yield from _pieces(self.file, *part)
        yield self._end()

    def close(self):
        self.file.close()

    def _head(self, part):
        if not self.boundary:
            return b""
        about = f"Content-Type: {self.sending.content_type}\r\n"
        about += f"Content-Range: {_content_range(part, self.sending)}\r\n"
        return f"\r\n--{self.boundary}\r\n{about}\r\n".encode()

    def _end(self):
        return f"\r\n--{self.boundary}--\r\n".encode() if self.boundary else b""


def _open(stored):
    try:
        return stored.storage.open(stored.name)
    except FileNotFoundError as error:
        logger.error("The stored file %s is missing.", stored.name)
        raise Http404 from error


def _pieces(file, first, last):
    """The bytes from `first` to `last`, both counted."""
    if hasattr(file, "obj"):
        # A file in S3 would be fetched whole before anything could be read from its middle.
        with file.obj.get(Range=f"bytes={first}-{last}")["Body"] as body:
            yield from body.iter_chunks(PIECE)
        return
    file.seek(first)
    left = last - first + 1
    while left and (piece := file.read(min(PIECE, left))):
        left -= len(piece)
        yield piece


def _streamed(response, content):
    streamed = StreamingHttpResponse(content, status=response.status_code, headers=response.headers)
    streamed["Content-Length"] = len(content)
    return streamed


def _handed_to_proxy(response, sending):
    """The proxy reads the file, in the parts asked for, from a folder that it shows to nobody."""
    response["X-Accel-Redirect"] = settings.ACCEL_REDIRECT + filepath_to_uri(sending.stored.name)
    del response["Content-Length"]
    return response
