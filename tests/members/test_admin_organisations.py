"""The staff's pages for organisations, themes, areas and the starter records."""

import pytest
from django.contrib import admin
from django.urls import reverse

from members.models import Area, Organisation, StarterRecord, Theme
from tests.factories import make_affiliation, make_area, make_organisation, make_theme, make_user

pytestmark = pytest.mark.django_db

LIST = "/admin/members/organisation/"


@pytest.fixture
def administrator(client, settings):
    settings.REQUIRE_SECOND_FACTOR = False
    user = make_user("staff@example.org", is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


def change_address(thing):
    return reverse(f"admin:members_{thing._meta.model_name}_change", args=[thing.pk])


@pytest.mark.parametrize("model", [Organisation, Theme, Area, StarterRecord])
def test_lists_have_at_most_six_columns_and_open(client, administrator, model):
    name = model._meta.model_name
    make_organisation(themes=[make_theme()], areas=[make_area()])
    StarterRecord.objects.create(kind="theme", key="policing")

    page = client.get(reverse(f"admin:members_{name}_changelist"))

    assert page.status_code == 200
    assert page.context["cl"].result_count == 1
    assert len(admin.site._registry[model].list_display) <= 6


@pytest.mark.parametrize("query", ["with you", "addaction", "alcohol"])
def test_organisations_are_found_by_all_their_names(client, administrator, query):
    make_organisation("With You", former_names=["Addaction"], summary="Drugs and alcohol.")
    make_organisation("Other")

    results = client.get(LIST, {"q": query}).context["cl"].result_list

    assert [one.name for one in results] == ["With You"]


@pytest.mark.parametrize("count", [1, 3])
def test_organisation_list_needs_as_many_queries_for_few_as_for_many(
    client, administrator, django_assert_num_queries, count
):
    for number in range(count):
        organisation = make_organisation(f"Number {number}", website="https://example.org/")
        make_affiliation(make_user(), organisation)

    with django_assert_num_queries(8):
        page = client.get(LIST)

    assert page.content.decode().count(">example.org</a>") == count


def test_an_address_stays_when_the_name_changes(client, administrator):
    organisation = make_organisation("Old Name")
    page = client.get(change_address(organisation))
    form = page.context["adminform"].form
    sent = {name: value for name, value in form.initial.items() if value is not None}

    answer = client.post(
        change_address(organisation), sent | {"former_names": "", "name": "New Name", "slug": "x"}
    )

    organisation.refresh_from_db()
    assert answer.status_code == 302
    assert (organisation.name, organisation.slug) == ("New Name", "old-name")


def test_a_broken_number_is_told_in_a_sentence(client, administrator):
    sent = {"name": "One", "slug": "one", "kind": "charity", "evidence": "none"}

    page = client.post(f"{LIST}add/", sent | {"company_number": "1234567"})

    assert "Write all eight characters of the company number" in page.content.decode()


def test_staff_hear_of_a_duplicate_when_they_add_an_organisation(client, administrator):
    make_organisation("Example Bridges Trust", former_names=["Example Gate Fund"])
    sent = {"name": "Example Gate Funds", "slug": "one", "kind": "charity", "evidence": "none"}

    page = client.post(f"{LIST}add/", sent, follow=True)

    assert "Is it the same as <a" in page.content.decode()
    assert Organisation.objects.count() == 2


def test_starter_records_are_only_looked_at(client, administrator):
    record = StarterRecord.objects.create(kind="theme", key="policing")

    assert client.get(change_address(record)).status_code == 200
    assert client.post(change_address(record), {"kind": "x"}).status_code == 403
    assert client.get("/admin/members/starterrecord/add/").status_code == 403


def test_only_an_administrator_may_delete_an_organisation(client, administrator, rf):
    request = rf.get("/")
    request.user = make_user(is_staff=True)

    assert admin.site._registry[Organisation].has_delete_permission(request) is False
    request.user = administrator
    assert admin.site._registry[Organisation].has_delete_permission(request) is True
