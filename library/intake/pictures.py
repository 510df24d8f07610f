"""Pictures: opened with a limit, and rid of what the camera wrote about people and places."""

from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from library.intake import kinds
from library.intake.kinds import Refusal
from library.intake.pdfs import COVER

MOST_PIXELS = 50_000_000
_FORMATS = {kinds.PNG: "PNG", kinds.JPEG: "JPEG", kinds.WEBP: "WEBP", kinds.GIF: "GIF"}
_ORIENTATION = 0x0112
# What a file may say beside its picture without telling anything of its maker.
_HARMLESS = {
    *("jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi", "gamma", "transparency", "srgb"),
    *("icc_profile", "progressive", "progression", "adobe", "adobe_transform", "chromaticity"),
    *("version", "background", "duration", "loop", "extension", "timestamp", "interlace", "aspect"),
    *("disposal", "blend", "default_image", "bbox"),
}


def without_traces(data, kind):
    """The picture without its metadata, but turned as it was; None if it has none to lose."""
    try:
        picture = _open(data, kind)
        picture.load()
        said = set(picture.info) - _HARMLESS
        orientation = picture.getexif().get(_ORIENTATION, 1)
        return _save(picture, kind, orientation, data) if said else None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise Refusal(kinds.BROKEN) from error


def _open(data, kind):
    """Its size is known before any of its pixels is unpacked."""
    Image.MAX_IMAGE_PIXELS = None  # Ours is lower, and said in our words.
    picture = Image.open(BytesIO(data), formats=[_FORMATS[kind]])
    frames = getattr(picture, "n_frames", 1) if kind != kinds.PNG else 1
    if picture.width * picture.height * min(frames, 50) > MOST_PIXELS:
        raise Refusal(kinds.HUGE_PICTURE)
    return picture


def _save(picture, kind, orientation, data):
    if kind == kinds.WEBP:
        return _webp_without_traces(data, _exif(orientation).tobytes()[6:])
    kept = BytesIO()
    exif = _exif(orientation)
    profile = picture.info.get("icc_profile")
    options = {"exif": exif, "icc_profile": profile} if kind != kinds.GIF else {"comment": b""}
    if kind == kinds.JPEG:
        options |= {"quality": "keep", "comment": b""}
    if kind == kinds.GIF or getattr(picture, "is_animated", False):
        options |= {"save_all": True}
    picture.info = {name: value for name, value in picture.info.items() if name in _HARMLESS}
    picture.save(kept, _FORMATS[kind], **options)
    return kept.getvalue()


def _exif(orientation):
    exif = Image.Exif()
    if orientation in range(2, 9):
        exif[_ORIENTATION] = orientation
    return exif


def _webp_without_traces(data, exif):
    """Chunk by chunk, since Pillow would have to press the picture anew."""
    chunks = [(name, exif if name == b"EXIF" else body) for name, body in _chunks(data)]
    kept = (_chunk(name, body) for name, body in chunks if name != b"XMP ")
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _chunks(data):
    place = 12
    while place + 8 <= len(data):
        name, size = data[place : place + 4], int.from_bytes(data[place + 4 : place + 8], "little")
        yield name, data[place + 8 : place + 8 + size]
        place += 8 + size + size % 2


def _chunk(name, body):
    if name == b"VP8X":  # Its flags no longer promise XMP.
        body = bytes([body[0] & ~4]) + body[1:]
    return name + len(body).to_bytes(4, "little") + body + bytes(len(body) % 2)


def cover(data, kind):
    """A small WebP picture of the picture, the right way up."""
    picture = ImageOps.exif_transpose(_open(data, kind))
    picture.thumbnail(COVER)
    kept = BytesIO()
    picture.convert("RGB").save(kept, "WEBP", quality=75, method=1)
    return kept.getvalue()
