"""The letters on a work's way: to whom, once, and with what they need."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils.timezone import now

from library.actions import (
    ask_for_changes,
    decline_item,
    make_version,
    publish_item,
    publish_item_at,
    withdraw_item,
)
from library.models import ChangeRequest
from library.submissions import ask_for, decline_request, hand_in
from members.models import Role
from tests.factories import make_affiliation, make_organisation, make_submission, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    """A participant who handed it in, an owner and an editor; some who must get no letter."""
    charity = make_organisation()
    roles = {"owner": Role.OWNER, "editor": Role.EDITOR, "participant": Role.PARTICIPANT}
    people = {who: make_user(f"{who}@example.org") for who in roles}
    for who, role in roles.items():
        make_affiliation(people[who], charity, role)
    make_affiliation(make_user("finance@example.org"), charity, Role.FINANCE)
    make_affiliation(make_user("other@example.org"), charity, Role.PARTICIPANT)
    make_affiliation(make_user("left@example.org"), charity, Role.OWNER, ended_at=now())
    make_affiliation(make_user("closed@example.org", is_active=False), charity, Role.OWNER)
    make_affiliation(make_user("elsewhere@example.org"), make_organisation("Other"), Role.OWNER)
    return people | {"charity": charity}


def made(people, status, **fields):
    return make_submission(
        people["charity"], "An example report", by=people["participant"], status=status, **fields
    )


STEPS = {
    "received": ("draft", None),
    "published": ("submitted", lambda item: publish_item(item, by=None)),
    "scheduled": (
        "submitted",
        lambda item: publish_item_at(item, by=None, visible_from=now() + timedelta(days=1)),
    ),
    "changes asked": ("submitted", lambda item: ask_for_changes(item, by=None, because="R.")),
    "declined": ("submitted", lambda item: decline_item(item, by=None, because="R.")),
    "withdrawn": ("published", lambda item: withdraw_item(item, by=None, because="R.")),
    "new version": (
        "published",
        lambda item: make_version(item, by=None, note="R.", is_major=True),
    ),
}
FIRST_WORDS = {
    "received": "Thank you. We have “An example report”",
    "published": "“An example report”, which Example Charity submitted, is now in the library.",
    "scheduled": "Readers will see it from",
    "changes asked": "please change this:\n\nR.",
    "declined": "The reason:\n\nR.",
    "withdrawn": "tells readers why:\n\nR.",
    "new version": "Readers are told:\n\nR.",
}


@pytest.mark.parametrize("step", STEPS)
def test_each_step_is_told_once_to_those_who_can_act(
    people, step, django_capture_on_commit_callbacks
):
    status, act = STEPS[step]
    submission = made(people, status)

    with django_capture_on_commit_callbacks(execute=True):
        if act:
            act(submission.item)
        else:
            hand_in(submission, by=people["participant"])

    to = [address for letter in mail.outbox for address in letter.to]
    everyone = [f"{who}@example.org" for who in ("editor", "owner", "participant")]
    assert sorted(to) == (["participant@example.org"] if step == "received" else everyone)
    assert all(len(letter.to) == 1 for letter in mail.outbox)
    body = mail.outbox[0].body
    assert FIRST_WORDS[step] in body
    assert f"/library/submissions/{submission.uuid}/" in body
    assert "example report" in mail.outbox[0].subject.lower()
    is_good_news = step in {"received", "published", "scheduled", "new version"}
    assert ("List-Unsubscribe-Post" in mail.outbox[0].extra_headers) is is_good_news


def test_a_request_that_is_declined_is_answered_with_the_reason(
    people, django_capture_on_commit_callbacks
):
    submission = made(people, "published")
    request = ChangeRequest(kind="withdrawal", text="We changed our mind.")
    ask_for(submission, request, by=people["owner"])

    with django_capture_on_commit_callbacks(execute=True):
        decline_request(request, by=None, text="It is cited in law.")

    assert "It is cited in law." in mail.outbox[0].body
    assert len(mail.outbox) == 3


def test_a_step_that_could_not_be_done_is_not_told(people, django_capture_on_commit_callbacks):
    submission = made(people, "published")

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(Exception, match="become"):
        publish_item(submission.item, by=None)

    assert mail.outbox == []


def test_whoever_handed_it_in_and_left_gets_no_letter(people, django_capture_on_commit_callbacks):
    submission = made(people, "submitted")
    people["participant"].affiliations.update(ended_at=now())

    with django_capture_on_commit_callbacks(execute=True):
        publish_item(submission.item, by=None)

    assert sorted(letter.to[0] for letter in mail.outbox) == [
        "editor@example.org",
        "owner@example.org",
    ]


def test_a_title_cannot_add_a_line_to_the_head_of_a_letter(
    people, django_capture_on_commit_callbacks
):
    submission = make_submission(
        people["charity"], "One\nBcc: x@example.org", by=people["owner"], status="submitted"
    )

    with django_capture_on_commit_callbacks(execute=True):
        decline_item(submission.item, by=None, because="R.")

    assert "\n" not in mail.outbox[0].subject
    assert mail.outbox[0].bcc == []
