"""What several of the library's tests lean on."""

import pytest

from members.models import Role
from tests.factories import make_affiliation, make_organisation, make_user
from tests.library.oai import checked


@pytest.fixture
def ask(client):
    """The answer to arguments, in XML; it always has the form of the protocol."""

    def ask(data=(), **arguments):
        response = client.get("/library/oai", {**dict(data), **arguments})
        assert response.status_code == 200
        assert response["Content-Type"] == "text/xml; charset=utf-8"
        return checked(response.content)

    return ask


@pytest.fixture
def charity():
    return make_organisation()


@pytest.fixture
def editor(charity):
    user = make_user("editor@example.org")
    make_affiliation(user, charity, Role.EDITOR)
    return user
