"""Two worlds that differ only in a secret answer every outsider alike until it is released.

The addresses come from the list of all addresses: a new one is asked by itself. Where a page could
tell, it is shown that it would be found: see the planted one.
"""

import re

import pytest
from django.core import mail
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import include, path, reverse

from awards import roll
from awards.actions.decisions import decide, withhold
from awards.actions.releases import release_category
from awards.models import Collaborator, Decision, Mark, Nomination, PublishedAward, Sheet
from awards.permissions import HELD
from cja_portal import urls as portal_urls
from members.models.invitation import digest_of
from tests.awards.results import (
    OUTCOMES,
    decide_all,
    make_locked_category,
    make_people,
    seal_and_confirm,
)
from tests.factories import make_organisation, make_published_cycle, make_user
from tests.races import past_all_guards
from tests.test_access import UUID, addresses

pytestmark = pytest.mark.django_db
DESK = "a-desk-for-tests"
# What the first reader of all has made, for whoever comes later; it knows nothing of the awards.
MADE_ONCE = ["/api/dictionary/v1/entries", "/dictionary/booklet.pdf", "/dictionary/embed/"]
OTHERS = {"winner": "runner-up", "runner-up": "winner", "shortlisted": "shortlisted"}
MORE = [
    *("/awards/2031/", "/awards/verify/2031/", "/awards/verify/2031/example-category.json"),
    *("/awards/roll-of-honour/?year=2031", "/search/?q=example+bridge", "/search/?q=E01"),
    *(
        "/awards/roll-of-honour/?q=example",
        "/library/?q=example+garden",
        "/members/example-bridge/",
    ),
    f"/awards/nominee/{DESK}/",
]
# What varies from one request to the next whatever the world: tokens, and numbers of forms.
NOISE = re.compile(
    rb"(?<=csrfmiddlewaretoken\" value=\")\w+|(?<=csrfToken\": \")\w+|nonce-[\w+/=-]+"
    rb"|[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"
    rb"|(?<=name=\"shown\" value=\")[\w:-]+|\d\d:\d\d(:\d\d(\.\d+)?)?"
)
UNSAID = {"Set-Cookie", "Date", "X-Request-Id", "Server-Timing"}


@pytest.fixture
def people():
    return make_people()


@pytest.fixture
def category():
    """The year that is judged; one of those nominated is also a member with a page."""
    category = make_locked_category()
    make_published_cycle(2031, "Example Category", is_demonstration=True)
    organisation = make_organisation("Example Bridge")
    category.nominations.filter(nominee_name="Example Bridge").update(organisation=organisation)
    category.nominations.filter(nominee_name="Example Garden").update(uuid=UUID)
    consent = category.nominations.get(uuid=UUID).consent
    consent.links.create(secret_digest=digest_of(DESK), expires_at="2999-01-01T00:00Z")
    return category


# -- Secrets ---------------------------------------------------------------------------------------


def as_it_is(category):
    """The world that the others are compared with."""


def another_wins(category):
    for decision in category.decisions.all():
        decide(
            decision.nomination, "none", by=decision.by, reason="To make room for the other one."
        )
    for name, outcome in OUTCOMES.items():
        nomination = category.nominations.get(nominee_name=name)
        decide(nomination, OTHERS[outcome], by=nomination.decision.by, reason="It was better.")


def nobody_wins(category):
    winner = category.decisions.get(outcome="winner")
    decide(winner.nomination, "none", by=winner.by, reason="It was not good enough.")
    withhold(category, because="None was good enough.", by=winner.by)


def a_judge_said_something_else(category):
    """In a mark, and in words."""
    with past_all_guards():
        Mark.objects.filter(pk=Mark.objects.first().pk).update(value=1)
        Sheet.objects.update(note="The bridge is the best.", improvement="Build more.")


def another_judge(category):
    user = make_user(email="secret.judge@judges.example.org", name="Judge 99, Example Charity")
    category.cycle.judges.filter(pk=category.cycle.judges.first().pk).update(user=user)


def another_nominated(category):
    writers = Collaborator.objects.filter(nomination__nominee_name="Example Bridge")
    writers.update(name="Somebody Else", email="secret.nominator@example.org")


def another_missed_the_shortlist(category):
    line = category.nominations.get(nominee_name="Example Line")
    line.state = "not-shortlisted"
    line.save(update_fields=["state"])


def others_judged_and_another_missed_the_shortlist(category):
    another_judge(category)
    another_nominated(category)
    another_missed_the_shortlist(category)


SECRETS = [
    another_wins,
    nobody_wins,
    a_judge_said_something_else,
    others_judged_and_another_missed_the_shortlist,
]


# -- Outsiders -------------------------------------------------------------------------------------


def anybody(category):
    return Client()


def nominator(category):
    """Of the one that does not win, by the link in their letter."""
    client = Client()
    session = client.session
    session[HELD] = [str(Nomination.objects.get(uuid=UUID).collaborators.get().uuid)]
    session.save()
    return client


def member(category):
    client = Client()
    client.force_login(make_user(email="member@example.org"))
    return client


OUTSIDERS = {
    anybody: lambda: [address for _, address in addresses()] + MORE,
    nominator: lambda: [
        reverse("awards:nomination-detail", args=[UUID]),
        reverse("awards:nomination-receipt", args=[UUID]),
        reverse("awards:nomination-withdraw", args=[UUID]),
        reverse("awards:nomination-list"),
        "/awards/2031/",
    ],
    member: lambda: ["/my/", "/", "/awards/", "/awards/nominations/", "/awards/judging/", *MORE],
}


def told(category, people, secret, *, is_sealed=True):
    """{(who, address): all that they are told}, the letters to them and the roll on paper."""
    mail.outbox.clear()
    with transaction.atomic():
        decide_all(category, by=people[0])
        secret(category)
        if is_sealed:
            seal_and_confirm(category, people)
        answers = {
            (outsider.__name__, address): answer(client, address)
            for outsider, places in OUTSIDERS.items()
            for client in [outsider(category)]
            for address in places()
        }
        paper = roll.content()
        transaction.set_rollback(True)
    insiders = {"trustee@example.org"}
    letters = [
        (letter.to, letter.subject, letter.body)
        for letter in mail.outbox
        if not set(letter.to) <= insiders and "@judges." not in letter.to[0]
    ]
    return answers | {"letters": letters, "paper": paper}


def answer(client, address):
    """With the number of statements, which stands for the time that an answer takes."""
    with CaptureQueriesContext(connection) as statements:
        response = client.get(address)
    body = b"".join(response)
    headers = {name: value for name, value in response.items() if name not in UNSAID}
    headers = {name: NOISE.sub(b"", value.encode()) for name, value in headers.items()}
    headers.pop("Content-Length", None)
    return response.status_code, len(statements), sorted(headers.items()), NOISE.sub(b"", body)


def differences(one, other):
    return sorted(str(key) for key in one.keys() | other.keys() if one.get(key) != other.get(key))


# -- What is shown ---------------------------------------------------------------------------------


def test_no_outsider_can_tell_two_worlds_apart(category, people):
    for address in MADE_ONCE:
        Client().get(address)
    world = told(category, people, as_it_is)

    found = {
        secret.__name__: differences(world, told(category, people, secret)) for secret in SECRETS
    }

    assert found == {secret.__name__: [] for secret in SECRETS}
    assert len(world) > 150


def one_s_own_missed_the_shortlist(category):
    nomination = Nomination.objects.get(uuid=UUID)
    nomination.state = "not-shortlisted"
    nomination.save(update_fields=["state"])


@pytest.mark.parametrize("secret", [another_wins, one_s_own_missed_the_shortlist])
def test_nor_can_who_nominated_before_it_is_sealed(category, people, monkeypatch, secret):
    monkeypatch.setitem(OUTSIDERS, anybody, lambda: MORE)

    worlds = [told(category, people, one, is_sealed=False) for one in (as_it_is, secret)]

    assert differences(*worlds) == []


def test_once_it_is_released_they_can(category, people):
    decide_all(category, by=people[0])
    seal_and_confirm(category, people)
    before = answer(Client(), "/awards/2031/")

    release_category(category, by=people[0])

    after = answer(Client(), "/awards/2031/")
    assert before != after
    assert PublishedAward.objects.public().first().recipient.encode() in after[-1]


def leaky_page(request):
    return HttpResponse(f"{Decision.objects.filter(outcome='winner').get().nomination}")


leaky_page.login_required = False


class LeakyUrls:
    """The portal's addresses and one more, which tells who won."""

    urlpatterns = [*portal_urls.urlpatterns, path("", include([path("leak/", leaky_page)]))]


def test_a_page_that_told_would_be_found(category, people, monkeypatch):
    monkeypatch.setitem(OUTSIDERS, anybody, lambda: ["/leak/", "/awards/2031/"])

    with override_settings(ROOT_URLCONF=LeakyUrls):
        worlds = [told(category, people, secret) for secret in (as_it_is, another_wins)]

    assert differences(*worlds) == ["('anybody', '/leak/')"]
