"""What is closed to organisations whose membership has lapsed or ended, and what is not."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from library.models import Audience, Item
from library.submissions import hand_in
from members.actions.invitations import accept_invitation
from members.models import Affiliation, Role
from members.standing import NotTakingPartError, check_takes_part
from tests.factories import (
    make_affiliation,
    make_break,
    make_invitation,
    make_invoice,
    make_item,
    make_organisation,
    make_owner,
    make_period,
    make_staff,
    make_submission,
    make_user,
)
from tests.logins import sign_in

pytestmark = pytest.mark.django_db

OPEN = ["unknown", "active", "grace"]
CLOSED = ["lapsed", "suspended", "resigned"]


def organisation_in(state):
    """Example Charity, listed, where its membership stands so."""
    organisation, today = make_organisation(is_listed=True), timezone.localdate()
    ended = {"grace": 10, "lapsed": 100}.get(state, -100)  # days ago
    if state != "unknown":
        last = today - timedelta(days=ended)
        make_period(organisation, last - timedelta(days=364), last)
    if state in {"suspended", "resigned"}:
        make_break(organisation, state, today - timedelta(days=3))
    return organisation


# -- Publishing -----------------------------------------------------------------------------------


@pytest.mark.parametrize("state", OPEN + CLOSED)
def test_who_may_publish(client, state):
    organisation = organisation_in(state)
    sign_in(client, make_owner(organisation))

    page = client.post(
        "/library/submit/example-charity/", {"link": "https://www.example.org/report"}
    )

    assert (page.status_code == 302) is (state in OPEN)
    assert Item.objects.exists() is (state in OPEN)
    if state in CLOSED:
        words = {"lapsed": "has lapsed", "suspended": "is suspended", "resigned": "has resigned"}
        assert words[state] in page.content.decode()


@pytest.mark.parametrize("state", ["active", "lapsed"])
def test_nobody_is_led_to_a_form_that_is_closed(client, state):
    organisation = organisation_in(state)
    owner = make_owner(organisation)
    sign_in(client, owner)
    submission = make_submission(organisation, by=owner)
    is_open = state in OPEN

    pages = {
        "/my/": "Publish in the library",
        "/members/example-charity/": "Publish in the library",
        "/library/submit/example-charity/": ">Start</button>",
    }
    shown = {page: words in client.get(page).content.decode() for page, words in pages.items()}
    told = [
        client.get(page).context["closed"]
        for page in ("/library/submit/example-charity/", f"{submission.get_absolute_url()}check/")
    ]

    assert shown == dict.fromkeys(pages, is_open)
    assert ["has lapsed" in why for why in told] == [not is_open] * 2


def test_a_draft_of_better_days_is_read_and_changed_but_not_handed_in(client):
    organisation = organisation_in("lapsed")
    owner = make_owner(organisation)
    sign_in(client, owner)
    submission = make_submission(organisation, by=owner)

    with pytest.raises(NotTakingPartError, match="has lapsed"):
        hand_in(submission, by=owner)

    assert client.get(f"/library/submissions/{submission.uuid}/edit/").status_code == 200


# -- What is for members --------------------------------------------------------------------------


@pytest.mark.parametrize("state", OPEN + CLOSED)
def test_who_reads_what_is_for_members(client, state):
    organisation = organisation_in(state)
    owner = make_owner(organisation)
    sign_in(client, owner)
    other = make_organisation("Example Other")
    make_item("For members", slug="for-members", owner=other, audience=Audience.MEMBERS)
    named = make_item("For some", slug="for-some", owner=other, audience=Audience.ORGANISATIONS)
    named.readers.add(organisation)
    make_item("Its own", slug="its-own", owner=organisation, audience=Audience.MEMBERS)

    pages = ["for-members", "for-some", "its-own"]
    statuses = [client.get(f"/library/{slug}/").status_code for slug in pages]

    seen = 200 if state in OPEN else 404
    assert statuses == [seen, seen, 200]
    assert client.get("/members/export/").status_code == (200 if state in OPEN else 403)


@pytest.mark.parametrize("state", CLOSED)
def test_everybody_goes_on_reading_their_own(client, state):
    sign_in(client, make_owner(organisation_in(state)))
    root = "/my/organisations/example-charity/"

    pages = [root + page for page in ("membership/", "people/", "profile/", "profile/history/")]

    own = ["/my/", "/members/example-charity/", "/library/submit/example-charity/", *pages]
    assert {page: client.get(page).status_code for page in own} == dict.fromkeys(own, 200)


@pytest.mark.parametrize("state", OPEN + CLOSED)
def test_the_database_and_the_sentence_agree(state):
    organisation = organisation_in(state)
    make_affiliation(make_user(), organisation)

    if state in OPEN:
        check_takes_part(organisation)
    else:
        with pytest.raises(NotTakingPartError):
            check_takes_part(organisation)

    assert Affiliation.objects.taking_part().exists() is (state in OPEN)


# -- The page that only its own people see --------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "role", "sentence", "link"),
    [
        ("lapsed", Role.OWNER, "The membership has lapsed.", "See the membership and renew"),
        ("lapsed", Role.PARTICIPANT, "The membership has lapsed.", "keeps your finances, can"),
        ("suspended", Role.OWNER, "CJA staff have suspended", "See the membership<"),
        ("resigned", Role.EDITOR, "has resigned from membership.", "Everything is kept"),
    ],
)
def test_the_hidden_page_explains_itself(client, state, role, sentence, link):
    sign_in(client, make_affiliation(make_user(), organisation_in(state), role).user)

    page = client.get("/members/example-charity/").content.decode()

    assert "Not in the public directory" in page
    assert (sentence in page, link in page) == (True, True)


def test_an_unlisted_page_says_that_it_waits(client):
    organisation = make_organisation(is_listed=False)
    sign_in(client, make_affiliation(make_user(), organisation, Role.EDITOR).user)

    page = client.get("/members/example-charity/").content.decode()

    assert "It is not in the public directory yet." in page
    assert "ask for its publication" in page


@pytest.mark.parametrize("state", OPEN)
def test_a_page_in_the_directory_says_nothing_of_it(client, state):
    sign_in(client, make_owner(organisation_in(state)))

    page = client.get("/members/example-charity/").content.decode()

    assert "Not in the public directory" not in page
    assert "see this page" not in page


def test_staff_see_why_a_page_is_hidden(client):
    organisation_in("lapsed")
    sign_in(client, make_staff())

    assert "The membership has lapsed." in client.get("/members/example-charity/").content.decode()


# -- The first invoice ----------------------------------------------------------------------------


def test_the_invoice_of_the_approval_is_mailed_to_the_first_owner_alone(
    django_capture_on_commit_callbacks,
):
    invoice = make_invoice()
    place = {"purpose": "organisation", "organisation": invoice.organisation, "roles": ["owner"]}
    staff = make_staff()
    for name in ("first", "second"):
        user = make_user(f"{name}@example.org")
        invitation = make_invitation(user.email, secret=name, invited_by=staff, **place)
        with django_capture_on_commit_callbacks(execute=True):
            accept_invitation(invitation, by=user)

    assert [letter.to for letter in mail.outbox] == [["first@example.org"]]
    assert invoice.reference in mail.outbox[0].body
