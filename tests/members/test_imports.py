"""Organisations and people that come in from a spreadsheet."""

import csv
import io

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile

from members.admin.rows import OrganisationRows, PeopleRows
from members.models import AuditEvent, Invitation, Organisation, User
from tests.factories import (
    make_area,
    make_organisation,
    make_participant,
    make_staff,
    make_user,
)
from tests.logins import RECORDS, sign_in

pytestmark = pytest.mark.django_db
ORGANISATIONS = "/admin/members/organisation/"
PEOPLE = "/admin/members/invitation/"


@pytest.fixture
def staff(client):
    user = make_staff()
    sign_in(client, user)
    return user


@pytest.fixture
def letters(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def upload(client, place, *rows):
    """The dry run."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    file = SimpleUploadedFile("rows.csv", out.getvalue().encode(), content_type="text/csv")
    return client.post(f"{place}import/", {"import_file": file, "format": "0"})


def confirm(client, place, dry_run):
    return client.post(f"{place}process_import/", dry_run.context["confirm_form"].initial)


def told(page):
    result = page.context["result"]
    rows = [one for _, errors in result.row_errors() for one in errors]
    errors = [str(one.error) for one in [*result.base_errors, *rows]]
    return " ".join([*errors, *(str(row.error_dict) for row in result.invalid_rows)])


def row(**fields):
    return {"name": "Example Orchard", "kind": "charity", "charity_number": ""} | fields


# -- Organisations --------------------------------------------------------------------------------


def test_a_dry_run_keeps_nothing_and_names_what_may_be_the_same(client, staff):
    make_organisation("Example Bridge", former_names=["Example Gate"])

    dry_run = upload(
        client, ORGANISATIONS, row(name="Example Gates"), row(), row(name="Example Orchards")
    )

    page = dry_run.content.decode()
    assert Organisation.objects.count() == 1
    assert "Example Bridge: Its name is similar." in page
    assert "Example Orchard: Its name is similar." in page


def test_rows_make_organisations_and_change_those_whose_slug_they_name(client, staff):
    make_area("Wales")
    make_organisation("Example Bridge", summary="Old.", website="https://example.org")
    rows = [
        row(scottish_charity_number="sc 012345", areas="wales", former_names="One; Two", slug=""),
        row(name="Example Bridge", slug="example-bridge", summary="New."),
    ]
    blank = {"areas": "", "former_names": "", "summary": "", "scottish_charity_number": ""}
    rows = [blank | one for one in rows]

    confirm(client, ORGANISATIONS, upload(client, ORGANISATIONS, *rows))

    new = Organisation.objects.get(slug="example-orchard")
    changed = Organisation.objects.get(slug="example-bridge")
    assert (new.scottish_charity_number, new.former_names) == ("SC012345", ["One", "Two"])
    assert [area.slug for area in new.areas.all()] == ["wales"]
    assert new.is_listed is False
    assert (changed.summary, changed.website) == ("New.", "https://example.org")
    assert AuditEvent.objects.filter(verb="members.import_organisation").count() == 2


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"charity_number": "12"},
            "Write the charity number as the register of England and Wales does",
        ),
        ({"charity_number": "1234567"}, "Another organisation here has this charity number"),
        ({"kind": "club"}, "is not a valid choice"),
        ({"areas": "atlantis"}, "There is no “atlantis”"),
        ({"slug": "no-such"}, "No organisation here has the address “no-such”"),
        ({"name": ""}, "This field cannot be blank"),
    ],
)
def test_a_wrong_row_stops_the_whole_file(client, staff, fields, sentence):
    make_organisation("Example Bridge", charity_number="1234567")

    dry_run = upload(client, ORGANISATIONS, row(**fields))

    assert sentence in told(dry_run)
    assert "confirm_form" not in dry_run.context
    assert Organisation.objects.count() == 1


# -- People ---------------------------------------------------------------------------------------


def test_people_become_invitations_and_never_accounts(client, staff, letters):
    organisation = make_organisation("Example Bridge", charity_number="1234567")
    make_participant(organisation, email="here@example.org")
    rows = [
        {"email": "New@Example.org", "organisation": "example-bridge", "roles": "owner; editor"},
        {"email": "other@example.org", "organisation": "1234567", "roles": ""},
        {"email": "here@example.org", "organisation": "example-bridge", "roles": ""},
    ]
    people = User.objects.count()

    with letters():
        dry_run = upload(client, PEOPLE, *rows)
    assert (Invitation.objects.count(), mail.outbox) == (0, [])
    with letters():
        confirm(client, PEOPLE, dry_run)

    invited = Invitation.objects.order_by("email").values_list("email", "roles", "organisation")
    assert list(invited) == [
        ("new@example.org", ["owner", "editor"], organisation.pk),
        ("other@example.org", ["participant"], organisation.pk),
    ]
    assert sorted(letter.to[0] for letter in mail.outbox) == [
        "new@example.org",
        "other@example.org",
    ]
    assert User.objects.count() == people


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"email": "x"}, "Enter a valid email address"),
        ({"organisation": "none"}, "No organisation here has the address or the number “none”"),
        ({"organisation": "."}, "No organisation here has the address or the number “.”"),
        ({"organisation": "SC012345"}, "Two organisations here have the number “SC012345”"),
        ({"roles": "boss"}, "“boss” is no role"),
    ],
)
def test_a_person_who_cannot_be_invited_is_told_of(client, staff, fields, sentence):
    make_organisation("Example Bridge")
    make_organisation("Example North", scottish_charity_number="SC012345")
    make_organisation("Example South", company_number="SC012345")
    known = {"email": "new@example.org", "organisation": "example-bridge", "roles": ""}

    dry_run = upload(client, PEOPLE, known | fields)

    assert sentence in told(dry_run)
    assert Invitation.objects.count() == 0


@pytest.mark.parametrize("place", [ORGANISATIONS, PEOPLE])
def test_only_those_who_may_keep_them_import(client, settings, place):
    settings.REQUIRE_SECOND_FACTOR = False
    client.force_login(make_user(is_staff=True))

    assert client.get(f"{place}import/").status_code == 403


# -- Both -----------------------------------------------------------------------------------------


def bridge(client):
    make_organisation("Example Bridge")
    fields = {"organisation": "example-bridge", "roles": "owner"}
    return upload(client, PEOPLE, {"email": "new@example.org"} | fields)


def test_a_session_left_open_makes_no_owners(client, staff):
    dry_run = bridge(client)
    session = client.session
    session[RECORDS] = [one | {"reauthenticated": False} for one in session[RECORDS]]
    session.save()

    asked = confirm(client, PEOPLE, dry_run)

    assert (asked.status_code, Invitation.objects.count()) == (302, 0)
    assert asked["Location"].startswith("/accounts/2fa/reauthenticate/")


def test_a_second_press_imports_nothing_again(client, staff):
    dry_run = bridge(client)

    pages = [confirm(client, PEOPLE, dry_run) for _ in range(2)]

    assert pages[1]["Location"] == f"{PEOPLE}import/"
    assert "imported already" in client.get(pages[1]["Location"]).content.decode()
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize("resource", [OrganisationRows, PeopleRows])
def test_the_page_tells_of_every_column(resource):
    ours = {"same_as"}

    assert resource.columns.keys() == set(resource._meta.fields) - ours


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (b"", "The submitted file is empty."),
        (b"\xff\xfe\x00\xd8", "We cannot read this file."),
        (b"email,organisation\r\na,b,c", "We cannot read this file."),
        (b"email,roles\r\na@example.org,", "The file has no column “organisation”."),
    ],
)
def test_a_file_that_is_none_is_answered_with_a_sentence(client, staff, file, sentence):
    upload = SimpleUploadedFile("rows.csv", file, content_type="text/csv")

    page = client.post(f"{PEOPLE}import/", {"import_file": upload, "format": "0"})

    assert sentence in page.content.decode()
    assert "confirm_form" not in page.context
    assert "Traceback" not in page.content.decode()
