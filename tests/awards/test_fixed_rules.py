"""The staff's pages of rules that are fixed: what may change does, and nothing else breaks."""

from datetime import date

import pytest
from django.urls import reverse
from lxml import html

from awards.models import Category, Criterion, Cycle, EligibilityQuestion, PrizeLine, Question
from tests.awards.factories import announce, make_running_cycle
from tests.factories import make_staff
from tests.logins import sign_in

pytestmark = pytest.mark.django_db
PAID = {"paid_on": date(2031, 12, 1), "paid_to": "Example Charity", "evidence": "Example 1"}


@pytest.fixture
def category():
    cycle = make_running_cycle(is_announced=False, is_demonstration=False)
    PrizeLine.objects.create(category=cycle.categories.get(), pence=400_000, wording="For work")
    announce(cycle)
    return cycle.categories.get()


@pytest.fixture
def desk(client):
    sign_in(client, make_staff(is_superuser=True))
    return client


def address(model, name, *arguments):
    return reverse(f"admin:awards_{model._meta.model_name}_{name}", args=arguments)


def save(desk, url, values):
    """The form of the page as a browser sends it, with these values typed."""
    form = html.fromstring(desk.get(url).content.decode()).forms[-1]
    return desk.post(url, dict(form.form_values()) | values)


@pytest.mark.parametrize(
    ("model", "may", "may_not"),
    [
        (Category, {"about": "A clearer sentence."}, {"quorum": 1, "slug": "another"}),
        (PrizeLine, PAID, {"pence": 1, "wording": "Nothing"}),
    ],
)
def test_what_may_change_does_and_the_rest_stays(desk, category, model, may, may_not):
    thing = model.objects.get()
    before = {name: getattr(thing, name) for name in may_not}

    assert save(desk, address(model, "change", thing.pk), may | may_not).status_code == 302

    thing.refresh_from_db()
    assert {name: getattr(thing, name) for name in may | may_not} == may | before


def test_a_year_whose_times_have_fractions_of_a_second_is_saved_with_them(desk, category):
    fraction = {"microsecond": 123456}
    opens_at, closes_at = (
        getattr(category.cycle, name).replace(**fraction) for name in ("opens_at", "closes_at")
    )
    other = make_running_cycle(2032, is_announced=False, opens_at=opens_at, closes_at=closes_at)
    announce(other)

    saved = save(desk, address(Cycle, "change", other.pk), {"place": "Example Hall"})

    other.refresh_from_db()
    assert saved.status_code == 302
    assert (other.place, other.opens_at, other.closes_at) == ("Example Hall", opens_at, closes_at)


@pytest.mark.parametrize("model", [Criterion, EligibilityQuestion])
def test_rules_without_anything_free_are_there_to_be_read(desk, category, model):
    thing = model.objects.first()
    page = desk.get(address(model, "change", thing.pk))

    assert str(thing) in page.content.decode()
    assert "_save" not in page.content.decode()
    assert desk.post(address(model, "change", thing.pk), {}).status_code == 403


@pytest.mark.parametrize("model", [Category, Criterion, EligibilityQuestion, PrizeLine, Question])
def test_nothing_is_taken_out_of_them(desk, category, model):
    thing = model.objects.first()

    assert desk.post(address(model, "delete", thing.pk), {"post": "yes"}).status_code == 403
    many = {"action": "delete_selected", "_selected_action": [thing.pk], "post": "yes"}
    desk.post(address(model, "changelist"), many)

    assert model.objects.filter(pk=thing.pk).exists()


NEW = {"text": "New?", "advice": "Ask us.", "key": "new", "section": "New", "most_words": 10}
NEW |= {"name": "New", "weight": 1, "wording": "A cup", "rank": 2, "recipient": "cause"}
NEW |= {"kind": "text", "position": 9} | {f"anchors_{number}": "Words" for number in range(5)}


@pytest.mark.parametrize("model", [Criterion, EligibilityQuestion, PrizeLine, Question])
def test_nothing_is_added_to_them(desk, category, model):
    page = desk.post(address(model, "add"), NEW | {"category": category.pk})

    assert page.context["adminform"].form.errors == {
        "category": ["The rules of this year are fixed."]
    }


def test_no_category_is_added_to_a_fixed_year(desk, category):
    page = desk.post(address(Category, "add"), {"cycle": category.cycle_id})

    errors = page.context["adminform"].form.errors
    assert errors["cycle"] == ["The rules of this year are fixed."]
