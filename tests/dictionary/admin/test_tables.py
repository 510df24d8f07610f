import csv
import io
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cja_portal.kit.cells import guarded, unguarded
from dictionary.models import Entry, Sense, Source, Stage
from tests.dictionary.admin.pages import SENSES
from tests.factories import make_entry, make_sense

pytestmark = pytest.mark.django_db


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

    result = dry_run.context["result"]
    assert (result.totals["skip"], result.rows) == (3, [])  # What stays is not shown.
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
