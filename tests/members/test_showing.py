"""Who sees which part of a profile: nothing that is not public is found where it must not be."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from members.actions.profiles import ask_for_names, return_revision
from members.models import Audience, DetailKind, Organisation, Role
from members.showing import MEMBER, PUBLIC, Reader, show
from tests.factories import (
    make_affiliation,
    make_area,
    make_break,
    make_contact,
    make_detail,
    make_judge,
    make_organisation,
    make_outsider,
    make_staff,
    make_theme,
    make_user,
)
from tests.logins import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation():
    return make_organisation(summary="Sings.", themes=[make_theme()], areas=[make_area()])


@pytest.fixture
def people(organisation):
    """Everybody who may come to look."""
    other = make_organisation("Example Service")
    people = {name: make_user() for name in ("owner", "editor", "participant", "left", "other")}
    for name in ("owner", "editor", "participant"):
        make_affiliation(people[name], organisation, Role(name))
    make_affiliation(people["left"], organisation, Role.OWNER, ended_at=timezone.now())
    make_affiliation(people["other"], other, Role.OWNER)
    extra = {"outsider": make_outsider(), "judge": make_judge(), "staff": make_staff()}
    return {"anonymous": AnonymousUser(), **people, **extra}


LEVELS = {
    "anonymous": ["public"],
    "outsider": ["public"],
    "judge": ["public"],
    "left": ["public"],
    "participant": ["public", "members"],
    "other": ["public", "members"],
    "editor": ["public", "members", "own"],
    "owner": ["public", "members", "own"],
    "staff": ["public", "members", "own"],
}


@pytest.mark.parametrize("who", LEVELS)
def test_a_reader_belongs_to_these_audiences(organisation, people, who):
    found = Reader.of(people[who]).audiences(organisation.pk)

    assert [level for level in Audience.values if level in found] == LEVELS[who]


def test_a_closed_account_reads_what_everybody_reads(organisation, people):
    people["owner"].is_active = False

    assert Reader.of(people["owner"]) == PUBLIC


def test_whose_membership_has_ended_reads_what_everybody_reads(organisation, people):
    make_break(Organisation.objects.get(slug="example-service"), "resigned", date(2020, 1, 1))

    assert Reader.of(people["other"]).audiences(organisation.pk) == {Audience.PUBLIC}


@pytest.mark.parametrize(
    ("audience", "age", "seen_by"),
    [
        ("public", 0, (True, True)),
        ("public", 366, (False, True)),
        ("members", 0, (False, True)),
        ("own", 0, (False, False)),
    ],
)
def test_a_name_is_public_for_a_year(organisation, audience, age, seen_by):
    place = make_affiliation(make_user(name="Policy lead"), organisation)
    make_contact(place, audience, agreed_at=timezone.now() - timedelta(days=age))

    shown = [show([organisation], reader)[organisation.pk].people for reader in (PUBLIC, MEMBER)]

    assert tuple(map(bool, shown)) == seen_by


def test_whoever_left_is_no_longer_named(organisation):
    place = make_affiliation(make_user(name="Policy lead"), organisation)
    make_contact(place, "public")
    place.ended_at = timezone.now()
    place.save()

    assert show([organisation], PUBLIC)[organisation.pk].people == []


# -- The canary -----------------------------------------------------------------------------------


def plant(organisation):
    """A word that stands nowhere else, in each field and for each audience; {canary: audience}."""
    planted = {}
    audiences = [Audience.MEMBERS, Audience.OWN, Audience.PUBLIC]
    for number, kind in enumerate(DetailKind.values):
        audience = audiences[number % 3]
        planted[f"canary{kind}"] = audience
        value = f"https://canary{kind}.example.org" if kind == "links" else f"canary{kind}"
        make_detail(organisation, kind, value, audience)
    for audience in Audience:
        user = make_user(f"canarymail{audience}@example.org", name=f"Canaryname{audience}")
        place = make_affiliation(user, organisation, job_title=f"Canaryjob{audience}")
        make_contact(place, audience, about=f"Canaryabout{audience}")
        named = (f"Canary{part}{audience}" for part in ("name", "job", "about"))
        planted |= dict.fromkeys(named, audience)
        planted[f"canarymail{audience}"] = None
    asked = ask_for_names(organisation, by=None, name="Canarynew", short_name="Canaryshort")
    return_revision(asked, by=None, reason="Canaryreason")
    ask_for_names(organisation, by=None, name="Canarywaiting", short_name="")
    hidden = ["Canarynew", "Canaryshort", "Canaryreason", "Canarywaiting"]
    return planted | dict.fromkeys(hidden, Audience.OWN)


def addresses(organisation, planted):
    page = organisation.get_absolute_url()
    searches = [f"/members/?q={word}" for word in planted]
    return [
        *(page, f"{page}?as=member", f"{page}contact/", f"{page}ask/"),
        *("/members/", "/members/export/", "/members/map/", "/members/coverage/"),
        *(
            "/",
            "/search/?q=canary",
            "/search/?q=Example+Charity",
            "/library/",
            "/library/feed.atom",
        ),
        *("/themes/policing/", "/sitemap-organisations.xml", "/my/", "/api/dictionary/v1/"),
        *(f"/my/organisations/{organisation.slug}/profile/{name}" for name in ("", "history/")),
        f"/my/organisations/{organisation.slug}/people/",
        *searches[::4],
    ]


def found_in(response, planted, address):
    """The canaries that sing in the answer, but not the one that was typed into the question."""
    body = b"".join(response) if response.streaming else response.content
    text = f"{body.decode()} {dict(response.headers)} {response.cookies}".lower()
    typed = address.partition("q=")[2].lower()
    return {word for word in planted if word.lower() in text and word.lower() != typed}


@pytest.mark.parametrize("who", ["anonymous", "outsider", "other", "participant", "editor"])
def test_no_canary_sings_where_it_must_not(client, organisation, people, who):
    planted = plant(organisation)
    if who != "anonymous":
        client.force_login(people[who])
    allowed = {word for word, audience in planted.items() if audience in LEVELS[who]}

    found = set()
    for address in addresses(organisation, planted):
        found |= found_in(client.get(address), planted, address)

    assert found - allowed == set()
    assert len(found) >= 4  # What may be seen is seen, so that a hidden one would be.


def test_no_canary_flies_in_a_letter(
    client, organisation, mailoutbox, django_capture_on_commit_callbacks
):
    planted = plant(organisation)
    typed = {"name": "A reader", "email": "reader@example.com", "message": "Hello."}

    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{organisation.get_absolute_url()}contact/", typed)

    assert len(mailoutbox) == 3
    for letter in mailoutbox:
        text = f"{letter.subject} {letter.body} {letter.reply_to}".lower()
        assert {word for word in planted if word.lower() in text} == set()


def test_search_finds_nothing_by_a_hidden_word(organisation):
    plant(organisation)

    texts = Organisation.objects.values_list("search_text", flat=True)

    assert "canary" not in " ".join(texts)


# -- Seen as others see it ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seen_as", "words"),
    [("", {"a", "b", "c"}), ("member", {"a", "b"}), ("public", {"a"}), ("x", {"a", "b", "c"})],
)
def test_owners_see_the_page_as_others_do(client, organisation, people, seen_as, words):
    for kind, audience in zip(["hours", "press", "address"], Audience, strict=True):
        make_detail(organisation, kind, f"Word {'abc'[list(Audience).index(audience)]}.", audience)
    client.force_login(people["owner"])

    page = client.get(organisation.get_absolute_url(), {"as": seen_as}).content.decode()

    assert {letter for letter in "abc" if f"Word {letter}." in page} == words
    assert ("Edit this profile" in page) == (seen_as not in {"public", "member"})


# -- The file -------------------------------------------------------------------------------------


def rows_of(response):
    text = b"".join(response).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_file_holds_what_its_reader_may_see(client, organisation, people):
    make_detail(organisation, "email", "a@example.org", "members")
    make_detail(organisation, "telephone", "020 7946 0000", "own")
    make_detail(organisation, "hours", "Always.", "public")
    make_organisation("Example Hidden", is_listed=False)

    answers = {}
    for who in ("other", "owner"):
        client.force_login(people[who])
        answers[who] = rows_of(client.get("/members/export/"))
    row = answers["other"][0]

    assert [one["Name"] for one in answers["other"]] == ["Example Charity", "Example Service"]
    assert (row["E-mail address"], row["Telephone"]) == ("a@example.org", "")
    assert answers["owner"][0]["Telephone"] == "020 7946 0000"
    assert row["Where it works"] == "England"
    assert "Always." not in row.values()


def test_a_spreadsheet_runs_nothing_of_the_file(client, organisation, people):
    Organisation.objects.filter(pk=organisation.pk).update(summary=" =1+1", short_name="@x")
    client.force_login(people["other"])

    row = rows_of(client.get("/members/export/"))[0]

    assert (row["Summary"], row["Short name"]) == ("' =1+1", "'@x")


@pytest.mark.parametrize(
    ("who", "status"), [("outsider", 403), ("judge", 403), ("left", 403), ("staff", 200)]
)
def test_the_file_is_for_members_and_staff(client, people, who, status):
    sign_in(client, people[who])

    assert client.get("/members/export/").status_code == status
