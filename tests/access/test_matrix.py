"""Every address, asked for by everybody: what they get is what the matrix says.

Pages are decided but not drawn here: their texts are looked at elsewhere.
"""

import logging
import re
from collections import defaultdict

import pytest
from django.contrib import admin
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.backends.django import Template
from django.test import RequestFactory
from django.urls import resolve

from members.models import Invoice
from tests.access import matrix
from tests.access.actors import ACTORS, OTHER, OWN, make_actors, put_at, slug_of
from tests.members.test_admin_gate import admin_addresses
from tests.test_access import PUBLIC, UUID, addresses, make_world

pytestmark = pytest.mark.django_db
ORGANISATIONS = "my/organisations/"
NOT_ASKED = {"account_logout": "it ends the session of whoever asks"}


@pytest.fixture
def quick(monkeypatch):
    """No page is drawn, and no refusal logged: there are thousands."""
    monkeypatch.setattr(Template, "render", lambda *args, **kwargs: "")
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def actors(quick):
    make_world()
    actors = make_actors()
    put_at(UUID)
    return actors


def asked():
    """Name and address of each page outside the admin that is not open to everybody."""
    return [pair for pair in addresses() if pair[0] not in PUBLIC and pair[0] not in NOT_ASKED]


def asked_by(actor):
    """The same, where the organisation is the actor's own, and its invoice there is."""
    invoice = Invoice.objects.filter(organisation__slug=OWN).first()
    for name, address in asked():
        if name == "members:invoice-file":
            address = address.replace(UUID, str(invoice.uuid))
        yield name, address.replace(f"/{OWN}/", f"/{slug_of(actor)}/")


def ask(client, address, method="get"):
    response = getattr(client, method)(address)
    b"".join(response)
    return matrix.cell_of(response)


def differences(found, expected):
    """What differs, in words."""
    return [
        f"{name}: {actor} {matrix.MEANINGS.get(cell, cell)}, "
        f"not {matrix.MEANINGS[expected[name][actor]]}"
        for name, cells in found.items()
        for actor, cell in cells.items()
        if cell != expected[name][actor]
    ]


def test_every_address_has_a_row():
    assert {name for name, _ in asked()} == matrix.read("addresses.txt").keys()


def test_everybody_gets_what_the_matrix_says(actors):
    expected = matrix.read("addresses.txt")

    found = defaultdict(dict)
    for actor, client in actors.items():
        for name, address in asked_by(actor):
            found[name][actor] = ask(client, address)

    assert differences(found, expected) == []


def test_nobody_gets_into_another_organisation(actors):
    """Whoever belongs elsewhere is not told whether there is anything."""
    pages = [address for _, address in asked() if ORGANISATIONS in address]

    found = {
        (actor, address): ask(client, address.replace(OWN, OTHER), method)
        for actor, client in actors.items()
        for address in pages
        for method in ("get", "post")
    }

    wrong = {
        key: cell for key, cell in found.items() if cell != ("L" if key[0] == "anonymous" else "4")
    }
    assert wrong == {}
    assert len(pages) > 10


def _nothing_for(actor):
    return "L" if actor == "anonymous" else "4"


@pytest.mark.parametrize("method", ["post", "delete"])
def test_what_is_closed_is_closed_to_every_method(actors, method):
    expected = matrix.read("addresses.txt")

    opened = {
        (name, actor): cell
        for actor, client in actors.items()
        for name, address in asked_by(actor)
        if expected[name][actor] in matrix.CLOSED - {"5"}
        and (cell := ask(client, address, method)) not in matrix.CLOSED
    }

    assert opened == {}


# -- The admin ------------------------------------------------------------------------------------


def ask_gate(client, address, method="get"):
    """What the admin itself decides. What stands in front of it can only refuse more."""
    request = getattr(RequestFactory(), method)(address)
    request.user, request.session = client.user, client.session
    request._messages = CookieStorage(request)
    request._dont_enforce_csrf_checks = True
    request.resolver_match = found = resolve(address)
    try:
        return matrix.cell_of(found.func(request, *found.args, **found.kwargs))
    except PermissionDenied:
        return "3"
    except Http404:
        return "4"


def test_every_model_of_the_admin_has_a_row():
    registered = {model._meta.label_lower for model in admin.site._registry}

    assert registered == matrix.read_rights().keys()


def test_staff_do_what_the_matrix_says(actors):
    found = {
        model: {kind: rights(actors[kind], model) for kind in matrix.STAFF_COLUMNS}
        for model in matrix.read_rights()
    }

    assert found == matrix.read_rights()


def rights(client, model):
    """The letters of what somebody may do with the rows of a model, or "-"."""
    home = f"/admin/{model.replace('.', '/')}/"
    asked_for = {
        "v": ask_gate(client, home),
        "a": ask_gate(client, f"{home}add/"),
        "c": ask_gate(client, f"{home}0/change/", "post"),
        "d": ask_gate(client, f"{home}0/delete/"),
    }
    return "".join(one for one, cell in asked_for.items() if cell not in {"3", "4"}) or "-"


def other_pages():
    """Those of the admin beyond the five of every model and its short way; no row has number 0."""
    usual = re.compile(r"^/admin/\w+/\w+/((add|1|1/(change|history|delete))/)?$")
    others = [address for address in admin_addresses() if not usual.match(address)]
    return [re.sub(r"/1(?=/)", "/0", address) for address in others]


def test_every_other_page_of_the_admin_has_a_row():
    assert set(other_pages()) == matrix.read("admin_pages.txt", matrix.STAFF_COLUMNS).keys()


def test_staff_get_the_other_pages_that_the_matrix_says(actors):
    expected = matrix.read("admin_pages.txt", matrix.STAFF_COLUMNS)

    found = {
        address: {kind: ask(actors[kind], address) for kind in matrix.STAFF_COLUMNS}
        for address in expected
    }

    assert differences(found, expected) == []


def test_no_other_page_opens_to_staff_who_may_not_see_the_model(actors):
    """Whatever it is and however it is asked for, so that a page cannot forget to ask."""
    unseen = [
        (kind, address)
        for address in other_pages()
        for kind in matrix.STAFF_COLUMNS
        if _has_no_right(kind, address)
    ]

    opened = {
        (kind, address, cell)
        for kind, address in unseen
        for method in ("get", "post")
        if (cell := ask(actors[kind], address, method)) not in {"3", "4", "5"}
    }

    assert opened == set()
    assert len(unseen) > 20


def _has_no_right(kind, address):
    model = ".".join(address.split("/")[2:4])
    return matrix.read_rights().get(model, {}).get(kind) == "-"


def test_nobody_else_gets_into_the_admin(actors):
    outside = [actor for actor in ACTORS if actor not in matrix.STAFF_COLUMNS]

    opened = {
        (actor, address, cell)
        for actor in outside
        for address in admin_addresses()
        for method in (("get", "post") if actor == "owner" else ("get",))
        if (cell := ask_gate(actors[actor], address, method)) not in {"L", "3", "4", ">"}
    }

    assert opened == set()
