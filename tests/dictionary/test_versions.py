from datetime import date, timedelta

import pytest
from django.utils import timezone

from dictionary.actions import restore_entry, withdraw_entry
from dictionary.models import Label, Source
from tests.factories import make_entry, make_relation, make_sense, make_user, publish

pytestmark = pytest.mark.django_db


def page(client, address, status=200, **query):
    response = client.get(address, query)
    assert response.status_code == status
    return response.content.decode()


def rewrite(entry, plain):
    entry.senses.update(plain=plain)
    return publish(entry, change_note=f"Now it says: {plain}")


def test_every_version_stays_readable(client):
    rewrite(make_entry("Bail", plain="First words."), "Second words.")

    assert "First words." in page(client, "/dictionary/bail/v/1/")
    assert "Second words." in page(client, "/dictionary/bail/v/2/")
    assert '<meta name="robots" content="noindex">' in page(client, "/dictionary/bail/v/1/")


def test_any_two_versions_are_compared_either_way_round(client):
    entry = rewrite(make_entry("Bail", plain="First words."), "Second words.")
    rewrite(entry, "Third words.")

    onward = page(client, "/dictionary/bail/v/1/3/")
    back = page(client, "/dictionary/bail/v/3/1/")

    assert "<del>First</del><ins>Third</ins>" in onward
    assert "<del>Third</del><ins>First</ins>" in back


def test_a_small_form_chooses_the_two(client):
    rewrite(make_entry("Bail"), "Second words.")

    html = page(client, "/dictionary/bail/v/")
    chosen = client.get("/dictionary/bail/v/", {"before": "1", "after": "2"})

    assert 'name="before"' in html
    assert chosen["Location"] == "/dictionary/bail/v/1/2/"


@pytest.mark.parametrize("before", ["9", "x", "", "-1", "²", "9" * 40])
def test_two_versions_that_are_not_there_get_a_sentence(client, before):
    rewrite(make_entry("Bail"), "Second words.")

    html = page(client, "/dictionary/bail/v/", before=before, after="2")

    assert "There are no such two versions." in html


def test_one_version_offers_nothing_to_compare(client):
    make_entry("Bail")

    assert 'name="before"' not in page(client, "/dictionary/bail/v/")


# -- Another day ----------------------------------------------------------------------------------


def asbo():
    newer = make_entry("Injunction")
    entry = make_entry(
        "ASBO",
        plain="An old English order.",
        valid_from=date(1999, 4, 1),
        valid_to=date(2015, 3, 22),
        replaced_by=newer,
    )
    make_sense(entry, "scotland", plain="A living Scottish order.")
    return entry


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("1999-03-31", "We have no meaning for 31 March 1999."),
        ("1999-04-01", "This was the meaning on 1 April 1999."),
        ("2015-03-22", "This was the meaning on 22 March 2015."),
    ],
)
def test_the_meaning_on_a_day(client, day, words):
    newer = make_entry("Injunction")
    make_entry("ASBO", valid_from=date(1999, 4, 1), valid_to=date(2015, 3, 22), replaced_by=newer)

    assert words in page(client, "/dictionary/asbo/", on=day)


def test_a_place_that_gave_the_word_up_is_told_so_and_not_the_neighbour_s_law(client):
    asbo()

    english = page(client, "/dictionary/asbo/", jurisdiction="england-and-wales")
    scottish = page(client, "/dictionary/asbo/", jurisdiction="scotland")

    assert '<div class="plain"><p>An old English order.</p></div>' in english
    assert "This is no longer used." in english
    assert '<div class="plain"><p>A living Scottish order.</p></div>' in scottish


def test_a_former_meaning_can_be_opened_although_its_place_has_a_newer_one(client):
    entry = make_entry("Order", valid_from=date(2020, 1, 1), plain="New.")
    former = make_sense(entry, valid_to=date(2019, 12, 31), plain="Old.")

    answer = client.get(f"/dictionary/id/{former.pk}/")

    assert '<div class="plain"><p>Old.</p></div>' in page(client, answer["Location"])


def test_a_day_that_nobody_checked_is_not_claimed(client):
    make_entry("Bail", law_as_of=date(2025, 1, 1))

    html = page(client, "/dictionary/bail/", on="1990-01-01")

    assert "we have not checked that far back" in html
    assert "This was the meaning" not in html


def test_the_law_of_tomorrow_is_not_claimed(client):
    make_entry("Bail")
    tomorrow = timezone.localdate() + timedelta(days=1)

    assert "Nobody can say" in page(client, "/dictionary/bail/", on=tomorrow.isoformat())


@pytest.mark.parametrize("day", ["soon", "2026-02-30", "0000-00-00", "<b>"])
def test_a_day_that_is_none_gets_a_sentence(client, day):
    make_entry("Bail")

    html = page(client, "/dictionary/bail/", on=day)

    assert "as a day. This is the meaning today." in html
    assert "<b>" not in html


def test_the_page_has_a_small_form_for_another_day(client):
    make_entry("Bail")

    assert '<input type="date" id="another-day" name="on"' in page(client, "/dictionary/bail/")


# -- Never simply not found -----------------------------------------------------------------------


def test_a_withdrawn_entry_explains_itself_and_keeps_its_versions(client):
    entry = make_entry("Bail", plain="Words that were wrong.")
    sense = entry.senses.get()
    withdraw_entry(entry, by=make_user(), because="The law it explained is gone.")

    html = page(client, "/dictionary/bail/", status=410)

    assert "The law it explained is gone." in html
    assert 'href="/dictionary/bail/v/1/"' in html
    assert "Words that were wrong." in page(client, "/dictionary/bail/v/1/")
    assert client.get(f"/dictionary/id/{sense.pk}/")["Location"].startswith("/dictionary/bail/")


def test_the_list_of_versions_says_when_the_entry_was_out_of_sight(client):
    entry, user = make_entry("Bail"), make_user()
    withdraw_entry(entry, by=user, because="We were checking.")
    restore_entry(entry, by=user)

    html = page(client, "/dictionary/bail/v/")

    assert "We were checking." in html
    assert "shown again on" in html


def test_a_meaning_that_was_taken_out_explains_itself(client):
    entry = make_entry("Bail")
    gone = make_sense(entry, "scotland")
    number = gone.pk
    Label.objects.filter(sense=gone).delete()
    Source.objects.filter(sense=gone).delete()
    gone.delete()
    publish(entry)

    html = page(client, f"/dictionary/id/{number}/", status=410)

    assert "This meaning is no longer part of the entry." in html
    assert 'href="/dictionary/bail/v/2/"' in html
    assert 'href="/dictionary/bail/v/1/"' not in html


def test_a_number_that_was_never_public_is_not_found(client):
    draft = make_entry("Secret", is_published=False).senses.get()

    assert client.get(f"/dictionary/id/{draft.pk}/").status_code == 404
    assert client.get("/dictionary/id/999999999/").status_code == 404


def test_the_record_of_changes_shows_withdrawals_and_restorations(client):
    entry, user = make_entry("Bail"), make_user()
    withdraw_entry(entry, by=user, because="It was wrong.")
    restore_entry(entry, by=user)

    html = page(client, "/dictionary/changes/")

    assert html.index("shown again") < html.index("It was wrong.") < html.index("version 1")


def test_the_same_idea_elsewhere_says_where(client):
    defendant, accused = make_entry("Defendant"), make_entry("Accused")
    for place in ("scotland", "northern-ireland"):
        defendant.relations.create(to=accused, kind="equivalent", jurisdiction=place)
    make_relation(defendant, make_entry("Trial"))

    html = page(client, "/dictionary/defendant/")

    assert "In Northern Ireland. In Scotland." in html
