"""An organisation that has an owner keeps one, whatever happens at once."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib import import_module
from threading import Barrier

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from members.actions import affiliations
from members.actions.affiliations import AffiliationError, ask_to_leave, end_affiliation
from members.models import Affiliation, ApprovedDomain, Organisation, Role, SharedDomain, User
from tests.factories import (
    make_affiliation,
    make_organisation,
    make_owner,
    make_participant,
    make_shared_domain,
    make_user,
)
from tests.races import race

pytestmark = pytest.mark.django_db
PAIRS = 100


# -- The law --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields", [{"ended_at": timezone.now()}, {"roles": ["editor"]}, {"organisation": "other"}]
)
def test_the_database_refuses_to_take_the_last_owner(fields):
    if "organisation" in fields:
        fields = {"organisation": make_organisation("Example Service")}
    owner = make_owner(make_organisation())

    with pytest.raises(IntegrityError, match="keeps at least one owner"), transaction.atomic():
        at_the_end(owner.affiliations.update(**fields))


def test_the_database_refuses_to_delete_the_last_owner():
    owner = make_owner(make_organisation())

    with pytest.raises(IntegrityError, match="keeps at least one owner"), transaction.atomic():
        at_the_end(User.objects.get(pk=owner.pk).delete())

    assert User.objects.filter(pk=owner.pk).exists()


def test_an_owner_whose_account_is_closed_keeps_no_organisation():
    organisation = make_organisation()
    owner = make_owner(organisation)
    make_affiliation(make_user(is_active=False), organisation, Role.OWNER)

    with pytest.raises(IntegrityError, match="keeps at least one owner"), transaction.atomic():
        at_the_end(owner.affiliations.update(ended_at=timezone.now()))


def test_the_law_looks_when_the_transaction_ends():
    organisation = make_organisation()
    owner, other = make_owner(organisation), make_participant(organisation)

    with transaction.atomic():
        owner.affiliations.update(roles=["editor"])
        at_the_end(other.affiliations.update(roles=["owner"]))

    assert [place.user for place in organisation.affiliations.owning()] == [other]


def test_an_organisation_goes_with_its_owners():
    organisation = make_organisation()
    make_owner(organisation)

    at_the_end(organisation.delete())

    assert Affiliation.objects.count() == 0


def at_the_end(_):
    """Check the law as at the end of a transaction, which the test itself never ends."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS affiliation_keeps_an_owner IMMEDIATE")
        cursor.execute("SET CONSTRAINTS affiliation_keeps_an_owner DEFERRED")


# -- A hundred pairs of owners leave at once ------------------------------------------------------


def hundred_pairs_leave():
    """Both owners of each organisation leave at the same moment; how many it leaves orphaned."""
    people = [User(email=f"owner{number}@example.org") for number in range(2)]
    people = User.objects.bulk_create(people)
    organisations = Organisation.objects.bulk_create(
        Organisation(slug=f"example-{number}", name=f"Example {number}", kind="charity")
        for number in range(PAIRS)
    )
    for person in people:
        Affiliation.objects.bulk_create(
            Affiliation(user=person, organisation=organisation, roles=[Role.OWNER])
            for organisation in organisations
        )
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(leave_everything, people, [Barrier(2)] * 2))
    owned = Affiliation.objects.owning().values("organisation").distinct().count()
    return PAIRS - owned


def leave_everything(person, together):
    places = person.affiliations.select_related("organisation", "user").order_by("organisation")
    for place in places:
        together.wait(timeout=30)
        with suppress(AffiliationError, IntegrityError):
            end_affiliation(place, by=person)
    connection.close()


@pytest.fixture
def without_the_trigger(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE members_affiliation DISABLE TRIGGER affiliation_keeps_an_owner")
    yield
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE members_affiliation ENABLE TRIGGER affiliation_keeps_an_owner")


@pytest.fixture
def without_the_lock(monkeypatch):
    """Nobody waits, and both look for another owner before either leaves."""
    look, together = affiliations._check_another_owner, Barrier(2)

    def look_together(place):
        look(place)
        together.wait(timeout=30)

    monkeypatch.setattr(affiliations, "lock_organisation", lambda organisation: None)
    monkeypatch.setattr(affiliations, "_check_another_owner", look_together)


@pytest.mark.django_db(transaction=True)
def test_lock_and_trigger_leave_no_orphan():
    assert hundred_pairs_leave() == 0


@pytest.mark.django_db(transaction=True)
def test_the_lock_alone_leaves_no_orphan(without_the_trigger):
    assert hundred_pairs_leave() == 0


@pytest.mark.django_db(transaction=True)
def test_the_trigger_alone_leaves_no_orphan(without_the_lock):
    assert hundred_pairs_leave() == 0


@pytest.mark.django_db(transaction=True)
def test_without_both_all_hundred_would_be_orphans(without_the_lock, without_the_trigger):
    assert hundred_pairs_leave() == PAIRS


# -- Asking staff for a successor -----------------------------------------------------------------


def test_a_last_owner_asks_staff_for_a_successor_once():
    owner = make_owner(make_organisation())
    place = owner.affiliations.get()

    ask_to_leave(place, by=owner)

    assert list(Affiliation.objects.asking_to_leave()) == [place]
    with pytest.raises(AffiliationError, match="asked already"):
        ask_to_leave(place, by=owner)


def test_only_owners_need_a_successor():
    participant = make_participant(make_organisation())

    with pytest.raises(AffiliationError, match="You can leave"):
        ask_to_leave(participant.affiliations.get(), by=participant)


# -- Domains --------------------------------------------------------------------------------------


def approve(domain, **fields):
    organisation = fields.pop("organisation", None) or make_organisation(f"Example {domain}")
    return ApprovedDomain(domain=domain, organisation=organisation, approved_by=None, **fields)


@pytest.mark.parametrize("domain", ["mail.example", "team.mail.example"])
def test_a_shared_domain_can_never_be_approved(domain):
    make_shared_domain("mail.example")
    row = approve(domain)

    with pytest.raises(ValidationError, match="many organisations"):
        row.full_clean()
    with pytest.raises(IntegrityError, match="never be approved"), transaction.atomic():
        row.save()


def test_the_ending_of_many_domains_covers_none_below_it():
    make_shared_domain("org.example", covers_below=False)

    approve("charity.org.example").save()
    with pytest.raises(IntegrityError, match="never be approved"), transaction.atomic():
        approve("org.example").save()


@pytest.mark.parametrize("covers_below", [True, False])
def test_an_approved_domain_cannot_become_a_shared_one(covers_below):
    approve("example.org").save()
    shared = SharedDomain(domain="example.org", covers_below=covers_below)

    with pytest.raises(ValidationError, match="end that first"):
        shared.full_clean()
    with pytest.raises(IntegrityError, match="never be approved"), transaction.atomic():
        shared.save()


@pytest.mark.parametrize("domain", ["Example.org", "@example.org", "example", "a b.org", ""])
def test_a_domain_is_written_plainly(domain):
    row = approve(domain, organisation=make_organisation())

    with pytest.raises(ValidationError):
        row.full_clean()
    with pytest.raises(IntegrityError, match="approved_domain_form"), transaction.atomic():
        row.save()


def test_a_domain_belongs_to_one_organisation():
    approve("example.org").save()
    second = approve("example.org", organisation=make_organisation("Example Second"))

    with pytest.raises(ValidationError, match="already approved"):
        second.full_clean()
    with pytest.raises(IntegrityError, match="of_one_organisation"), transaction.atomic():
        second.save()


@pytest.mark.django_db(transaction=True)
def test_a_domain_does_not_become_shared_and_approved_at_once():
    organisation = make_organisation()

    _, second = race(
        lambda: approve("example.org", organisation=organisation).save(),
        lambda: make_shared_domain("example.org"),
    )

    assert isinstance(second, IntegrityError)
    assert (ApprovedDomain.objects.count(), SharedDomain.objects.count()) == (1, 0)


def test_the_list_of_shared_domains_begins_full():
    before = SharedDomain.objects.count()
    import_module("members.migrations.0006_laws_of_owners").list_shared_domains(apps, None)

    names = {"gmail.com", "outlook.com", "btinternet.com", "ac.uk", "nhs.net", "cjsm.net", "org.uk"}
    listed = set(SharedDomain.objects.values_list("domain", flat=True))
    assert names <= listed
    assert before in {0, len(listed)}
    for row in SharedDomain.objects.all():
        row.clean_fields()
