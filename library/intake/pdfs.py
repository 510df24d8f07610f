"""Reading a PDF: the text of its pages, what it says of itself, and a picture of its front."""

import ctypes
import re
from datetime import datetime
from io import BytesIO

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import WebPImagePlugin  # Without it Pillow looks for WebP in all its many modules.

from library.intake.outcome import Unreadable

LONGEST_TITLE, LONGEST_LABEL = 300, 20
MOST_CHAPTERS, DEEPEST = 2_000, 6
LONGEST_FRONT = 1_500  # characters of the front page that may be a heading
COVER = (320, 480)  # pixels, at most
_DATE = re.compile(r"(?:D:)?(\d{4})(\d\d)?(\d\d)?")


def open_pdf(data):
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        is_locked = getattr(error, "err_code", None) in LOCKED
        raise Unreadable("encrypted" if is_locked else "damaged") from error
    if not len(pdf):
        raise Unreadable("damaged")
    return pdf


LOCKED = {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}


def texts(pdf):
    """(printed label, text) page after page; a page that cannot be opened is blank."""
    faults, buffer, has_labels = 0, Buffer(), bool(_label(pdf, 0))
    for index in range(len(pdf)):
        page = pdfium.FPDF_LoadPage(pdf, index)
        faults += not page
        yield _label(pdf, index) if has_labels else "", buffer.text_of(page) if page else ""
    if faults == len(pdf):
        raise Unreadable("damaged")


class Buffer:
    """Where PDFium writes the text of one page after another, in units of UTF-16.

    By PDFium itself: the wrapper asks it three times as much for every page.
    """

    def __init__(self):
        self.units = (ctypes.c_ushort * 20_000)()

    def text_of(self, page):
        textpage = pdfium.FPDFText_LoadPage(page)
        try:
            count = pdfium.FPDFText_CountChars(textpage) if textpage else 0
            return self._text(textpage, count) if count > 0 else ""
        finally:
            pdfium.FPDFText_ClosePage(textpage)
            pdfium.FPDF_ClosePage(page)

    def _text(self, textpage, count):
        """PDFium may write more units than it counted characters, for what it adds by itself."""
        if len(self.units) < 2 * count + 2:
            self.units = (ctypes.c_ushort * (2 * count + 2))()
        written = pdfium.FPDFText_GetText(textpage, 0, count, self.units)
        return str(memoryview(self.units)[: max(written - 1, 0)], "utf-16-le", "ignore")


def _label(pdf, index):
    return _decoded(pdfium.FPDF_GetPageLabel, pdf, index)[:LONGEST_LABEL]


def _decoded(function, *arguments):
    """What a function of PDFium writes as UTF-16 into a buffer that the caller makes."""
    size = function(*arguments, None, 0)
    if not 2 < size < 100_000:
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    function(*arguments, buffer, size)
    return bytes(buffer)[: size - 2].decode("utf-16-le", "ignore").strip()


def about(pdf):
    """What the file says of itself, which need not be true."""
    said = {name: pdf.get_metadata_value(name)[:LONGEST_TITLE] for name in ("Title", "Author")}
    return {
        "title": said["Title"].strip(),
        "author": said["Author"].strip(),
        "created_on": _day(pdf.get_metadata_value("CreationDate")),
        "language": _decoded(pdfium.FPDFCatalog_GetLanguage, pdf)[:35],
    }


def _day(written):
    found = _DATE.match(written)
    if not found:
        return ""
    try:
        year, month, day = (int(part or 1) for part in found.groups())
        return datetime(year, month, day).date().isoformat()
    except ValueError:
        return ""


def outline(pdf):
    """[depth from 0, title, page number from 1 or None] for each chapter, in their order."""
    chapters = []
    for mark in pdf.get_toc(max_depth=DEEPEST):
        target = mark.get_dest()
        index = target.get_index() if target else None
        title = " ".join(mark.get_title()[:LONGEST_TITLE].split())
        chapters.append([mark.level, title, None if index is None else index + 1])
        if len(chapters) == MOST_CHAPTERS:
            break
    return chapters


def is_tagged(pdf):
    return bool(pdfium.FPDFCatalog_IsTagged(pdf))


def cover(pdf):
    """The front page as a small WebP picture."""
    page = pdf[0]
    width, height = (max(1, side) for side in page.get_size())
    picture = page.render(scale=min(COVER[0] / width, COVER[1] / height)).to_pil()
    kept = BytesIO()
    picture.convert("RGB").save(kept, WebPImagePlugin.WebPImageFile.format, quality=75, method=1)
    return kept.getvalue()


def heading(pdf):
    """The words set largest on the front page: often the title, where the file tells none."""
    textpage = pdf[0].get_textpage()
    count = min(textpage.count_chars(), LONGEST_FRONT)
    sizes = [round(pdfium.FPDFText_GetFontSize(textpage, place), 1) for place in range(count)]
    chars = [chr(pdfium.FPDFText_GetUnicode(textpage, place) or 32) for place in range(count)]
    largest = max(
        (size for size, char in zip(sizes, chars, strict=True) if char.strip()), default=0
    )
    if not largest:
        return ""
    start = next(
        place for place in range(count) if sizes[place] == largest and chars[place].strip()
    )
    end = start
    while end < count and (sizes[end] == largest or chars[end].isspace()):
        end += 1
    return "".join(chars[start:end])
