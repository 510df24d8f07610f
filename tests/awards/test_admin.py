"""The staff's door: what is public changes by actions, with one click or with a note."""

import pytest
from django.contrib import admin
from django.urls import reverse

from awards import models
from awards.models import Correction, Cycle, PublishedAward, PublishedCycle
from tests.factories import make_award, make_cycle, make_published_cycle, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client, settings):
    settings.REQUIRE_SECOND_FACTOR = False
    client.force_login(make_user(is_staff=True, is_superuser=True))
    return client


def change_page(thing):
    name = thing._meta.model_name
    return reverse(f"admin:awards_{name}_change", args=[thing.pk])


def act(client, model, action, *things):
    return client.post(
        reverse(f"admin:awards_{model._meta.model_name}_changelist"),
        {"action": action, "_selected_action": [thing.pk for thing in things]},
        follow=True,
    )


def a_form(award, **changes):
    names = ["year", "cycle_name", "category_name", "category_slug", "recipient", "for_work"]
    names += ["result", "citation", "judges_words", "position"]
    management = {"corrections-TOTAL_FORMS": 0, "corrections-INITIAL_FORMS": 0}
    return {name: getattr(award, name) for name in names} | management | changes


MODELS = [
    one for one in (getattr(models, name) for name in models.__all__) if hasattr(one, "_meta")
]


@pytest.mark.parametrize("model", MODELS)
def test_every_model_has_a_list_of_at_most_six_columns(staff, model):
    page = staff.get(reverse(f"admin:awards_{model._meta.model_name}_changelist"))

    assert page.status_code == 200
    assert len(admin.site._registry[model].list_display) <= 6
    assert admin.site._registry[model].search_fields


def test_a_year_is_published_from_the_list(staff):
    page = act(staff, Cycle, "publish", make_cycle(2030, "Example Category"))

    assert "Published: 1." in page.content.decode()
    assert PublishedCycle.objects.public().get().categories.count() == 1


def test_an_award_is_published_and_withdrawn_from_the_list(staff):
    make_published_cycle()
    award = make_award(published_at=None)

    act(staff, PublishedAward, "publish", award)
    assert PublishedAward.objects.public().exists()

    page = act(staff, PublishedAward, "publish", award)
    assert "is already public." in page.content.decode()

    act(staff, PublishedAward, "withdraw", award)
    assert not PublishedAward.objects.public().exists()


def test_a_year_is_withdrawn_and_shown_again_from_the_list(staff):
    cycle = make_published_cycle()

    act(staff, PublishedCycle, "withdraw", cycle)
    assert not PublishedCycle.objects.public().exists()

    act(staff, PublishedCycle, "restore", cycle)
    assert PublishedCycle.objects.public().exists()


@pytest.mark.parametrize("make", [make_award, make_published_cycle])
def test_one_click_on_its_page_withdraws_it(staff, make):
    thing = make()
    assert 'name="_withdraw"' in staff.get(change_page(thing)).content.decode()

    page = staff.post(change_page(thing), {"_withdraw": "1"}, follow=True)

    thing.refresh_from_db()
    assert thing.state == "Withdrawn"
    assert 'name="_withdraw"' not in page.content.decode()


def test_a_public_text_changes_only_with_a_note(staff):
    award = make_award("Exmaple")

    page = staff.post(change_page(award), a_form(award, recipient="Example"))

    assert "Say in a sentence for readers what is corrected." in page.content.decode()
    award.refresh_from_db()
    assert award.recipient == "Exmaple"

    form = a_form(award, recipient="Example", correction_note="The name was misspelled.")
    assert staff.post(change_page(award), form).status_code == 302
    award.refresh_from_db()
    assert award.recipient == "Example"
    assert Correction.objects.get().note == "The name was misspelled."


def test_a_draft_and_the_order_change_without_a_note(staff):
    draft, public = make_award("Draft", published_at=None), make_award("Public")

    staff.post(change_page(draft), a_form(draft, recipient="Better"))
    staff.post(change_page(public), a_form(public, position=7))

    draft.refresh_from_db()
    public.refresh_from_db()
    assert (draft.recipient, public.position) == ("Better", 7)
    assert not Correction.objects.exists()


def test_a_broken_law_is_told_in_the_form(staff):
    award = make_award(published_at=None)

    page = staff.post(change_page(award), a_form(award, prize_pence=5, result="shortlisted"))

    assert "A prize is money, and not for a place on the shortlist." in page.content.decode()


@pytest.mark.parametrize("state", ["public", "draft", "withdrawn"])
def test_the_list_is_filtered_by_state(staff, state):
    make_award("Public one")
    make_award("Draft one", published_at=None)
    make_award("Withdrawn one", withdrawn_at="2031-01-01T00:00Z")

    address = reverse("admin:awards_publishedaward_changelist")
    page = staff.get(f"{address}?state={state}")

    found = [award.recipient for award in page.context["cl"].result_list]
    assert found == [f"{state.capitalize()} one"]
