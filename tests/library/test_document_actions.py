"""Adding, replacing and removing the files of an item."""

import pytest
from django.core.files.storage import default_storage

from cja_portal.kit.moves import ImpossibleMove
from library import document_actions as actions
from library.intake.receiving import UnsuitableFile
from library.models import Document
from members.models import AuditEvent
from tests.factories import make_document, make_item, make_user
from tests.library import files
from tests.library.files import upload
from tests.races import race

pytestmark = pytest.mark.django_db
PDF = files.pdf()


def add(item, **details):
    return actions.add_document(item, upload(PDF, "A report.pdf"), by=None, **details)


def versions(item):
    return list(item.versions.values_list("number", "note", "is_major"))


def test_a_file_is_kept_under_a_safe_name_with_its_fingerprint():
    person, item = make_user(), make_item(language="cy")

    first = actions.add_document(item, upload(PDF, "../A report.pdf"), by=person, kind="annex")
    second = add(item, title="Again")

    assert (first.name, first.kind, first.language, first.position) == (
        "a-report.pdf",
        "annex",
        "cy",
        0,
    )
    assert (second.name, second.title, second.position) == ("a-report-2.pdf", "Again", 1)
    assert first.sha256 == second.sha256
    assert first.file.name.startswith("library/documents/")
    assert "report" not in first.file.name
    assert AuditEvent.objects.filter(verb="library.add_document", by=person).count() == 1


def test_a_picture_is_kept_without_its_metadata(django_capture_on_commit_callbacks):
    content = files.picture("GIF", comment=b"By a person")

    with django_capture_on_commit_callbacks(execute=True):
        document = actions.add_document(make_item(), upload(content, "a.gif"), by=None)

    document.refresh_from_db()
    with document.file.open() as file:
        kept = file.read()
    assert b"By a person" not in kept
    assert (document.name, document.size, document.reading) == ("a.gif", len(kept), "not-read")
    assert document.cover


def test_a_file_that_is_refused_leaves_nothing_behind():
    with pytest.raises(UnsuitableFile):
        actions.add_document(make_item(), upload(b"<html>"), by=None)

    assert not Document.objects.exists()
    assert not default_storage.exists("library/documents")


@pytest.mark.django_db(transaction=True)
def test_two_files_of_one_name_added_at_once_get_two_names():
    item = make_item()

    race(lambda: add(item), lambda: add(item))

    assert set(item.documents.values_list("name", flat=True)) == {"a-report.pdf", "a-report-2.pdf"}


def test_replacing_a_public_file_keeps_both_and_tells_readers_what_changed():
    item = make_item()
    old = make_document(item, "report.pdf", kind="annex", position=3, title="Figures")

    new = actions.replace_document(
        old, upload(PDF, "report.pdf"), by=None, note=" A figure was wrong. ", is_major=False
    )

    old.refresh_from_db()
    assert versions(item) == [
        (2, "A figure was wrong.", False),
        (1, "First published here.", False),
    ]
    assert (old.removed_in.number, new.added_in.number) == (2, 2)
    assert (new.name, new.kind, new.position, new.title) == ("report-2.pdf", "annex", 3, "Figures")
    assert list(item.documents.current()) == [new]


def test_replacing_a_public_file_needs_a_note():
    old = make_document(make_item())

    with pytest.raises(ImpossibleMove, match="Say what changed"):
        actions.replace_document(old, upload(PDF), by=None, note=" ")

    assert Document.objects.get() == old


def test_what_nobody_saw_is_replaced_without_a_trace(django_capture_on_commit_callbacks):
    item = make_item(status="draft")
    old = make_document(item)
    path = old.file.name

    with django_capture_on_commit_callbacks(execute=True):
        new = actions.replace_document(old, upload(PDF), by=None)

    assert list(item.documents.all()) == [new]
    assert versions(item) == []
    assert not default_storage.exists(path)


def test_a_file_is_removed_once():
    item = make_item()
    document = make_document(item)

    actions.remove_document(document, by=None, note="It stood here twice.")

    assert not item.documents.current().exists()
    assert versions(item)[0] == (2, "It stood here twice.", False)
    with pytest.raises(ImpossibleMove, match="no longer among the files"):
        actions.remove_document(document, by=None, note="Again")


def test_reading_again_keeps_the_pages_until_it_is_done(django_capture_on_commit_callbacks):
    document = make_document(make_item(), content=PDF, pages=["Old words"])

    with django_capture_on_commit_callbacks(execute=False) as calls:
        actions.read_again(document, by=None)

    assert (document.reading, document.pages.get().text) == ("waiting", "Old words")
    for call in calls:
        call()
    assert "Stop and search" in document.pages.get().text


def test_an_infected_file_stays_shut_where_no_scanner_could_clear_it(settings):
    document = make_document(make_item(), reading="infected")

    with pytest.raises(ImpossibleMove):
        actions.read_again(document, by=None)
    settings.CLAMD = "127.0.0.1:1"
    actions.read_again(document, by=None)

    assert document.reading == "unchecked"
