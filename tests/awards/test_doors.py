"""Every address of the awards, by GET and by POST, for everybody who has to do with them."""

import pytest

from tests.access import matrix
from tests.access.asking import ask
from tests.access.conftest import quick, silent
from tests.access.test_matrix import differences
from tests.awards.doors import ANOTHERS, COLUMNS, PEOPLE, Panel
from tests.test_access import addresses, make_world

__all__ = ["quick", "silent"]
pytestmark = pytest.mark.django_db
NAME = "../awards/doors.txt"


def test_every_address_of_the_awards_has_a_row():
    rows = {row.removesuffix(ANOTHERS) for row in matrix.read(NAME, COLUMNS)}

    assert rows == {name for name, _ in addresses() if name.startswith("awards:")}


@pytest.fixture
def panel(db):
    make_world()
    return Panel()


def test_everybody_gets_of_the_awards_what_the_table_says(panel, quick):
    found = {}
    for person in PEOPLE:
        for name, address in panel.asked_by(person):
            for method in ("get", "post"):
                cell = ask(panel.clients[person], address, method)
                found.setdefault(name, {})[f"{person}, {method}"] = cell

    assert differences(found, matrix.read(NAME, COLUMNS)) == []
