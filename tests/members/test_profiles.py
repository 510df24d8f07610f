"""Who may change a profile, what may stand in it, and two who save at the same time."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from members.actions.profiles import ProfileChangedError, revise_profile
from members.models import AuditEvent, Organisation, Role
from tests.factories import (
    make_affiliation,
    make_area,
    make_organisation,
    make_theme,
    make_user,
)
from tests.logins import sign_in

pytestmark = pytest.mark.django_db


def address(organisation):
    return f"/my/organisations/{organisation.slug}/profile/"


def typed(organisation, **fields):
    """What the form sends when nothing was touched, and then `fields`."""
    untouched = ["summary", "description", "website", "charity_number", "company_number"]
    values = {name: getattr(organisation, name) for name in untouched}
    rows = {name: [row.pk for row in getattr(organisation, name).all()] for name in MANY}
    own = {"version": organisation.version, "stages": organisation.stages, "takes_messages": "on"}
    return values | rows | own | fields


MANY = ["areas", "themes"]


@pytest.fixture
def organisation():
    return make_organisation(summary="We help.", website="https://example.org")


@pytest.fixture
def owner(client, organisation):
    user = make_user("owner@example.org")
    make_affiliation(user, organisation, Role.OWNER)
    client.force_login(user)
    return user


# -- Who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_listed", [True, False])
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("outsider", 404),
        ("owner of another", 404),
        ("left", 404),
        ("staff", 404),
        ("participant", 403),
        ("finance", 403),
        ("signatory", 403),
        ("editor", 200),
        ("owner", 200),
    ],
)
def test_owners_and_editors_may_edit(client, who, status, is_listed):
    organisation = make_organisation(is_listed=is_listed)
    user = make_user(is_staff=who == "staff")
    if who == "owner of another":
        make_affiliation(user, make_organisation("Example Service"), Role.OWNER)
    elif who == "left":
        make_affiliation(user, organisation, Role.OWNER, ended_at=timezone.now())
    elif who in Role.values:
        make_affiliation(user, organisation, Role(who))
    sign_in(client, user)

    shown = client.get(address(organisation))
    saved = client.post(address(organisation), typed(organisation, summary="Changed."))
    organisation.refresh_from_db()

    assert shown.status_code == status
    assert saved.status_code == (302 if status == 200 else status)
    assert organisation.summary == ("Changed." if status == 200 else "")


def test_anonymous_people_are_asked_to_log_in(client, organisation):
    for answer in (client.get(address(organisation)), client.post(address(organisation))):
        assert answer.status_code == 302
        assert answer.url.startswith("/accounts/login/")


def test_a_role_that_is_taken_away_acts_on_the_next_click(client, organisation, owner):
    make_affiliation(make_user(), organisation, Role.OWNER)
    owner.affiliations.update(roles=[Role.PARTICIPANT])

    assert client.post(address(organisation), typed(organisation)).status_code == 403


def test_what_is_not_in_the_form_cannot_be_changed(client, organisation, owner):
    extra = {"name": "Mine", "is_listed": "", "evidence": "listed", "slug": "mine", "kind": "x"}

    client.post(address(organisation), typed(organisation, summary="Changed.", **extra))

    saved = Organisation.objects.get()
    assert (saved.name, saved.is_listed, saved.evidence) == ("Example Charity", True, "none")
    assert (saved.slug, saved.kind, saved.summary) == ("example-charity", "charity", "Changed.")


# -- What may stand in it -------------------------------------------------------------------------


def test_a_save_keeps_every_field_and_is_recorded_by_the_names_of_fields(
    client, organisation, owner
):
    theme, area = make_theme(), make_area()
    fields = {
        "summary": "We help people.",
        "description": "## What we do\r\n\r\nMuch.",
        "website": "help.example.org",
        "charity_number": " 1143 038",
        "scottish_charity_number": " sc 012345 ",
        "company_number": "0123 4567",
        "themes": [theme.pk],
        "areas": [area.pk],
        "stages": ["prison", "after"],
        "takes_messages": "",
        "email": "info@example.org",
        "links": "https://social.example.org/us\r\nhttps://video.example.org/us",
        "links_audience": "members",
    }

    answer = client.post(address(organisation), typed(organisation, **fields), follow=True)

    organisation.refresh_from_db()
    event = AuditEvent.objects.get()
    assert "The profile is saved." in answer.content.decode()
    assert organisation.description == "## What we do\n\nMuch."
    assert organisation.website == "https://help.example.org"
    assert organisation.given_numbers == {
        "charity_number": "1143038",
        "scottish_charity_number": "SC012345",
        "company_number": "01234567",
    }
    assert (list(organisation.themes.all()), list(organisation.areas.all())) == ([theme], [area])
    assert (organisation.stages, organisation.takes_messages) == (["prison", "after"], False)
    assert sorted(organisation.details.values_list("kind", "value", "audience")) == [
        ("email", "info@example.org", "own"),
        ("links", "https://social.example.org/us\nhttps://video.example.org/us", "members"),
    ]
    assert (event.by, event.verb) == (owner, "members.revise_profile")
    assert set(event.details["fields"]) == fields.keys() - {"links_audience"}


def test_a_save_without_a_change_leaves_no_trace(client, organisation, owner):
    version = organisation.version

    answer = client.post(address(organisation), typed(organisation), follow=True)

    organisation.refresh_from_db()
    assert "Nothing had changed." in answer.content.decode()
    assert organisation.version == version
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        (
            "charity_number",
            "12345",
            "Write the charity number as the register of England and Wales does",
        ),
        ("company_number", "1234567", "Write all eight characters of the company number"),
        ("summary", "a" * 301, "at most 300 characters"),
        ("website", "javascript:alert(1)", "Type a web address, such as https://www.example.org."),
        ("website", "ftp://example.org", "Type a web address, such as https://www.example.org."),
        ("description", "a\x00b", "Null characters are not allowed"),
        ("themes", "12345", "12345 is not one of the available choices"),
        ("areas", "nonsense", "nonsense” is not a valid value"),
        ("stages", "nonsense", "nonsense is not one of the available choices"),
        ("email", "not an address", "Enter a valid email address"),
        ("email", "a@example.org\nBcc: b@example.org", "Enter a valid email address"),
        ("telephone", "call us", "Type a telephone number"),
        ("links", "javascript:alert(1)", "“javascript:alert(1)” is not an address like https://…"),
        ("links", "https://example.org/100% %s", "“%s” is not an address like https://…"),
        ("email_audience", "nobody", "nobody is not one of the available choices"),
    ],
)
def test_what_cannot_stand_is_refused_with_a_sentence(
    client, organisation, owner, field, text, sentence
):
    page = client.post(address(organisation), typed(organisation, **{field: text}))

    organisation.refresh_from_db()
    assert sentence in page.content.decode()
    assert "There is a problem" in page.content.decode()
    assert organisation.summary == "We help."


def test_a_refused_number_is_told_at_its_field(client, organisation, owner):
    page = client.post(address(organisation), typed(organisation, company_number="123"))

    assert list(page.context["form"].errors) == ["company_number"]


def test_form_is_open_on_what_is_saved(client, organisation, owner):
    page = client.get(address(organisation)).content.decode()

    assert "We help." in page
    assert organisation.version in page
    assert f'href="{organisation.get_absolute_url()}?as=public">See it as the public' in page


# -- Two at the same time -------------------------------------------------------------------------


def test_a_second_editor_is_told_and_loses_nothing(client, organisation, owner):
    theme = make_theme("Prison")
    opened = typed(organisation, summary="My words.")
    colleague = Organisation.objects.get()
    changes = {"summary": "Their words.", "themes": [theme]}
    revise_profile(colleague, by=owner, version=colleague.version, changes=changes)

    page = client.post(address(organisation), opened)
    told = page.content.decode()
    unchanged = Organisation.objects.get().summary
    again = client.post(address(organisation), opened | {"version": page.context["version"]})

    assert "Somebody else saved this profile while you were writing" in told
    assert ("My words." in told, "Their words." in told, "Prison" in told) == (True, True, True)
    assert [item["saved"] for item in page.context["theirs"]] == ["Their words.", "Prison"]
    assert unchanged == "Their words."
    assert again.status_code == 302
    assert Organisation.objects.get().summary == "My words."


def test_a_mistake_does_not_hide_that_somebody_else_saved(client, organisation, owner):
    opened = typed(organisation, company_number="wrong")
    Organisation.objects.update(summary="Theirs.", updated_at=timezone.now() + timedelta(seconds=1))

    page = client.post(address(organisation), opened)
    mended = opened | {"company_number": "", "version": page.context["version"]}

    assert page.context["version"] == opened["version"]
    assert "Somebody else" in client.post(address(organisation), mended).content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_two_simultaneous_saves_one_is_told():
    organisation = make_organisation(summary="Old.")
    ready, outcomes = threading.Barrier(2), []

    def save(words):
        mine = Organisation.objects.get()
        ready.wait(timeout=10)
        try:
            revise_profile(mine, by=None, version=mine.version, changes={"summary": words})
            outcomes.append(words)
        except ProfileChangedError:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=[words]) for words in ("One.", "Two.")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    organisation.refresh_from_db()
    assert sorted(outcomes) == sorted(["told", organisation.summary])
    assert organisation.summary in {"One.", "Two."}
    assert AuditEvent.objects.filter(verb="members.revise_profile").count() == 1
