from datetime import date

import pytest

from dictionary.actions import withdraw_entry
from dictionary.models import Entry, Label, Sense, Stage
from tests.dictionary.admin.pages import SENSES, desk, said
from tests.factories import make_entry, make_sense

pytestmark = pytest.mark.django_db


def no_rows(*prefixes):
    return {f"{prefix}-{part}_FORMS": 0 for prefix in prefixes for part in ("TOTAL", "INITIAL")}


def entry_data(entry, **fields):
    seen_at = Entry.objects.get(pk=entry.pk).updated_at.isoformat()
    rows = no_rows("senses", "labels", "relations", "language_notes")
    return {"headword": entry.headword, "seen_at": seen_at} | rows | fields


def sense_data(sense, **fields):
    names = ("jurisdiction", "plain", "means_for_you", "legal", "law_as_of", "review_due")
    values = {name: getattr(sense, name) for name in names}
    seen_at = Entry.objects.get(pk=sense.entry_id).updated_at.isoformat()
    more = {"certainty": "medium", "is_in_force": "on", "seen_at": seen_at}
    return values | more | no_rows("sources") | fields


def test_a_change_makes_a_draft_and_readers_see_the_old_words(client, staff):
    entry = make_entry(plain="Old words.")
    sense = entry.senses.get()

    client.post(f"{SENSES}{sense.pk}/change/", sense_data(sense, plain="New words."))

    entry.refresh_from_db()
    assert entry.stage == Stage.DRAFT
    assert Sense.objects.get().plain == "New words."
    assert "Old words." in client.get("/dictionary/bail/").content.decode()


def test_saving_without_a_change_is_no_change(client, staff):
    entry = make_entry()
    sense = entry.senses.get()

    client.post(desk(entry), entry_data(entry))
    client.post(f"{SENSES}{sense.pk}/change/", sense_data(sense))

    entry.refresh_from_db()
    assert entry.stage == Stage.PUBLISHED


def test_whoever_saves_second_is_told_and_overwrites_nothing(client, staff):
    entry = make_entry(plain="Old words.")
    sense = entry.senses.get()
    mine, yours = sense_data(sense, plain="My words."), sense_data(sense, plain="Your words.")

    client.post(f"{SENSES}{sense.pk}/change/", mine)
    second = client.post(f"{SENSES}{sense.pk}/change/", yours)

    page = second.content.decode()
    assert "after you opened it" in page
    assert staff.email in page
    assert "Your words." in page  # so that they can be copied
    assert Sense.objects.get().plain == "My words."


def test_two_who_edit_the_entry_itself_are_told_too(client, staff):
    entry = make_entry()
    mine, yours = entry_data(entry, headword="Bail A"), entry_data(entry, headword="Bail B")

    client.post(desk(entry), mine)
    second = client.post(desk(entry), yours)

    assert "after you opened it" in second.content.decode()
    assert Entry.objects.get().headword == "Bail A"


def test_a_step_taken_meanwhile_makes_an_open_form_stale(client, staff):
    entry = make_entry()
    data = entry_data(entry, headword="Other")

    withdraw_entry(entry, by=staff)

    assert "after you opened it" in client.post(desk(entry), data).content.decode()


def test_the_address_of_an_entry_cannot_be_typed_again(client, staff):
    entry = make_entry("Bail")

    client.post(desk(entry), entry_data(entry, slug="other", headword="Bail bond"))

    assert Entry.objects.values_list("slug", "headword").get() == ("bail", "Bail bond")


def test_a_circle_is_a_sentence_and_not_an_error(client, staff):
    bail, remand = make_entry("Bail"), make_entry("Remand")
    remand.relations.create(to=bail, kind="broader")
    row = {"relations-TOTAL_FORMS": 1, "relations-0-to": remand.pk, "relations-0-kind": "broader"}

    response = client.post(desk(bail), entry_data(bail, **row))

    assert "cannot be part of itself" in response.content.decode()


def test_what_only_the_database_sees_is_a_sentence_too(client, staff):
    entry = make_entry()
    entry.labels.all().delete()
    rows = {"labels-TOTAL_FORMS": 2}
    for place in range(2):
        rows |= {
            f"labels-{place}-text": f"Bail {place}",
            f"labels-{place}-kind": "preferred",
            f"labels-{place}-sense": entry.senses.get().pk,
            f"labels-{place}-language": "en",
            f"labels-{place}-case_rule": "any",
            f"labels-{place}-policy": "everywhere",
        }

    response = client.post(desk(entry), entry_data(entry, **rows), follow=True)

    assert said(response)[0].startswith("Nothing was saved.")
    assert not Label.objects.exists()


def test_a_blank_review_is_filled_in(client, staff):
    sense = make_entry(law_as_of=date(2026, 1, 1)).senses.get()

    client.post(f"{SENSES}{sense.pk}/change/", sense_data(sense, review_due=""))

    assert Sense.objects.get().review_due == date(2027, 1, 1)


def test_one_meaning_of_several_can_be_taken_out_and_the_last_cannot(client, staff):
    entry = make_entry("Bail")
    wrong = make_sense(entry, "scotland")
    address = f"{SENSES}{{}}/delete/"

    client.post(address.format(wrong.pk), {"post": "yes"})
    last = client.post(address.format(entry.senses.get().pk), {"post": "yes"})

    entry.refresh_from_db()
    assert (entry.senses.count(), entry.stage) == (1, Stage.DRAFT)
    assert last.status_code == 403
    assert "jurisdiction=scotland" in client.get(f"/dictionary/id/{wrong.pk}/")["Location"]
