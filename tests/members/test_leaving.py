import pytest
from django.core import mail

from members.actions.affiliations import AffiliationError
from members.actions.leaving import hand_over_and_leave
from members.models import Affiliation, Role
from tests.factories import (
    make_affiliation,
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
ADDRESS = "/my/organisations/example-charity/leave/"


@pytest.fixture
def organisation():
    return make_organisation()


def place_of(user):
    return user.affiliations.get()


# -- Who ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "status"),
    [
        (make_owner, 200),
        (make_participant, 200),
        (lambda organisation: make_judge(), 404),
        (lambda organisation: make_staff(is_superuser=True), 404),
        (lambda organisation: make_outsider(), 404),
    ],
)
def test_who_may_open_the_page(client, organisation, make, status):
    sign_in(client, make(organisation))

    assert client.get(ADDRESS).status_code == status
    assert client.post(ADDRESS, {"do": "check"}).status_code == status


# -- The steps ------------------------------------------------------------------------------------


def test_an_owner_hands_over_and_leaves(client, organisation, django_capture_on_commit_callbacks):
    owner, heir = make_owner(organisation), make_participant(organisation)
    client.force_login(owner)
    chosen = {"owner": str(place_of(heir).uuid)}

    first = client.get(ADDRESS).content.decode()
    check = client.post(ADDRESS, chosen | {"do": "check"}).content.decode()
    before = place_of(owner).ended_at
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(ADDRESS, chosen | {"do": "leave"})

    assert "Who takes over as owner?" in first
    assert f"{heir} becomes owner." in check
    assert before is None
    assert done["Location"] == "/my/"
    assert place_of(heir).roles == ["owner", "participant"]
    assert place_of(owner).ended_at is not None
    assert [letter.to for letter in mail.outbox] == [["participant@example.org"]]
    assert "Owner: handed over to participant@example.org." in mail.outbox[0].body


def test_the_last_owner_must_choose_somebody(client, organisation):
    owner = make_owner(organisation)
    make_participant(organisation)
    client.force_login(owner)

    page = client.post(ADDRESS, {"owner": "", "do": "leave"}).content.decode()

    assert "You are the last owner: choose who takes over." in page
    assert place_of(owner).ended_at is None


def test_one_of_two_owners_may_leave_without_a_successor(client, organisation):
    owner = make_owner(organisation)
    make_affiliation(make_user(), organisation, Role.OWNER)
    client.force_login(owner)

    client.post(ADDRESS, {"do": "leave"})

    assert place_of(owner).ended_at is not None


def test_going_back_keeps_what_was_chosen(client, organisation):
    owner, heir = make_owner(organisation), make_participant(organisation)
    client.force_login(owner)

    page = client.post(ADDRESS, {"owner": str(place_of(heir).uuid), "do": "back"}).content.decode()

    assert f'value="{place_of(heir).uuid}" selected' in page


def test_a_person_alone_is_shown_two_ways_on(client, organisation):
    owner = make_owner(organisation)
    client.force_login(owner)

    page = client.get(ADDRESS).content.decode()
    client.post(ADDRESS, {"do": "ask"})
    again = client.get(ADDRESS).content.decode()

    assert "Invite a successor" in page
    assert "Ask CJA staff" in page
    assert "You asked CJA staff on" in again
    assert list(Affiliation.objects.asking_to_leave()) == [place_of(owner)]
    assert place_of(owner).ended_at is None


def test_a_participant_leaves_with_one_look(client, organisation):
    make_owner(organisation)
    participant = make_participant(organisation)
    client.force_login(participant)

    page = client.post(ADDRESS, {"do": "check"}).content.decode()
    client.post(ADDRESS, {"do": "leave"})

    assert "Who takes over" not in page
    assert place_of(participant).ended_at is not None


def test_the_owners_hear_which_roles_are_free(organisation, django_capture_on_commit_callbacks):
    make_owner(organisation)
    editor = make_affiliation(make_user("editor@example.org"), organisation, "editor", "finance")

    with django_capture_on_commit_callbacks(execute=True):
        hand_over_and_leave(editor, {}, by=editor.user)

    assert mail.outbox[0].to == ["owner@example.org"]
    assert "No longer held by this person: Editor, Finance." in mail.outbox[0].body


# -- What is refused ------------------------------------------------------------------------------


def test_only_owners_give_roles(client, organisation):
    make_owner(organisation)
    editor = make_affiliation(make_user(), organisation, Role.EDITOR)
    heir = place_of(make_participant(organisation))
    client.force_login(editor.user)

    client.post(ADDRESS, {"editor": str(heir.uuid), "owner": str(heir.uuid), "do": "leave"})

    heir.refresh_from_db()
    assert heir.roles == ["participant"]
    with pytest.raises(AffiliationError, match="only as an owner"):
        hand_over_and_leave(heir, {"editor": editor}, by=heir.user)


@pytest.mark.parametrize("kind", ["other organisation", "oneself", "closed account", "ended"])
def test_who_cannot_take_over(organisation, kind):
    place = place_of(make_owner(organisation))
    makers = {
        "other organisation": lambda: make_affiliation(make_user(), make_organisation("Example B")),
        "oneself": lambda: Affiliation.objects.get(pk=place.pk),
        "closed account": lambda: make_affiliation(make_user(is_active=False), organisation),
        "ended": lambda: make_affiliation(
            make_user(), organisation, ended_at="2029-01-01T00:00:00Z"
        ),
    }

    with pytest.raises(AffiliationError):
        hand_over_and_leave(place, {"owner": makers[kind]()}, by=place.user)

    place.refresh_from_db()
    assert place.ended_at is None


def test_a_foreign_person_in_the_form_is_refused(client, organisation):
    owner = make_owner(organisation)
    make_participant(organisation)
    foreign = make_affiliation(make_user(), make_organisation("Example Service"))
    client.force_login(owner)

    page = client.post(ADDRESS, {"owner": str(foreign.uuid), "do": "leave"})

    assert "not one of the available choices" in page.content.decode()
    assert place_of(owner).ended_at is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_guarded", [True, False])
def test_a_successor_who_leaves_at_the_same_moment_is_not_made_owner(
    organisation, monkeypatch, is_guarded
):
    owner = place_of(make_owner(organisation))
    heir = place_of(make_participant(organisation))
    make_affiliation(make_user("other@example.org"), organisation, Role.OWNER)
    if not is_guarded:
        without_row_locks(monkeypatch)

    _, second = race(
        lambda: hand_over_and_leave(heir, {}, by=heir.user),
        lambda: hand_over_and_leave(owner, {"owner": heir}, by=owner.user),
    )

    assert isinstance(second, AffiliationError) == is_guarded
    heir.refresh_from_db()
    assert heir.ended_at
    assert (Role.OWNER in heir.roles) != is_guarded
