"""Word, Excel, PowerPoint and OpenDocument files: archives of XML, looked into with care."""

import re
import zipfile
from xml.parsers import expat

from library.intake import kinds
from library.intake.kinds import Refusal
from library.intake.outcome import Unreadable

MOST_ENTRIES = 10_000
LARGEST_DIRECTORY = 4 * 1024 * 1024  # bytes
LARGEST_UNPACKED = 200 * 1024 * 1024
LARGEST_XML = 64 * 1024 * 1024  # of text parts, all together
LONGEST_PART = 3_000  # characters: about as much as a page holds
_MAIN_PARTS = {
    "word/document.xml": kinds.DOCX,
    "xl/workbook.xml": kinds.XLSX,
    "ppt/presentation.xml": kinds.PPTX,
}
_OPEN_KINDS = {kind.content_type: kind for kind in (kinds.ODT, kinds.ODS, kinds.ODP)}
_MACROS = re.compile(r"(^|/)(vbaProject\.bin|vbaData\.xml)$|^(Basic|Scripts)/.", re.I)


def look(file):
    """The kind of an archive; raises Refusal if it is not a harmless document."""
    archive = _open(file)
    names = set(archive.namelist())
    if any(_MACROS.search(name) for name in names) or b"macroEnabled" in _types(archive, names):
        raise Refusal(kinds.MACROS)
    for name, kind in _MAIN_PARTS.items():
        if name in names and "[Content_Types].xml" in names:
            return kind
    return _open_kind(archive, names)


def _open(file):
    """With a list of contents that is short, and contents that are not too large to unpack."""
    file.seek(0)
    try:
        end = zipfile._EndRecData(file)
        if end is None or end[zipfile._ECD_SIZE] > LARGEST_DIRECTORY:
            raise Refusal(kinds.BROKEN if end is None else kinds.BOMB)
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, UnicodeDecodeError) as error:
        raise Refusal(kinds.BROKEN) from error
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES or sum(one.file_size for one in entries) > LARGEST_UNPACKED:
        raise Refusal(kinds.BOMB)
    return archive


def _types(archive, names):
    return _start(archive, "[Content_Types].xml") if "[Content_Types].xml" in names else b""


def _start(archive, name):
    try:
        with archive.open(name) as part:
            return part.read(1024 * 1024)
    except (zipfile.BadZipFile, OSError, RuntimeError, EOFError) as error:
        raise Refusal(kinds.BROKEN) from error


def _open_kind(archive, names):
    said = _start(archive, "mimetype").decode("ascii", "replace") if "mimetype" in names else ""
    if said not in _OPEN_KINDS or "content.xml" not in names:
        raise Refusal(kinds.ARCHIVE)
    return _OPEN_KINDS[said]


# -- Text -------------------------------------------------------------------------------------


def texts(file, kind):
    """(label, text) of the parts in which the kind is divided: slides, sheets or runs of text."""
    try:
        archive = _open(file)
        yield from _READERS[kind](Parts(archive))
    except Refusal as refusal:
        raise Unreadable("too-much" if refusal.args[0] == kinds.BOMB else "damaged") from refusal
    except (
        expat.ExpatError,
        zipfile.BadZipFile,
        OSError,
        RuntimeError,
        KeyError,
        EOFError,
    ) as error:
        raise Unreadable("damaged") from error


class Parts:
    """The XML parts of an archive, which together must not be too large."""

    def __init__(self, archive):
        self.archive = archive
        self.names = set(archive.namelist())
        self.left = LARGEST_XML

    def numbered(self, pattern):
        """The names that fit a pattern with a number in it, in the order of the numbers."""
        found = [
            (int(match[1]), match[0])
            for match in map(re.compile(pattern).fullmatch, self.names)
            if match
        ]
        return [name for _, name in sorted(found)]

    def events(self, name, starts, ends, words):
        """Parse a part; call `starts(tag, attributes)`, `ends(tag)`, `words(text)`, in order.

        A document type could define entities that grow without end or name other files: no office
        program writes one, so it is refused.
        """
        parser = expat.ParserCreate(namespace_separator=None)
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.buffer_text = True
        parser.StartElementHandler = starts
        parser.EndElementHandler = ends
        parser.CharacterDataHandler = words
        with self.archive.open(name) as part:
            while chunk := part.read(64 * 1024):
                self.left -= len(chunk)
                if self.left < 0:
                    raise Unreadable("too-much")
                parser.Parse(chunk)
            parser.Parse(b"", True)


def _refuse_doctype(*declaration):
    raise Unreadable("damaged")


class Text:
    """Gathers the words between some tags, with line ends after others."""

    def __init__(self, holders, breaks, gaps=()):
        self.holders, self.breaks, self.gaps = set(holders), set(breaks), set(gaps)
        self.depth, self.pieces = 0, []

    def starts(self, tag, attributes):
        self.depth += tag in self.holders
        if tag in self.gaps:
            self.pieces.append("\t" if tag.endswith("tab") else " ")

    def ends(self, tag):
        self.depth -= tag in self.holders
        if tag in self.breaks:
            self.pieces.append("\n")

    def words(self, text):
        if self.depth:
            self.pieces.append(text)

    def take(self):
        text, self.pieces = "".join(self.pieces), []
        return text


def _word(parts):
    text = Text({"w:t"}, {"w:p", "w:br"}, {"w:tab"})
    parts.events("word/document.xml", text.starts, text.ends, text.words)
    return in_parts(text.take())


def _slides(parts):
    text = Text({"a:t"}, {"a:p", "a:br"}, {"a:tab"})
    for name in parts.numbered(r"ppt/slides/slide(\d{1,6})\.xml"):
        parts.events(name, text.starts, text.ends, text.words)
        yield "", text.take()


def _open_text(parts):
    text = Text(
        {"text:p", "text:h"}, {"text:p", "text:h", "text:line-break"}, {"text:tab", "text:s"}
    )
    parts.events("content.xml", text.starts, text.ends, text.words)
    return in_parts(text.take())


def _open_divided(parts, tag):
    """One part for each sheet or slide."""
    text, divided = Text({"text:p", "text:h"}, {"text:p", "table:table-row"}), []

    def ends(name):
        text.ends(name)
        if name == tag:
            divided.append(("", text.take()))

    parts.events("content.xml", text.starts, ends, text.words)
    return divided


def _sheets(parts):
    shared = _shared_strings(parts) if "xl/sharedStrings.xml" in parts.names else []
    for name in parts.numbered(r"xl/worksheets/sheet(\d{1,6})\.xml"):
        sheet = Sheet(shared)
        parts.events(name, sheet.starts, sheet.ends, sheet.words)
        yield "", "".join(sheet.pieces)


def _shared_strings(parts):
    text, strings = Text({"t"}, ()), []

    def ends(tag):
        text.ends(tag)
        if tag == "si":
            strings.append(text.take())

    parts.events("xl/sharedStrings.xml", text.starts, ends, text.words)
    return strings


class Sheet:
    """Gathers the cells of a sheet, a line for each row."""

    def __init__(self, shared):
        self.shared, self.pieces = shared, []
        self.size, self.value, self.is_shared, self.is_value = 0, "", False, False

    def starts(self, tag, attributes):
        if tag == "c":
            self.value, self.is_shared = "", attributes.get("t") == "s"
        self.is_value = tag in {"v", "t"}

    def words(self, text):
        if self.is_value:
            self.value += text

    def ends(self, tag):
        self.is_value = False
        if tag == "c" and self.value:
            self._add(self.shared[int(self.value)] if self.is_shared else self.value)
        elif tag == "row":
            self.pieces.append("\n")

    def _add(self, words):
        """A short file can name one long string in a million cells."""
        self.size += len(words)
        if self.size > LARGEST_XML:
            raise Unreadable("too-much")
        self.pieces += [words, "\t"]


_READERS = {
    kinds.DOCX: _word,
    kinds.XLSX: _sheets,
    kinds.PPTX: _slides,
    kinds.ODT: _open_text,
    kinds.ODS: lambda parts: _open_divided(parts, "table:table"),
    kinds.ODP: lambda parts: _open_divided(parts, "draw:page"),
}
UNITS = {kinds.XLSX: "sheet", kinds.ODS: "sheet", kinds.PPTX: "slide", kinds.ODP: "slide"}


def in_parts(text):
    """A text without pages in parts of about a page, divided where a paragraph ends."""
    part, size = [], 0
    for line in text.split("\n"):
        for start in range(0, max(len(line), 1), LONGEST_PART):
            piece = line[start : start + LONGEST_PART]
            if size and size + len(piece) > LONGEST_PART:
                yield "", "\n".join(part)
                part, size = [], 0
            part.append(piece)
            size += len(piece) + 1
    if size:
        yield "", "\n".join(part)
