"""The desks of staff: two people seal, and at the ceremony nothing shows who won unless asked."""

import pytest
from django.urls import reverse

from awards.models import PublishedAward, Seal
from tests.awards.results import NOMINEES, decide_all, make_locked_category, make_people

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(settings):
    settings.REQUIRE_SECOND_FACTOR = False
    return make_people()


@pytest.fixture
def category(people):
    category = make_locked_category()
    decide_all(category, by=people[0])
    return category


def desk(category, name="seal"):
    return reverse(f"admin:awards_cycle_{name}", args=[category.cycle_id])


def do(client, category, what, name="seal", **more):
    form = {"do": what, "category": category.pk} | more
    return client.post(desk(category, name), form, follow=True).content.decode()


def named(page):
    return [name for name in NOMINEES if name in page]


def test_a_result_goes_from_the_lock_to_the_public_by_two_people(client, people, category):
    client.force_login(people[0])
    assert "Somebody else must confirm" in do(client, category, "seal", is_sheet_public="on")
    assert "Somebody else confirms what you have sealed." in do(client, category, "confirm")
    client.force_login(people[1])
    assert "Sealed by two people" in do(client, category, "confirm")

    page = do(client, category, "release", "ceremony")

    assert "Public since" in page
    assert PublishedAward.objects.public().count() == 3
    page = do(client, category, "withdraw", "ceremony", because="A wrong name.")
    assert "Withdrawn" in page
    assert not PublishedAward.objects.public().exists()


def test_no_desk_names_anybody_unless_somebody_peeks(client, people, category):
    client.force_login(people[0])
    do(client, category, "seal")
    assert Seal.objects.get().is_sheet_public is False

    for name in ("seal", "ceremony"):
        page = desk(category, name)
        assert named(client.get(page).content.decode()) == []
        assert len(named(client.get(f"{page}?peek={category.pk}").content.decode())) == 3
        assert named(client.get(f"{page}?peek=x").content.decode()) == []


def test_what_is_sent_back_needs_a_reason(client, people, category):
    client.force_login(people[0])
    do(client, category, "seal")
    client.force_login(people[1])

    assert "Say why it is sent back." in do(client, category, "refuse")
    assert "Locked: to be sealed" in do(client, category, "refuse", because="A slip.")


def test_words_are_written_at_the_desk(client, people, category):
    client.force_login(people[0])
    decision = category.decisions.get(outcome="winner")
    page = reverse("admin:awards_cycle_words", args=[category.cycle_id, decision.pk])
    assert page in client.get(f"{desk(category)}?peek={category.pk}").content.decode()

    words = {"for_work": "A bridge", "citation": "They build.", "judges_words": "Superb."}
    client.post(page, words)

    decision = type(decision).objects.get(pk=decision.pk)
    assert decision.wording.citation == "They build."


def test_a_stranger_s_form_is_refused(client, people, category):
    client.force_login(people[0])

    for form in ({"do": "else", "category": category.pk}, {"do": "seal", "category": "x"}):
        assert client.post(desk(category), form).status_code == 404
