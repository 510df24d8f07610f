"""Publishing, withdrawing and correcting."""

import pytest

from awards.actions.published import (
    ImpossibleMove,
    correct_award,
    publish_award,
    publish_cycle,
    restore_cycle,
    withdraw_award,
    withdraw_cycle,
)
from awards.models import PublishedAward, PublishedCycle
from members.models import AuditEvent
from tests.factories import (
    make_award,
    make_cycle,
    make_published_cycle,
    make_theme,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return make_user(is_staff=True)


def verbs():
    return list(AuditEvent.objects.order_by("id").values_list("verb", flat=True))


def test_publishing_a_year_copies_it_with_its_categories(staff):
    race = make_theme("Race")
    cycle = make_cycle(2030, "First", "Second", known="Little is known.", funder="Example Trust")
    cycle.categories.get(slug="second").themes.add(race)

    public = publish_cycle(cycle, by=staff)

    assert (public.known, public.funder) == ("Little is known.", "Example Trust")
    assert [category.name for category in public.categories.all()] == ["First", "Second"]
    assert list(public.categories.get(slug="second").themes.all()) == [race]
    assert verbs() == ["awards.publish_cycle"]


def test_readers_see_a_year_as_it_was_last_published(staff):
    cycle = make_cycle(2030, "First", "Second")
    publish_cycle(cycle, by=staff)
    cycle.name = "Changed"
    cycle.save()
    cycle.categories.get(slug="first").delete()

    before = PublishedCycle.objects.get(year=2030)
    assert (before.name, before.categories.count()) == ("Example Awards 2030", 2)

    publish_cycle(cycle, by=staff)

    after = PublishedCycle.objects.get(year=2030)
    assert (after.name, after.categories.count()) == ("Changed", 1)
    assert after.published_at == before.published_at


def test_an_award_is_published_withdrawn_and_published_again(staff):
    make_published_cycle()
    award = make_award(published_at=None)

    award = publish_award(award, by=staff)
    first_published = award.published_at
    award = withdraw_award(award, by=staff)
    assert not PublishedAward.objects.public().exists()
    award = publish_award(award, by=staff)

    assert PublishedAward.objects.public().exists()
    assert award.published_at == first_published
    assert verbs() == ["awards.publish", "awards.withdraw", "awards.publish"]


def test_withdrawing_a_year_takes_its_awards_away(staff):
    cycle = make_published_cycle()
    make_award()

    withdraw_cycle(cycle, by=staff)
    assert not PublishedAward.objects.public().exists()

    restore_cycle(cycle, by=staff)
    assert PublishedAward.objects.public().exists()


def test_a_correction_changes_the_award_and_tells_readers(staff):
    award = make_award("Exmaple Winner")

    correct_award(award, {"recipient": "Example Winner"}, note="The name was wrong.", by=staff)

    award.refresh_from_db()
    assert award.recipient == "Example Winner"
    assert [correction.note for correction in award.corrections.all()] == ["The name was wrong."]
    assert AuditEvent.objects.get().details == {
        "fields": ["recipient"],
        "note": "The name was wrong.",
    }


@pytest.mark.parametrize(
    ("move", "published", "message"),
    [
        (publish_award, True, "“Example Winner, Example Category 2030” is already public."),
        (withdraw_award, False, "“Example Winner, Example Category 2030” is not public."),
    ],
)
def test_an_impossible_move_says_why_and_leaves_no_trace(staff, move, published, message):
    award = make_award() if published else make_award(published_at=None)

    with pytest.raises(ImpossibleMove) as refused:
        move(award, by=staff)

    assert str(refused.value) == message
    assert verbs() == []


def test_a_draft_is_not_corrected_in_public(staff):
    award = make_award(published_at=None)

    with pytest.raises(ImpossibleMove):
        correct_award(award, {"recipient": "Other"}, note="Changed.", by=staff)

    assert not award.corrections.exists()
