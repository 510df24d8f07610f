"""After the release: certificates, badges, numbers, equality, feedback."""

import io
from xml.etree import ElementTree

import pypdfium2
import pytest
from django.core import mail
from django.db import models

from awards.actions.feedback import draft_feedback, edit_feedback, release_feedback
from awards.actions.figures import publish_figures
from awards.actions.releases import release_category, withdraw_release
from awards.equality import QUESTIONS, count_answers, counts_of, told
from awards.models import EqualityCount, Feedback, Mark, PublishedAward, PublishedFigure, Sheet
from awards.permissions import HELD
from cja_portal.kit.moves import ImpossibleMove
from tests.awards.factories import make_nomination, make_running_cycle
from tests.awards.results import make_people, make_released_category, make_sealed_category
from tests.awards.test_two_worlds import past_all_guards
from tests.factories import make_award, make_published_cycle

pytestmark = pytest.mark.django_db
WITH_ALL = {
    "recipient": "Example & <Bridge>",
    "for_work": "A bridge",
    "judges_words": "Superb.",
    "category": "Example Category",
}


# -- Certificates and badges -----------------------------------------------------------------------


@pytest.fixture
def award():
    make_published_cycle(2030, "Example Category")
    return make_award(**WITH_ALL)


def keepsake(award, name):
    return f"/awards/2030/example-category/{award.pk}/{name}"


def test_a_certificate_is_a_tagged_pdf_with_the_address_that_proves_it(client, award):
    response = client.get(keepsake(award, "certificate.pdf"))

    file = response.content
    assert b"/MarkInfo" in file
    with pypdfium2.PdfDocument(io.BytesIO(file)) as pages:
        text = " ".join(page.get_textpage().get_text_bounded() for page in pages)
        assert len(pages) == 1
    said = " ".join(text.split())
    for part in ("Example & <Bridge>", "Winner", "A bridge", "Superb.", "awards/2030/example-cat"):
        assert part in said


def test_a_badge_is_a_picture_with_nothing_that_runs(client, award):
    response = client.get(keepsake(award, "badge.svg"))

    root = ElementTree.fromstring(response.content)
    assert {one.tag.rpartition("}")[2] for one in root.iter()} == {
        *("svg", "title", "rect", "g", "text")
    }
    assert "Example & <Bridge>: Winner" in root[0].text
    shown = [one.text for one in root.iter() if one.tag.endswith("}text")]
    assert shown[-1].endswith("/awards/2030/example-category/")
    assert response["Content-Disposition"].startswith("attachment")


def test_what_is_not_public_or_only_shortlisted_has_none(client, award):
    draft = make_award("Draft", published_at=None)
    short = make_award("Short", result="shortlisted")
    for one in (draft, short):
        for name in ("certificate.pdf", "badge.svg"):
            assert client.get(keepsake(one, name)).status_code == 404
    assert client.get(f"/awards/2029/example-category/{award.pk}/badge.svg").status_code == 404
    page = client.get("/awards/2030/example-category/").content.decode()
    assert keepsake(award, "certificate.pdf") in page
    assert keepsake(short, "certificate.pdf") not in page


def test_a_withdrawn_award_takes_its_certificate_with_it(client):
    category = make_released_category()
    award = PublishedAward.objects.get(result="winner")
    address = f"/awards/2031/{category.slug}/{award.pk}/certificate.pdf"
    assert client.get(address).status_code == 200

    withdraw_release(category, because="Wrong.", by=category.releases.get().by)

    assert client.get(address).status_code == 404


# -- Equality --------------------------------------------------------------------------------------


def test_answers_are_counted_and_nothing_else_is_kept(client):
    cycle = make_running_cycle()
    nomination = make_nomination(cycle.categories.get(), state="submitted")
    session = client.session
    session[HELD] = [str(nomination.collaborators.get().uuid)]
    session.save()
    assert "/awards/2031/equality/" in client.get(f"{nomination.get_absolute_url()}receipt/").text
    events = cycle.events.count()

    for _ in range(2):  # The second time counts nothing.
        client.post("/awards/2031/equality/", {"age": "25-39", "gender": "woman"})

    assert dict(counts_of(2031)["How old are you?"])["25 to 39"] == 1
    assert sum(EqualityCount.objects.values_list("count", flat=True)) == 2
    assert cycle.events.count() == events


def test_only_those_who_sent_a_nomination_are_asked(client):
    nomination = make_nomination(make_running_cycle().categories.get())
    assert client.get("/awards/2031/equality/").status_code == 404
    session = client.session
    session[HELD] = [str(nomination.collaborators.get().uuid)]
    session.save()

    assert client.get("/awards/2031/equality/").status_code == 404


def test_no_key_no_time_and_no_order_lead_to_a_nomination():
    kinds = {type(field) for field in EqualityCount._meta.get_fields()}
    assert not kinds & {models.ForeignKey, models.DateTimeField, models.DateField, models.UUIDField}
    names = [(name, answer) for name, (_, choices) in QUESTIONS.items() for answer, _ in choices]

    count_answers(2031, {"experience": "yes"})
    count_answers(2031, {"age": "under-25"})

    rows = EqualityCount.objects.order_by("pk").values_list("question", "answer")
    assert list(rows) == names


TOLD = [
    ([("a", 20), ("b", 30)], [("a", 20), ("b", 30)]),
    ([("a", 20), ("b", 3), ("c", 30)], [("a", None), ("b", None), ("c", 30)]),
    ([("a", 9), ("b", 9), ("c", 30)], [("a", None), ("b", None), ("c", 30)]),
    ([("a", 4), ("b", 0)], [("a", None), ("b", 0)]),
    ([("a", 14), ("b", 0)], [("a", 14), ("b", 0)]),
    ([("a", 10)], [("a", 10)]),
]


@pytest.mark.parametrize(("counts", "expected"), TOLD)
def test_no_group_of_fewer_than_ten_is_told_or_can_be_worked_out(counts, expected):
    assert told(counts) == expected


# -- Numbers ---------------------------------------------------------------------------------------


def test_numbers_are_public_with_the_release_and_in_groups_of_ten(client):
    category = make_sealed_category()
    with pytest.raises(ImpossibleMove, match="not released"):
        publish_figures(category.cycle)
    assert client.get("/awards/2031/statistics/").status_code == 404
    count_answers(2031, {"age": "40-59"})
    for _ in range(11):
        count_answers(2031, {"age": "25-39", "experience": "yes"})
        count_answers(2031, {"age": "60-up"})

    release_category(category, by=category.seals.get().sealed_by)

    page = client.get("/awards/2031/statistics/").content.decode()
    assert "How old are you?" in page
    assert "lived experience" not in page  # All who answered gave the same answer.
    shown = PublishedFigure.objects.exclude(count=None).values_list("count", flat=True)
    assert all(count >= 10 for count in shown if count)
    assert "40 to 59" in page
    assert "/awards/2031/statistics/" in client.get("/awards/2031/").content.decode()


# -- Feedback --------------------------------------------------------------------------------------


def test_feedback_is_drafted_from_ticks_read_by_a_person_and_then_released(client):
    category = make_released_category()
    by = category.releases.get().by
    nomination = category.nominations.get(nominee_name="Example Garden")
    with past_all_guards():
        sheets = Sheet.objects.filter(assignment__nomination=nomination)
        sheets.update(improvement="Say how you know.")
        Mark.objects.filter(sheet__in=sheets, criterion__name="Impact").update(is_strength=True)

    assert draft_feedback(category.cycle, by=by) == 3
    assert draft_feedback(category.cycle, by=by) == 0
    feedback = Feedback.objects.get(nomination=nomination)

    assert feedback.text == (
        "The judges saw these strengths:\n- Impact\n\n"
        "One thing that could be better:\n- Say how you know."
    )
    with pytest.raises(ImpossibleMove, match="Nobody has read"):
        release_feedback(feedback, by=by)
    edit_feedback(feedback, "Tell us how you know.", by=by)
    session = client.session
    session[HELD] = [str(nomination.collaborators.get().uuid)]
    session.save()
    assert "Tell us how" not in client.get(nomination.get_absolute_url()).content.decode()
    mail.outbox.clear()

    release_feedback(feedback, by=by)

    assert "Tell us how you know." in client.get(nomination.get_absolute_url()).content.decode()
    assert [letter.subject.split(":")[0] for letter in mail.outbox] == ["What the judges say"]
    assert "Tell us" not in mail.outbox[0].body
    with pytest.raises(ImpossibleMove, match="people have read it"):
        edit_feedback(feedback, "Else.", by=by)


def test_feedback_waits_for_the_release():
    category = make_sealed_category(people=make_people())
    by = category.seals.get().sealed_by
    draft_feedback(category.cycle, by=by)
    feedback = edit_feedback(Feedback.objects.first(), "Well done.", by=by)

    with pytest.raises(ImpossibleMove, match="not released"):
        release_feedback(feedback, by=by)
