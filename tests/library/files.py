"""Files to take in: good ones made by typst and Pillow, hostile ones written by hand."""

import zipfile
from functools import cache
from io import BytesIO

import typst
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def upload(content, name="report.pdf", content_type="application/octet-stream"):
    return SimpleUploadedFile(name, content, content_type)


@cache
def pdf(markup="#set document(title: [A short report])\n= Stop and search\nMost are let go."):
    return typst.compile(markup.encode(), format="pdf")


def pages_pdf(*texts):
    return pdf("\n#pagebreak()\n".join(texts))


def raw_pdf(*objects, trailer=b"/Root 1 0 R"):
    """A PDF of hand-written objects, the first of which is its catalogue."""
    body = b"%PDF-1.7\n"
    offsets = []
    for number, one in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return body + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF"
        % (size, table, size, trailer, len(body))
    )


def stream(content, filters=b""):
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), filters, content)


def one_page(content, *, page=b"", filters=b""):
    """A PDF of one page with this stream of drawing orders."""
    return raw_pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R "
        b"/Resources << /Font << /F 5 0 R >> >> %s >>" % page,
        stream(content, filters),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )


def archive(parts, *, level=6):
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return kept.getvalue()


def bomb(content, size=2**31):
    """The same archive, whose first entry says that it unpacks to so many bytes."""
    place = content.index(b"PK\1\2") + 24
    return content[:place] + size.to_bytes(4, "little") + content[place + 4 :]


def docx(*paragraphs, more=None, document=""):
    words = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    document = document or f'<w:document xmlns:w="w"><w:body>{words}</w:body></w:document>'
    parts = {"[Content_Types].xml": "<Types/>", "word/document.xml": document}
    return archive(parts | (more or {}))


def picture(kind="PNG", size=(60, 40), **options):
    kept = BytesIO()
    Image.new("RGB", size, "teal").save(kept, kind, **options)
    return kept.getvalue()
