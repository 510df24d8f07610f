"""The staff's pages about judges and rounds."""

import pytest
from django.urls import reverse

from awards.actions.interests import note_conflict
from awards.actions.sheets import exclude_sheet
from awards.models import Sheet
from awards.progress import Progress
from tests.awards.judging import NOMINEES, make_judge, make_round, make_sheet
from tests.awards.test_results_page import asked
from tests.factories import make_staff, make_user
from tests.logins import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    sign_in(client, make_staff())
    return client


def page_of(thing, name="change"):
    return reverse(f"admin:awards_{thing._meta.model_name}_{name}", args=[thing.pk])


def duty(thing, name):
    return reverse(f"admin:awards_{thing._meta.model_name}_do", args=[thing.pk, name])


def test_a_round_goes_from_beginning_to_lock_by_its_page(desk, category):
    judges = [make_judge(category.cycle) for _ in range(3)]
    data = {"category": category.pk, "stage": "sift", "reads": 3}
    desk.post(reverse("admin:awards_round_add"), data | {"due_at_0": "", "due_at_1": ""})
    round_ = category.rounds.get()
    proposal = desk.get(page_of(round_, "proposal")).context["proposed"]

    desk.post(duty(round_, "accept"), {"seed": 1, "seen": proposal.plan.digest})
    desk.post(duty(round_, "open"))
    desk.post(duty(round_, "lock"))
    desk.post(duty(round_, "reopen"), {"reason": "A fault."})

    round_.refresh_from_db()
    assert (round_.state, round_.version) == ("scoring", 2)
    assert round_.assignments.count() == 18
    assert str(judges[0]) in desk.get(page_of(round_)).content.decode()


def test_what_is_impossible_is_told_in_words_with_names(desk, category):
    make_judge(category.cycle), make_judge(category.cycle)
    round_ = make_round(category, state="setup")

    page = desk.get(page_of(round_, "proposal")).content.decode()

    assert "It does not work out" in page
    assert "or ask for fewer than 3 reads of each entry" in page
    assert NOMINEES[0] in page


def test_progress_never_tells_what_was_marked(desk, category):
    round_ = make_round(category, judges=[make_judge(category.cycle)])
    sheet = make_sheet(round_.assignments.first(), 5, 1)
    Sheet.objects.filter(pk=sheet.pk).update(version=3, note="A secret note.")

    pages = [
        desk.get(url).content.decode()
        for url in (page_of(round_), reverse("admin:awards_sheet_changelist"))
    ]

    assert "1 of 6 sheets are in." in pages[0]
    assert "A secret note." not in "".join(pages)
    assert desk.get(page_of(sheet)).status_code == 302


def test_a_conflict_is_noted_and_lifted_on_the_page_of_the_judge(desk, category):
    judge, nomination = make_judge(category.cycle), category.nominations.first()

    desk.post(duty(judge, "conflict"), {"nomination": nomination.pk, "reason": "A friend."})
    (noted,) = judge.conflicts.current()
    desk.post(duty(judge, "lift"), {"conflict": noted.pk, "reason": "A namesake."})

    assert not judge.conflicts.current().exists()
    assert "A namesake." in desk.get(page_of(judge)).content.decode()


@pytest.mark.parametrize(
    ("typed", "answer"),
    [({}, "required"), ({"reason": "x" * 301}, "300"), ({"conflict": "²"}, "It is no conflict")],
)
def test_faults_in_a_lift_come_back_with_the_page(typed, answer, desk, category):
    judge, nomination = make_judge(category.cycle), category.nominations.first()
    noted = note_conflict(judge, nomination, source="writer", reason="", by=None)

    found = desk.post(duty(judge, "lift"), {"conflict": noted.pk} | typed)

    assert answer in found.content.decode()
    assert judge.conflicts.current().exists()


def test_a_second_chair_is_refused_in_a_sentence(desk, category):
    make_judge(category.cycle, is_chair=True)
    judge = make_judge(category.cycle)

    found = desk.post(duty(judge, "change"), {"limit": 20, "is_chair": "on"})

    assert "Somebody else chairs the panel." in found.content.decode()


def test_why_a_sheet_counts_again_is_asked_for_beside_it(desk, category):
    round_ = make_round(category, judges=[make_judge(category.cycle)])
    sheet = make_sheet(round_.assignments.first())
    exclude_sheet(sheet, reason="A friend.", by=make_staff(email="other@example.org"))

    faulty = desk.post(duty(round_, "restore"), {"sheet": sheet.pk, "reason": " "})

    assert "required" in faulty.content.decode()
    assert not Sheet.objects.counting().exists()
    desk.post(duty(round_, "restore"), {"sheet": sheet.pk, "reason": "A namesake."})
    assert Sheet.objects.counting().exists()


@pytest.mark.parametrize("name", ["accept", "replace"])
def test_a_button_of_an_old_page_leads_to_the_page_as_it_is(name, desk, category):
    round_ = make_round(category, state="setup")

    found = desk.post(duty(round_, name), {"assignment": "²", "seed": "-1"}, follow=True)

    assert "Look at it again." in found.content.decode()


@pytest.mark.parametrize("count", [2, 6])
def test_the_pages_of_a_round_ask_the_same_however_much_there_is(count, desk, category):
    judges = [make_judge(category.cycle) for _ in range(count)]
    round_ = make_round(category, judges=judges, reads=2)
    make_sheet(round_.assignments.first())
    for reading in round_.assignments.filter(judge=judges[1]):
        note_conflict(judges[1], reading.nomination, source="declared", reason="", by=None)
    round_.reads = count
    round_.save()

    assert len(Progress(round_).gaps()) == 6
    for page, name, most in [
        (round_, "change", 15),
        (round_, "proposal", 15),
        (judges[0], "change", 19),
    ]:
        assert len(asked(desk, page_of(page, name))) <= most


@pytest.mark.parametrize(("who", "status"), [("outsider@example.org", 302), ("", 302)])
def test_nobody_else_opens_them(who, status, client, category):
    round_ = make_round(category, state="setup")
    if who:
        client.force_login(make_user(email=who))

    found = [client.get(page_of(round_, name)).status_code for name in ("change", "proposal")]
    found.append(client.post(duty(round_, "lock")).status_code)

    assert found == [status] * 3


def test_the_page_of_a_judge_asks_the_same_however_many_conflicts(desk, category):
    judge, other = make_judge(category.cycle), make_judge(category.cycle)
    asked_for = []
    for entry in category.nominations.all()[:3]:
        note_conflict(judge, entry, source="staff", reason="They met.", by=other.user)
        asked_for.append(len(asked(desk, page_of(judge))))

    assert asked_for[0] == asked_for[2] <= 14
