"""What an organisation is, who may see it, and what is always true of it."""

import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from members.models import Area, Organisation, Role, Theme
from members.models.organisation import SUMMARY_LENGTH, Evidence
from members.registers import tidy_number
from tests.factories import make_affiliation, make_area, make_organisation, make_user
from tests.logins import sign_in

pytestmark = pytest.mark.django_db


# -- Who may see it -------------------------------------------------------------------------------


@pytest.fixture
def cast():
    """One listed and one hidden organisation, and everybody who may come to look."""
    listed = make_organisation("Example Charity")
    hidden = make_organisation("Example Service", is_listed=False)
    people = {
        "anonymous": AnonymousUser(),
        "outsider": make_user(),
        "participant": make_user(),
        "editor": make_user(),
        "owner": make_user(),
        "finance": make_user(),
        "signatory": make_user(),
        "staff": make_user(is_staff=True),
        "left": make_user(),
        "owner of another": make_user(),
    }
    for role in (Role.PARTICIPANT, Role.EDITOR, Role.OWNER, Role.FINANCE, Role.SIGNATORY):
        make_affiliation(people[role.value], hidden, role)
    make_affiliation(people["left"], hidden, Role.OWNER, ended_at=timezone.now())
    make_affiliation(people["owner of another"], listed, Role.OWNER)
    return listed, hidden, people


@pytest.mark.parametrize(
    ("who", "sees_hidden"),
    [
        ("anonymous", False),
        ("outsider", False),
        ("participant", True),
        ("editor", True),
        ("owner", True),
        ("finance", True),
        ("signatory", True),
        ("staff", True),
        ("left", False),
        ("owner of another", False),
    ],
)
def test_visible_to_shows_the_listed_and_ones_own(client, cast, who, sees_hidden):
    listed, hidden, people = cast
    if who != "anonymous":
        sign_in(client, people[who])

    visible = set(Organisation.objects.visible_to(people[who]))
    statuses = [client.get(one.get_absolute_url()).status_code for one in (listed, hidden)]

    assert visible == ({listed, hidden} if sees_hidden else {listed})
    assert statuses == [200, 200 if sees_hidden else 404]


def test_visible_to_forgets_a_place_as_soon_as_it_ends(cast):
    _, hidden, people = cast

    make_affiliation(make_user(), hidden, "owner")
    people["owner"].affiliations.update(ended_at=timezone.now())

    assert not Organisation.objects.visible_to(people["owner"]).filter(pk=hidden.pk).exists()


# -- What is always true --------------------------------------------------------------------------

BROKEN_LAWS = [
    ("organisation_charity_number_form", {"charity_number": "12345"}),
    ("organisation_charity_number_form", {"charity_number": "SC012345"}),
    ("organisation_scottish_charity_number_form", {"scottish_charity_number": "SC12345"}),
    ("organisation_scottish_charity_number_form", {"scottish_charity_number": "SC112345"}),
    (
        "organisation_northern_irish_charity_number_form",
        {"northern_irish_charity_number": "NIC201234"},
    ),
    ("organisation_charity_number_form", {"charity_number": "101234 "}),
    ("organisation_company_number_form", {"company_number": "1234567"}),
    ("organisation_company_number_form", {"company_number": "sc123456"}),
    ("organisation_company_number_form", {"company_number": "ZZ123456"}),
    ("organisation_company_number_form", {"company_number": "SC12345R"}),
    ("organisation_company_number_form", {"company_number": "١٢٣٤٥٦٧٨"}),
    ("organisation_example_says_so", {"name": "Real Charity", "is_example": True}),
    ("organisation_example_says_so", {"is_example": True, "evidence": Evidence.LISTED}),
]


@pytest.mark.parametrize(("law", "fields"), BROKEN_LAWS)
def test_a_broken_law_is_told_in_a_sentence_and_held_by_the_database(law, fields):
    values = {"slug": "one", "name": "Example Charity", "kind": "charity"} | fields
    organisation = Organisation(**values)
    sentence = next(one for one in Organisation._meta.constraints if one.name == law)

    with pytest.raises(ValidationError) as refused:
        organisation.full_clean()
    with pytest.raises(IntegrityError, match=law), transaction.atomic():
        organisation.save()

    assert refused.value.messages == [sentence.violation_error_message]


@pytest.mark.parametrize(
    ("field", "number"),
    [
        *(("charity_number", number) for number in ["123456", "1234567", "1234567-12"]),
        ("scottish_charity_number", "SC012345"),
        ("northern_irish_charity_number", "NIC101234"),
        *(("company_number", number) for number in ["01234567", "SC123456", "CE012345", ""]),
        *(("company_number", number) for number in ["IP12345R", "R0000123", "NI12345A"]),
    ],
)
def test_numbers_of_all_registers_are_accepted(field, number):
    organisation = make_organisation(**{field: number})

    organisation.full_clean()
    organisation.refresh_from_db()

    assert getattr(organisation, field) == number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        (" 1234 567 ", "1234567"),
        ("sc 012 345", "SC012345"),
        ("SCO12345", "SC012345"),
        ("nic101234.", "NIC101234"),
        ("01234567", "01234567"),
    ],
)
def test_numbers_are_read_as_people_type_them(typed, number):
    assert tidy_number(typed) == number


@pytest.mark.parametrize(
    ("field", "number", "noun"),
    [
        ("charity_number", "1234567", "charity number"),
        ("scottish_charity_number", "SC012345", "charity number"),
        ("northern_irish_charity_number", "NIC101234", "charity number"),
        ("company_number", "SC012345", "company number"),
    ],
)
def test_a_number_belongs_to_one_organisation(field, number, noun):
    make_organisation("Example Charity", **{field: number})
    make_organisation("Example Service")
    make_organisation("Example Trust")

    with pytest.raises(ValidationError, match=f"has this {noun}"):
        Organisation(name="x", slug="x", kind="charity", **{field: number}).full_clean()
    with pytest.raises(IntegrityError, match=f"organisation_{field}_once"), transaction.atomic():
        make_organisation("Example Copy", **{field: number})


def test_an_address_is_used_once():
    make_organisation(slug="one")

    with pytest.raises(ValidationError, match="already exists"):
        Organisation(slug="one", name="Two", kind="charity").full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_organisation("Two", slug="one")


@pytest.mark.parametrize(
    "website", ["javascript:alert(1)", "ftp://example.org", "data:text/html,a"]
)
def test_only_web_addresses_are_websites(website):
    with pytest.raises(ValidationError) as refused:
        Organisation(slug="a", name="A", kind="charity", website=website).full_clean()

    assert list(refused.value.message_dict) == ["website"]


def test_a_summary_is_short():
    organisation = make_organisation(summary="a" * (SUMMARY_LENGTH + 1))

    with pytest.raises(ValidationError) as refused:
        organisation.full_clean()

    assert list(refused.value.message_dict) == ["summary"]


def test_an_area_cannot_lie_inside_itself():
    area = make_area()
    area.parent = area

    with pytest.raises(ValidationError, match="An area cannot lie inside itself"):
        area.full_clean()
    with pytest.raises(IntegrityError, match="area_is_not_its_own_parent"), transaction.atomic():
        area.save()


@pytest.mark.parametrize("model", [Theme, Area])
def test_names_and_addresses_of_taxonomies_are_used_once(model):
    model.objects.create(slug="one", name="One")

    for fields in ({"slug": "one", "name": "Two"}, {"slug": "two", "name": "One"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.create(**fields)


# -- What it says of itself -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("The Howard League", "howard league"),
        ("Éclair & Co", "eclair co"),
        ("Magistrates' Association", "magistrates association"),
        ("Theatre Trust", "theatre trust"),
    ],
)
def test_names_are_filed_as_an_index_files_them(name, key):
    organisation = make_organisation(name, slug="one")

    organisation.refresh_from_db()

    assert organisation.sort_name == key


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "We have seen no evidence of membership."),
        ({"evidence": "listed"}, "Named in a list of CJA members."),
        (
            {"evidence": "listed", "evidence_period": "2019 to 2022"},
            "Named in a list of CJA members, 2019 to 2022.",
        ),
        (
            {"evidence": "other", "evidence_note": "It spoke at a meeting."},
            "It spoke at a meeting.",
        ),
    ],
)
def test_evidence_in_words(fields, words):
    assert Organisation(name="One", **fields).evidence_in_words == words


REGISTER = "register-of-charities.charitycommission.gov.uk/charity-search/-/charity-details"


OSCR = "https://www.oscr.org.uk/about-charities/search-the-register/charity-details?number="
CCNI = "https://www.charitycommissionni.org.uk/charity-details/?regId="


def test_each_number_leads_to_its_page_in_its_register():
    organisation = Organisation(
        charity_number="1143038-2",
        scottish_charity_number="SC012345",
        northern_irish_charity_number="NIC101234",
        company_number="01234567",
    )

    assert [(number.register.title, number.page) for number in organisation.numbers] == [
        ("Charity number in England and Wales", f"https://{REGISTER}/1143038"),
        ("Charity number in Scotland", f"{OSCR}SC012345"),
        ("Charity number in Northern Ireland", f"{CCNI}101234&subId=0"),
        (
            "Company number",
            "https://find-and-update.company-information.service.gov.uk/company/01234567",
        ),
    ]


# -- Its page -------------------------------------------------------------------------------------


def test_page_says_all_that_is_public(client):
    england = make_area("England")
    organisation = make_organisation(
        "With You",
        short_name="WY",
        former_names=["Addaction"],
        summary="A charity.",
        description="## Services\n\nWe <script>alert(1)</script> help.",
        website="https://with-you.example.org",
        charity_number="1001957",
        company_number="02580377",
        evidence="listed",
        evidence_period="2019 to 2022",
        areas=[england],
    )

    page = client.get(organisation.get_absolute_url()).content.decode()

    for text in [
        *("WY", "Addaction", "A charity.", "Charity", "England", "1001957", "02580377"),
        *("<h3>Services</h3>", "https://with-you.example.org", "?area=england"),
        *(f"{REGISTER}/1001957", "company/02580377"),
        "Named in a list of CJA members, 2019 to 2022.",
        "We do not say who is a member today.",
    ]:
        assert text in page
    assert "<script>alert" not in page


def test_page_tells_machines_each_number_with_its_register(client):
    organisation = make_organisation(
        "Both </script> Sides", charity_number="1143038", scottish_charity_number="SC012345"
    )

    page = client.get(organisation.get_absolute_url())

    script = page.content.decode().partition('ld+json">')[2].partition("</script>")[0]
    told = json.loads(script)
    numbers = [(one["propertyID"], one["value"]) for one in told["identifier"]]
    assert (told["@type"], told["name"]) == ("NGO", "Both </script> Sides")
    assert numbers == [("GB-CHC", "1143038"), ("GB-SC", "SC012345")]
    assert told["sameAs"] == [f"https://{REGISTER}/1143038", f"{OSCR}SC012345"]


def test_page_marks_an_example_and_claims_no_tie(client):
    example = make_organisation("Example Charity", is_example=True)

    page = client.get(example.get_absolute_url()).content.decode()

    assert "Example: not a real organisation" in page
    assert "Tie to the CJA" not in page
    assert "schema.org" not in page


@pytest.mark.parametrize(
    ("role", "is_offered"), [(Role.OWNER, True), (Role.EDITOR, True), (Role.PARTICIPANT, False)]
)
def test_page_offers_editing_to_those_who_may(client, role, is_offered):
    organisation = make_organisation()
    user = make_user()
    make_affiliation(user, organisation, role)
    client.force_login(user)

    page = client.get(organisation.get_absolute_url()).content.decode()

    assert ("Edit this profile" in page) is is_offered
