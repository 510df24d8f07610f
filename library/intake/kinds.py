"""The kinds of file that the library takes, told by what is in them and never by their name."""

import re
from typing import NamedTuple


class FileKind(NamedTuple):
    """`opened_by` names the part of the child that can open it, if any."""

    content_type: str
    extension: str
    opened_by: str = ""
    has_text: bool = False


PDF = FileKind("application/pdf", "pdf", "pdf", has_text=True)
PLAIN = FileKind("text/plain", "txt", "plain", has_text=True)
CSV = FileKind("text/csv", "csv", "plain", has_text=True)
_WORD = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
DOCX = FileKind(_WORD + "wordprocessingml.document", "docx", "office", has_text=True)
XLSX = FileKind(_WORD + "spreadsheetml.sheet", "xlsx", "office", has_text=True)
PPTX = FileKind(_WORD + "presentationml.presentation", "pptx", "office", has_text=True)
ODT = FileKind(_OPEN + "text", "odt", "office", has_text=True)
ODS = FileKind(_OPEN + "spreadsheet", "ods", "office", has_text=True)
ODP = FileKind(_OPEN + "presentation", "odp", "office", has_text=True)
PNG = FileKind("image/png", "png", "picture")
JPEG = FileKind("image/jpeg", "jpg", "picture")
WEBP = FileKind("image/webp", "webp", "picture")
GIF = FileKind("image/gif", "gif", "picture")
MP3 = FileKind("audio/mpeg", "mp3")
M4A = FileKind("audio/mp4", "m4a")
OGG = FileKind("audio/ogg", "ogg")
WAV = FileKind("audio/wav", "wav")
FLAC = FileKind("audio/flac", "flac")
MP4 = FileKind("video/mp4", "mp4")
WEBM = FileKind("video/webm", "webm")

KINDS = [
    *(PDF, DOCX, XLSX, PPTX, ODT, ODS, ODP, CSV, PLAIN, PNG, JPEG, WEBP, GIF),
    *(MP3, M4A, OGG, WAV, FLAC, MP4, WEBM),
]
BY_CONTENT_TYPE = {kind.content_type: kind for kind in KINDS}
IN_WORDS = (
    "PDF, Word, Excel, PowerPoint or OpenDocument files, plain text, CSV, pictures, sound and video"
)

UNKNOWN = f"This is not a kind of file that the library takes. It takes {IN_WORDS}."
EMPTY = "The file is empty. Choose it again; if it stays empty, export it anew."
WEB_PAGE = (
    "This is a web page or a drawing made of code, whatever its name says. Save or print it as a "
    "PDF and upload that, or give the address of the page instead."
)
PROGRAM = "This is a program, not a document."
OLD_OFFICE = (
    "This is an Office file of the old kind, or one locked with a password. Save it without a "
    "password as .docx, .xlsx, .pptx or PDF and upload that."
)
ARCHIVE = "This is an archive of files. Unpack it and upload the documents one by one."
MACROS = (
    "This document holds macros, small programs that could do harm. Save it without macros, as "
    ".docx, .xlsx or .pptx, and upload that."
)
BOMB = "This file unpacks to far more than a document needs, so it was refused."
BROKEN = "This file cannot be opened: it may be damaged or not finished. Export it again."
HUGE_PICTURE = "This picture is too large. Make it smaller than 50 million pixels."
NO_PATIENCE = "Looking at this file took too long, so it was refused. A simpler copy may work."

_PDF_BEHIND = rb"[\r\n]%PDF-\d\.\d\s"  # Readers forgive a kilobyte of something else before it.
ZIP = "zip"  # Must be looked into, which `office.look` does.
HEAD = 4096  # bytes, enough to tell
_CONTROL = rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]"

_PAGE_OF_CODE = (
    rb"<\s*(!doctype\s+html|html|head|body|script|svg|iframe|\?xml|!--|style|title|meta)"
)
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa", b"#!")
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
_ISO_AUDIO = (b"M4A ", b"M4B ")
_ISO_VIDEO = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ")
# Patterns, which are compiled when first used: the child, which starts often, uses none.
_MARKS = [
    (PNG, rb"\x89PNG\r\n\x1a\n"),
    (JPEG, rb"\xff\xd8\xff"),
    (WEBP, rb"RIFF....WEBP"),
    (GIF, rb"GIF8[79]a"),
    (WAV, rb"RIFF....WAVE"),
    (FLAC, rb"fLaC"),
    (OGG, rb"OggS"),
    (WEBM, rb"\x1a\x45\xdf\xa3.{0,60}\x42\x82.webm"),
    (MP3, rb"ID3[\x02-\x04]|\xff[\xfb\xf3\xf2\xfa]"),
    (M4A, rb"....ftyp(%s)" % b"|".join(_ISO_AUDIO)),
    (MP4, rb"....ftyp(%s)" % b"|".join(_ISO_VIDEO)),
    (ZIP, rb"PK\x03\x04"),
]


class Refusal(Exception):
    """A file that the library does not take, with a sentence that says why."""


def recognise(head, name=""):
    """The kind of a file that begins with `head`, or ZIP; raises Refusal.

    A name decides nothing but between plain text and CSV, which are alike.
    """
    start = head.lstrip(b"\xef\xbb\xbf\t\n\x0c\r ")
    if not start:
        raise Refusal(EMPTY if len(head) < HEAD else UNKNOWN)
    if start.startswith(b"%PDF-"):
        return PDF
    _refuse(head, start)
    if re.search(_PDF_BEHIND, head[:1024]):
        return PDF
    for kind, mark in _MARKS:
        if re.match(mark, head, re.DOTALL):
            return kind
    refuse_what_is_no_text([head])
    return CSV if name.lower().endswith(".csv") else PLAIN


def _refuse(head, start):
    if re.match(_PAGE_OF_CODE, start, re.IGNORECASE):
        raise Refusal(WEB_PAGE)
    if head.startswith(_PROGRAMS):
        raise Refusal(PROGRAM)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refusal(OLD_OFFICE)
    if head.startswith(_ARCHIVES) or head[257:262] == b"ustar":
        raise Refusal(ARCHIVE)


def refuse_what_is_no_text(chunks):
    """Raise Refusal if the bytes are no text in UTF-8 or in the older one of Windows."""
    if any(re.search(_CONTROL, chunk) for chunk in chunks):
        raise Refusal(UNKNOWN)
