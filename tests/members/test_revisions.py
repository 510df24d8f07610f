"""What waits for staff, what they look at afterwards, and how a change is taken back."""

from functools import partial

import pytest
from django.db import IntegrityError, transaction

from cja_portal.kit.moves import ImpossibleMove
from members.actions.profiles import (
    RevisionError,
    approve_revision,
    ask_for_names,
    ask_for_publication,
    decline_revision,
    keep_revision,
    return_revision,
    revert_revision,
    revise_profile,
)
from members.models import Organisation, ProfileRevision
from members.models.profile import State
from members.profile_values import differences
from tests.factories import make_organisation, make_owner, make_staff, make_theme, make_user
from tests.races import race

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation():
    return make_organisation(summary="We help.", charity_number="1234567")


def revise(organisation, by=None, **changes):
    organisation.refresh_from_db()
    revise_profile(organisation, by=by, version=organisation.version, changes=changes)
    return ProfileRevision.objects.first()


def ask(organisation, name="Example New Name", **fields):
    return ask_for_names(organisation, by=None, name=name, short_name="", **fields)


def now(organisation):
    return Organisation.objects.get(pk=organisation.pk)


# -- In place at once -----------------------------------------------------------------------------


def test_a_live_change_keeps_what_was_and_what_came(organisation):
    owner, prison = make_owner(organisation), make_theme("Prison")

    revision = revise(
        organisation,
        owner,
        summary="We help all.",
        themes=[prison],
        email=["a@example.org", "members"],
        website="",
    )

    assert (revision.state, revision.asked_by) == (State.LIVE, owner)
    assert revision.before == {"summary": "We help.", "themes": [], "email": ["", ""]}
    assert revision.after == {
        "summary": "We help all.",
        "themes": ["prison"],
        "email": ["a@example.org", "members"],
    }


def test_a_change_reads_as_words(organisation):
    prison = make_theme("Prison")
    changes = {"summary": "We help all.", "themes": [prison], "email": ["a@example.org", "own"]}
    revision = revise(organisation, takes_messages=False, stages=["prison"], **changes)

    shown = {
        change["title"]: [
            (piece.text, piece.is_gone, piece.is_new)
            for piece in change["pieces"]
            if piece.is_gone or piece.is_new
        ]
        for change in differences(revision.before, revision.after)
    }

    audience = "Our owners and editors, and CJA staff"
    assert shown == {
        "In one or two sentences": [("help.", True, False), ("help all.", False, True)],
        "What it works on": [("Prison", False, True)],
        "Stages of the justice system": [("In prison", False, True)],
        "Contact form on the profile": [("Yes", True, False), ("No", False, True)],
        "E-mail address": [(f"a@example.org\n(seen by: {audience})", False, True)],
    }


def test_what_nobody_outside_sees_needs_no_look():
    assert revise(make_organisation(is_listed=False), summary="New.").state == State.KEPT


def test_taking_back_puts_everything_back(organisation):
    prison = make_theme("Prison")
    organisation.themes.add(prison)
    before = {"summary": "We help.", "themes": {prison}, "details": 0}
    revision = revise(organisation, summary="x", themes=[], email=["a@example.org", "public"])

    revert_revision(revision, by=None)

    saved = now(organisation)
    after = {"summary": saved.summary, "themes": {*saved.themes.all()}}
    assert after | {"details": saved.details.count()} == before
    assert ProfileRevision.objects.get().state == State.REVERTED


def test_a_later_change_of_the_same_field_is_taken_back_first(organisation):
    first = revise(organisation, summary="One.")
    other = revise(organisation, website="https://example.org")
    last = revise(organisation, summary="Two.")

    with pytest.raises(RevisionError, match="Take back the later one first"):
        revert_revision(first, by=None)
    for revision in (other, last, first):
        revert_revision(revision, by=None)

    assert (now(organisation).summary, now(organisation).website) == ("We help.", "")


def test_what_another_has_taken_since_is_not_put_back(organisation):
    revision = revise(organisation, charity_number="")
    make_organisation("Example Other", charity_number="1234567")

    with pytest.raises(RevisionError, match="another organisation has it now"):
        revert_revision(revision, by=None)

    assert ProfileRevision.objects.get().state == State.LIVE


# -- After staff have looked ----------------------------------------------------------------------


def test_a_name_changes_when_staff_approve_it(organisation):
    asked = ask(organisation)
    waiting = now(organisation).name

    approve_revision(asked, by=None)

    assert waiting == "Example Charity"
    assert now(organisation).name == "Example New Name"
    assert now(organisation).former_names == ["Example Charity"]


def test_a_newer_request_takes_the_place_of_an_older(organisation):
    older = ask(organisation)
    newer = ask(organisation, "Example Newer Name", keeps_former=False)

    with pytest.raises(RevisionError, match="already dealt with"):
        approve_revision(older, by=None)
    approve_revision(newer, by=None)

    assert (now(organisation).name, now(organisation).former_names) == ("Example Newer Name", [])


def test_a_first_publication_is_of_the_profile_that_was_seen():
    organisation = make_organisation(summary="We help.", is_listed=False)
    asked = ask_for_publication(organisation, by=None)
    seen = now(organisation).version
    revise(organisation, summary="Something else.")

    with pytest.raises(RevisionError, match="changed since you opened this page"):
        approve_revision(asked, by=None, seen=seen)
    approve_revision(asked, by=None, seen=now(organisation).version)

    assert now(organisation).is_listed


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "in the public directory already"),
        ({"is_listed": False, "summary": ""}, "First say"),
    ],
)
def test_publication_is_asked_for_once_there_is_something_to_read(organisation, fields, sentence):
    Organisation.objects.update(**fields)

    with pytest.raises(RevisionError, match=sentence):
        ask_for_publication(organisation, by=None)


@pytest.mark.parametrize(
    ("decide", "state", "words"),
    [
        (approve_revision, "kept", "The new names of Example New Name are in place"),
        (partial(return_revision, reason="Too long."), "returned", "Too long."),
        (partial(decline_revision, reason="It is taken."), "declined", "It is taken."),
    ],
)
def test_a_decision_is_kept_and_told(
    organisation, decide, state, words, mailoutbox, django_capture_on_commit_callbacks
):
    owner, staff = make_owner(organisation), make_staff()
    asked = ask_for_names(organisation, by=owner, name="Example New Name", short_name="")

    with django_capture_on_commit_callbacks(execute=True):
        decide(asked, by=staff)
    with pytest.raises(ImpossibleMove):
        decide(asked, by=staff)

    asked.refresh_from_db()
    assert (asked.state, asked.decided_by) == (state, staff)
    assert [letter.to for letter in mailoutbox] == [["owner@example.org"]]
    assert words in mailoutbox[0].body


def test_two_requests_about_one_thing_cannot_wait(organisation):
    asked = ask(organisation)
    asked.pk, asked.uuid = None, "00000000-0000-4000-8000-000000000000"

    with pytest.raises(IntegrityError, match="one_waiting"), transaction.atomic():
        asked.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_of_two_decisions_at_once_one_holds():
    asked = ask(make_organisation())

    first, second = race(
        lambda: approve_revision(ProfileRevision.objects.get(pk=asked.pk), by=None),
        lambda: decline_revision(ProfileRevision.objects.get(pk=asked.pk), by=None, reason="No."),
    )

    assert first is None
    assert isinstance(second, RevisionError)
    assert ProfileRevision.objects.get().state == State.KEPT


@pytest.mark.django_db(transaction=True)
def test_of_two_requests_at_once_the_later_waits():
    organisation = make_organisation()

    outcomes = race(
        lambda: ask(Organisation.objects.get(), "Example One"),
        lambda: ask(Organisation.objects.get(), "Example Two"),
    )

    assert [asked.after["name"] for asked in outcomes] == ["Example One", "Example Two"]
    states = organisation.revisions.order_by("pk").values_list("state", flat=True)
    assert list(states) == [State.REPLACED, State.WAITING]


# -- The pages ------------------------------------------------------------------------------------


def test_owners_ask_and_read_what_came_of_it(client, organisation):
    client.force_login(make_owner(organisation))
    home = f"/my/organisations/{organisation.slug}/profile"
    new = {"name": "Example <b>New</b> Name", "short_name": "ENN", "keeps_former": "on"}

    page = client.post(f"{home}/names/", new, follow=True).content.decode()
    again = client.post(f"{home}/names/", {"name": "Example Charity", "short_name": ""})

    assert "Waits for CJA staff" in page
    assert "&lt;b&gt;New&lt;/b&gt;" in page
    assert "These are the names already." in again.content.decode()


def test_an_example_cannot_take_the_name_of_a_real_one(client):
    organisation = make_organisation(is_example=True)
    client.force_login(make_owner(organisation))

    page = client.post(
        f"/my/organisations/{organisation.slug}/profile/names/", {"name": "Real", "short_name": ""}
    )

    assert "An example must have a name that begins with “Example”" in page.content.decode()


def test_others_cannot_ask(client, organisation):
    organisation.is_listed = False
    organisation.save()
    client.force_login(make_user())

    for name in ("names", "history", "publish"):
        address = f"/my/organisations/{organisation.slug}/profile/{name}/"
        assert client.post(address, {"name": "Mine"}).status_code == 404


def test_staff_decide_on_one_page(client, settings, organisation):
    settings.REQUIRE_SECOND_FACTOR = False
    asked = ask(organisation)
    change = revise(organisation, summary="Bad words.")
    client.force_login(make_staff())
    home = "/admin/members/profilerevision"

    queue = client.get(f"{home}/?waits=staff").context["cl"].result_list
    page = client.get(f"{home}/{asked.pk}/change/").content.decode()
    unexplained = client.post(f"{home}/{asked.pk}/decide/decline/", {"decline-reason": ""})
    client.post(f"{home}/{asked.pk}/decide/return/", {"return-reason": "Say why."})
    client.post(f"{home}/{change.pk}/decide/revert/")

    asked.refresh_from_db()
    assert list(queue) == [asked]
    assert "<ins>New Name</ins>" in page
    assert "This field is required" in unexplained.content.decode()
    assert (asked.state, asked.reason) == ("returned", "Say why.")
    assert now(organisation).summary == "We help."


def test_staff_look_at_many_at_once(client, settings, organisation):
    settings.REQUIRE_SECOND_FACTOR = False
    rows = [revise(organisation, summary=words) for words in ("One.", "Two.")]
    client.force_login(make_staff())
    chosen = {"action": "keep", "_selected_action": [row.pk for row in rows]}

    client.post("/admin/members/profilerevision/", chosen)

    assert not ProfileRevision.objects.unseen().exists()
    with pytest.raises(RevisionError, match="nothing to look at"):
        keep_revision(rows[0], by=None)


def test_what_staff_change_in_the_record_is_kept_too(client, settings, organisation):
    settings.REQUIRE_SECOND_FACTOR = False
    staff, prison = make_staff(), make_theme("Prison")
    client.force_login(staff)
    address = f"/admin/members/organisation/{organisation.pk}/change/"
    form = client.get(address).context["adminform"].form
    sent = {name: value for name, value in form.initial.items() if value} | {"summary": "Ours."}

    answer = client.post(address, sent | {"former_names": "", "stages": [], "themes": [prison.pk]})

    revision = ProfileRevision.objects.get()
    assert answer.status_code == 302
    assert (revision.asked_by, revision.state) == (staff, State.KEPT)
    assert revision.before == {"summary": "We help.", "themes": []}
    assert revision.after == {"summary": "Ours.", "themes": ["prison"]}
