from datetime import date

import pytest

from dictionary.actions import record_legal_check
from dictionary.models import Entry, EntryVersion, Stage, Withdrawal
from tests.dictionary.admin.pages import LIST, SENSES, buttons, desk, html, press, said
from tests.factories import make_entry, make_user

pytestmark = pytest.mark.django_db


def test_the_page_shows_only_the_steps_possible_now(client, staff):
    entry = make_entry(is_published=False)

    assert buttons(html(client, desk(entry))) == ["plain-edit"]

    press(client, entry, "plain-edit")
    assert buttons(html(client, desk(entry))) == ["legal-check", "draft"]


def test_an_entry_is_taken_to_readers_by_two_people(client, staff):
    entry = make_entry(is_published=False)
    for step in ("plain-edit", "legal-check", "check"):
        press(client, entry, step)
    own = html(client, desk(entry))
    refused = client.post(desk(entry, "publish/"), {"change_note": "New."}, follow=True)

    client.force_login(make_user(is_staff=True, is_superuser=True))
    done = client.post(desk(entry, "publish/"), {"change_note": "New."}, follow=True)

    assert "ask a colleague" in own
    assert said(refused) == ["Whoever made the legal check cannot publish too: ask a colleague."]
    assert said(done) == ["Readers now see “Bail” as you published it."]
    assert EntryVersion.objects.get().change_note == "New."


def test_publishing_asks_for_the_public_note(client, staff):
    entry = make_entry(is_published=False)
    Entry.objects.update(stage=Stage.READY)
    entry.senses.update(checked_on=date(2026, 1, 1), checked_by=make_user())

    response = client.post(desk(entry, "publish/"), {"change_note": " "})

    assert "This field is required." in response.content.decode()
    assert not EntryVersion.objects.exists()


def test_withdrawing_is_one_click_and_the_reason_comes_afterwards(client, staff):
    entry = make_entry()
    assert "withdraw" in buttons(html(client, desk(entry)))

    press(client, entry, "withdraw")
    assert client.get("/dictionary/bail/").status_code == 410

    client.post(desk(entry, "withdrawal/"), {"because": "It was <b>wrong</b>."})
    assert Withdrawal.objects.get().because == "It was <b>wrong</b>."
    assert "It was &lt;b&gt;wrong&lt;/b&gt;." in client.get("/dictionary/bail/").content.decode()

    press(client, entry, "restore")
    assert client.get("/dictionary/bail/").status_code == 200


def test_an_impossible_step_is_a_sentence(client, staff):
    entry = make_entry()

    assert press(client, entry, "plain-edit") == [
        "“Bail” cannot go from “published” to “plain-language edit”."
    ]
    assert press(client, entry, "nowhere") == ["There is no such step."]


@pytest.mark.parametrize("step", ["move/", "withdrawal/"])
def test_a_step_is_never_taken_by_a_link(client, staff, step):
    assert client.get(desk(make_entry(), step)).status_code == 405


@pytest.mark.parametrize("step", ["move/", "publish/", "withdrawal/"])
@pytest.mark.parametrize("number", ["0", "x", "9" * 30, "²"])
def test_an_entry_that_is_not_there_is_not_found(client, staff, step, number):
    assert client.post(f"{LIST}{number}/{step}", {"to": "draft"}).status_code == 404


def test_staff_who_may_not_change_entries_take_no_step(client, reader):
    entry = make_entry()

    for step in ("move/", "publish/", "withdrawal/"):
        assert client.post(desk(entry, step), {"to": "withdraw"}).status_code == 403
    assert client.get(desk(entry, "preview/")).status_code == 403
    assert client.get(f"{LIST}plainness/").status_code == 403
    assert client.post(f"{SENSES}plainness/", {"plain": "Text."}).status_code == 403
    assert Entry.objects.published().exists()


def test_a_lawyer_checks_public_entries_and_a_colleague_publishes_the_checks(client, staff):
    one, two = make_entry("Bail"), make_entry("Remand")
    queue = f"{LIST}?waits=check"
    assert client.get(queue).context["cl"].result_count == 2

    choose = {"action": "record_check", "_selected_action": [one.pk, two.pk]}
    client.post(LIST, choose, follow=True)
    choose["action"] = "publish_checks"
    own = client.post(LIST, choose, follow=True)
    client.force_login(make_user(is_staff=True, is_superuser=True))
    done = client.post(f"{LIST}?waits=publish", choose, follow=True)

    assert len(said(own)) == 2
    assert all("ask a colleague" in sentence for sentence in said(own))
    assert said(done) == ["Published: 2."]
    assert client.get(queue).context["cl"].result_count == 0
    page = client.get("/dictionary/bail/").content.decode()
    assert "Checked by a lawyer on" in page
    assert "not yet checked" not in page


def test_the_note_of_such_a_check_is_ready_to_publish(client, staff):
    entry = make_entry()
    record_legal_check(entry, by=make_user())

    assert "No word changed." in html(client, desk(entry, "publish/"))
