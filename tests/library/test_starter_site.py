"""What the library opens with on the filled portal."""

from library.models import Document


def test_the_portal_opens_with_three_documents_that_are_read(site):
    documents = Document.objects.filter(item__status="published").order_by("name")

    assert [(one.name, one.reading, one.is_tagged) for one in documents] == [
        ("criminal-justice-dictionary.pdf", "read", True),
        ("roll-of-honour.pdf", "read", True),
        ("using-the-library.pdf", "read", True),
    ]
    for document in documents:
        with document.file.open() as file:
            assert file.read(5) == b"%PDF-"
        assert document.found["author"] == "Criminal Justice Alliance"
