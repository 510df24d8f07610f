"""Every page and every action of the admin, asked for by everybody through the whole stack.

The kinds of staff differ. To everybody else all of it is closed.
"""

import re

import pytest
from django.contrib import admin

from awards.models import Meeting
from tests.access import matrix
from tests.access.actors import ACTORS
from tests.access.asking import act, ask
from tests.access.rows import row_of
from tests.access.test_matrix import differences
from tests.members.test_admin_gate import admin_addresses
from tests.test_access import UUID

pytestmark = pytest.mark.django_db
METHODS = ["get", "post"]
REFUSED = set("L3")
WITHOUT_NOTHING = {"awards.meeting"}  # Its rows lead to another page, and number 0 to a refusal.
# Of each model: its list, a form for a new row, a row, its short address, and what became of it.
USUAL = re.compile(r"^/admin/\w+/\w+/((add|1|1/(change|history|delete))/)?$")


# -- Rows of each model ---------------------------------------------------------------------------


def test_every_model_of_the_admin_has_a_row():
    registered = {model._meta.label_lower for model in admin.site._registry}

    assert registered == matrix.read_rights().keys()


def test_staff_do_what_the_matrix_says(actors, quick):
    expected = matrix.read_rights()

    found = {
        label: {kind: _rights(actors[kind], label, row[kind]) for kind in row}
        for label, row in expected.items()
    }

    assert found == expected


def test_the_short_address_of_a_row_only_leads_on(actors, quick):
    cells = {
        ask(actors[kind], f"{_home(label)}{row_of(label)}/")
        for label in matrix.read_rights()
        for kind in matrix.STAFF_COLUMNS
    }

    assert cells == {">"}


def test_the_history_of_a_row_opens_to_those_who_see_its_model(actors, quick):
    """To others it is closed, or leads to the index where the list holds no such row."""
    rights = matrix.read_rights()

    opened = {
        rights[label][kind]
        for label in rights
        for kind in matrix.STAFF_COLUMNS
        if ask(actors[kind], f"{_home(label)}{row_of(label)}/history/") not in {"3", ">"}
    }

    assert opened
    assert "-" not in opened


def _rights(client, label, expected):
    """The letters of what somebody may do with the rows of a model, or "-"."""
    return "".join(_said_by(client, label, one, one in expected) for one in "vacd") or "-"


def _said_by(client, label, letter, is_expected):
    """The letter if all its pages open, nothing if none does, else which of them do."""
    # What may be done is not done, for no row has number 0; the rest is tried on a real one.
    pk = 0 if is_expected and label not in WITHOUT_NOTHING else row_of(label)
    opened = [
        (method, page)
        for method, page in PAGES[letter]
        if ask(client, f"{_home(label)}{page.format(pk)}", method) not in REFUSED
    ]
    return letter if opened == PAGES[letter] else "".join(f"({' '.join(one)})" for one in opened)


PAGES = {
    "v": [("get", ""), ("get", "{}/change/")],
    "a": [("post", "add/"), ("get", "add/")],
    "c": [("post", "{}/change/")],
    "d": [("post", "{}/delete/"), ("get", "{}/delete/")],
}


def _home(label):
    return f"/admin/{label.replace('.', '/')}/"


# -- Pages beyond those ---------------------------------------------------------------------------


def other_pages():
    """As they stand in the tables."""
    others = [address for address in admin_addresses() if not USUAL.match(address)]
    return [re.sub(r"/1(?=/)", "/0", address) for address in others]


def _with_rows(address):
    """The same of a row, or of a meeting, that exists."""
    label = ".".join(address.split("/")[2:4])
    meeting = str(Meeting.objects.first().round.uuid)
    address = re.sub(r"/0(?=/)", lambda _: f"/{row_of(label)}", address, count=1)
    return address.replace(UUID, meeting, 1)


@pytest.mark.parametrize("method", METHODS)
def test_every_other_page_of_the_admin_has_a_row(method):
    assert set(other_pages()) == matrix.read(_table(method), matrix.STAFF_COLUMNS).keys()


def _table(method):
    return f"admin_{method}s.txt"


@pytest.mark.parametrize("method", METHODS)
def test_staff_get_the_other_pages_that_the_matrix_says(actors, quick, method):
    expected = matrix.read(_table(method), matrix.STAFF_COLUMNS)

    found = {
        address: {kind: ask(actors[kind], _with_rows(address), method) for kind in row}
        for address, row in expected.items()
    }

    assert differences(found, expected) == []


def test_no_other_page_opens_to_staff_who_may_not_see_the_model():
    """Read from the tables: a page that forgets to ask must not be written down as if it asked."""
    rights = matrix.read_rights()

    opened = {
        (method, address, kind)
        for method in METHODS
        for address, row in matrix.read(_table(method), matrix.STAFF_COLUMNS).items()
        for kind, cell in row.items()
        if rights.get(".".join(address.split("/")[2:4]), {}).get(kind) == "-"
        and cell not in {"3", "4", "5"}
    }

    assert opened == set()


# -- Actions --------------------------------------------------------------------------------------


def actions():
    """Model and name of what can be done with chosen rows of a list, deleting included."""
    return [
        (model._meta.label_lower, name)
        for model, own in admin.site._registry.items()
        if own.actions is not None
        for _, name, _ in own._get_base_actions()
    ]


def test_staff_take_the_actions_that_the_matrix_says(actors, quick):
    expected = matrix.read("admin_actions.txt", matrix.STAFF_COLUMNS)

    found = {
        f"{label} {name}": {kind: _act(actors[kind], label, name) for kind in matrix.STAFF_COLUMNS}
        for label, name in actions()
        if name != "delete_selected"
    }

    assert found.keys() == expected.keys()
    assert differences(found, expected) == []


def test_nobody_deletes_by_an_action_what_they_may_not_delete(actors, quick):
    """Asked of the two kinds that may do whatever one of the others may."""
    closed = [
        (label, kind)
        for label, name in actions()
        for kind in ("staff", "administrator")
        if name == "delete_selected" and "d" not in matrix.read_rights()[label][kind]
    ]

    cells = {_act(actors[kind], label, "delete_selected") for label, kind in closed}

    assert cells == {"3"}


def _act(client, label, name):
    return act(client, _home(label), {"action": name, "_selected_action": row_of(label)})


# -- Everybody else -------------------------------------------------------------------------------


def test_nobody_else_gets_into_the_admin(actors, quick):
    opened = {
        (actor, method, address, cell)
        for actor in ACTORS
        if actor not in matrix.STAFF_COLUMNS
        for method in [*METHODS, "delete"]
        for address in admin_addresses()
        if (cell := ask(actors[actor], address, method)) not in _shut(address)
    }

    assert opened == set()


def _shut(address):
    """These lead on to the pages of accounts."""
    return {">", "L", "3"} if address in LEAD_ON else {"L"}


LEAD_ON = {"/admin/login/", "/admin/logout/", "/admin/password_change/"}
LEAD_ON |= {"/admin/password_change/done/"}
