"""The judges' room: who may open what, what is shown there, and what it asks of the database."""

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from awards.models import Attachment, Interest, Judge, Sheet
from tests.awards.factories import make_nomination, make_running_cycle
from tests.awards.judging import (
    begin_judging,
    make_judge,
    make_judged_cycle,
    make_round,
    make_sheet,
    set_state,
)
from tests.factories import make_staff, make_user
from tests.logins import sign_in

pytestmark = pytest.mark.django_db
NOMINEES = ("Example Bridge", "Example Garden", "Example Library")


@pytest.fixture
def cycle():
    return make_judged_cycle(*NOMINEES)


@pytest.fixture
def judge(cycle):
    return make_judge(cycle, is_chair=True)


@pytest.fixture
def round_(cycle, judge):
    return make_round(cycle.categories.get(), judges=[judge, make_judge(cycle)])


@pytest.fixture
def reading(round_, judge):
    return round_.assignments.filter(judge=judge).first()


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def client_of_staff():
    client = Client()
    sign_in(client, make_staff())
    return client


def at(name, thing, **parts):
    return reverse(f"awards:judging-{name}", kwargs={"uuid": thing.uuid, **parts})


def marks_of(category, value=4, **more):
    return {f"mark-{one.pk}": value for one in category.criteria.all()} | {"seen": 0} | more


def blind_reading(nominee="Example Bridge", *, is_blind=True):
    cycle = make_running_cycle(2032, is_announced=False)
    category = cycle.categories.get()
    category.is_blind = is_blind
    category.save()
    cycle.stage, cycle.frozen_at = "announced", timezone.now()
    cycle.save()
    nomination = make_nomination(category, nominee, state="submitted", email="who@charity.example")
    answer = nomination.answers.first()
    nomination.referees.create(name="Ada Referee", email="ada@charity.example")
    answer.sent_text = f"The {nominee} helps, says Ada Referee. Write to who@charity.example."
    answer.save(update_fields=["sent_text"])
    Attachment.objects.create(
        nomination=nomination,
        file=ContentFile(b"%PDF-1.4", "x"),
        name="Example Bridge report.pdf",
        content_type="application/pdf",
        size=8,
        sha256="0" * 64,
    )
    nomination.state = "screened-in"
    nomination.save()
    begin_judging(cycle)
    judge = make_judge(cycle)
    return make_round(category, judges=[judge]).assignments.get()


# -- Who may open what ----------------------------------------------------------------------------


def test_a_round_in_preparation_is_nobodys_yet(cycle, judge):
    round_ = make_round(cycle.categories.get(), judges=[judge], state="setup")

    assert client_of(judge.user).get(at("queue", round_)).status_code == 404


# -- The place and the interests ------------------------------------------------------------------


def test_somebody_who_is_asked_says_yes_to_the_terms(cycle):
    user = make_user(email="asked@example.org")
    judge, client = Judge.objects.create(cycle=cycle, user=user), client_of(user)

    client.post(at("place", judge), {"accept": "1", "limit": 9})
    judge.refresh_from_db()
    assert judge.accepted_at is None
    client.post(at("place", judge), {"accept": "1", "limit": 9, "agrees": "on"})

    judge.refresh_from_db()
    assert judge.is_sitting
    assert (judge.limit, judge.terms_version) == (9, "2026-1")
    assert user.is_in_group("judges")


def test_or_no(cycle):
    user = make_user(email="asked@example.org")
    judge, client = Judge.objects.create(cycle=cycle, user=user), client_of(user)

    client.post(at("place", judge), {"decline": "1"})

    assert client.get(at("place", judge)).status_code == 404


def test_leaving_keeps_what_was_handed_in(judge, round_, reading):
    sheet = make_sheet(reading)

    client_of(judge.user).post(at("place", judge), {"leave": "1", "reason": "I am ill."})

    states = dict(judge.assignments.values_list("pk", "state"))
    assert states.pop(reading.pk) == "active"
    assert set(states.values()) == {"recused"}
    assert list(Sheet.objects.counting()) == [sheet]


def test_interests_come_from_one_list_of_all_who_are_nominated(cycle, judge, round_, reading):
    client, name = client_of(judge.user), reading.nomination.nominee_name

    listed = client.get(at("interests", judge)).content.decode()
    second = client.post(at("interests", judge), {"names": [name]}).content.decode()
    client.post(
        at("interests", judge),
        {"names": [name], "declare": "1", "kind-0": "family", "note-0": ""},
    )

    assert [name in listed for name in NOMINEES] == [True] * 3
    assert "Example Category" not in listed
    assert "What is it?" in second
    assert Interest.objects.get().name == name
    assert client.get(at("sheet", reading)).status_code == 404


def test_a_name_that_is_not_on_the_list_is_refused(judge):
    client_of(judge.user).post(at("interests", judge), {"names": ["Somebody"], "declare": "1"})

    assert not Interest.objects.exists()


# -- Reading and marking --------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_the_room_asks_the_same_of_the_database_however_much_there_is(
    count, django_assert_max_num_queries
):
    cycle = make_judged_cycle(*NOMINEES[:count])
    judge = make_judge(cycle)
    round_ = make_round(cycle.categories.get(), judges=[judge])
    reading, client = round_.assignments.first(), client_of(judge.user)
    make_sheet(reading)

    for address, most in [
        (reverse("awards:judging-home"), 12),
        (at("queue", round_), 12),
        (at("sheet", reading), 15),
    ]:
        with django_assert_max_num_queries(most):
            assert client.get(address).status_code == 200


def test_each_judge_has_an_order_of_their_own_that_stays():
    cycle = make_judged_cycle(*(f"Example {number}" for number in range(9)))
    judges = [make_judge(cycle), make_judge(cycle)]
    round_ = make_round(cycle.categories.get(), judges=judges)

    def order(judge):
        context = client_of(judge.user).get(at("queue", round_)).context
        return [entry.pk for _, entry, _ in context["rows"]]

    assert order(judges[0]) == order(judges[0])
    assert order(judges[0]) != order(judges[1])
    assert sorted(order(judges[0])) == sorted(order(judges[1]))


def test_a_sheet_is_saved_as_it_is_and_handed_in_whole(judge, reading):
    client, category = client_of(judge.user), reading.category
    criterion, other = category.criteria.all()

    client.post(at("sheet", reading), {f"mark-{criterion.pk}": "none", "seen": 0, "note": "Thin."})
    sheet = Sheet.objects.get()
    assert sheet.marks.get().is_without_evidence
    refused = client.post(
        at("sheet", reading), {f"mark-{criterion.pk}": 2, "seen": sheet.version, "submit": "1"}
    )
    given = marks_of(category, 4, seen=sheet.version, submit="1", **{f"strength-{other.pk}": "on"})
    client.post(at("sheet", reading), given)

    assert "Choose a mark for “Lived experience”." in refused.content.decode()
    sheet.refresh_from_db()
    assert sheet.submitted_at
    assert [(one.value, one.is_strength) for one in sheet.marks.all()] == [(4, False), (4, True)]


def test_an_older_window_writes_nothing_over(judge, reading):
    client = client_of(judge.user)
    client.post(at("sheet", reading), marks_of(reading.category, 2))

    stale = client.post(at("sheet", reading), marks_of(reading.category, 5))

    assert "saved meanwhile, in another window" in stale.content.decode()
    assert set(Sheet.objects.get().marks.values_list("value", flat=True)) == {2}


def test_what_is_saved_on_the_way_answers_with_its_version(judge, round_, reading):
    client, given = client_of(judge.user), marks_of(reading.category)

    kept = client.post(at("save", reading), given)
    stale = client.post(at("save", reading), given | {"note": "Other."})
    set_state(round_, "locked")
    late = client.post(at("save", reading), given | {"seen": 2, "note": "Late."})

    assert kept.json() == {"version": 2}
    assert (stale.status_code, late.status_code) == (409, 409)
    assert late.json() == {"error": "This round is not open for marks."}


def test_after_the_lock_a_sheet_is_read_and_not_written(judge, round_, reading):
    make_sheet(reading, 4, 2)
    set_state(round_, "locked")
    client = client_of(judge.user)

    page = client.get(at("sheet", reading)).content.decode()
    client.post(at("sheet", reading), marks_of(reading.category, 5, seen=2))

    assert "4: Well shown" in page
    assert "<form" not in page.partition('id="marks"')[2].partition("</section>")[0]
    assert sorted(Sheet.objects.get().marks.values_list("value", flat=True)) == [2, 4]


def test_stepping_back_takes_the_entry_away_and_leaves_the_sheet_out(judge, reading):
    sheet, client = make_sheet(reading), client_of(judge.user)

    client.post(at("step-back", reading), {"reason": "I know who it is."})

    assert client.get(at("sheet", reading)).status_code == 404
    assert sheet.exclusions.get().reason == "Interest: The judge said so."
    assert not Sheet.objects.counting().exists()


# -- What is not shown ----------------------------------------------------------------------------


def test_nothing_of_others_is_told_before_or_after_ones_own_sheet(judge, round_, reading):
    """Another judge's sheet, note and mark are there and could leak."""
    theirs = round_.assignments.exclude(judge=judge).get(nomination=reading.nomination)
    client = client_of(judge.user)
    before = [client.get(url).content for url in (at("queue", round_), at("sheet", reading))]
    sheet = make_sheet(theirs, 1, 5, is_submitted=False)
    Sheet.objects.filter(pk=sheet.pk).update(note="A secret note.", version=2)

    after = [client.get(url).content for url in (at("queue", round_), at("sheet", reading))]

    assert [_plain(one) for one in before] == [_plain(one) for one in after]


def _plain(content):
    """Without what changes at every visit."""
    text = content.decode()
    start = text.find('name="csrfmiddlewaretoken"')
    while start != -1:
        end = text.find(">", start)
        text = text[:start] + text[end:]
        start = text.find('name="csrfmiddlewaretoken"')
    return text


def test_a_blind_category_names_nobody_on_any_page_or_file():
    reading = blind_reading()
    client = client_of(reading.judge.user)

    pages = [
        client.get(url).content.decode()
        for url in (
            reverse("awards:judging-home"),
            at("queue", reading.round),
            at("sheet", reading),
            at("step-back", reading),
        )
    ]
    file = client.get(at("file", reading, number=1))

    assert "[nominee]" in pages[2]
    assert not [
        word for word in ("Bridge", "charity.example", "Referee") if any(word in p for p in pages)
    ]
    assert file.status_code == 404


def test_a_file_goes_by_a_number_where_the_category_is_not_blind():
    reading = blind_reading(is_blind=False)

    file = client_of(reading.judge.user).get(at("file", reading, number=1))

    assert "Attachment 1.pdf" in file["Content-Disposition"]
    assert "Bridge" not in str(file.headers)
    file.close()
