"""What the files of the library answer to browsers, download managers and caches (RFC 9110)."""

from datetime import UTC, datetime
from email import message_from_bytes
from hashlib import sha256
from io import BytesIO

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, InMemoryStorage
from django.test import RequestFactory

from library.models import Document
from library.serving import Sending, _pieces, read_ranges, send
from tests.factories import make_document, make_item, make_user
from tests.logins import sign_in

pytestmark = pytest.mark.django_db

CONTENT = bytes(range(256)) * 1000  # Longer than a piece.
ADDED = datetime(2024, 5, 1, 12, 0, 0, 5000, tzinfo=UTC)
TAG = f'"{sha256(CONTENT).hexdigest()}"'
ADDRESS = "/library/a-report/files/report.pdf"


@pytest.fixture
def document(db):
    item = make_item(slug="a-report")
    return make_document(item, content=CONTENT, added_at=ADDED)


def ask(client, address=ADDRESS, method="get", **headers):
    """The answer, read to its end; its bytes are in `body`."""
    response = getattr(client, method)(address, headers=headers)
    response.body = b"".join(response)
    return response


# -- Reading the header ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "ranges"),
    [
        ("bytes=0-0", [(0, 0)]),
        ("bytes=0-", [(0, 99)]),
        ("bytes=90-200", [(90, 99)]),
        ("bytes=-10", [(90, 99)]),
        ("bytes=-1000", [(0, 99)]),
        ("BYTES=5-9", [(5, 9)]),
        ("bytes =5-9", [(5, 9)]),
        ("bytes=0-1, 10-11 ,\t-1", [(0, 1), (10, 11), (99, 99)]),
        ("bytes=0-1,,2-3", [(0, 1), (2, 3)]),
        ("bytes=0-1,500-600", [(0, 1)]),
        ("bytes=100-", []),
        ("bytes=100-200,300-", []),
        ("bytes=-0", []),
        ("bytes=9-5", None),
        ("bytes=0-1,9-5", None),
        ("bytes=-", None),
        ("bytes=", None),
        ("bytes=,", None),
        ("bytes", None),
        ("bytes=a-b", None),
        ("bytes=0-1;2-3", None),
        ("bytes=١-٢", None),
        ("bytes=+1-2", None),
        ("bytes=1-2-3", None),
        ("bytes=" + "9" * 5000 + "-", None),
        ("lines=1-2", None),
        ("bytes=0-,0-", None),
        ("bytes=" + ",".join(["0-1"] * 17), None),
    ],
)
def test_ranges_are_read_as_the_standard_says(header, ranges):
    assert read_ranges(header, 100) == ranges


def test_an_empty_file_has_no_part():
    assert read_ranges("bytes=0-", 0) == []
    assert read_ranges("bytes=-5", 0) == []


# -- The whole -------------------------------------------------------------------------------------


def test_a_public_file_is_sent_whole_with_all_that_browsers_need(client, document):
    response = ask(client)

    assert (response.status_code, response.body) == (200, CONTENT)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Length"] == str(len(CONTENT))
    assert response["Content-Disposition"] == 'inline; filename="report.pdf"'
    assert response["Accept-Ranges"] == "bytes"
    assert response["ETag"] == TAG
    assert response["Last-Modified"] == "Wed, 01 May 2024 12:00:00 GMT"
    assert response["Cache-Control"] == "public, max-age=300, must-revalidate"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"


def test_head_says_the_same_without_the_bytes(client, document):
    whole, head = ask(client), ask(client, method="head", range="bytes=0-9")

    assert (head.status_code, head.content) == (200, b"")
    assert dict(head.headers) == dict(whole.headers)


@pytest.mark.parametrize("content_type", ["application/pdf", "image/png", "text/html"])
def test_a_file_is_shut_into_a_sandbox_without_our_origin(client, content_type):
    make_document(make_item(slug="a-report"), content_type=content_type)

    policy = ask(client)["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "sandbox allow-downloads" in policy
    assert "allow-same-origin" not in policy
    assert ("allow-scripts" in policy) is (content_type == "application/pdf")


@pytest.mark.parametrize(
    ("name", "content_type", "disposition"),
    [
        ("a.pdf", "application/pdf", "inline"),
        ("a.png", "image/png", "inline"),
        ("a.svg", "image/svg+xml", "attachment"),
        ("a.html", "text/html", "attachment"),
        ("a.docx", "application/octet-stream", "attachment"),
    ],
)
def test_only_pdfs_and_pictures_are_shown_in_the_browser(client, name, content_type, disposition):
    make_document(make_item(slug="a-report"), name, content_type=content_type)

    response = ask(client, f"/library/a-report/files/{name}")

    assert response["Content-Disposition"] == f'{disposition}; filename="{name}"'


def test_no_cache_keeps_a_file_that_is_not_for_everyone(client):
    make_document(make_item(slug="a-report", files_audience="staff"))
    sign_in(client, make_user(is_staff=True))

    response = ask(client)

    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"


def test_a_lost_file_is_not_found_and_reported(client, document, caplog):
    document.file.storage.delete(document.file.name)

    assert ask(client).status_code == 404
    assert f"The stored file {document.file.name} is missing." in caplog.text


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_nothing_else_can_be_done_to_a_file(client, document, method):
    assert getattr(client, method)(ADDRESS).status_code == 405


# -- Parts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=1000-200000", 1000, 200000),
        ("bytes=255990-", 255990, 255999),
        ("bytes=-5", 255995, 255999),
    ],
)
def test_one_part_is_sent_alone(client, document, header, first, last):
    response = ask(client, range=header)

    assert response.status_code == 206
    assert response.body == CONTENT[first : last + 1]
    assert response["Content-Range"] == f"bytes {first}-{last}/256000"
    assert response["Content-Length"] == str(last - first + 1)
    assert response["ETag"] == TAG


def test_several_parts_come_as_one_message_of_parts(client, document):
    response = ask(client, range="bytes=0-3,70000-70001,-2")
    sent = response.body

    message = message_from_bytes(f"Content-Type: {response['Content-Type']}\n".encode() + sent)
    parts = [(part["Content-Range"], part.get_payload(decode=True)) for part in message.walk()][1:]
    assert (response.status_code, response["Content-Length"]) == (206, str(len(sent)))
    assert "Content-Range" not in response
    assert [name for name, _ in parts] == [
        "bytes 0-3/256000",
        "bytes 70000-70001/256000",
        "bytes 255998-255999/256000",
    ]
    assert all(part.get_content_type() == "application/pdf" for part in list(message.walk())[1:])
    for first, last in [(0, 3), (70000, 70001), (255998, 255999)]:
        assert CONTENT[first : last + 1] in sent


def test_a_part_behind_the_end_is_refused_with_the_length(client, document):
    response = ask(client, range="bytes=256000-")

    assert (response.status_code, response.content) == (416, b"")
    assert response["Content-Range"] == "bytes */256000"


@pytest.mark.parametrize("header", ["bytes=9-5", "pages=1-2", "bytes=0-,0-,0-"])
def test_a_wrong_or_greedy_range_gets_the_whole_once(client, document, header):
    response = ask(client, range=header)

    assert (response.status_code, response.body) == (200, CONTENT)


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        (TAG, 206),
        (f"W/{TAG}", 200),
        ('"another"', 200),
        ("Wed, 01 May 2024 12:00:00 GMT", 206),
        ("Wed, 01 May 2024 12:00:01 GMT", 200),
        ("nonsense", 200),
    ],
)
def test_parts_of_two_states_are_never_joined(client, document, condition, status):
    headers = {"range": "bytes=0-9", "if-range": condition}

    assert ask(client, **headers).status_code == status


# -- What the reader has ---------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"if-none-match": TAG}, 304),
        ({"if-none-match": f'"other", {TAG}'}, 304),
        ({"if-none-match": f"W/{TAG}"}, 304),
        ({"if-none-match": "*"}, 304),
        ({"if-none-match": TAG, "range": "bytes=0-9"}, 304),
        ({"if-none-match": '"other"'}, 200),
        ({"if-modified-since": "Wed, 01 May 2024 12:00:00 GMT"}, 304),
        ({"if-modified-since": "Wed, 01 May 2024 11:59:59 GMT"}, 200),
        ({"if-none-match": '"x"', "if-modified-since": "Wed, 01 May 2024 12:00:00 GMT"}, 200),
        ({"if-match": '"other"'}, 412),
        ({"if-match": TAG}, 200),
        ({"if-unmodified-since": "Wed, 01 May 2024 11:59:59 GMT"}, 412),
    ],
)
def test_what_the_reader_has_is_not_sent_again(client, document, method, headers, status):
    response = ask(client, method=method, **headers)

    assert response.status_code == status
    if status == 304:
        assert response.content == b""
        assert response["ETag"] == TAG
        assert "sandbox" in response["Content-Security-Policy"]
        assert response["Cache-Control"] == "public, max-age=300, must-revalidate"


def test_a_reader_who_may_no_longer_is_not_told_that_nothing_changed(client, document):
    Document.objects.update(reading="infected")

    assert ask(client, **{"if-none-match": TAG}).status_code == 404


# -- Where files lie -------------------------------------------------------------------------------


def a_sending(storage, **fields):
    storage.save("a", ContentFile(CONTENT))
    stored = Document(file="a").file
    stored.storage = storage
    values = {"name": "a.pdf", "content_type": "application/pdf", "size": len(CONTENT)}
    values |= {"tag": "x", "changed_at": ADDED, "is_public": True}
    return Sending(stored=stored, **values | fields)


def a_request(**headers):
    request = RequestFactory().get("/", headers=headers)
    request.user = AnonymousUser()
    return request


def test_no_more_than_a_piece_is_read_at_once():
    asked = []

    class Watched(BytesIO):
        def read(self, size=-1):
            asked.append(size)
            return super().read(size)

    assert b"".join(_pieces(Watched(CONTENT), 10, 200_000)) == CONTENT[10:200_001]
    assert max(asked) == 65536
    assert sum(asked) == 199_991


def test_a_file_that_became_shorter_ends():
    assert b"".join(_pieces(BytesIO(b"abc"), 1, 100)) == b"bc"


def test_the_file_is_closed_with_the_answer_though_nobody_read_it(tmp_path):
    response = send(a_request(), a_sending(FileSystemStorage(tmp_path)))
    content = response._resource_closers[-1].__self__

    for close in response._resource_closers:
        close()

    assert content.file.closed


def test_s3_is_asked_for_the_part_alone():
    asked = []

    class Body(BytesIO):
        def iter_chunks(self, size):
            while piece := self.read(size):
                yield piece

    class Object:
        def get(self, Range):
            asked.append(Range)
            first, last = map(int, Range.removeprefix("bytes=").split("-"))
            return {"Body": Body(CONTENT[first : last + 1])}

    class Stored:
        obj = Object()

        def read(self, size):
            raise AssertionError("This would fetch the whole file.")

    assert b"".join(_pieces(Stored(), 5, 70_000)) == CONTENT[5:70_001]
    assert asked == ["bytes=5-70000"]


def test_a_proxy_can_send_the_file_in_our_place(client, document, settings):
    settings.ACCEL_REDIRECT = "/stored-files/"

    response = ask(client, range="bytes=0-9")

    assert (response.status_code, response.content) == (200, b"")
    assert response["X-Accel-Redirect"] == f"/stored-files/{document.file.name}"
    assert response["ETag"] == TAG
    assert "sandbox" in response["Content-Security-Policy"]


def test_a_proxy_cannot_send_what_lies_elsewhere(settings):
    settings.ACCEL_REDIRECT = "/stored-files/"

    response = send(a_request(), a_sending(InMemoryStorage()))

    assert "X-Accel-Redirect" not in response
    assert b"".join(response) == CONTENT


# -- Covers ----------------------------------------------------------------------------------------


def test_a_cover_is_sent_by_the_same_rule(client, document):
    document.cover.save("cover.webp", ContentFile(b"RIFF picture"), save=True)

    response = ask(client, f"{ADDRESS}/cover.webp")

    assert (response.status_code, response.body) == (200, b"RIFF picture")
    assert response["Content-Type"] == "image/webp"
    assert response["Content-Disposition"] == 'inline; filename="cover.webp"'
    again = ask(client, f"{ADDRESS}/cover.webp", **{"if-none-match": response["ETag"]})
    assert again.status_code == 304


def test_a_document_without_a_cover_has_none(client, document):
    assert ask(client, f"{ADDRESS}/cover.webp").status_code == 404
