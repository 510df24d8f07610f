"""A canary in every text that is not public sings on no page, feed or file, in no letter, and is
found by no search.

fields.txt says of every text of every table who may read it; a new one without a row fails.
"""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction
from django.test import Client

from cja_portal.privacy.traces import texts_of
from members.models import Affiliation
from tests.access import matrix
from tests.access.rows import empty_tables, row_of
from tests.access.test_matrix import asked, uuids
from tests.factories import (
    make_affiliation,
    make_organisation,
    make_user,
)
from tests.logins import sign_in
from tests.test_access import UUID, addresses

pytestmark = pytest.mark.django_db
APPS = ["members", "library", "dictionary", "awards"]
HERE = Path(__file__).parent
FIELDS = HERE / "fields.txt"
WORD = "zqxcan"  # With three digits it fits into the shortest text.
# Whoever has the link of a shelf may read it: that is what the link is for.
BY_LINK = {"library:shelf-shared", "library:shelf-shared-cite"}
NOT_ASKED = {"account_logout"}
OF_THEIR_OWN = {"members.User", "members.Affiliation"}  # Readers have such rows themselves.
SEARCHES = ["/search/", "/library/", "/dictionary/", "/members/", "/library/feed.atom"]
SEARCHES += ["/api/dictionary/v1/search", "/dictionary/suggestions/", "/awards/roll-of-honour/"]
HIDDEN = {"private", "secret"}
# Who stands near enough to hear something: who nominates, who judges, a colleague, and staff.
NEARBY = ["outsider", "judge", "participant", "content staff", "membership staff", "finance staff"]
ASKED_BY_STRANGERS = ["/accounts/password/reset/", "/accounts/login/code/", "/lost-second-step/"]
# Their laws let no such word in.
NO_CANARY = {
    *(("awards.Answer", "redacted_text"), ("dictionary.MissingWord", "text")),
    *(("library.CopyRequest", "answer"), ("members.Application", "reference")),
    ("members.ApprovedDomain", "domain"),
}
CHANGING = re.compile(r'csrfmiddlewaretoken" value="[^"]+"|\d\d:\d\d:\d\d[^<]*')


def declared():
    """{(model, field): audience}."""
    found, audience = {}, ""
    for line in FIELDS.read_text().splitlines():
        words = line.partition("#")[0].split()
        if words[:1] == ["="]:
            audience = words[1]
        elif words:
            found |= {(words[0], name): audience for name in words[1:]}
    return found


def held():
    """Every text that somebody could have written, and every key."""
    return {
        (model._meta.label, field.name)
        for model in apps.get_models()
        if model._meta.app_label in APPS
        for field in texts_of(model)
        if not (field.choices or _holds_numbers(field))
    }


def _holds_numbers(field):
    is_list = isinstance(field, ArrayField)
    return is_list and not isinstance(field.base_field, models.CharField | models.TextField)


def test_every_text_says_who_may_read_it():
    assert held() == declared().keys()


def test_every_table_has_a_row(actors):
    """What its laws ask for stands in rows.py."""
    assert empty_tables() == []


# -- Planting -------------------------------------------------------------------------------------


def plant(audiences):
    """A canary in each field of these audiences, past all triggers; gives those that took one."""
    wanted = [key for key, audience in declared().items() if audience in audiences]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        return {key: canary for key in wanted if (canary := _plant(cursor, *key))}


def _plant(cursor, label, name):
    model = apps.get_model(label)
    field = model._meta.get_field(name)
    canary = f"{WORD}{sorted(declared()).index((label, name)):03}"
    table = model._meta.db_table
    where = _whose(label, field)
    cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    try:
        with transaction.atomic():
            cursor.execute(f"UPDATE {table} SET {field.column} = {_said(field, canary)} {where}")
            is_planted = cursor.rowcount > 0
    except IntegrityError:
        is_planted = False
    cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    return canary if is_planted else ""


def _whose(label, field):
    if label not in OF_THEIR_OWN:
        is_address = isinstance(field, models.EmailField)
        return f"WHERE {field.column} <> ''" if is_address else ""
    person = Affiliation.objects.get(organisation__slug="example-nest", roles=["editor"]).user_id
    return f"WHERE {'id' if label == 'members.User' else 'user_id'} = {person}"


def _said(field, canary):
    if isinstance(field, models.JSONField):
        return f"""'{{"said": "{canary}"}}'"""
    if isinstance(field, models.EmailField):
        return f"'{canary}.' || id || '@example.org'"
    if isinstance(field, ArrayField):
        return f"ARRAY['{canary}']"
    length = field.max_length or 100
    return f"left('{canary}' || ' ' || id, {length})"


# -- Looking --------------------------------------------------------------------------------------


@pytest.fixture
def world(actors, silent):
    """And somebody who owns another organisation."""
    other = make_user("other@example.org")
    make_affiliation(other, make_organisation("Example Third"), "owner")
    client = Client(raise_request_exception=False)
    sign_in(client, other)
    return actors | {"other": client}


def heard(client, pages, canaries):
    """Which canaries sing to this reader, and where."""
    found = {}
    for name, address in pages.items():
        answer = client.get(address)
        text = b"".join(answer).decode(errors="replace") + str(answer.headers)
        if WORD in text:
            found[name] = sung_in(text, canaries) or {("another", "")}
    return found


def sung_in(text, canaries):
    return {key for key, canary in canaries.items() if canary in text}


def pages():
    skipped = BY_LINK | NOT_ASKED
    return {name: address for name, address in addresses() if name not in skipped}


@pytest.mark.parametrize("reader", ["anonymous", "other"])
def test_nothing_private_sings_to_those_outside(world, reader):
    canaries = plant(HIDDEN)

    assert heard(world[reader], pages(), canaries) == {}
    hidden = {key for key, audience in declared().items() if audience in HIDDEN}
    assert hidden - canaries.keys() <= NO_CANARY


@pytest.mark.parametrize("reader", NEARBY)
def test_others_hear_their_own_and_no_more(world, reader):
    """heard.txt says what is heard on which page: of staff, what is of tables closed to them."""
    canaries = plant(HIDDEN)
    closed = _closed_to(reader)

    sung = heard(world[reader], _pages_of(reader), canaries)

    found = {
        page: words
        for page, keys in sung.items()
        if (words := {f"{label}.{name}" for label, name in keys if label in closed})
    }
    assert found == declared_heard()[reader]


def _closed_to(reader):
    """The tables that these staff may not see; to all others none is shown in the admin."""
    seen = _seen_by(reader)
    return {label for label, _ in declared() if label.lower() not in seen} | {"another"}


def _seen_by(reader):
    """The tables whose pages in the admin open to this reader."""
    rights = matrix.read_rights()
    return [label for label, kinds in rights.items() if kinds.get(reader, "-") != "-"]


def _pages_of(reader):
    """{name: address} of all pages, where what has a number is the reader's own."""
    numbers = uuids()
    own = {
        name: address.replace(UUID, numbers.get(name, UUID))
        for name, address in asked()
        if name not in BY_LINK
    }
    return own | _admin_pages(_seen_by(reader))


def _admin_pages(labels):
    """The lists of these tables in the admin, and the first row of each."""
    return {
        f"admin:{label}{what}": f"/admin/{label.replace('.', '/')}/{rest}"
        for label in labels
        if (pk := row_of(label))
        for what, rest in ((" list", ""), (" row", f"{pk}/change/"))
    }


def declared_heard():
    """{reader: {page: fields}}."""
    found = {}
    for line in (HERE / "heard.txt").read_text().splitlines():
        said = line.partition("#")[0].strip()
        if said.startswith("="):
            pages = found.setdefault(said[1:].strip(), {})
        elif said:
            page, _, fields = said.partition(": ")
            pages[page] = set(fields.split())
    return found


def test_nothing_secret_sings_to_staff_and_owners(world):
    canaries = plant({"secret"})

    in_admin = _admin_pages(_seen_by("administrator"))
    assert heard(world["administrator"], pages() | in_admin, canaries) == {}
    assert heard(world["owner"], pages(), canaries) == {}


def test_those_who_may_do_hear_them(world):
    """So the tests above could have failed."""
    canaries = plant({"private"})
    people = {"people": "/my/organisations/example-charity/people/"}
    lists = {
        name: f"/admin/{name}/" for name in ("members/invitation", "library/shelf", "members/claim")
    }

    of_owner = heard(world["owner"], people, canaries)
    of_staff = heard(world["administrator"], lists, canaries)

    assert ("members.Invitation", "email") in of_owner["people"]
    assert len(of_staff) == 2


def test_no_search_finds_by_what_is_private(world):
    plant(HIDDEN)

    found = [
        (address, reader)
        for address in SEARCHES
        for reader in ("anonymous", "other")
        if len({_answer(world[reader], address, word) for word in (WORD, "zqxnothing")}) > 1
    ]

    assert found == []


def _answer(client, address, word):
    answer = client.get(address, {"q": word})
    text = b"".join(answer).decode().replace(word, "…")
    return answer.status_code, CHANGING.sub("", text)


# -- Letters --------------------------------------------------------------------------------------


def test_letters_tell_their_readers_what_is_theirs_and_no_more(
    world, mailoutbox, django_capture_on_commit_callbacks
):
    """All jobs that write run, and strangers ask for whatever is answered by letter."""
    canaries = plant(HIDDEN)
    with django_capture_on_commit_callbacks(execute=True):
        for job in ("hour", "day"):
            call_command("run_jobs", job, stdout=StringIO(), stderr=StringIO())
        for address in ASKED_BY_STRANGERS:
            world["anonymous"].post(address, {"email": "owner@example.org"})

    sung = {key for letter in mailoutbox for key in sung_in(_all_of(letter), canaries)}

    assert sung == set()
    assert len(mailoutbox) > 10


def _all_of(letter):
    """But for the address that it goes to."""
    text = letter.message().as_string() + letter.subject + letter.body
    return text if len(letter.to) > 1 else text.replace(letter.to[0], "")
