from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.core import mail, signing
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from members.actions import claims
from members.actions.claims import (
    SALT,
    ClaimError,
    claim_organisation,
    grant_claim,
    known_addresses,
    object_to_claim,
    refuse_claim,
    settle_objection,
)
from members.actions.invitations import accept_invitation
from members.actions.people import close_account
from members.models import Claim, Invitation, Organisation, Role, WaitingTimes
from tests.factories import (
    make_affiliation,
    make_approved_domain,
    make_claim,
    make_invitation,
    make_judge,
    make_organisation,
    make_outsider,
    make_owner,
    make_participant,
    make_staff,
    make_user,
)
from tests.members.test_joining import TYPED, secret_for
from tests.races import race, without_index, without_row_locks

pytestmark = pytest.mark.django_db


@pytest.fixture
def orphan():
    """An organisation whose only owner's account is closed, at example.org."""
    organisation = make_organisation()
    close_account(make_owner(organisation), by=None)
    make_approved_domain(organisation)
    return organisation


@pytest.fixture
def letters(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def due_claim(organisation, **fields):
    return make_claim(organisation, claimed_at=timezone.now() - timedelta(days=8), **fields)


def objection_link(claim, email="old@example.org"):
    return f"/claims/{signing.dumps([str(claim.uuid), email], salt=SALT)}/"


# -- Which organisations --------------------------------------------------------------------------


def test_what_counts_as_orphaned():
    owned, closed, never = (make_organisation(f"Example {name}") for name in "ABC")
    silent, answering = make_organisation("Example D"), make_organisation("Example E")
    make_owner(owned)
    close_account(make_owner(closed, email="b@example.org"), by=None)
    long_ago = timezone.now() - timedelta(days=61)
    for organisation, answered_at in [(silent, None), (answering, timezone.now())]:
        place = make_owner(organisation, email=f"{organisation.slug}@example.org").affiliations
        ask = {"round": "2030-03-01", "asked_at": long_ago, "answered_at": answered_at}
        place.get().still_here.create(**ask)

    assert list(Organisation.objects.orphaned()) == [closed, never, silent]
    assert list(Organisation.objects.lost()) == [closed, silent]


def test_an_organisation_with_an_owner_who_answers_cannot_be_claimed(client, orphan):
    secret = secret_for(orphan)
    assert "Make the claim" in client.get(f"/joining/{secret}/").content.decode()
    make_affiliation(make_user(), orphan, Role.OWNER)

    assert "Ask the owners" in client.get(f"/joining/{secret}/").content.decode()
    with pytest.raises(ClaimError, match="Ask to join instead"):
        claim_organisation(orphan, "new@example.org", name="x")


# -- The claim ------------------------------------------------------------------------------------


def test_everybody_known_there_hears_of_a_claim(client, orphan, letters):
    make_participant(orphan, email="here@example.org")
    left = make_affiliation(make_user("left@elsewhere.example"), orphan)
    left.ended_at = timezone.now()
    left.save()
    make_invitation("asked@example.org", **of(orphan))
    orphan.details.create(kind="email", value="Office@example.org", audience="own")
    make_outsider()

    with letters():
        page = client.post(f"/joining/{secret_for(orphan)}/", TYPED)

    told = ["asked@example.org", "here@example.org", "left@elsewhere.example", "office@example.org"]
    assert "7 days to object" in " ".join(page.content.decode().split())
    assert [letter.to for letter in mail.outbox] == [[address] for address in told]
    assert len({letter.body for letter in mail.outbox}) == 4  # to each a link of their own
    assert Claim.objects.get().told == 4
    assert Invitation.objects.count() == 1


def of(organisation):
    return {"purpose": "organisation", "organisation": organisation, "roles": ["editor"]}


def test_the_claimant_is_not_told_of_their_own_claim(orphan):
    make_participant(orphan, email="new@example.org")

    claim = claim_organisation(orphan, "new@example.org", name="x")

    assert known_addresses(orphan) == {"new@example.org"}
    assert claim.told == 0


def test_staff_set_the_waiting_time_of_later_claims(orphan):
    first = claim_organisation(orphan, "new@example.org", name="x")
    refuse_claim(first, by=make_staff())
    WaitingTimes.objects.update_or_create(pk=1, defaults={"claim_days": 21})
    second = claim_organisation(orphan, "new@example.org", name="x")

    waits = [(claim.opens_at - claim.claimed_at).days for claim in (first, second)]
    assert waits == [7, 21]


def test_there_is_one_claim_at_a_time(orphan):
    claim_organisation(orphan, "new@example.org", name="x")

    with pytest.raises(ClaimError, match="already claimed"):
        claim_organisation(orphan, "other@example.org", name="x")


# -- Objecting ------------------------------------------------------------------------------------


def test_reading_the_letters_page_does_not_object_and_the_button_does(client, orphan):
    claim = make_claim(orphan)
    link = objection_link(claim)
    page = client.get(link)
    before = Claim.objects.get().state

    done = client.post(link, {"objection": "I am the owner."})

    claim.refresh_from_db()
    assert "Object to a claim" in page.content.decode()
    assert "The claim is stopped" in done.content.decode()
    assert (before, claim.state, claim.objected_by) == ("waiting", "frozen", "old@example.org")


def test_an_objection_freezes_the_claim_until_staff_settle_it(orphan):
    claim, staff = due_claim(orphan), make_staff()
    object_to_claim(claim, "old@example.org", objection="No.")

    with pytest.raises(ClaimError, match="settle that first"):
        grant_claim(claim, by=staff)
    settle_objection(claim, by=staff)
    grant_claim(claim, by=staff)

    assert Claim.objects.get().state == "granted"


@pytest.mark.parametrize("state", ["granted", "refused"])
def test_a_decided_claim_takes_no_objection(client, orphan, state):
    claim = due_claim(orphan, state=state, decided_at=timezone.now())

    assert client.post(objection_link(claim), {"objection": "No."}).status_code == 410


# -- Deciding -------------------------------------------------------------------------------------


def test_a_granted_claim_invites_the_owner_and_nobody_is_locked_out_any_more(orphan, letters):
    claim = due_claim(orphan)
    with letters():
        grant_claim(claim, by=make_staff())
    user = make_user("new@example.org")
    accept_invitation(Invitation.objects.get(), by=user)

    assert mail.outbox[0].to == ["new@example.org"]
    assert list(Organisation.objects.orphaned()) == []


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda orphan: make_claim(orphan), "may object until"),
        (lambda orphan: due_claim(orphan, email="new@other.example"), "approved domain"),
        (
            lambda orphan: due_claim(orphan, state="refused", decided_at=timezone.now()),
            "has been decided",
        ),
    ],
)
def test_what_cannot_be_granted(orphan, make, sentence):
    claim = make(orphan)

    with pytest.raises(ClaimError, match=sentence):
        grant_claim(claim, by=make_staff())

    assert Invitation.objects.count() == 0


def test_an_owner_who_came_back_ends_the_matter(orphan):
    claim = due_claim(orphan)
    make_affiliation(make_user(), orphan, Role.OWNER)

    with pytest.raises(ClaimError, match="owner again"):
        grant_claim(claim, by=make_staff())


@pytest.mark.parametrize("act", [grant_claim, refuse_claim, settle_objection])
@pytest.mark.parametrize("who", ["participant", "judge", "outsider", "claimant"])
def test_only_staff_decide(orphan, act, who):
    people = {
        "participant": lambda: make_participant(orphan),
        "judge": make_judge,
        "outsider": make_outsider,
        "claimant": lambda: make_user("new@example.org"),
    }

    with pytest.raises(ClaimError, match="Only CJA staff"):
        act(due_claim(orphan), by=people[who]())


def test_a_refused_claimant_hears_of_it(orphan, letters):
    with letters():
        refuse_claim(make_claim(orphan), by=make_staff())

    assert mail.outbox[0].to == ["new@example.org"]
    assert Invitation.objects.count() == 0


# -- At once --------------------------------------------------------------------------------------


def object_now(claim):
    object_to_claim(Claim.objects.get(pk=claim.pk), "old@example.org", objection="No.")


@pytest.mark.django_db(transaction=True)
def test_an_objection_just_before_the_grant_stops_it(orphan):
    claim, staff = due_claim(orphan), make_staff()

    first, second = race(
        lambda: object_now(claim), lambda: grant_claim(Claim.objects.get(pk=claim.pk), by=staff)
    )

    assert first is None
    assert isinstance(second, ClaimError)
    assert (Claim.objects.get().state, Invitation.objects.count()) == ("frozen", 0)


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_database_still_stops_the_grant(orphan, monkeypatch):
    claim, staff = due_claim(orphan), make_staff()
    monkeypatch.setattr(claims, "_lock", lambda claim: None)
    row = Claim.objects.get(pk=claim.pk)

    _, second = race(lambda: object_now(claim), lambda: grant_claim(row, by=staff))

    assert isinstance(second, IntegrityError)
    assert "claim_stops_at_an_objection" in str(second)
    assert Claim.objects.get().state == "frozen"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("guards", "count"), [("all", 1), ("law", 1), ("none", 2)])
def test_of_two_claims_at_once_one_is_made(orphan, monkeypatch, guards, count):
    """The lock says it in a sentence; without it the law of one claim holds; without both, two."""
    if guards != "all":
        without_row_locks(monkeypatch)
    with without_index("claim_one_undecided") if guards == "none" else nullcontext():
        _, second = race(
            lambda: claim_organisation(orphan, "new@example.org", name="x"),
            lambda: claim_organisation(orphan, "other@example.org", name="x"),
        )
        found = Claim.objects.count()
        Claim.objects.all().delete()

    assert found == count
    assert type(second) is {"all": ClaimError, "law": IntegrityError, "none": Claim}[guards]


# -- What is always true --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "law"),
    [
        ({"state": "granted", "decided_at": timezone.now()}, "claim_waits_its_time"),
        ({"state": "granted"}, "claim_waits_its_time"),
        ({"objected_at": timezone.now()}, "claim_stops_at_an_objection"),
        ({"opens_at": timezone.now() - timedelta(days=1)}, "claim_leaves_time_to_object"),
    ],
)
def test_the_database_holds_the_laws_of_claims(orphan, fields, law):
    claim = make_claim(orphan)
    for name, value in fields.items():
        setattr(claim, name, value)

    with pytest.raises(ValidationError):
        claim.validate_constraints()
    with pytest.raises(IntegrityError, match=law), transaction.atomic():
        claim.save()


def test_there_is_one_row_of_waiting_times():
    with pytest.raises(IntegrityError, match="one_row"), transaction.atomic():
        WaitingTimes.objects.create(pk=2)
    with pytest.raises(IntegrityError, match="in_reason"), transaction.atomic():
        WaitingTimes.objects.update_or_create(pk=1, defaults={"claim_days": 0})
