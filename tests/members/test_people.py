from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from members.actions.affiliations import AffiliationError, change_roles, end_affiliation
from members.actions.people import close_account, open_account
from members.models import Affiliation, AuditEvent, FeeBand, Invitation, Role, User
from tests.factories import (
    make_affiliation,
    make_fee_band,
    make_invitation,
    make_judge,
    make_organisation,
    make_outsider,
    make_owner,
    make_participant,
    make_staff,
    make_user,
)
from tests.logins import PASSWORD, log_in, sign_in

pytestmark = pytest.mark.django_db


def people_page(organisation):
    return reverse("members:people-list", args=[organisation.slug])


# -- /my/ -----------------------------------------------------------------------------------------


def test_my_page_shows_the_doors_of_each_role(client):
    organisation = make_organisation()
    doors = {}
    for user in [make_owner(organisation), make_participant(organisation)]:
        client.force_login(user)
        page = client.get("/my/").content.decode()
        names = ["/profile/", "/people/", "/admin/"]
        doors[user.email] = [name for name in names if name in page]

    assert doors == {
        "owner@example.org": ["/profile/", "/people/"],
        "participant@example.org": [],
    }


def test_judges_and_staff_get_their_doors(client):
    client.force_login(make_judge())
    judging = client.get("/my/").content.decode()
    client.force_login(make_staff())
    working = client.get("/my/").content.decode()

    assert ("Judging" in judging, "/admin/" in judging) == (True, False)
    assert ("Judging" in working, "/admin/" in working) == (False, True)


@pytest.mark.parametrize("count", [1, 3])
def test_my_page_asks_the_same_number_of_questions_for_any_number_of_places(
    client, django_assert_num_queries, count
):
    user = make_outsider()
    for number in range(count):
        make_affiliation(user, make_organisation(f"Example {number}"), Role.OWNER)
    client.force_login(user)
    client.get("/my/")

    with django_assert_num_queries(20):
        client.get("/my/")


def test_a_role_taken_away_acts_on_the_next_request(client):
    organisation = make_organisation()
    owner = make_owner(organisation)
    make_affiliation(make_user(), organisation, Role.OWNER)
    client.force_login(owner)
    before = client.get(people_page(organisation)).status_code

    owner.affiliations.update(roles=[Role.EDITOR])

    assert (before, client.get(people_page(organisation)).status_code) == (200, 403)


# -- The people of an organisation ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "status"),
    [
        (lambda organisation: make_owner(organisation), 200),
        (lambda organisation: make_participant(organisation), 403),
        (lambda organisation: make_judge(), 404),
        (lambda organisation: make_staff(is_superuser=True), 404),
        (lambda organisation: make_outsider(), 404),
    ],
)
def test_who_may_open_the_people_pages(client, make, status):
    organisation = make_organisation()
    place = make_affiliation(make_user(), organisation)
    invitation = make_invitation(
        purpose="organisation", organisation=organisation, roles=["editor"]
    )
    sign_in(client, make(organisation))

    pages = [
        client.get(people_page(organisation)),
        client.get(f"{people_page(organisation)}{place.uuid}/"),
    ]
    address = f"/my/organisations/{organisation.slug}/invitations/{invitation.uuid}/"
    change = client.post(address, {"do": "withdraw"})

    assert [page.status_code for page in pages] == [status, status]
    assert change.status_code == (302 if status == 200 else status)
    assert Invitation.objects.filter(withdrawn_at__isnull=False).exists() is (status == 200)


def test_an_owner_reaches_nobody_of_another_organisation(client):
    own, other = make_organisation(), make_organisation("Example Service")
    client.force_login(make_owner(own))
    place = make_affiliation(make_user(), other)
    invitation = make_invitation(purpose="organisation", organisation=other, roles=["editor"])
    answers = [
        client.post(f"{people_page(own)}{place.uuid}/", {"do": "end"}),
        client.post(f"{people_page(other)}{place.uuid}/", {"do": "end"}),
        client.post(f"/my/organisations/{own.slug}/invitations/{invitation.uuid}/"),
        client.post(people_page(other), {"email": "a@example.org", "roles": "owner"}),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404, 404]
    assert (place.ended_at, Invitation.objects.count()) == (None, 1)


def test_somebody_who_left_is_an_outsider(client):
    organisation = make_organisation()
    owner = make_owner(organisation)
    make_affiliation(make_user(), organisation, Role.OWNER)
    end_affiliation(owner.affiliations.get(), by=owner)
    client.force_login(owner)

    assert client.get(people_page(organisation)).status_code == 404


def test_the_people_page_writes_names_as_text(client):
    organisation = make_organisation()
    client.force_login(make_owner(organisation, name="<script>alert(1)</script>"))

    page = client.get(people_page(organisation)).content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_people_page_asks_the_same_number_of_questions_for_any_number_of_rows(
    client, django_assert_num_queries, count
):
    organisation = make_organisation()
    owner = make_owner(organisation)
    for number in range(count):
        make_affiliation(make_user(), organisation)
        make_invitation(
            f"new{number}@example.org",
            secret=str(number),
            purpose="organisation",
            organisation=organisation,
            roles=["editor"],
            invited_by=owner,
        )
    client.force_login(owner)
    client.get(people_page(organisation))

    with django_assert_num_queries(13):
        client.get(people_page(organisation))


def test_an_owner_invites_a_colleague(client, django_capture_on_commit_callbacks):
    organisation = make_organisation()
    client.force_login(make_owner(organisation))

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(
            people_page(organisation), {"email": "new@example.org", "roles": ["editor", "finance"]}
        )

    invitation = Invitation.objects.get()
    assert response["Location"] == people_page(organisation)
    assert (invitation.organisation, invitation.roles) == (organisation, ["editor", "finance"])
    assert "Your part: Editor, Finance." in mail.outbox[0].body


def test_an_owner_does_not_learn_which_addresses_have_an_account(
    client, django_capture_on_commit_callbacks
):
    organisation = make_organisation()
    client.force_login(make_owner(organisation))
    colleague = make_participant(organisation)
    EmailAddress.objects.create(user=colleague, email="private@example.org", verified=True)
    make_outsider()

    answers = set()
    for email in ["outsider@example.org", "private@example.org", "unknown@example.org"]:
        data = {"email": email, "roles": ["participant"]}
        with django_capture_on_commit_callbacks(execute=True):
            page = client.post(people_page(organisation), data, follow=True)
        told = page.content.decode().partition('<div class="message')[2].partition("</p>")[0]
        answers.add((page.status_code, told.replace(email, "ADDRESS"), len(page.redirect_chain)))

    assert len(answers) == 1
    assert len(mail.outbox) == 3


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"email": "new@example.org"}, "Give this person at least one role."),
        ({"email": "nonsense", "roles": "editor"}, "Enter a valid email address."),
        ({"email": "new@example.org", "roles": "superuser"}, "superuser is not one of"),
        ({"email": "owner@example.org", "roles": "editor"}, "already belongs"),
        ({"email": "a" * 10_000 + "@example.org", "roles": "editor"}, "Enter a valid email"),
        ({"email": "nul\0@example.org", "roles": "editor"}, "Null characters are not allowed"),
    ],
)
def test_a_wrong_invitation_is_answered_with_a_sentence(client, fields, sentence):
    organisation = make_organisation()
    client.force_login(make_owner(organisation))

    response = client.post(people_page(organisation), fields)

    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert Invitation.objects.count() == 0


def test_an_owner_gives_other_roles(client):
    organisation = make_organisation()
    owner, participant = make_owner(organisation), make_participant(organisation)
    place = participant.affiliations.get()
    client.force_login(owner)

    client.post(f"{people_page(organisation)}{place.uuid}/", {"roles": ["editor", "signatory"]})

    place.refresh_from_db()
    assert place.roles == ["editor", "signatory"]
    details = AuditEvent.objects.get(verb="members.change_roles").details
    assert details == {"before": ["participant"], "after": ["editor", "signatory"]}


@pytest.mark.parametrize("data", [{"roles": ["editor"]}, {"do": "end"}])
def test_the_last_owner_stays_and_hears_why(client, data):
    organisation = make_organisation()
    owner = make_owner(organisation)
    client.force_login(owner)
    place = owner.affiliations.get()

    response = client.post(f"{people_page(organisation)}{place.uuid}/", data)

    place.refresh_from_db()
    assert "Make somebody else an owner first." in response.content.decode()
    assert (place.roles, place.ended_at) == (["owner"], None)


def test_an_owner_whose_account_is_closed_does_not_count_as_another_owner():
    organisation = make_organisation()
    owner = make_owner(organisation)
    other = make_user()
    make_affiliation(other, organisation, Role.OWNER)
    close_account(other, by=make_staff())

    with pytest.raises(AffiliationError):
        end_affiliation(owner.affiliations.get(), by=owner)


@pytest.mark.django_db(transaction=True)
def test_of_two_owners_who_leave_at_once_one_stays():
    organisation = make_organisation()
    places = [make_affiliation(make_user(), organisation, Role.OWNER) for _ in range(2)]
    together = Barrier(2)

    def leave(place):
        together.wait(timeout=30)
        try:
            end_affiliation(place, by=place.user)
            return True
        except AffiliationError:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(leave, places))

    assert sorted(answers) == [False, True]
    assert organisation.affiliations.current().with_role(Role.OWNER).count() == 1


def test_an_ended_place_cannot_be_changed():
    organisation = make_organisation()
    make_owner(organisation)
    place = make_participant(organisation).affiliations.get()
    end_affiliation(place, by=None)

    with pytest.raises(AffiliationError):
        change_roles(place, ["owner"], by=None)


@pytest.mark.parametrize(
    ("fields", "law"),
    [
        ({"roles": []}, "affiliation_has_a_role"),
        ({"ended_at": "2019-01-01T00:00Z"}, "affiliation_ends_after_start"),
    ],
)
def test_the_database_holds_the_laws_of_affiliations(fields, law):
    place = make_participant(make_organisation()).affiliations.get()

    with pytest.raises(IntegrityError, match=law), transaction.atomic():
        Affiliation.objects.filter(pk=place.pk).update(**fields)


def test_a_person_has_one_current_place_at_an_organisation():
    organisation = make_organisation()
    user = make_participant(organisation)
    second = Affiliation(user=user, organisation=organisation, roles=["owner"])

    with pytest.raises(ValidationError, match="already belongs"):
        second.full_clean()
    with pytest.raises(IntegrityError, match="affiliation_one_current"), transaction.atomic():
        second.save()


# -- Accounts -------------------------------------------------------------------------------------


def test_addresses_are_kept_in_small_letters():
    user = make_user(" Mixed.Case@Example.ORG ")

    assert user.email == "mixed.case@example.org"
    with pytest.raises(IntegrityError, match="user_email_is_lower_case"), transaction.atomic():
        User.objects.update(email="Mixed@example.org")


def test_closing_an_account_ends_its_sessions(client):
    user = make_outsider(password=PASSWORD)
    log_in(client, user)
    before = client.get("/my/").status_code

    close_account(user, by=make_staff())
    closed = client.get("/my/").status_code
    open_account(user, by=None)

    assert (before, closed, client.get("/my/").status_code) == (200, 302, 302)
    verbs = AuditEvent.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["members.end_sessions", "members.close_account", "members.open_account"]


# -- The logins of a demonstration ----------------------------------------------------------------


def demonstration(settings, monkeypatch, password=PASSWORD):
    if not FeeBand.objects.exists():
        make_fee_band()
    settings.IS_DEMONSTRATION = True
    monkeypatch.setenv("DEMO_PASSWORD", password)
    call_command("create_demo_logins", verbosity=0)


def test_the_demonstration_has_a_login_for_each_part(settings, monkeypatch):
    settings.REQUIRE_SECOND_FACTOR = False
    organisation = make_organisation()
    demonstration(settings, monkeypatch)
    demonstration(settings, monkeypatch)
    Authenticator.objects.all().delete()  # test_second_factor logs in with them

    opened = {}
    for user in User.objects.all():
        client = Client()
        log_in(client, user)
        pages = ["/my/", people_page(organisation), "/admin/members/user/"]
        opened[user.email] = [client.get(page).status_code for page in pages]

    assert opened == {
        "owner@example.org": [200, 200, 302],
        "participant@example.org": [200, 403, 302],
        "judge@example.org": [200, 404, 302],
        "staff@example.org": [200, 404, 200],
    }


def test_a_second_run_sets_the_passwords_of_these_four_only(settings, monkeypatch):
    make_organisation()
    outsider = make_outsider(password="an older password")
    demonstration(settings, monkeypatch, "an older password")
    demonstration(settings, monkeypatch, "a newer password")

    changed = {user.email for user in User.objects.all() if user.check_password("a newer password")}

    assert changed == {f"{who}@example.org" for who in ["owner", "participant", "judge", "staff"]}
    outsider.refresh_from_db()
    assert outsider.check_password("an older password")


def test_only_a_demonstration_has_these_logins(monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", PASSWORD)

    with pytest.raises(CommandError, match="DEMONSTRATION=1"):
        call_command("create_demo_logins")

    assert User.objects.count() == 0
