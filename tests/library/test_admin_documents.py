import pytest

from cja_portal.work import waiting_work
from library.models import Document
from library.records import staff_version_of
from tests.factories import make_document, make_item
from tests.library import files
from tests.library.files import upload
from tests.library.test_admin_items import form_data, messages, staff

__all__ = ["staff"]
pytestmark = pytest.mark.django_db
PDF = files.pdf()


def save_item(client, item, **fields):
    own = {"title": item.title, "slug": item.slug, "version": staff_version_of(item)}
    data = form_data(files_audience="public", **own, **fields)
    return client.post(f"/admin/library/item/{item.pk}/change/", data, follow=True)


def new_file(content, name="Report.pdf"):
    return {
        "documents-2-TOTAL_FORMS": 1,
        "documents-2-0-upload": upload(content, name),
        "documents-2-0-kind": "summary",
        "documents-2-0-language": "en",
    }


def page(client, document, step, **data):
    address = f"/admin/library/document/{document.pk}/{step}/"
    return client.post(address, data, follow=True) if data else client.get(address)


def test_a_file_is_added_on_the_page_of_its_item(client, staff, django_capture_on_commit_callbacks):
    item = make_item()

    with django_capture_on_commit_callbacks(execute=True):
        save_item(client, item, **new_file(PDF))

    document = item.documents.get()
    assert (document.name, document.kind, document.added_by) == ("report.pdf", "summary", staff)
    shown = client.get(f"/admin/library/item/{item.pk}/change/").content.decode()
    assert "<strong>Read.</strong> The text of every page can be searched." in shown


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "The file is empty."), (b"<html>", "This is a web page"), (b"MZ", "This is a program")],
)
def test_a_bad_file_is_a_sentence_and_what_was_typed_stays(client, staff, content, sentence):
    item = make_item()

    response = save_item(client, item, series="A typed series", **new_file(content))

    assert sentence in response.content.decode()
    assert 'value="A typed series"' in response.content.decode()
    assert not Document.objects.exists()


def test_the_details_of_a_file_change_on_the_page_of_its_item(client, staff):
    item = make_item()
    document = make_document(item)
    row = {"id": document.pk, "item": item.pk, "kind": "annex", "title": "A", "language": "cy"}

    fields = {f"documents-0-{name}": value for name, value in (row | {"position": 4}).items()}
    counts = {"documents-TOTAL_FORMS": 1, "documents-INITIAL_FORMS": 1}
    save_item(client, item, **fields, **counts)

    document.refresh_from_db()
    assert (document.kind, document.title, document.language, document.position) == (
        *("annex", "A", "cy", 4),
    )


def test_replacing_asks_for_the_file_and_the_note_and_says_it_was_done(client, staff):
    document = make_document(make_item())

    asked = page(client, document, "replace")
    refused = page(client, document, "replace", file=upload(PDF), note=" ")
    done = page(client, document, "replace", file=upload(PDF), note="A figure was wrong.")

    assert "Readers will see them among the versions." in asked.content.decode()
    assert "This field is required." in refused.content.decode()
    assert messages(done) == ["Replaced: “report.pdf”."]
    assert Document.objects.current().get().added_in.note == "A figure was wrong."


def test_a_file_that_nobody_saw_is_removed_without_a_note(client, staff):
    document = make_document(make_item(status="draft"))

    assert "note" not in page(client, document, "remove").context["form"].fields
    done = page(client, document, "remove", sure="yes")

    assert messages(done) == ["Removed: “report.pdf”."]
    assert not Document.objects.exists()


def test_a_file_is_read_again_with_one_click(client, staff, django_capture_on_commit_callbacks):
    document = make_document(make_item(), content=PDF, reading="damaged", page_count=None)

    assert "Read the text again" in page(client, document, "change").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        page(client, document, "read-again", now="yes")

    document.refresh_from_db()
    assert document.reading == "read"


def test_those_that_could_not_be_read_wait_at_the_desk_and_the_list_shows_the_same(client, staff):
    item = make_item()
    make_document(item, "locked.pdf", reading="encrypted")
    make_document(item, "good.pdf")
    make_document(make_item(status="draft"), "of-a-draft.pdf", reading="encrypted")

    work = next(one for one in waiting_work(staff) if "could not be read" in one.label)
    listed = client.get(work.address).context["cl"].queryset

    assert [document.name for document in work.rows] == ["locked.pdf"]
    assert [document.name for document in listed] == ["locked.pdf"]


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_same_for_one_and_for_three(
    number, client, staff, django_assert_num_queries
):
    for _ in range(number):
        make_document(make_item())

    with django_assert_num_queries(6):
        response = client.get("/admin/library/document/")

    assert response.context["cl"].result_count == number
