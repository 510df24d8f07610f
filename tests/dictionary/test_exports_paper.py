"""The booklet to print and the file for machines without a network."""

import re

import html5lib
import pypdfium2
import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from dictionary.actions import publish_entry, record_legal_check, withdraw_entry
from dictionary.data_views import EXPORTS
from dictionary.exports import booklet
from dictionary.exports.book import current_book
from tests.factories import make_entry, make_label, make_relation, make_sense, make_user, publish

pytestmark = pytest.mark.django_db


# -- The booklet ------------------------------------------------------------------------------


def text_of(pdf):
    pages = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_bounded() for page in pages)


def make_pdf():
    return booklet.pdf(current_book(), timezone.localtime())


def stored():
    return sorted(default_storage.listdir("dictionary")[1])


def test_the_booklet_is_tagged_says_its_language_and_claims_pdf_ua():
    make_entry("Bail")

    pdf = make_pdf()

    assert pypdfium2.PdfDocument(pdf).is_tagged()
    assert b"/Lang" in pdf
    assert b"pdfuaid:part" in pdf
    assert b"AtkinsonHyperlegibleNext" in pdf.replace(b"#20", b"")


def test_the_booklet_holds_every_word_its_date_and_that_it_is_no_advice():
    bail = make_entry(
        "Bail", plain="Being free.\nWhile you wait.", means_for_you="- **Come** back."
    )
    make_sense(bail, "scotland", name="Interim liberation", is_in_force=False)
    make_label(bail, "surety")
    make_relation(bail, make_entry("Remand"))

    text = text_of(make_pdf())

    for words in (
        *("Being free.", "Come back.", "Interim liberation", "Not in force yet.", "surety"),
        *("See also: Remand", "Information, not legal advice.", "Contents", "Example Act 2000"),
        *("Law as of 1 January 2025. Version 4.", current_book().edition.stamp),
    ):
        assert words in re.sub(r"\s+", " ", text), words
    assert text.index("Bail") < text.index("Remand")


def test_no_text_is_taken_for_markup_and_no_letter_is_lost():
    make_entry("Bail", plain='#panic("no") *star* $x$ <label> @ref \\ ŵ 中 \u202e 😀')

    text = text_of(make_pdf())

    assert '#panic("no") *star* $x$ <label> @ref' in text
    for letter in ("ŵ", "[U+4E2D]", "[U+202E]", "[U+1F600]"):
        assert letter in text


def test_an_empty_dictionary_has_a_booklet():
    assert "0 words, 0 meanings" in text_of(make_pdf())


def test_the_booklet_is_made_when_first_asked_for_and_then_kept(client):
    make_entry("Bail")

    first = client.get("/dictionary/booklet.pdf")
    again = client.get("/dictionary/booklet.pdf", headers={"if-none-match": first["ETag"]})

    assert first["Content-Type"] == "application/pdf"
    assert "Bail" in text_of(first.content)
    today = f"{timezone.localdate():%Y-%m-%d}"
    assert re.fullmatch(
        rf'inline; filename="dictionary-{today}-\d+-\w+\.pdf"', first["Content-Disposition"]
    )
    assert again.status_code == 304
    assert len(stored()) == 1


def test_a_reader_gets_the_last_booklet_and_a_new_one_is_asked_for(client):
    make_entry("Bail")
    client.get("/dictionary/booklet.pdf")
    make_entry("Remand")

    old = client.get("/dictionary/booklet.pdf")
    new = client.get("/dictionary/booklet.pdf")

    assert "Remand" not in text_of(old.content)
    assert "Remand" in text_of(new.content)


def test_publishing_and_withdrawing_make_it_anew(django_capture_on_commit_callbacks):
    entry = make_entry("Bail")
    record_legal_check(entry, by=make_user())
    with django_capture_on_commit_callbacks(execute=True):
        publish_entry(entry, by=make_user(), change_note="Said better.")
    assert len(stored()) == 1

    with django_capture_on_commit_callbacks(execute=True):
        withdraw_entry(entry, by=make_user(), because="It was wrong.")

    assert len(stored()) == 2
    assert booklet.newest() == stored()[-1]


def test_the_command_makes_it_once_for_each_edition(capsys):
    entry = make_entry("Bail")

    call_command("make_dictionary_booklet")
    call_command("make_dictionary_booklet")

    assert len(stored()) == 1
    assert f"The booklet is {stored()[0]}." in capsys.readouterr().out
    publish(entry)
    call_command("make_dictionary_booklet")
    assert len(stored()) == 2


def test_only_the_newest_few_are_kept():
    entry = make_entry("Bail")
    for _ in range(booklet.KEPT + 2):
        publish(entry)
        last = booklet.make()

    assert len(stored()) == booklet.KEPT
    assert last in stored()


# -- The offline edition ----------------------------------------------------------------------


@pytest.fixture
def offline(client):
    bail = make_entry("Bail", plain="<b>Being</b> free.", means_for_you="Come back.")
    make_label(bail, "surety")
    make_label(bail, "bial", "misspelling")
    make_relation(bail, make_entry("Remand"))
    return client.get("/dictionary/offline.html")


def parsed(response):
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(response.content.decode())
    assert parser.errors == []
    return [element for element in tree.iter() if isinstance(element.tag, str)]


def test_it_is_a_dated_file_to_keep_and_the_sites_own_policy_stands(offline):
    day = f"{timezone.now():%Y-%m-%d}"

    assert offline["Content-Disposition"] == f'attachment; filename="dictionary-{day}.html"'
    assert "script-src 'self'" in offline["Content-Security-Policy"]
    assert "unsafe-inline" not in offline["Content-Security-Policy"]


def test_it_holds_no_reference_to_anything_outside_itself(offline):
    elements = parsed(offline)
    ids = {element.get("id") for element in elements}
    loading = [
        *("src", "srcset", "action", "formaction", "data", "poster", "background", "cite"),
        *("ping", "manifest", "xlink:href"),
    ]

    references = [
        element.get(name) for element in elements for name in loading if element.get(name)
    ]
    links = [element.get("href") for element in elements if element.get("href")]

    assert references == []
    assert [link for link in links if link[0] != "#" or link[1:] not in ids] == []
    assert not {"link", "iframe", "object", "embed", "img", "base"} & {one.tag for one in elements}
    assert re.findall(rb"url\(|@import|fetch\(|XMLHttpRequest|import\(|://", offline.content) == []
    policy = [one.get("content") for one in elements if one.get("http-equiv")]
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"]


def test_it_holds_every_word_its_names_and_its_date(offline):
    html = offline.content.decode()

    for words in (
        *(
            "&lt;b&gt;Being&lt;/b&gt; free.",
            "Come back.",
            "Other names: surety.",
            "not legal advice",
        ),
        *('data-names="Bail surety bial"', '<a href="#remand">Remand</a>', "Version 4."),
        f"edition {current_book().edition.stamp}",
    ):
        assert words in html, words


@pytest.mark.parametrize(("tag", "name"), [("style", "offline.css"), ("script", "offline.js")])
def test_its_style_and_script_stand_in_it_to_the_letter(tag, name, offline):
    (element,) = [one for one in parsed(offline) if one.tag == tag]

    assert element.text == (EXPORTS / name).read_text()
    assert len(element.text) > 1000


def test_without_a_script_the_letters_lead_on(offline):
    elements = parsed(offline)

    form = next(element for element in elements if element.tag == "form")
    assert form.get("hidden") is not None
    assert "choose its letter" in offline.content.decode()
