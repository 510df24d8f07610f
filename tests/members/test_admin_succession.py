from datetime import timedelta

import pytest
from django.utils import timezone

from cja_portal.work import waiting_work
from members.actions.affiliations import ask_to_leave
from members.actions.people import close_account
from members.models import (
    ApprovedDomain,
    AuditEvent,
    Claim,
    Invitation,
    JoinRequest,
    SharedDomain,
    WaitingTimes,
)
from tests.factories import (
    make_affiliation,
    make_approved_domain,
    make_claim,
    make_join_request,
    make_organisation,
    make_owner,
    make_shared_domain,
    make_staff,
    make_user,
)

pytestmark = pytest.mark.django_db
QUEUES = [
    "Claims of organisations to decide",
    "Requests to join that owners left for five working days",
    "Owners who ask for a successor",
    "Organisations whose owners are gone or silent",
]
LONG_AGO = timedelta(days=8)


@pytest.fixture
def staff(client, settings):
    settings.REQUIRE_SECOND_FACTOR = False
    user = make_staff()
    client.force_login(user)
    return user


@pytest.fixture
def orphan():
    organisation = make_organisation("Example Orphan")
    close_account(make_owner(organisation, email="gone@example.org"), by=None)
    make_approved_domain(organisation)
    return organisation


def act(client, model, action, *rows):
    data = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(f"/admin/members/{model}/", data, follow=True).content.decode()


# -- Domains --------------------------------------------------------------------------------------


def test_staff_approve_a_domain_and_their_name_is_kept(client, staff):
    organisation = make_organisation()
    typed = {"domain": "charity.example", "organisation": organisation.pk}

    client.post("/admin/members/approveddomain/add/", typed)

    domain = ApprovedDomain.objects.get()
    assert (domain.organisation, domain.approved_by) == (organisation, staff)
    assert AuditEvent.objects.filter(verb="members.approve_domain", by=staff).count() == 1


def test_staff_read_why_a_shared_domain_is_refused(client, staff):
    make_shared_domain("mail.example")
    typed = {"domain": "mail.example", "organisation": make_organisation().pk}

    page = client.post("/admin/members/approveddomain/add/", typed).content.decode()

    assert "People of many organisations have addresses at this domain." in page
    assert ApprovedDomain.objects.count() == 0


def test_staff_lengthen_the_list_of_shared_domains_and_do_not_shorten_it(client, staff):
    client.post("/admin/members/shareddomain/add/", {"domain": "new.example", "note": "Free mail."})
    row = SharedDomain.objects.get(domain="new.example")

    assert client.get(f"/admin/members/shareddomain/{row.pk}/delete/").status_code == 403
    changed = client.post(f"/admin/members/shareddomain/{row.pk}/change/", {"domain": "x.example"})
    assert changed.status_code == 403


def test_every_domain_that_ends_leaves_a_trail(client, staff):
    organisation = make_organisation()
    rows = [make_approved_domain(organisation, name) for name in ("a.example", "b.example")]
    data = {
        "action": "delete_selected",
        "_selected_action": [row.pk for row in rows],
        "post": "yes",
    }

    client.post("/admin/members/approveddomain/", data)

    assert ApprovedDomain.objects.count() == 0
    assert AuditEvent.objects.filter(verb="members.end_domain", by=staff).count() == 2


# -- Queues and decisions -------------------------------------------------------------------------


def test_the_desk_counts_what_staff_can_do_now(staff, orphan):
    owner = make_owner(make_organisation())
    ask_to_leave(owner.affiliations.get(), by=owner)
    other = make_organisation("Example Service")
    make_affiliation(make_user(), other, "owner")
    make_join_request(other, "late@example.org", asked_at=timezone.now() - LONG_AGO)
    make_join_request(other, "new@example.org")
    make_claim(orphan, claimed_at=timezone.now() - LONG_AGO)
    make_claim(other)  # the time to object is not over

    counts = {work.label: work.count for work in waiting_work(staff)}

    assert {label: counts[label] for label in QUEUES} == dict.fromkeys(QUEUES, 1)


def test_each_queue_opens_on_just_its_rows(client, staff, orphan):
    make_claim(orphan, claimed_at=timezone.now() - LONG_AGO)
    make_owner(make_organisation())

    for work in waiting_work(staff):
        if work.label in QUEUES:
            page = client.get(work.address)
            assert page.status_code == 200
            assert len(page.context["cl"].result_list) == work.count


def test_staff_grant_a_claim(client, staff, orphan):
    claim = make_claim(orphan, claimed_at=timezone.now() - LONG_AGO)

    page = act(client, "claim", "grant", claim)

    assert "Granted: 1." in page
    assert Invitation.objects.get().roles == ["owner"]


def test_staff_are_told_what_cannot_be_granted_yet(client, staff, orphan):
    claim = make_claim(orphan)

    page = act(client, "claim", "grant", claim)

    assert "People may object until" in page
    assert Claim.objects.get().state == "waiting"


def test_staff_refuse_a_claim(client, staff, orphan):
    page = act(client, "claim", "refuse", make_claim(orphan))

    assert "Refused: 1." in page
    assert Claim.objects.get().decided_by == staff


def test_staff_answer_only_requests_that_owners_left(client, staff):
    organisation = make_organisation()
    make_owner(organisation)
    make_approved_domain(organisation)
    late = make_join_request(organisation, asked_at=timezone.now() - LONG_AGO)
    early = make_join_request(organisation, "early@example.org")

    page = act(client, "joinrequest", "accept", late, early)

    assert "Invited: 1." in page
    assert "five working days" in page
    outcomes = JoinRequest.objects.values_list("email", "outcome")
    assert dict(outcomes) == {"new@example.org": "accepted", "early@example.org": "waiting"}


def test_staff_set_the_time_to_object(client, staff):
    WaitingTimes.objects.get_or_create(pk=1)

    others = dict.fromkeys(["grace_days", "payment_days", "renewal_days"], "60") | {
        "reset_days": "3"
    }

    client.post("/admin/members/waitingtimes/1/change/", others | {"claim_days": "14"})
    refused = client.post("/admin/members/waitingtimes/1/change/", others | {"claim_days": "0"})

    assert refused.status_code == 200
    assert WaitingTimes.objects.get().claim_days == 14
    assert client.get("/admin/members/waitingtimes/add/").status_code == 403


@pytest.mark.parametrize("model", ["joinrequest", "claim", "stillhere", "donotinvite"])
def test_what_came_from_outside_is_not_typed_by_staff(client, staff, model):
    assert client.get(f"/admin/members/{model}/").status_code == 200
    assert client.get(f"/admin/members/{model}/add/").status_code == 403
