import logging
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from dictionary import explaining
from dictionary.explain import LONGEST, explain
from dictionary.models import LabelKind, LinkPolicy
from tests.factories import make_entry, make_label, make_sense

pytestmark = pytest.mark.django_db

ADDRESS = "/dictionary/explain/"
FORM = "application/x-www-form-urlencoded"
CANARY = "zqxcanaryword"


@pytest.fixture
def bail():
    return make_entry("Bail", plain="Being free until the trial. It has rules.")


def answer_to(client, text, **fields):
    return client.post(ADDRESS, urlencode({"text": text, **fields}), content_type=FORM)


def words(text, jurisdiction=""):
    return [word.name for word in explain(text, jurisdiction).words]


def test_the_form_is_shown(client):
    response = client.get(ADDRESS)

    assert (response.status_code, response["Cache-Control"]) == (200, "no-store, private")
    assert "Nothing you paste is kept" in response.content.decode()


def test_a_word_is_marked_and_explained_once(client, bail):
    page = answer_to(client, "You are on bail.\nBail ends.").content.decode()

    assert 'popovertarget="word-1">bail</button>' in page
    assert '.\n<a class="word" href="#meaning-1">Bail</a> ends.' in page
    assert page.count("<p>Being free until the trial. It has rules.") == 1
    assert page.count('id="meaning-1"') == 1


def test_the_text_comes_back_as_it_was(bail):
    text = "  On  bail,\n\n\tbail & <b>bail</b>\nende"

    assert explain(text).text == text


def test_text_is_never_markup(client, bail):
    page = answer_to(client, "<script>alert(1)</script> bail </textarea><b>").content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_words_stand_in_the_order_of_the_text(bail):
    make_entry("Arrest")

    assert words("arrest, bail, arrest") == ["Arrest", "Bail"]


def test_names_for_readers_letters_are_explained_and_search_names_are_not(bail):
    make_label(bail, "let out", LabelKind.SPOKEN)
    make_label(bail, "bale", LabelKind.MISSPELLING, policy=LinkPolicy.NEVER)

    assert words("let out of a bale") == ["Bail"]
    assert words("a bale") == []


def test_without_a_nation_all_meanings_are_shown(bail):
    make_sense(bail, "scotland", name="Bail", plain="Being free in Scotland.")

    places = {
        place: [sense.jurisdiction for sense in explain("bail", place).words[0].meanings]
        for place in ("", "scotland")
    }

    assert places == {"": ["england-and-wales", "scotland"], "scotland": ["scotland"]}


def test_two_entries_with_one_name_are_both_shown(bail):
    for headword in ("Restraining order", "Referral order"):
        make_label(make_entry(headword), "RO", LabelKind.ACRONYM)

    assert words("an RO") == ["Referral order or Restraining order"]


def test_a_long_text_is_explained_as_far_as_we_read(client, bail):
    page = answer_to(client, "bail " * 30_000).content.decode()

    assert "This is the first part." in page
    assert explain("bail " * 30_000).is_cut
    assert not explain("b" * LONGEST).is_cut


@pytest.mark.parametrize("text", ["", "  \n "])
def test_no_text_is_asked_for_again(client, text):
    page = answer_to(client, text).content.decode()

    assert "Paste the text of your letter first." in page


def test_a_huge_body_is_refused_and_not_kept(client):
    response = answer_to(client, "a" * (explaining.LARGEST_BODY + 1))

    assert response.status_code == 413
    assert "too long for us to read at once" in response.content.decode()
    assert response["Cache-Control"] == "no-store, private"


def test_what_no_page_can_show_leaves_a_sign(client, bail):
    page = answer_to(client, "Your bail\0 was refused.").content.decode()

    assert "popovertarget" in page
    assert "\ufffd was refused." in page


def test_files_are_refused_unread(client):
    response = client.post(ADDRESS, {"text": SimpleUploadedFile("letter.txt", b"bail")})

    assert response.status_code == 415
    assert "no files" in response.content.decode()


@pytest.mark.parametrize("kind", ["application/json", "text/plain", ""])
def test_other_bodies_are_refused(client, kind):
    assert client.post(ADDRESS, "text=bail", content_type=kind).status_code == 415


def test_a_text_in_the_address_is_not_read(client, bail):
    assert "popovertarget" not in client.get(f"{ADDRESS}?text=bail").content.decode()


def test_other_sites_cannot_send_the_form():
    response = answer_to(Client(enforce_csrf_checks=True), "bail")

    assert response.status_code == 403


def test_the_form_itself_passes_and_starts_no_session(bail):
    client = Client(enforce_csrf_checks=True)
    client.get(ADDRESS)
    token = client.cookies["csrftoken"].value

    response = answer_to(client, "bail", csrfmiddlewaretoken=token)

    assert (response.status_code, set(client.cookies)) == (200, {"csrftoken"})


@pytest.mark.parametrize(
    "text",
    [
        "bail " * 20_000,
        "(" * 100_000,
        "<b>" * 33_000 + "bail",
        "<!-- bail " * 10_000,
        "a\u0301" * 50_000,
        "\u200b" * 100_000,
        "b\u200ba\u200bi\u200bl " * 10_000,
        "\x00" * 100_000,
        "\ud800bail" * 10_000,
        "PACE " * 20_000,
        "bail-\n" * 16_000,
        " " * 100_000,
        "\n \t" * 33_000,
        "İ" * 100_000,
        "ﬃ" * 100_000,
        "-" * 100_000,
        "'" * 100_000,
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_hostile_text_is_answered_soon(client, bail, text):
    make_label(bail, "PACE", LabelKind.ACRONYM, not_before=["of"], not_after=["the"])
    body = urlencode({"text": text}, errors="surrogatepass")

    explain("bail " * 50)  # The lists of words are read once.

    with untraced():
        start = time.process_time()
        response = client.post(ADDRESS, body, content_type=FORM)
        taken = time.process_time() - start

    assert taken < 2
    assert response.status_code == 200
    assert len(explain(text).text) == len(text)


@contextmanager
def untraced():
    """Without the tracer that counts which lines run: it takes longer than the lines do."""
    tracer = sys.gettrace()
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(tracer)


# -- Nothing is kept ----------------------------------------------------------------------------


def everything_stored():
    """Every value of every table, the cache's and sessions' among them, as one text."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            yield from (f"{table}: {row}" for (row,) in cursor.fetchall())


def files_with(word, *folders):
    return [
        path
        for folder in folders
        for path in Path(folder).rglob("*")
        if path.is_file() and word.encode() in path.read_bytes()
    ]


def leaks(caplog, settings, tmp_path):
    """Where the canary can be found."""
    found = [f"row {row[:80]}" for row in everything_stored() if CANARY in row]
    found += [
        f"log {record.getMessage()[:80]}"
        for record in caplog.records
        if CANARY in f"{record.getMessage()} {record.__dict__.get('request', '')} {record.exc_text}"
    ]
    found += [
        f"mail {letter.subject}"
        for letter in mail.outbox
        if CANARY in f"{letter.subject} {letter.body} {letter.alternatives} {letter.attachments}"
    ]
    return found + [str(path) for path in files_with(CANARY, tmp_path, settings.MEDIA_ROOT)]


@pytest.fixture
def watched(caplog, settings, tmp_path, monkeypatch):
    """Production's error mail, every log record, and a temporary folder of our own."""
    settings.DEBUG = False
    settings.ADMINS = [("Portal", "errors@example.org")]
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    caplog.set_level(logging.DEBUG)
    return lambda: leaks(caplog, settings, tmp_path)


def test_a_pasted_word_is_found_nowhere_afterwards(client, bail, watched):
    response = answer_to(client, f"On bail, {CANARY}. " * 3000)

    assert CANARY in response.content.decode()
    assert CANARY not in str(response.headers)
    assert watched() == []


def test_nor_after_an_error(bail, watched, monkeypatch):
    def fail(text, jurisdiction):
        raise ZeroDivisionError

    monkeypatch.setattr(explaining, "explain", fail)
    response = answer_to(Client(raise_request_exception=False), f"On bail, {CANARY}.")

    assert response.status_code == 500
    assert [letter.subject for letter in mail.outbox] != []
    assert watched() == []


def test_nor_after_a_refusal(client, watched):
    client.post(ADDRESS, {"text": SimpleUploadedFile("a.txt", CANARY.encode() * 400_000)})
    answer_to(client, CANARY * 200_000)
    answer_to(Client(enforce_csrf_checks=True), CANARY)

    assert watched() == []


def test_the_watch_would_find_it(bail, watched, tmp_path):
    make_entry(CANARY)
    logging.getLogger("any").warning(CANARY)
    (tmp_path / "spool").write_text(CANARY)
    mail.mail_admins("Error", CANARY)

    kinds = {leak.split()[0] for leak in watched()}

    assert {"row", "log", "mail", str(tmp_path / "spool")} <= kinds
    assert apps.is_installed("dictionary")
    assert reverse("dictionary:text-explain") == ADDRESS
