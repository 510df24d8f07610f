"""Which organisations may be the same one."""

import pytest

from members.duplicates import duplicates_of, likely_duplicates
from tests.factories import make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def field():
    return [
        make_organisation("Example Bridges Trust", former_names=["Example Gate Fund"]),
        make_organisation("Example Charity", charity_number="1234567", short_name="EXC"),
        make_organisation("The Example Orchard", company_number="01234567"),
        make_organisation("Far Away", northern_irish_charity_number="NIC101234"),
    ]


@pytest.mark.parametrize(
    ("given", "answers"),
    [
        ({"names": ["Nothing alike"]}, []),
        ({"names": ["Example Bridge Trust"]}, [(0, "Its name is similar.")]),
        ({"names": ["example gate fund"]}, [(0, "Its name is similar.")]),
        ({"names": ["New", "Éxample Orchard"]}, [(2, "Its name is similar.")]),
        ({"names": ["EXC"]}, [(1, "Its name is similar.")]),
        (
            {"names": ["Another"], "charity_number": "1234567"},
            [(1, "It has the same charity number.")],
        ),
        (
            {"names": ["Another"], "northern_irish_charity_number": "NIC101234"},
            [(3, "It has the same charity number.")],
        ),
        (
            {"names": ["Example Bridges Trust", ""], "company_number": "01234567"},
            [(2, "It has the same company number."), (0, "Its name is similar.")],
        ),
        (
            {"names": ["Example Charity"], "charity_number": "1234567"},
            [(1, "It has the same charity number.")],
        ),
    ],
)
def test_numbers_come_first_and_then_any_name_it_has_or_had(field, given, answers):
    found = likely_duplicates(given.pop("names"), **given)

    assert [(field.index(likely.organisation), likely.reason) for likely in found] == answers


def test_an_organisation_is_no_duplicate_of_itself(field):
    assert [duplicates_of(one) for one in field] == [[], [], [], []]
