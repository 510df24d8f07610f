"""The world that the matrix and the canaries look at: everybody, and a row in every table."""

from django.db import connection

from awards.models import Collaborator, Cycle, Judge
from library.models import SavedSearch, Shelf
from members.actions.payments import keep_lines
from members.bank_statements import read_statement
from members.models import LetterOff
from tests.access.actors import make_actors, put_at
from tests.access.rows import fill_empty_tables
from tests.awards.judging import judge_on_site
from tests.awards.results import make_released_category
from tests.factories import make_application
from tests.memberships import STATEMENT
from tests.privacy.people import make_person
from tests.test_access import UUID, make_world

PAST = 2029


def make_everything():
    """A client for each actor."""
    make_released_category(year=PAST, prizes=[(1, 5_000)])  # first, for only one year can run
    make_world()
    actors = make_actors()
    put_at(UUID)
    _give_outsider(actors["outsider"].user)
    make_person()
    _seat_judge(actors["judge"].user)
    application = make_application("canary@example.net", secret="a secret")
    application.steps.create(state="submitted", words="Hello.", note="Hello.", answers={})
    keep_lines(read_statement(STATEMENT), by=None)
    LetterOff.objects.create(email="no.account@example.org", topic="drafts")
    fill_empty_tables()
    _settle()
    return actors


def _settle():
    """What Postgres does at the end of a transaction, which does not come here."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _give_outsider(user):
    """What people have without an organisation: a nomination, a shelf and a search."""
    Collaborator.objects.filter(nomination__uuid=UUID).update(user=user)
    Shelf.objects.filter(secret="a-secret").update(uuid=UUID, owner=user)
    SavedSearch.objects.filter(uuid=UUID).update(owner=user, email="")


def _seat_judge(user):
    """With an open round to read and a locked one to talk about, at the addresses of examples."""
    judge_on_site(Cycle.objects.get(year=2031), user)
    Judge.objects.filter(user=user).update(uuid=UUID)
