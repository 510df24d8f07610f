import pytest

from tests.factories import make_user


@pytest.fixture
def staff(client, settings):
    settings.REQUIRE_SECOND_FACTOR = False
    user = make_user(is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


@pytest.fixture
def reader(client, settings):
    """Staff who may look and not touch."""
    settings.REQUIRE_SECOND_FACTOR = False
    user = make_user(is_staff=True)
    client.force_login(user)
    return user
