"""Eligible or not, looked at by two; and the same nominee twice."""

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.test import TestCase
from django.urls import reverse

from awards.actions.screening import look_again, merge_nominations, screen_nomination, undo_merge
from awards.duplicates import likely_duplicates
from awards.models import Attachment, Nomination, Screening
from cja_portal.kit.moves import ImpossibleMove
from tests.awards.factories import make_nomination, make_running_cycle, set_clock
from tests.factories import make_staff

pytestmark = pytest.mark.django_db
FAULTS = {"outcome": "exclude", "checklist": {}, "reason": "other", "explanation": "It is a test."}


@pytest.fixture
def category():
    return make_running_cycle().categories.get()


def submitted(category, name="Example Project", **fields):
    return make_nomination(category, name, state="submitted", **fields)


def state_of(nomination):
    return Nomination.objects.get(pk=nomination.pk).state


# -- Looks -----------------------------------------------------------------------------------------


def test_an_exclusion_takes_effect_once_another_person_agrees(category):
    first, second = make_staff(), make_staff(email="second@example.org")
    nomination = submitted(category)
    look = screen_nomination(nomination, by=first, **FAULTS)
    assert state_of(nomination) == "submitted"
    with pytest.raises(ImpossibleMove, match="somebody else"):
        look_again(look, agrees=True, by=first)

    with TestCase.captureOnCommitCallbacks(execute=True):
        look_again(look, agrees=True, by=second)

    assert state_of(nomination) == "ineligible"
    assert "It is a test." in mail.outbox[0].body
    screen_nomination(nomination, by=first, outcome="include", checklist={}, explanation="Ours.")
    assert state_of(nomination) == "screened-in"


def test_who_does_not_agree_sends_it_back_to_be_screened(category):
    nomination = submitted(category)
    look = screen_nomination(nomination, by=make_staff(), **FAULTS)
    other = make_staff(email="second@example.org")

    look_again(look, agrees=False, by=other, remark="It fits.")

    assert state_of(nomination) == "submitted"
    with pytest.raises(ImpossibleMove, match="already"):
        look_again(look, agrees=True, by=other)
    screen_nomination(nomination, by=other, outcome="include", checklist={})


def test_nothing_is_screened_once_judging_has_begun(category):
    nomination = submitted(category)
    set_clock(category.cycle, category.cycle.ends_at.replace(year=category.cycle.ends_at.year + 1))
    type(category.cycle).objects.update(stage="judging")

    with pytest.raises(ImpossibleMove, match="Judging has begun"):
        screen_nomination(nomination, by=make_staff(), **FAULTS)


# -- The same nominee twice ------------------------------------------------------------------------

PAIRS = [
    ({"charity_number": "1234567"}, {"charity_number": "No. 123 4567"}, "The same charity number."),
    (
        {"nominee_email": "A@example.org"},
        {"nominee_email": "a@example.org"},
        "The same e-mail address of the nominee.",
    ),
    ({"nominee": "The Example Trust"}, {"nominee": "example trust"}, "The same name."),
    ({"nominee": "Example Bridges"}, {"nominee": "Example Bridge"}, "Much the same name."),
    ({"nominee": "Example Bridges"}, {"nominee": "Something else"}, None),
]


@pytest.mark.parametrize(("one", "other", "reason"), PAIRS)
def test_doubles_are_suggested_with_the_reason(category, one, other, reason):
    first = make_nomination(category, one.pop("nominee", "One"), state="submitted", **one)
    make_nomination(category, other.pop("nominee", "Quite another"), state="submitted", **other)
    make_nomination(category, first.nominee_name)  # a draft, which nobody may know of

    assert [one.reason for one in likely_duplicates(first)] == ([reason] if reason else [])


def test_a_merge_keeps_both_texts_tells_both_and_can_be_undone(category):
    staff = make_staff()
    kept, other = submitted(category), submitted(category)
    with TestCase.captureOnCommitCallbacks(execute=True):
        link = merge_nominations(other, into=kept, reason="The same people.", by=staff)
    assert (state_of(other), state_of(kept)) == ("merged", "submitted")
    assert len(mail.outbox) == 2
    assert other.answers.filter(sent_text="They help people.").exists()
    with pytest.raises(ImpossibleMove, match="that way round"):
        merge_nominations(kept, into=submitted(category), reason="Chain.", by=staff)

    undo_merge(link, reason="Two branches.", by=staff)

    assert state_of(other) == "submitted"
    with pytest.raises(ImpossibleMove, match="not merged"):
        undo_merge(link, reason="Again.", by=staff)


def make_attachment(nomination):
    content = {"content_type": "application/pdf", "size": 7, "sha256": "0" * 64, "name": "a.pdf"}
    file = Attachment(nomination=nomination, **content)
    file.file.save("a", ContentFile(b"A file."))
    return file


# -- The staff's page ------------------------------------------------------------------------------


@pytest.fixture
def staff(client, settings):
    settings.REQUIRE_SECOND_FACTOR = False
    client.force_login(make_staff())
    return client


def page_of(nomination):
    return reverse("admin:awards_nomination_change", args=[nomination.pk])


def do(client, nomination, name, **data):
    address = reverse("admin:awards_nomination_do", args=[nomination.pk, name])
    return client.post(address, data, follow=True).content.decode()


def test_a_draft_is_unknown_to_staff(staff, category):
    draft = make_nomination(category)

    assert staff.get(page_of(draft)).status_code == 404
    listed = staff.get(reverse("admin:awards_nomination_changelist")).content.decode()
    assert "Example Project" not in listed


def test_staff_screen_on_one_page(staff, category):
    nomination, double = submitted(category), submitted(category)
    page = staff.get(page_of(nomination)).content.decode()
    assert "They help people." in page
    assert "The same name." in page
    file = make_attachment(nomination)
    address = reverse("admin:awards_nomination_file", args=[nomination.pk, file.uuid])
    assert b"".join(staff.get(address)) == b"A file."
    assert staff.get(address.replace(str(file.uuid), "nothing")).status_code == 404

    assert "Tick every point" in do(staff, nomination, "screen", outcome="include")
    assert "An exclusion says why." in do(staff, nomination, "screen", outcome="exclude")
    do(staff, nomination, "screen", outcome="exclude", reason="other", explanation="A test.")
    assert "Somebody else must look at it now." in staff.get(page_of(nomination)).content.decode()
    staff.force_login(make_staff(email="second@example.org"))
    do(staff, nomination, "second", agrees="no", remark="It fits.")
    do(staff, double, "merge", into=nomination.pk, reason="The same people.")
    assert state_of(double) == "merged"
    assert "Done." in do(staff, double, "undo", reason="Two branches.")
    assert "no e-mail address" in do(staff, double, "ask")
    assert Screening.objects.get().second_agrees is False
