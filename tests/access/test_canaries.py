"""A canary in every text that is not public sings on no page, feed or file, and is found nowhere.

fields.txt says of every text of every table who may read it; a new one without a row fails.
"""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, connection, models, transaction
from django.test import Client

from cja_portal.privacy.traces import texts_of
from library.models import Item, ReviewEvent
from members.actions.payments import keep_lines
from members.bank_statements import read_statement
from members.models import Affiliation, Organisation
from tests.access.actors import make_actors, put_at
from tests.access.rows import empty_tables
from tests.factories import (
    make_affiliation,
    make_application,
    make_approved_domain,
    make_organisation,
    make_user,
)
from tests.logins import sign_in
from tests.memberships import STATEMENT
from tests.privacy.people import make_person
from tests.test_access import UUID, addresses, make_world

pytestmark = pytest.mark.django_db
APPS = ["members", "library", "dictionary", "awards"]
FIELDS = Path(__file__).parent / "fields.txt"
WORD = "zqxcanary"
# Whoever has the link of a shelf may read it: that is what the link is for.
BY_LINK = {"library:shelf-shared", "library:shelf-shared-cite"}
NOT_ASKED = {"account_logout"}
OF_THEIR_OWN = {"members.User", "members.Affiliation"}  # Readers have such rows themselves.
SEARCHES = ["/search/", "/library/", "/dictionary/", "/members/", "/library/feed.atom"]
SEARCHES += ["/api/dictionary/v1/search", "/dictionary/suggestions/", "/awards/roll-of-honour/"]
HIDDEN = {"private", "secret"}
# Without rows here; their own tests look for what they must not tell.
ELSEWHERE = {
    *("awards.AccessLink", "awards.Conflict", "awards.Decision", "awards.Feedback"),
    *("awards.Interest", "awards.Meeting", "awards.PrizeLine", "awards.Receipt", "awards.Release"),
    *("awards.Round", "awards.Screening", "awards.Seal", "awards.Sheet", "awards.SheetExclusion"),
    *("awards.Attachment", "awards.MergeLink", "dictionary.MissSighting", "dictionary.MissingWord"),
    *("awards.Event", "library.LinkCheck", "members.ApprovedDomain", "members.BlockedSender"),
    *("members.Bounce", "members.LetterOff"),
    *("members.FactorReset", "members.Payment"),
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
    canary = f"{WORD}{abs(hash((label, name))) % 10**6}"
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
def world():
    make_world()
    actors = make_actors()
    put_at(UUID)
    make_person()
    _fill()
    other = make_user("other@example.org")
    make_affiliation(other, make_organisation("Example Third"), "owner")
    return actors | {"other": _client_of(other)}


def _fill():
    """What no page of the others stands for."""
    application = make_application("canary@example.net", secret="a secret")
    application.steps.create(state="submitted", words="Hello.", note="Hello.", answers={})
    make_approved_domain(Organisation.objects.get(slug="example-charity"), "example.net")
    keep_lines(read_statement(STATEMENT), by=None)
    ReviewEvent.objects.create(item=Item.objects.first(), what="submit", why="", snapshot={})


def _client_of(user):
    client = Client(raise_request_exception=False)
    sign_in(client, user)
    return client


def heard(client, pages, canaries):
    """Which canaries sing to this reader, and where."""
    found = {}
    for address in pages:
        answer = client.get(address)
        text = b"".join(answer).decode(errors="replace") + str(answer.headers)
        if WORD in text:
            sung = {key for key, canary in canaries.items() if canary in text}
            found[address] = sung or "another"
    return found


def pages():
    skipped = BY_LINK | NOT_ASKED
    return [address for name, address in addresses() if name not in skipped]


@pytest.mark.parametrize("reader", ["anonymous", "outsider", "other"])
def test_nothing_private_sings_to_those_outside(world, reader):
    canaries = plant({"private", "secret"})

    assert heard(world[reader], pages(), canaries) == {}
    unplanted = {key[0] for key, audience in declared().items() if audience in HIDDEN}
    assert unplanted - {label for label, _ in canaries} <= ELSEWHERE
    assert len(canaries) > 80


def test_nothing_secret_sings_to_staff_and_owners(world):
    canaries = plant({"secret"})
    lists = [
        f"/admin/{model._meta.label_lower.replace('.', '/')}/{rest}"
        for model in {apps.get_model(label) for label, _ in canaries}
        for row in model.objects.order_by("pk")[:1]
        for rest in ("", f"{row.pk}/change/")
    ]

    assert heard(world["administrator"], [*pages(), *lists], canaries) == {}
    assert heard(world["owner"], pages(), canaries) == {}


def test_those_who_may_do_hear_them(world):
    """So the tests above could have failed."""
    canaries = plant({"private"})

    of_owner = heard(world["owner"], ["/my/organisations/example-charity/people/"], canaries)
    lists = ["/admin/members/invitation/", "/admin/library/shelf/", "/admin/members/claim/"]
    of_staff = heard(world["administrator"], lists, canaries)

    assert ("members.Invitation", "email") in of_owner.popitem()[1]
    assert len(of_staff) == 2


@pytest.mark.parametrize("address", SEARCHES)
def test_no_search_finds_by_what_is_private(world, address):
    plant({"private", "secret"})
    client = world["anonymous"]

    found, nothing = (_answer(client, address, word) for word in (WORD, "zqxnothing"))

    assert found == nothing


def _answer(client, address, word):
    answer = client.get(address, {"q": word})
    text = b"".join(answer).decode().replace(word, "…")
    return answer.status_code, CHANGING.sub("", text)
