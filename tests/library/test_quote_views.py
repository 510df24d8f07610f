import pytest

from tests.factories import make_document, make_item

pytestmark = pytest.mark.django_db
SAID = "Overcrowding makes rehabilitation harder because staff spend their days moving people"


def check(client, quote):
    return client.get("/library/quote/", {"quote": quote})


def test_a_quotation_leads_to_its_page_with_its_citation(client):
    item = make_item("A report", slug="a-report")
    make_document(item, pages=["Nothing.", f"Before. {SAID} about."])

    page = check(client, SAID).content.decode()

    assert "Found, word for word" in page
    assert "/library/a-report/files/report.pdf/page/2/?q=" in page
    assert "p. 2)" in page


def test_what_differs_is_said_in_words(client):
    make_document(make_item(), pages=[SAID])

    page = check(client, SAID.replace("harder", "easier")).content.decode()

    assert "Found, with other words" in page
    assert "<del>easier</del> <ins>harder</ins>" in page
    assert "You have “easier”. The document says “harder”." in page


def test_not_found_says_how_far_that_goes(client):
    make_document(make_item(), pages=[SAID])

    page = check(client, "Nobody ever said that the moon is made of cheese").content.decode()

    assert "Not found" in page
    assert "We looked through the text of 1 document." in page


@pytest.mark.parametrize(
    ("quote", "sentence"),
    [
        ("", "Paste the sentence that you want to check."),
        ("two words", "Too few words to find the place: give at least four."),
        ("word " * 300, "Too long to check at once: paste one or two sentences."),
        ("x" * 5000, "Too few words to find the place: give at least four."),
    ],
)
def test_what_cannot_be_checked_is_refused_in_words(client, quote, sentence):
    assert sentence in check(client, quote).content.decode()


def test_markup_in_a_quotation_and_in_a_document_is_only_words(client):
    make_document(make_item(), pages=["Say <script>alert(1)</script> to all of them now please."])

    page = check(client, "Say <script>alert(2)</script> to all of them now please").content.decode()

    assert "<script>alert" not in page
    assert "Found" in page


def test_as_many_statements_for_one_document_as_for_three(client, django_assert_num_queries):
    make_document(make_item(), pages=[SAID])
    with django_assert_num_queries(7):
        check(client, SAID)
    for _ in range(2):
        make_document(make_item(), pages=[SAID])

    with django_assert_num_queries(7):
        check(client, SAID)
