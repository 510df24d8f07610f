"""The staff's suggestions while they type: an address that no page of ours makes is refused."""

import pytest
from django.apps import apps

from tests.factories import make_organisation, make_user

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/autocomplete/"


@pytest.fixture
def staff(client, settings):
    settings.REQUIRE_SECOND_FACTOR = False
    client.raise_request_exception = False
    client.force_login(make_user(is_staff=True, is_superuser=True))
    return client


def asked(model, name, **extra):
    label, model_name = model._meta.app_label, model._meta.model_name
    return {"app_label": label, "model_name": model_name, "field_name": name, **extra}


def test_every_field_of_every_model_is_answered_or_refused(staff):
    everything = [
        asked(model, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
    ]

    answers = {staff.get(ADDRESS, query).status_code for query in everything}

    assert answers == {200, 403, 404}


def test_suggestions_are_refused_for_what_points_here_from_elsewhere(staff):
    pointing = asked(apps.get_model("members.Organisation"), "affiliations")

    assert staff.get(ADDRESS, pointing).status_code == 403


def test_suggestions_come_for_a_field_of_a_form(staff):
    organisation = make_organisation("Example Charity")
    known = asked(apps.get_model("members.Affiliation"), "organisation", term="Exam")

    found = staff.get(ADDRESS, known).json()["results"]

    assert found == [{"id": str(organisation.pk), "text": "Example Charity"}]


@pytest.mark.parametrize("odd", ["", "nothing", "a.b", "__class__", "pk", "é" * 500])
@pytest.mark.parametrize("place", ["app_label", "model_name", "field_name"])
def test_an_odd_name_is_refused(staff, place, odd):
    known = asked(apps.get_model("members.Affiliation"), "organisation")

    assert staff.get(ADDRESS, known | {place: odd}).status_code == 403
