from datetime import date

import pytest

from dictionary.actions import withdraw_entry
from dictionary.models import Entry, EntryVersion, Sense, Stage
from tests.dictionary.admin.pages import LIST, desk, html, said
from tests.factories import make_entry

pytestmark = pytest.mark.django_db


def test_the_panel_says_what_is_not_yet_public(client, staff):
    entry = make_entry(plain="Old words.")
    Sense.objects.update(plain="New words.")

    page = html(client, desk(entry))

    assert "<del>Old</del><ins>New</ins>" in page
    assert 'href="/dictionary/bail/v/1/"' in page
    assert "Readers are told that no lawyer has checked it." in page


def test_the_preview_shows_the_working_copy_to_staff_alone(client, staff):
    entry = make_entry(plain="Old words.")
    Sense.objects.update(plain="New words.")

    response = client.get(desk(entry, "preview/"))
    page = response.content.decode()

    assert "New words." in page
    assert "Preview of the working copy." in page
    assert '<meta name="robots" content="noindex">' in page
    assert response["X-Robots-Tag"] == "noindex"
    assert EntryVersion.objects.count() == 1
    client.logout()
    assert client.get(desk(entry, "preview/")).status_code == 302


def test_what_is_not_public_is_viewed_as_its_preview(client, staff):
    entry = make_entry("Bail", is_published=False)
    preview = f'href="{desk(entry, "preview/")}" class="viewsitelink"'
    sense = f"/admin/dictionary/sense/{entry.senses.get().pk}/change/"

    assert preview in html(client, desk(entry))
    assert preview in html(client, sense)

    entry.senses.all().delete()
    assert "viewsitelink" not in html(client, desk(entry))

    public = make_entry("Remand")
    assert 'href="/dictionary/remand/" class="viewsitelink"' in html(client, desk(public))


def test_an_entry_without_a_meaning_has_no_preview(client, staff):
    entry = Entry.objects.create(slug="empty", headword="Empty")

    assert said(client.get(desk(entry, "preview/"), follow=True)) == [
        "There is no meaning to show yet."
    ]
    assert "Preview" not in html(client, desk(entry))


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_same_for_one_and_for_three(
    number, client, staff, django_assert_num_queries
):
    for place in range(number):
        make_entry(f"Word {place}")

    with django_assert_num_queries(8):
        response = client.get(LIST)

    assert response.context["cl"].result_count == number


@pytest.mark.parametrize(
    ("sense", "state"),
    [
        ({}, "Published"),
        ({"law_as_of": date(2020, 1, 1), "review_due": date(2021, 1, 1)}, "Published, review due"),
        ({"valid_to": date(2020, 1, 1)}, "Published, superseded"),
    ],
)
def test_the_list_says_what_time_made_of_the_public_text(client, staff, sense, state):
    make_entry(**sense)

    assert f'<td class="field-state">{state}</td>' in html(client, LIST)


def test_the_list_says_when_an_older_text_is_public(client, staff):
    make_entry()
    Entry.objects.update(stage=Stage.DRAFT)

    assert "Draft, an older text is public" in html(client, LIST)


def test_the_list_says_that_a_draft_is_of_a_withdrawn_entry(client, staff):
    withdraw_entry(make_entry(), by=staff)
    Entry.objects.update(stage=Stage.DRAFT)

    assert "Draft, withdrawn" in html(client, LIST)
