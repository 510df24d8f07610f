"""What the portal holds about people: each link says how it is taken away, and erased."""

from cja_portal.kit.holdings import STAYS_WITHOUT_NAME, keep
from cja_portal.privacy.holdings import HOLDINGS, KEPT, NO_PERSON, shown, undeclared
from library.models import Shelf

SECRETS = ("secret", "password", "digest", "key", "token", "salt", "data")


def test_every_link_to_a_person_is_declared():
    assert undeclared() == []


def test_a_link_that_nobody_declared_is_found():
    without = [one for one in HOLDINGS if one.model is not Shelf]

    assert undeclared(holdings=without) == ["library.Shelf.owner"]


def test_no_holding_shows_a_secret():
    names = {field.name for holding in HOLDINGS for field in shown(holding)}

    assert [name for name in names if any(secret in name for secret in SECRETS)] == []


def test_every_holding_has_words_for_the_person():
    for holding in HOLDINGS:
        assert holding.title
        assert holding.fate.endswith(".")
        assert (holding.fate == STAYS_WITHOUT_NAME) <= (holding.erase is keep)
    assert all(why for why in [*KEPT.values(), *NO_PERSON.values()])
