"""The page that says why a word of a letter is marked or not."""

import pytest

from dictionary.verdicts import described
from tests.dictionary.admin.pages import LIST, html
from tests.factories import make_entry, make_label

pytestmark = pytest.mark.django_db
SIGNS = f"{LIST}signs/"
LETTER = (
    "You have been charged with theft and must come to the magistrates' court on Monday with your "
    "solicitor. Please remember to charge the battery of your phone at home."
)


@pytest.fixture
def charge():
    return make_label(make_entry("Accusing"), "charge", forms=["charged"]).entry


def test_a_tried_text_is_answered_word_by_word(client, staff, charge):
    page = client.post(SIGNS, {"text": LETTER})

    first, second = page.context["verdicts"]
    assert [(one.said, one.is_meant) for one in (first, second)] == [
        ("charged", True),
        ("charge", False),
    ]
    assert first.total > 0 > second.total
    assert "Words of crime and courts in its sentence" in page.content.decode()


def test_a_word_that_a_guard_forbids_says_so(client, staff):
    make_label(make_entry("Accusing"), "charge", not_after=["in"])

    (verdict,) = client.post(SIGNS, {"text": "Who is in charge?"}).context["verdicts"]

    assert (verdict.said, verdict.is_meant) == ("charge", False)
    assert verdict.why.startswith("The name has a guard")


def test_a_tried_text_is_in_no_address_and_in_no_cache(client, staff):
    page = client.post(SIGNS, {"text": LETTER})

    assert (page.status_code, "no-store" in page["Cache-Control"]) == (200, True)


def test_a_name_shows_its_signs_and_leads_to_where_its_policy_is_set(client, staff, charge):
    page = html(client, f"{SIGNS}?name=Charge")

    assert f'href="{LIST}{charge.pk}/change/#labels-group"' in page
    assert "in its sentence</li>" in page
    assert 'name="labels-0-policy"' in html(client, f"{LIST}{charge.pk}/change/")
    assert 'name="labels-0-not_before"' in html(client, f"{LIST}{charge.pk}/change/")


def test_a_text_that_is_too_long_is_refused(client, staff):
    page = client.post(SIGNS, {"text": "x" * 5001})

    assert "verdicts" not in page.context
    assert "at most 5000 characters" in page.content.decode()


def test_staff_who_may_not_see_entries_do_not_see_it(client, reader):
    assert client.get(SIGNS).status_code == 403


def test_the_list_of_entries_leads_to_it(client, staff):
    assert f'href="{SIGNS}"' in html(client, LIST)


@pytest.mark.parametrize(
    ("sign", "sentence"),
    [
        ("names in sentence", "Names that prove themselves in its sentence"),
        ("others in text", "Words of other fields in the whole text"),
        ("char near tea", "“tea” in its sentence"),
        ("near ~bread", "a word like “bread” in its sentence, for any name"),
        ("before that #", "a number two words before it, for any name"),
        ("fine after |", "the end of the sentence right after it"),
        ("char between no =in", "“no” and a small word like “in” on its two sides"),
        ("on r before =-ing", "a word that ends in “-ing” right before it"),
        ("near family art", "Words of the family of “art” in its sentence, for any name"),
        ("said fine", "How often it is meant"),
        ("rule -1.5", "How far these rules can be trusted, for any name"),
        ("rule rule 2", "How far these rules can be trusted"),  # of "rules", "ruled", "ruling"
        ("always", "What every such word starts with"),
    ],
)
def test_a_sign_is_said_in_words(sign, sentence):
    assert described(sign) == sentence
