"""The roll of honour on paper."""

import os

import pypdfium2
import pytest
from django.core.cache import cache
from django.urls import reverse

from awards import roll
from awards.actions.published import correct_award, withdraw_award, withdraw_cycle
from awards.models import PublishedCycle
from library.document_actions import replace_document
from library.models import Document
from library.starter_documents import load_document
from tests.factories import make_award, make_item, make_published_cycle, make_staff
from tests.library import files
from tests.library.files import upload
from tests.races import race

pytestmark = pytest.mark.django_db


def text():
    with pypdfium2.PdfDocument(roll.pdf()) as pages:
        return "\n".join(page.get_textpage().get_text_bounded() for page in pages)


def test_it_names_who_was_honoured_and_the_years_of_which_nothing_is_known():
    make_published_cycle(2030)
    make_published_cycle(2031)
    make_award("Example Winner", for_work="A helpline", judges_words="Brave.")

    said = text()

    for words in ("2030", "Example Winner", "Winner, Example Category", "A helpline", "“Brave.”"):
        assert words in said
    assert "No winner is known for 2031." in said


def test_what_is_not_public_is_not_on_it():
    make_published_cycle(2030)
    make_award("On the list", result="shortlisted")
    make_award("Made up", is_demonstration=True)
    make_award("Not yet", published_at=None)
    make_award("Year unpublished", year=2032)

    assert roll.content() == {"years": [], "unknown": [2030]}


def test_its_stamp_changes_with_a_name_and_with_nothing_else():
    make_published_cycle(2030)
    before = roll.stamp()

    assert roll.stamp() == before
    make_award()
    assert roll.stamp() != before


# -- The copy in the library -----------------------------------------------------------------------


@pytest.fixture
def item():
    make_published_cycle(2030)
    return make_item("Roll of honour", slug=roll.SLUG)


def copies_that_say(name):
    """Of the item's files, those of all versions, as the library stores and searches them."""
    documents = Document.objects.filter(pages__text__contains=name)
    assert all(one.file.storage.exists(one.file.name) for one in documents)
    return documents.count()


def stored(item):
    storage = Document._meta.get_field("file").storage
    folder = storage.path("library/documents")
    return len(os.listdir(folder))


TAKES_BACK = {
    "the award": lambda award: withdraw_award(award, by=None),
    "the year": lambda award: withdraw_cycle(PublishedCycle.objects.get(), by=None),
    "a correction": lambda award: correct_award(
        award, {"recipient": "Example Other"}, note="The name was wrong.", by=None
    ),
}


@pytest.mark.parametrize("what", TAKES_BACK)
def test_a_name_that_is_withdrawn_stands_in_no_copy_of_any_version(
    item, what, django_capture_on_commit_callbacks
):
    award = make_award("Example Winner")
    roll.renew()
    load_document(roll.SLUG, stamp="older", make=roll.pdf)  # As it was set before: with versions.
    make_award("Example Second", category="Other", year=2030)
    assert copies_that_say("Example Winner") == 2

    with django_capture_on_commit_callbacks(execute=True):
        TAKES_BACK[what](award)
        assert copies_that_say("Example Winner") == 0

    copy = item.documents.get()
    assert copy.name == "roll-of-honour.pdf"
    assert copies_that_say("Example Second") == (what != "the year")
    assert stored(item) == 1


def test_what_staff_put_in_its_place_stays_alone(item):
    award = make_award()
    roll.renew()
    ours = upload(files.pdf("Ours"))
    replace_document(item.documents.get(), ours, by=make_staff(), note="Ours.")

    withdraw_award(award, by=None)

    assert roll.renew() == 0
    assert item.documents.get().pages.count() == 0
    assert copies_that_say("Example Winner") == 0


@pytest.mark.django_db(transaction=True)
def test_a_copy_being_set_while_a_name_is_withdrawn_does_not_keep_it(item):
    award = make_award("Example Winner")

    race(roll.renew, lambda: withdraw_award(award, by=None))

    assert copies_that_say("Example Winner") == 0
    assert "Example Winner" not in text()


def test_a_withdrawn_certificate_is_kept_nowhere(client, django_capture_on_commit_callbacks):
    make_published_cycle(2030, "Example Category")
    award = make_award("Example Winner")
    address = reverse("awards:award-certificate", args=[2030, award.category_slug, award.pk])
    assert client.get(address).status_code == 200
    assert cache.get(f"certificate:{award.pk}")

    with django_capture_on_commit_callbacks(execute=True):
        withdraw_award(award, by=None)

    assert client.get(address).status_code == 404
    assert cache.get(f"certificate:{award.pk}") is None
