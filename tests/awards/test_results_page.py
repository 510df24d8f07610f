"""The page of results, for staff alone and after the lock alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.models import Judge
from tests.awards.panels import conflict, make_marked_round
from tests.factories import make_staff, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client, settings):
    settings.REQUIRE_SECOND_FACTOR = False
    user = make_staff()
    client.force_login(user)
    return user


def results(round_):
    return reverse("admin:awards_round_results", args=[round_.uuid])


def test_the_page_tells_the_order_and_what_bears_on_it(client, staff):
    page = client.get(results(make_marked_round())).content.decode()

    assert "Example A comes first." in page
    assert "Sheets that do not count" in page
    for said in ("Clear. The chance", "9 count", "Trimmed mean", "would be level with Example A."):
        assert said in page


def test_two_of_one_name_are_told_apart_by_their_references(client, staff):
    round_ = make_marked_round()
    one, other, alone = round_.category.nominations.order_by("pk")
    assert one.reference not in client.get(results(round_)).content.decode()
    type(other).objects.filter(pk=other.pk).update(nominee_name=one.nominee_name)

    for name in ("results", "shortlist"):
        page = client.get(reverse(f"admin:awards_round_{name}", args=[round_.uuid]))
        shown = [each.reference in page.content.decode() for each in (one, other, alone)]
        assert shown == [True, True, False]


def test_sentences_tell_two_of_one_name_apart(client, staff):
    round_ = make_marked_round()
    one, other, alone = round_.category.nominations.order_by("pk")
    entries = type(one).objects.filter(pk__in=[one.pk, other.pk])
    entries.update(nominee_name="Example Twin", nominee_organisation="Example Charity")
    first, second = (f"Example Twin (Example Charity, {each.reference})" for each in (one, other))

    page = client.get(results(round_)).content.decode()

    assert f"{first} comes first." in page
    assert f"{second} would be level with {first}." in page
    assert f"{alone} (" not in page


def test_an_entry_that_was_read_too_little_has_no_place_by_any_average(client, staff):
    page = client.get(
        results(make_marked_round([[(5, 5), (4, 4)], [(4, 4), (3, 3)], [(3, 3), None]]))
    )

    assert "Not placed: it needs 3 sheets." in page.content.decode()
    assert "(place" not in page.content.decode()


def test_nobody_sees_totals_while_judges_mark(client, staff):
    assert client.get(results(make_marked_round(is_locked=False))).status_code == 404


def test_only_staff_see_them(client):
    round_ = make_marked_round()
    client.force_login(make_user())

    assert client.get(results(round_)).status_code in {302, 403}


def test_staff_who_judge_and_have_an_interest_do_not(client, staff):
    round_ = make_marked_round()
    judge = Judge.objects.first()
    conflict(round_, judge, "A")
    Judge.objects.filter(pk=judge.pk).update(user=staff)

    assert client.get(results(round_)).status_code == 404


def test_without_an_order_the_page_says_why(client, staff):
    page = client.get(results(make_marked_round([[(5, 5), None], [None, (4, 4)]])))

    assert "There is no order of these entries." in page.content.decode()
    assert "no judge has marked in both" in page.content.decode()


def asked(client, address):
    """The statements of a visit that is not the session's first, which writes the session down."""
    client.get(address)
    with CaptureQueriesContext(connection) as context:
        assert client.get(address).status_code == 200
    return [one["sql"] for one in context.captured_queries if "SAVEPOINT" not in one["sql"]]


@pytest.mark.parametrize("entries", [2, 6])
def test_the_page_asks_at_most_fifteen_times(client, staff, entries):
    round_ = make_marked_round([[(3, 3), (4, 4), (2, 5), (1, 2), (2, 2), (3, 1)][:entries]] * 3)

    assert len(asked(client, results(round_))) <= 15
