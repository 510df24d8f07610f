"""Which files may come in, and under which name."""

from hashlib import sha256
from io import BytesIO
from zlib import crc32

import pytest
from PIL import Image

from library.intake import confinement, kinds
from library.intake.receiving import UnsuitableFile, receive, safe_name
from tests.library import files
from tests.library.files import upload

ODT = "application/vnd.oasis.opendocument.text"
GOOD = {
    "pdf": (files.pdf(), kinds.PDF),
    "pdf after a byte order mark": (b"\xef\xbb\xbf\n" + files.pdf(), kinds.PDF),
    "pdf after the head of a letter": (b"Content-Type: x\r\n\r\n" + files.pdf(), kinds.PDF),
    "png": (files.picture("PNG"), kinds.PNG),
    "jpeg": (files.picture("JPEG"), kinds.JPEG),
    "webp": (files.picture("WEBP"), kinds.WEBP),
    "gif": (files.picture("GIF"), kinds.GIF),
    "docx": (files.docx("Words"), kinds.DOCX),
    "xlsx": (files.archive({"[Content_Types].xml": "", "xl/workbook.xml": ""}), kinds.XLSX),
    "pptx": (files.archive({"[Content_Types].xml": "", "ppt/presentation.xml": ""}), kinds.PPTX),
    "odt": (files.archive({"mimetype": ODT, "content.xml": "<x/>"}), kinds.ODT),
    "text": ("A café’s menu.\n".encode(), kinds.PLAIN),
    "text of old Windows": ("A café".encode("cp1252"), kinds.PLAIN),
    "mp3": (b"ID3\x03" + bytes(100), kinds.MP3),
    "m4a": (b"\0\0\0\x20ftypM4A " + bytes(100), kinds.M4A),
    "mp4": (b"\0\0\0\x20ftypisom" + bytes(100), kinds.MP4),
    "webm": (b"\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm" + bytes(100), kinds.WEBM),
}
CONTENT_TYPES = '<Default ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
BAD = {
    "nothing": (b"", kinds.EMPTY),
    "blanks": (b"  \n", kinds.EMPTY),
    "a web page": (b"\n<!DOCTYPE html><p>Hello", kinds.WEB_PAGE),
    "a drawing": (b'<svg xmlns="http://www.w3.org/2000/svg"></svg>', kinds.WEB_PAGE),
    "XML": (b'<?xml version="1.0"?><svg/>', kinds.WEB_PAGE),
    "a Windows program": (b"MZ\x90\0" + bytes(100), kinds.PROGRAM),
    "a Linux program": (b"\x7fELF" + bytes(100), kinds.PROGRAM),
    "a script": (b"#!/bin/sh\nrm -r x", kinds.PROGRAM),
    "old Word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), kinds.OLD_OFFICE),
    "an archive": (files.archive({"a.txt": "a"}), kinds.ARCHIVE),
    "a Java archive": (files.archive({"META-INF/MANIFEST.MF": ""}), kinds.ARCHIVE),
    "gzip": (b"\x1f\x8b\x08" + bytes(100), kinds.ARCHIVE),
    "noise": (bytes(range(256)) * 4, kinds.UNKNOWN),
    "noise after text": (b"a" * 5000 + b"\0\0\1", kinds.UNKNOWN),
    "half an archive": (files.docx("Words")[:60], kinds.BROKEN),
    "macros": (files.docx("a", more={"word/vbaProject.bin": b"x"}), kinds.MACROS),
    "a bomb": (files.bomb(files.docx("a")), kinds.BOMB),
    "too many entries": (files.archive({f"{n}": "" for n in range(10_001)}), kinds.BOMB),
    "half a picture": (files.picture()[:60], kinds.BROKEN),
    "a picture that is none": (b"\x89PNG\r\n\x1a\n" + bytes(50), kinds.BROKEN),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_file_is_what_its_content_says_whatever_its_name(name):
    content, kind = GOOD[name]

    received = receive(upload(content, "invoice.exe"))

    assert received.kind == kind
    assert received.file.read() == content
    assert (received.size, received.sha256) == (len(content), sha256(content).hexdigest())


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_document_is_refused_with_a_sentence_whatever_its_name(name):
    content, sentence = BAD[name]

    with pytest.raises(UnsuitableFile) as refused:
        receive(upload(content, "report.pdf", "application/pdf"))

    assert refused.value.messages == [sentence]


def test_documents_that_declare_macros_are_refused():
    declared = {"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": "<x/>"}

    with pytest.raises(UnsuitableFile, match="macros"):
        receive(upload(files.archive(declared)))


def test_a_table_is_told_from_a_text_by_its_name_alone():
    assert receive(upload(b"a,b\n1,2\n", "Figures.CSV")).kind == kinds.CSV


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked():
    content = bytearray(files.picture())
    content[16:24] = (50_000).to_bytes(4, "big") * 2
    content[29:33] = crc32(content[12:29]).to_bytes(4, "big")

    with pytest.raises(UnsuitableFile, match="50 million"):
        receive(upload(bytes(content)))


def test_a_file_that_is_too_large_is_refused_with_both_sizes(settings):
    settings.LARGEST_FILE = 2048

    with pytest.raises(UnsuitableFile) as refused:
        receive(upload(b"a" * 3072))

    sentence = refused.value.messages[0].replace("\xa0", " ")
    assert sentence.startswith("The file has 3.0 KB; the library takes files of up to 2.0 KB.")


def test_a_file_that_takes_too_long_to_look_at_is_refused(monkeypatch):
    monkeypatch.setattr(confinement, "SECONDS_TO_LOOK", 0.001)

    with pytest.raises(UnsuitableFile, match="took too long"):
        receive(upload(files.picture()))


# -- Pictures ---------------------------------------------------------------------------------


def taken_at_home():
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Example camera"
    exif.get_ifd(0x8825)[2] = (51.0, 30.0, 0.0)
    return exif


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_loses_its_place_and_camera_and_stays_turned(kind):
    content = files.picture(kind, exif=taken_at_home())

    kept = receive(upload(content)).file.read()

    assert b"Example camera" in content
    assert b"Example camera" not in kept
    picture = Image.open(BytesIO(kept))
    assert dict(picture.getexif()) == {0x0112: 6}
    assert (picture.format, picture.size) == (kind, (60, 40))


def test_the_fingerprint_of_a_picture_is_of_the_bytes_received():
    content = files.picture("GIF", comment=b"By a person")

    received = receive(upload(content))

    assert received.sha256 == sha256(content).hexdigest()
    assert b"By a person" not in received.file.read()
    assert received.size == received.file.size


# -- Names ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Annual Report_2024.PDF", "annual-report-2024.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\someone\\My report.docx", "my-report.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.pdf"),
        ("Adroddiad Blynyddol â Thŵr.pdf", "adroddiad-blynyddol-a-thwr.pdf"),
        ("报告.pdf", "document.pdf"),
        ("", "document.pdf"),
        ("-.-.pdf", "document.pdf"),
        ("a" * 300 + ".pdf", "a" * 90 + ".pdf"),
    ],
)
def test_a_name_in_an_address_is_small_letters_figures_and_hyphens(name, safe):
    assert safe_name(name, kinds.PDF, set()) == safe


def test_a_name_that_is_taken_gets_a_number():
    assert safe_name("report.pdf", kinds.PDF, {"report.pdf", "report-2.pdf"}) == "report-3.pdf"
