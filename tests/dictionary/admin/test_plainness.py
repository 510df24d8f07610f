import pytest

from tests.dictionary.admin.pages import LIST, SENSES, html
from tests.factories import make_entry

pytestmark = pytest.mark.django_db


def test_the_report_follows_what_is_typed_and_keeps_nothing(client, staff):
    response = client.post(f"{SENSES}plainness/", {"plain": "You\r\nmet the <offender>."})
    page = response.content.decode()

    assert "Name for people: “offender”" in page
    assert 'data-field="id_plain" data-start="13" data-end="21"' in page
    assert "<html" not in page


def test_the_report_stands_beside_the_saved_text_without_javascript(client, staff):
    sense = make_entry(plain="The offender was detained.").senses.get()

    page = html(client, f"{SENSES}{sense.pk}/change/")

    assert "Name for people: “offender”" in page
    assert "Passive: “was detained”" in page


def test_a_word_that_the_dictionary_explains_is_no_hard_word(client, staff):
    make_entry("Remand")

    page = client.post(f"{SENSES}plainness/", {"plain": "It is a remand, an arraignment."})

    assert "“arraignment”" in page.content.decode()
    assert "“remand”" not in page.content.decode()


def test_the_report_on_all_entries_begins_with_the_hardest(client, staff):
    make_entry("Plain", plain="You can go home.")
    make_entry("Hard", plain="The offender was detained pursuant to it.")

    page = html(client, f"{LIST}plainness/")

    assert page.index(">Hard<") < page.index(">Plain<")
