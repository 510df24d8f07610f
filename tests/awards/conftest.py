"""A year of six nominations whose judging has begun, and a member of staff."""

import pytest

from tests.awards.judging import NOMINEES, make_judged_cycle
from tests.factories import make_staff


@pytest.fixture
def cycle():
    return make_judged_cycle(*NOMINEES)


@pytest.fixture
def category(cycle):
    return cycle.categories.get()


@pytest.fixture
def staff():
    return make_staff()
