from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail, signing
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.actions.invitations import InvitationError
from members.actions.join_requests import (
    SALT,
    JoinRequestError,
    accept_join_request,
    decline_join_request,
    request_to_join,
)
from members.models import AuditEvent, DoNotInvite, Invitation, JoinRequest, Role
from members.models.joining import family_of, working_days_before
from tests.factories import (
    make_affiliation,
    make_approved_domain,
    make_join_request,
    make_judge,
    make_organisation,
    make_outsider,
    make_owner,
    make_participant,
    make_staff,
    make_user,
)
from tests.logins import sign_in
from tests.races import race, without_row_locks

pytestmark = pytest.mark.django_db
TYPED = {"name": "New person", "message": "I run the office."}


@pytest.fixture
def organisation():
    """With an owner, so that people ask to join and do not claim; at example.org."""
    organisation = make_organisation()
    make_owner(organisation, email="owner@elsewhere.example")
    make_approved_domain(organisation)
    return organisation


@pytest.fixture
def letters(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def link_in(letter):
    return next(word for word in letter.body.split() if "/joining/" in word).partition("8000")[2]


def secret_for(organisation, email="new@example.org"):
    return signing.dumps([organisation.pk, email], salt=SALT)


def ask_for_link(client, organisation, email):
    return client.post(f"/members/{organisation.slug}/ask/", {"email": email})


# -- The link -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("email", "goes_out"),
    [
        ("New@Example.org", True),
        ("new@sub.example.org", False),
        ("new@notexample.org", False),
        ("new@example.org.evil.example", False),
        ("new@elsewhere.example", False),
    ],
)
def test_a_link_goes_to_addresses_at_an_approved_domain_only(client, organisation, email, goes_out):
    ask_for_link(client, organisation, email)

    assert [letter.to for letter in mail.outbox] == ([["new@example.org"]] if goes_out else [])


def test_every_address_is_answered_alike(client, organisation):
    other = make_organisation("Example Service")
    answers = [
        ask_for_link(client, organisation, "new@example.org"),
        ask_for_link(client, organisation, "new@example.com"),
        ask_for_link(client, organisation, "owner@elsewhere.example"),
        ask_for_link(client, other, "new@example.org"),
    ]
    emails = ["new@example.org", "new@example.com", "owner@elsewhere.example", "new@example.org"]

    pages = {
        answer.content.decode().replace(email, "").replace("Example Service", "Example Charity")
        for answer, email in zip(answers, emails, strict=True)
    }
    assert {answer.status_code for answer in answers} == {200}
    assert len({page.replace("example-service", "example-charity") for page in pages}) == 1
    assert len(mail.outbox) == 1


def test_the_same_work_is_done_for_every_address(organisation):
    counts = []
    for number, email in enumerate(["new@example.org", "new@example.com"]):
        visitor = Client(REMOTE_ADDR=f"192.0.2.{number}")
        with CaptureQueriesContext(connection) as asked:
            ask_for_link(visitor, organisation, email)
        counts.append(len(asked))

    assert counts[0] == counts[1] > 0


def test_a_hidden_organisation_has_no_page_for_strangers(client):
    hidden = make_organisation("Example Hidden", is_listed=False)

    assert client.get(f"/members/{hidden.slug}/ask/").status_code == 404
    assert ask_for_link(client, hidden, "new@example.org").status_code == 404


def test_one_address_gets_one_letter_in_five_minutes(client, organisation):
    for _ in range(3):
        ask_for_link(client, organisation, "new@example.org")

    assert len(mail.outbox) == 1


def test_one_visitor_asks_ten_times_an_hour(client, organisation):
    pages = [ask_for_link(client, organisation, f"p{n}@example.org") for n in range(11)]

    assert "too often" in pages[-1].content.decode()
    assert len(mail.outbox) == 10


def test_following_the_link_changes_nothing(client, organisation):
    ask_for_link(client, organisation, "new@example.org")

    page = client.get(link_in(mail.outbox[0]))

    assert "Ask the owners" in page.content.decode()
    assert page["Referrer-Policy"] == "same-origin"
    assert JoinRequest.objects.count() == 0


def test_the_button_asks_the_owners(client, organisation, letters):
    ask_for_link(client, organisation, "new@example.org")
    link = link_in(mail.outbox[0])
    with letters():
        page = client.post(link, TYPED)

    asked = JoinRequest.objects.get()
    assert "Your request is on its way" in page.content.decode()
    assert (asked.email, asked.name, asked.outcome) == ("new@example.org", "New person", "waiting")
    assert mail.outbox[1].to == ["owner@elsewhere.example"]
    assert Invitation.objects.count() == 0


@pytest.mark.parametrize("secret", ["wrong", "WyJhIiwiYiJd:1abc:sig"])
def test_a_made_up_link_opens_nothing(client, secret):
    assert client.get(f"/joining/{secret}/").status_code == 410


def test_a_link_of_yesterday_opens_nothing(client, organisation, monkeypatch):
    long_ago = timezone.now().timestamp() - 24 * 60 * 60 - 1
    with monkeypatch.context() as context:
        context.setattr("time.time", lambda: long_ago)
        secret = secret_for(organisation)

    assert client.post(f"/joining/{secret}/", TYPED).status_code == 410
    assert client.post(f"/joining/{secret_for(organisation)}/", TYPED).status_code == 200


def test_a_domain_that_is_no_longer_approved_ends_its_links(client, organisation):
    organisation.approved_domains.all().delete()

    assert client.get(f"/joining/{secret_for(organisation)}/").status_code == 410


def test_somebody_asks_once(client, organisation):
    client.post(f"/joining/{secret_for(organisation)}/", TYPED)

    page = client.post(f"/joining/{secret_for(organisation)}/", TYPED)

    assert "You have asked already" in page.content.decode()
    assert JoinRequest.objects.count() == 1


def test_somebody_who_belongs_has_nothing_to_ask(organisation):
    participant = make_participant(organisation)

    with pytest.raises(JoinRequestError, match="belong"):
        request_to_join(organisation, participant.email, name="x")


def test_whoever_asks_takes_back_a_wish_not_to_be_invited(organisation):
    DoNotInvite.objects.create(email="new@example.org", organisation=organisation)

    accept_join_request(
        request_to_join(organisation, "new@example.org", name="x"), by=person("owner", organisation)
    )

    assert Invitation.objects.count() == 1


# -- The answer -----------------------------------------------------------------------------------


def person(name, organisation):
    makers = {
        "owner": lambda: organisation.affiliations.owning().get().user,
        "participant": lambda: make_participant(organisation),
        "editor": lambda: make_affiliation(make_user(), organisation, Role.EDITOR).user,
        "staff": make_staff,
        "judge": make_judge,
        "outsider": make_outsider,
        "other owner": lambda: make_owner(make_organisation("Example Service")),
    }
    return makers[name]()


@pytest.mark.parametrize(
    ("name", "at_once", "later"),
    [
        ("owner", True, True),
        ("staff", False, True),
        ("editor", False, False),
        ("participant", False, False),
        ("judge", False, False),
        ("outsider", False, False),
        ("other owner", False, False),
    ],
)
def test_who_decides_and_when(organisation, name, at_once, later):
    by, done = person(name, organisation), []
    for number, age in enumerate([timedelta(0), timedelta(days=8)]):
        asked_at = timezone.now() - age
        asked = make_join_request(organisation, f"n{number}@example.org", asked_at=asked_at)
        try:
            accept_join_request(asked, by=by)
            done.append(True)
        except JoinRequestError:
            done.append(False)

    assert done == [at_once, later]
    assert Invitation.objects.count() == sum(done)


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("owner", 302),
        ("participant", 403),
        ("editor", 403),
        ("staff", 404),
        ("judge", 404),
        ("outsider", 404),
        ("other owner", 404),
    ],
)
def test_who_reaches_the_address(client, organisation, name, status):
    asked = make_join_request(organisation)
    sign_in(client, person(name, organisation))
    address = f"/my/organisations/{organisation.slug}/requests/{asked.uuid}/"

    assert client.get(address).status_code == (405 if status == 302 else status)
    assert client.post(address, {"do": "accept"}).status_code == status
    assert Invitation.objects.exists() is (status == 302)


def test_an_owner_reads_and_accepts_a_request(client, organisation, letters):
    asked = make_join_request(organisation, message="<b>I run the office.</b>")
    client.force_login(person("owner", organisation))
    page = client.get(f"/my/organisations/{organisation.slug}/people/").content.decode()

    with letters():
        client.post(
            f"/my/organisations/{organisation.slug}/requests/{asked.uuid}/", {"do": "accept"}
        )

    invitation = Invitation.objects.get()
    assert "&lt;b&gt;I run the office." in page
    assert (invitation.email, invitation.roles) == ("new@example.org", ["participant"])
    assert mail.outbox[0].to == ["new@example.org"]
    assert JoinRequest.objects.get().outcome == "accepted"
    assert organisation.affiliations.count() == 1


def test_a_declined_person_hears_of_it_and_may_ask_again(organisation, letters):
    asked = make_join_request(organisation)
    with letters():
        decline_join_request(asked, by=person("owner", organisation))

    assert mail.outbox[0].to == ["new@example.org"]
    assert Invitation.objects.count() == 0
    request_to_join(organisation, "new@example.org", name="x")


def test_an_invitation_that_cannot_go_out_leaves_the_request_waiting(organisation):
    make_affiliation(make_user("new@example.org"), organisation)
    asked = make_join_request(organisation)

    with pytest.raises(InvitationError):
        accept_join_request(asked, by=person("owner", organisation))

    assert JoinRequest.objects.get().outcome == "waiting"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_guarded", [True, False])
def test_two_owners_who_answer_at_once_answer_once(organisation, monkeypatch, is_guarded):
    first = person("owner", organisation)
    second = make_affiliation(make_user(), organisation, Role.OWNER).user
    asked = make_join_request(organisation)
    if not is_guarded:
        without_row_locks(monkeypatch)

    outcomes = race(
        lambda: accept_join_request(JoinRequest.objects.get(pk=asked.pk), by=first),
        lambda: decline_join_request(JoinRequest.objects.get(pk=asked.pk), by=second),
    )

    assert outcomes[0] is None
    assert isinstance(outcomes[1], JoinRequestError) == is_guarded
    decided = AuditEvent.objects.filter(verb="members.decide_join_request")
    assert decided.count() == 1 + (not is_guarded)


def test_the_database_holds_the_laws_of_requests(organisation):
    asked = make_join_request(organisation)
    second = JoinRequest(organisation=organisation, email="NEW@example.org", name="x")

    with pytest.raises(ValidationError, match="asked already"):
        second.full_clean()
    with pytest.raises(IntegrityError, match="one_waiting"), transaction.atomic():
        second.save()
    asked.outcome = "accepted"
    with pytest.raises(IntegrityError, match="decided_once"), transaction.atomic():
        asked.save()


# -- Days -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "before"),
    [("2030-01-11", "2030-01-04"), ("2030-01-14", "2030-01-07"), ("2030-01-13", "2030-01-07")],
)
def test_five_working_days_jump_over_the_weekend(day, before):
    moment = datetime.fromisoformat(day).replace(tzinfo=UTC)

    assert working_days_before(moment, 5).date().isoformat() == before


def test_a_domain_stands_under_its_family():
    assert family_of("a.b.org") == ["a.b.org", "b.org", "org"]
