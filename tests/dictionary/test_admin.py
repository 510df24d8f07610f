import csv
import io
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cja_portal.kit.cells import guarded, unguarded
from dictionary.actions import record_legal_check, withdraw_entry
from dictionary.models import Entry, EntryVersion, Label, Sense, Source, Stage, Withdrawal
from tests.factories import make_entry, make_sense, make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/dictionary/entry/"
SENSES = "/admin/dictionary/sense/"


@pytest.fixture
def staff(client, settings):
    settings.REQUIRE_SECOND_FACTOR = False
    user = make_user(is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


@pytest.fixture
def reader(client, settings):
    """Staff who may look and not touch."""
    settings.REQUIRE_SECOND_FACTOR = False
    user = make_user(is_staff=True)
    client.force_login(user)
    return user


def desk(entry, step=""):
    return f"{LIST}{entry.pk}/{step or 'change/'}"


def html(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def said(response):
    return [str(message) for message in response.context["messages"]]


def press(client, entry, to):
    return said(client.post(desk(entry, "move/"), {"to": to}, follow=True))


def buttons(page):
    return re.findall(r'<button type="submit" name="to" value="([a-z-]+)"', page)


# -- The way through the desks ---------------------------------------------------------------------


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


# -- The queue of starter entries ------------------------------------------------------------------


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


# -- Beside the form -------------------------------------------------------------------------------


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

    with django_assert_num_queries(12):
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


# -- Editing ---------------------------------------------------------------------------------------


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


# -- Plainness -------------------------------------------------------------------------------------


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


# -- Tables ----------------------------------------------------------------------------------------


def export(client):
    response = client.get(f"{SENSES}export/")
    return response.content.decode("utf-8-sig")


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def table(rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def upload(client, text):
    """The dry run."""
    file = SimpleUploadedFile("rows.csv", text.encode(), content_type="text/csv")
    return client.post(f"{SENSES}import/", {"import_file": file, "format": "0"})


def confirm(client, dry_run):
    return client.post(f"{SENSES}process_import/", dry_run.context["confirm_form"].initial)


def row(**fields):
    values = {
        "id": "",
        "entry": "surety",
        "headword": "Surety",
        "jurisdiction": "scotland",
        "plain": "Someone who promises.",
        "means_for_you": "",
        "legal": "As the law says.",
        "no_statutory_definition": "0",
        "is_in_force": "1",
        "law_as_of": "2026-01-01",
        "review_due": "2027-01-01",
        "certainty": "medium",
        "sources": "act | Example Act 2000",
    }
    return values | fields


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@x", "'=1", "''=1", "'", "plain", "", "- a\n- b", "\tx", "'quoted'"],
)
def test_a_cell_runs_nothing_and_comes_back_as_it_was(text):
    cell = guarded(text)

    assert cell[:1] not in set("=+-@\t\r")
    assert unguarded(cell) == text


def test_what_goes_out_and_comes_back_changes_nothing(client, staff):
    entry = make_entry(plain="=HYPERLINK(1)", means_for_you="- One.\n- Two.")
    make_sense(entry, "scotland", valid_to=date(2020, 1, 1), replaced_by=make_entry("Other"))
    Source.objects.filter(sense__jurisdiction="scotland").update(
        provision="section 1", url="https://www.example.org/", dated="2020"
    )
    text = export(client)

    dry_run = upload(client, text)
    confirm(client, dry_run)

    kinds = [one.import_type for one in dry_run.context["result"].rows]
    assert kinds == ["skip", "skip", "skip"]
    assert "'=HYPERLINK(1)" in text
    assert set(Entry.objects.values_list("stage", flat=True)) == {Stage.PUBLISHED}


def test_a_dry_run_shows_what_would_change_and_changes_nothing(client, staff):
    sense = make_entry(plain="Old <b>words</b>.").senses.get()
    text = export(client).replace("Old <b>words</b>.", "New <b>words</b>.")

    page = upload(client, text).content.decode()

    assert "<del>Old</del><ins>New</ins> &lt;b&gt;words&lt;/b&gt;." in page
    assert Sense.objects.get() == sense
    assert Sense.objects.get().plain == "Old <b>words</b>."


def test_an_imported_change_is_a_draft_that_readers_do_not_see(client, staff):
    entry = make_entry(plain="Old words.")
    text = export(client).replace("Old words.", "New words.")

    confirm(client, upload(client, text))

    entry.refresh_from_db()
    assert (entry.stage, Sense.objects.get().plain) == (Stage.DRAFT, "New words.")
    assert "Old words." in client.get("/dictionary/bail/").content.decode()


def test_a_new_row_makes_a_draft_entry_with_its_source(client, staff):
    dry_run = upload(client, table([row()]))
    assert not Entry.objects.exists()
    confirm(client, dry_run)

    entry = Entry.objects.get()
    assert (entry.slug, entry.headword, entry.stage) == ("surety", "Surety", Stage.DRAFT)
    assert not Entry.objects.published().exists()
    assert str(entry.senses.get().sources.get()) == "Example Act 2000"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"id": "7"}, "No meaning has the number 7."),
        ({"id": "x"}, "No meaning has the number x."),
        ({"jurisdiction": "france"}, "not a valid choice"),
        ({"plain": ""}, "cannot be blank"),
        ({"law_as_of": "soon"}, "date"),
        ({"replaced_by": "nowhere"}, "There is no entry “nowhere”."),
        ({"sources": "rumour | A thing"}, "Write a source as"),
        ({"sources": "act | A | B | http://x | soon"}, "Enter a valid URL|https|2021-07-14"),
        ({"entry": "Not a slug"}, "valid “slug”|slug"),
        ({"entry": "", "headword": ""}, "blank|cannot be"),
    ],
)
def test_a_row_with_a_fault_is_refused_with_a_sentence(client, staff, fields, sentence):
    response = upload(client, table([row(**fields)]))

    assert re.search(sentence, response.content.decode())
    assert not Entry.objects.exists()


def test_a_meaning_of_the_same_place_and_day_is_refused(client, staff):
    make_entry("Surety", jurisdiction="scotland")

    response = upload(client, table([row()]))

    assert "already has a meaning there" in response.content.decode()
