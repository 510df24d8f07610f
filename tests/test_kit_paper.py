from datetime import UTC, datetime

import pypdfium2

from cja_portal.kit.paper import set_pdf
from library.starter_documents import GUIDE

DAY = datetime(2026, 11, 23, tzinfo=UTC)


def text_of(pdf):
    with pypdfium2.PdfDocument(pdf) as pages:
        return "\n".join(page.get_textpage().get_text_bounded() for page in pages)


def test_what_is_printed_is_tagged_and_the_same_each_time():
    pdf = set_pdf(GUIDE, made_at=DAY)

    with pypdfium2.PdfDocument(pdf) as pages:
        assert pages.is_tagged()
        assert 4 <= len(pages) <= 8
    assert b"pdfuaid:part" in pdf
    assert pdf == set_pdf(GUIDE, made_at=DAY)


def test_words_are_never_markup_and_no_letter_is_lost(tmp_path, settings):
    settings.BASE_DIR = tmp_path
    template = tmp_path / "page.typ"
    template.write_text('#set document(title: "A")\n#json(bytes(sys.inputs.content)).word')

    text = text_of(set_pdf(template, {"word": "#pagebreak() *Strong* \u62a5"}, made_at=DAY))

    assert text.strip() == "#pagebreak() *Strong* [U+62A5]"
