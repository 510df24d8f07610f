"""The documents that the portal makes of its own content."""

import pytest

from library import document_actions as actions
from library.models import Page
from library.starter_documents import load_document
from tests.factories import make_item
from tests.library import files
from tests.library.files import upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def item():
    return make_item("A guide", slug="a-guide")


def load(stamp="one", text="Words", slug="a-guide"):
    return load_document(slug, stamp=stamp, make=lambda: files.pdf(text))


def never():
    raise AssertionError("It was made although nothing has changed.")


def test_a_document_is_made_once_and_can_be_searched_at_once(item):
    assert load() == 1
    assert load_document("a-guide", stamp="one", make=never) == 0

    document = item.documents.get()
    assert (document.name, document.reading, document.added_by) == ("a-guide.pdf", "read", None)
    assert document.pages.get().text == "Words"


def test_a_change_makes_a_new_version_that_no_reader_is_told_of(item):
    load()
    load("two", "Other words")

    assert Page.objects.filter(document__in=item.documents.current()).get().text == "Other words"
    version = item.versions.first()
    assert (version.number, version.is_major, version.note) == (
        *(2, False, "Made anew, because what it is made of has changed."),
    )


def test_what_staff_replaced_or_removed_stays_so(item):
    load()
    actions.replace_document(item.documents.get(), upload(files.pdf("Ours")), by=None, note="Ours.")

    assert load("two") == 0
    actions.remove_document(item.documents.current().get(), by=None, note="Gone.")
    assert load("three") == 0
    assert not item.documents.current().exists()


def test_without_its_item_nothing_is_made():
    assert load_document("nowhere", stamp="one", make=never) == 0
