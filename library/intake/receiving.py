"""Taking a file from somebody's hands: what is it, may it come in, and what is its fingerprint."""

import hashlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.template.defaultfilters import filesizeformat
from django.utils.text import slugify

from library.intake import confinement, kinds
from library.intake.kinds import FileKind, Refusal

PIECE = 256 * 1024  # bytes
LONGEST_STEM = 90


class UnsuitableFile(ValidationError):
    """A file that the library does not take; its message says why and what to do."""


@dataclass(frozen=True)
class Received:
    """A file that may come in. `file` holds the bytes to keep, `sha256` is of those received."""

    file: File
    name: str
    kind: FileKind
    size: int
    sha256: str


def receive(upload):
    """Look at an uploaded file; raises UnsuitableFile.

    The bytes are kept as they came, except that pictures lose what their camera wrote into them.
    """
    if isinstance(upload, Received):
        return upload
    _refuse_size(upload.size)
    sha256 = _sha256(upload)
    try:
        kind, bare = _look(upload)
    except Refusal as refusal:
        raise UnsuitableFile(str(refusal)) from refusal
    kept = upload if bare is None else File(BytesIO(bare))
    size = upload.size if bare is None else len(bare)
    kept.seek(0)
    return Received(kept, upload.name or "", kind, size, sha256)


def _refuse_size(size):
    if not size:
        raise UnsuitableFile(kinds.EMPTY)
    if size > settings.LARGEST_FILE:
        raise UnsuitableFile(
            f"The file has {filesizeformat(size)}; the library takes files of up to "
            f"{filesizeformat(settings.LARGEST_FILE)}. A copy with smaller pictures may do."
        )


def _sha256(upload):
    digest = hashlib.sha256()
    for chunk in _chunks(upload):
        digest.update(chunk)
    return digest.hexdigest()


def _chunks(upload):
    upload.seek(0)
    while chunk := upload.read(PIECE):
        yield chunk


def _look(upload):
    """(kind, the bytes to keep in place of those received, if any)"""
    upload.seek(0)
    kind = kinds.recognise(upload.read(kinds.HEAD), upload.name or "")
    if kind == kinds.ZIP or kind.opened_by == "picture":
        return confinement.look(upload, kind)
    if kind.opened_by == "plain":
        kinds.refuse_what_is_no_text(_chunks(upload))
    return kind, None


def safe_name(name, kind, taken):
    """A name for addresses, made of the file's own, that is none of those `taken`."""
    stem = PurePosixPath(name.replace("\\", "/").replace("_", "-")).stem
    stem = slugify(stem)[:LONGEST_STEM].strip("-") or "document"
    names = (f"{stem}{f'-{number}' if number > 1 else ''}.{kind.extension}" for number in _ALL)
    return next(name for name in names if name not in taken)


_ALL = range(1, 100_000)
