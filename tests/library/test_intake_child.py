"""What the child reads out of good files, and how it ends with hostile ones."""

import time
import zlib
from io import BytesIO
from random import Random

import pytest
from PIL import Image

from library.intake import confinement, kinds
from library.intake.likeness import distance
from tests.library import files

PLENTY = 20  # seconds


def read(content, kind=kinds.PDF):
    return confinement.read(BytesIO(content), kind)


def texts(findings):
    return [text for _, text in findings.pages]


# -- Good ones --------------------------------------------------------------------------------

REPORT = """
#set document(title: [Annual report], author: "Example Charity",
  date: datetime(year: 2024, month: 5, day: 1))
#set text(lang: "en", region: "GB")
#set page(numbering: "i")
= The annual report
The office could not find efficient staff.
#pagebreak()
#set page(numbering: "1")
#counter(page).update(1)
= Findings
== On fairness
Most are let go.
#pagebreak()
"""


def test_a_report_gives_its_pages_labels_chapters_and_what_it_says_of_itself():
    findings = read(files.pdf(REPORT))

    assert findings.reading == "read"
    assert [label for label, _ in findings.pages] == ["i", "1", "2"]
    assert "could not find efficient staff." in findings.pages[0][1]
    assert findings.outline == [
        [0, "The annual report", 1],
        [0, "Findings", 2],
        [1, "On fairness", 2],
    ]
    assert findings.found == {
        "title": "Annual report",
        "author": "Example Charity",
        "created_on": "2024-05-01",
        "language": "en-GB",
        "heading": "The annual report",
        "unit": "page",
    }
    assert findings.is_tagged is True
    cover = Image.open(BytesIO(findings.cover))
    assert (cover.format, cover.width) == ("WEBP", 320)


VOCABULARY = [f"{one}{two}" for one in ("ba", "co", "di", "fe") for two in ("rn", "st", "ll", "nd")]
SPLIT = """
#set page(width: 6cm)
#set par(justify: true)
#set text(hyphenate: true, lang: "en")
Reconciliation. Two-thirds of people want reconciliation; others talk about recon\u00adciliation.
#block(width: 1.7cm)[Two-thirds reconciliation]
"""


def test_words_split_at_the_end_of_a_line_are_whole_again():
    text = texts(read(files.pdf(SPLIT)))[0]

    assert text.lower().replace("\n", " ").count("two-thirds") == 2
    assert text.lower().count("reconciliation") == 4
    assert "\ufffe" not in text
    assert "\u00ad" not in text


def test_near_same_texts_have_near_same_likeness_and_others_do_not():
    chance = Random(4)
    story, other = (" ".join(chance.choices(VOCABULARY, k=600)) for _ in range(2))

    one, near, far = (
        read(text.encode(), kinds.PLAIN).likeness
        for text in (story, f"A new first line. {story}", other)
    )

    assert distance(one, near) <= 6
    assert distance(one, far) > 12
    assert read(b"Too short to tell.", kinds.PLAIN).likeness is None


@pytest.mark.parametrize(
    ("content", "kind", "pages"),
    [
        (files.docx("First.", "A &amp; B."), kinds.DOCX, ["First.\nA & B."]),
        (
            files.archive(
                {
                    "[Content_Types].xml": "",
                    "ppt/presentation.xml": "",
                    "ppt/slides/slide10.xml": "<s><a:p><a:t>Last</a:t></a:p></s>",
                    "ppt/slides/slide2.xml": "<s><a:p><a:t>Sec</a:t><a:t>ond</a:t></a:p></s>",
                }
            ),
            kinds.PPTX,
            ["Second", "Last"],
        ),
        (
            files.archive(
                {
                    "[Content_Types].xml": "",
                    "xl/workbook.xml": "",
                    "xl/sharedStrings.xml": "<sst><si><t>Force</t></si><si><t>Kent</t></si></sst>",
                    "xl/worksheets/sheet1.xml": '<w><row><c t="s"><v>0</v></c><c t="s"><v>1</v></c>'
                    "</row><row><c><v>42</v></c></row></w>",
                }
            ),
            kinds.XLSX,
            ["Force\tKent\n42"],
        ),
        (
            files.archive({"content.xml": "<o><text:h>Title</text:h><text:p>Words.</text:p></o>"}),
            kinds.ODT,
            ["Title\nWords."],
        ),
        (
            files.archive(
                {
                    "content.xml": "<o><table:table><table:table-row><text:p>Kent</text:p>"
                    "</table:table-row></table:table><table:table><text:p>2</text:p></table:table></o>"
                }
            ),
            kinds.ODS,
            ["Kent", "2"],
        ),
        ("A café.\n\nIts menu.".encode("cp1252"), kinds.PLAIN, ["A café.\n\nIts menu."]),
        (b"force,stops\nKent,42\n", kinds.CSV, ["force,stops\nKent,42"]),
    ],
)
def test_office_files_and_texts_are_read_in_their_order(content, kind, pages):
    findings = read(content, kind)

    assert (findings.reading, texts(findings)) == ("read", pages)


def test_a_text_without_pages_comes_in_parts_that_end_with_a_paragraph():
    paragraph = "Words of a paragraph. " * 40
    findings = read(files.docx(*[paragraph] * 10), kinds.DOCX)

    assert findings.found == {"unit": "part"}
    assert len(findings.pages) == 4
    assert "\n".join(texts(findings)).split("\n") == [paragraph.strip()] * 10


def test_a_picture_gets_a_small_one_the_right_way_up():
    exif = Image.Exif()
    exif[0x0112] = 6
    findings = read(files.picture("JPEG", (800, 400), exif=exif), kinds.JPEG)

    assert findings.reading == "not-read"
    assert Image.open(BytesIO(findings.cover)).size == (240, 480)


# -- Bad ones ---------------------------------------------------------------------------------


def pages_tree(count, kids=b"2 0 R"):
    """A tree of pages that leads back to itself and claims to have so many."""
    return files.raw_pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
    )


BOMB = zlib.compress(zlib.compress(b"0 0 m 9 9 l " * 60_000_000, 1), 9)
LOCKED = files.raw_pdf(
    b"<< /Type /Catalog /Pages 2 0 R >>",
    b"<< /Type /Pages /Kids [] /Count 0 >>",
    b"<< /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O <%s> /U <%s> >>"
    % (b"ab" * 32, b"cd" * 32),
    trailer=b"/Root 1 0 R /Encrypt 3 0 R /ID [<00> <00>]",
)
BILLION_LAUGHS = (
    '<!DOCTYPE w [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]><w:t>&i;</w:t>"
)
OUTSIDE = '<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]><w:p><w:t>&a;</w:t></w:p>'
HOSTILE = {
    "nothing": (b"", kinds.PDF, "damaged"),
    "a beginning only": (b"%PDF-1.7\n", kinds.PDF, "damaged"),
    "half a file": (files.pdf()[:900], kinds.PDF, "damaged"),
    "a web page": (b"%PDF-1.4\n<html><p>Hello</html>", kinds.PDF, "damaged"),
    "a locked file": (LOCKED, kinds.PDF, "encrypted"),
    "no words": (files.one_page(b"0 0 m 9 9 l S"), kinds.PDF, "no-text"),
    "pages without end": (pages_tree(3), kinds.PDF, "damaged"),
    "two thousand million pages": (pages_tree(2_000_000_000), kinds.PDF, None),
    "arrays in arrays": (
        files.one_page(b"[" * 100_000, page=b"/X " + b"[" * 100_000 + b"]" * 100_000),
        kinds.PDF,
        None,
    ),
    "a stream that unpacks to 720 MB": (
        files.one_page(BOMB, filters=b"/Filter [/FlateDecode /FlateDecode]"),
        kinds.PDF,
        None,
    ),
    "a billion laughs": (files.docx(document=BILLION_LAUGHS), kinds.DOCX, "damaged"),
    "a file from outside": (files.docx(document=OUTSIDE), kinds.DOCX, "damaged"),
    "broken XML": (files.docx(document="<w:t>Hello"), kinds.DOCX, "damaged"),
    "deep XML": (files.docx(document="<w:t>" * 300_000), kinds.DOCX, "damaged"),
    "70 MB of XML": (
        files.docx(document=f"<w:t>{'aaaaaaaaa ' * 7_000_000}</w:t>"),
        kinds.DOCX,
        "too-much",
    ),
    "one long string in a million cells": (
        files.archive(
            {
                "[Content_Types].xml": "",
                "xl/workbook.xml": "",
                "xl/sharedStrings.xml": f"<sst><si><t>{'a' * 1_000_000}</t></si></sst>",
                "xl/worksheets/sheet1.xml": '<c t="s"><v>0</v></c>'.join(
                    ["<w>", *[""] * 9999, "</w>"]
                ),
            }
        ),
        kinds.XLSX,
        "too-much",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_ends_in_a_named_state_and_in_time(name):
    content, kind, reading = HOSTILE[name]

    start = time.monotonic()
    findings = read(content, kind)

    assert time.monotonic() - start < PLENTY
    assert reading is None or findings.reading == reading
    assert findings.reading in {"read", "no-text", "damaged", "encrypted", "too-much"}
    assert "root:" not in "".join(texts(findings))


def test_a_broken_table_of_contents_is_mended():
    content = files.one_page(b"BT /F 20 Tf 50 700 Td (Stop and search) Tj ET")
    place = content.rindex(b"startxref")

    findings = read(content[:place] + b"startxref\n1\n%%EOF")

    assert texts(findings) == ["Stop and search"]


def test_a_child_that_runs_too_long_is_stopped_and_what_it_had_said_counts(monkeypatch):
    monkeypatch.setattr(confinement, "SECONDS", 0)
    monkeypatch.setattr(confinement, "GRACE", 0.001)

    assert read(files.pdf()).reading == "too-much"


def test_characters_that_cannot_be_stored_are_left_out():
    text = "A\x0bB \x1bC \u202eD \ufb01ne \ue000 e\u0301"

    assert texts(read(text.encode(), kinds.PLAIN)) == ["A\nB C D fine  \xe9"]
