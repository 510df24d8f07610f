"""What judges of a blind category read, and what few people may read at all."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from awards.actions.nominations import save_answer, submit_nomination
from awards.models import Answer, Event, Nomination
from tests.awards.factories import make_category, make_nomination, make_running_cycle
from tests.factories import make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client, settings):
    settings.REQUIRE_SECOND_FACTOR = False
    user = make_staff()
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def blind():
    cycle = make_running_cycle(is_announced=False)
    category = make_category(cycle, "Example Blind", is_blind=True)
    cycle.stage, cycle.frozen_at = "announced", cycle.opens_at
    cycle.save()
    return category


def page_of(nomination, what="change"):
    return reverse(f"admin:awards_nomination_{what}", args=[nomination.pk])


def test_a_text_is_taken_out_beside_what_was_sent(staff, blind):
    nomination = make_nomination(blind, state="screened-in")
    one, other = nomination.answers.all()
    assert Nomination.objects.to_redact().get() == nomination
    assert page_of(nomination, "redact") in staff.get(page_of(nomination)).content.decode()
    assert "They help people." in staff.get(page_of(nomination, "redact")).content.decode()

    form = {f"answer-{one.pk}": "[They] help people.", f"answer-{other.pk}": other.sent_text}
    staff.post(page_of(nomination, "redact"), form)

    one, other = (Answer.objects.get(pk=answer.pk) for answer in (one, other))
    assert (one.sent_text, one.text_for_judges) == ("They help people.", "[They] help people.")
    assert (other.redacted_text, other.text_for_judges) == (None, "They help people.")
    assert other.redacted_by == staff.user
    assert not Nomination.objects.to_redact().exists()


def test_line_ends_of_browsers_alone_remove_nothing(staff, blind):
    nomination = make_nomination(blind, state="screened-in")
    answer = nomination.answers.first()
    Answer.objects.filter(pk=answer.pk).update(redacted_text=None)
    form = {f"answer-{one.pk}": one.sent_text for one in nomination.answers.all()}

    staff.post(page_of(nomination, "redact"), form)

    assert not Answer.objects.filter(redacted_text__isnull=False).exists()


def test_what_is_sent_anew_has_to_be_looked_through_again(staff, blind):
    nomination = make_nomination(blind, state="submitted")
    one, other = nomination.answers.all()
    form = {f"answer-{one.pk}": "Nothing.", f"answer-{other.pk}": "Nothing."}
    staff.post(page_of(nomination, "redact"), form)
    lead = nomination.collaborators.get()

    save_answer(nomination, one.question, "They help more people.", seen=1, by=lead)
    submit_nomination(nomination, key=nomination.uuid, by=lead)

    one, other = (Answer.objects.get(pk=answer.pk) for answer in (one, other))
    assert (one.redacted_at, one.text_for_judges) == (None, "They help more people.")
    assert other.text_for_judges == "Nothing."


def test_only_blind_categories_on_their_way_to_judges_are_redacted(staff, blind):
    finalist = make_nomination(blind, state="finalist")
    named = make_nomination(blind.cycle.categories.exclude(pk=blind.pk).get(), state="screened-in")

    assert staff.get(page_of(finalist, "redact")).status_code == 403
    assert staff.get(page_of(named, "redact")).status_code == 404


def test_what_is_flagged_as_sensitive_is_read_by_few(staff, blind):
    nomination = make_nomination(blind, state="screened-in")
    answer = nomination.answers.first()

    do = reverse("admin:awards_nomination_do", args=[nomination.pk, "flag"])
    staff.post(do, {"sensitive": ["victim"]})

    page = staff.get(page_of(nomination)).content.decode()
    assert "They help people." not in page
    assert "a victim or survivor" in page
    assert staff.get(page_of(nomination, "redact")).status_code == 403
    part = staff.get(reverse("admin:awards_answer_change", args=[answer.pk]))
    assert part.status_code == 302
    assert Event.objects.get(verb="flag").details["kinds"] == ["victim"]

    staff.user.user_permissions.add(Permission.objects.get(codename="read_sensitive"))
    assert "They help people." in staff.get(page_of(nomination)).content.decode()
