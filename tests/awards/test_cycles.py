"""How staff prepare, announce, extend, copy and rehearse a year of awards."""

from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from awards.actions.cycles import (
    announce_cycle,
    copy_cycle,
    extend_deadline,
    give_more_time,
    prepare_cycle_again,
    revise_question,
    start_judging,
    who_must_answer_again,
)
from awards.actions.published import publish_cycle
from awards.demonstration import STATES
from awards.models import Cycle, Event, Extension, Nomination, PublishedCycle, Question
from awards.permissions import may_nominate
from cja_portal.kit.dates import UK
from cja_portal.kit.moves import ImpossibleMove
from tests.awards.factories import make_category, make_nomination, make_running_cycle, set_clock
from tests.factories import make_cycle, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


# -- Stages ----------------------------------------------------------------------------------------


def test_a_year_that_is_not_whole_says_all_that_it_lacks(staff):
    cycle = make_cycle(2031)
    make_category(cycle, "One", weights=(("Impact", 60),), asks=())

    with pytest.raises(ImpossibleMove) as refused:
        announce_cycle(cycle, by=staff)

    assert "Say when nominations open and close." in str(refused.value)
    assert "The weights of “One” total 60, not 100." in str(refused.value)
    assert "“One” asks no question that must be answered." in str(refused.value)


def test_no_deadline_is_announced_for_a_night_when_the_clocks_change(staff):
    closes_at = datetime(2031, 10, 26, 0, 30, tzinfo=UK)
    cycle = make_running_cycle(is_announced=False, closes_at=closes_at)

    with pytest.raises(ImpossibleMove, match="clocks change in the night"):
        announce_cycle(cycle, by=staff)


def test_two_years_do_not_run_at_once(staff):
    make_running_cycle(2031)
    second = make_running_cycle(2032, is_announced=False)

    with pytest.raises(ImpossibleMove, match="still running"):
        announce_cycle(second, by=staff)


def test_a_year_is_announced_taken_back_and_announced_again(staff):
    cycle = make_running_cycle(is_announced=False)
    set_clock(cycle, cycle.opens_at - DAY)
    announce_cycle(cycle, by=staff)
    prepare_cycle_again(cycle, by=staff)
    announce_cycle(cycle, by=staff)

    set_clock(cycle, cycle.opens_at)

    with pytest.raises(ImpossibleMove, match="its rules stay"):
        prepare_cycle_again(cycle, by=staff)
    moves = Event.objects.filter(verb="move_cycle").values_list("before", "after")
    assert set(moves) == {("draft", "announced"), ("announced", "draft")}


@pytest.mark.parametrize(
    ("shift", "has_extension", "words"),
    [(DAY, False, "not closed"), (20 * DAY, True, "still has time"), (20 * DAY, False, None)],
)
def test_judging_begins_when_nobody_can_nominate_any_more(staff, shift, has_extension, words):
    cycle = make_running_cycle()
    if has_extension:
        until = cycle.closes_at + 30 * DAY
        give_more_time(cycle, "a@example.org", until, reason="Ill.", by=staff)
    set_clock(cycle, cycle.opens_at + shift)

    if words:
        with pytest.raises(ImpossibleMove, match=words):
            start_judging(cycle, by=staff)
    else:
        start_judging(cycle, by=staff)
        assert Cycle.objects.get().state() == "judging"


def test_a_deadline_moves_later_with_a_reason_and_on_the_public_page_too(staff):
    cycle = make_running_cycle()
    publish_cycle(cycle, by=staff)
    later = cycle.closes_at + DAY
    extend_deadline(cycle, later, reason="A fault of ours.", by=staff)

    assert PublishedCycle.objects.get().closes_at == later
    assert Event.objects.get(verb="extend_deadline").reason == "A fault of ours."
    with pytest.raises(ImpossibleMove, match="never earlier"):
        extend_deadline(cycle, later - DAY, reason="No.", by=staff)
    with pytest.raises(ImpossibleMove, match="More time"):
        give_more_time(cycle, "a@example.org", later - DAY, reason="No.", by=staff)


# -- Questions -------------------------------------------------------------------------------------


def test_a_revised_question_lists_who_must_answer_again(staff):
    cycle = make_running_cycle()
    category = cycle.categories.get()
    nomination = make_nomination(category, state="submitted")
    question = category.questions.current().first()

    new = revise_question(question, {"text": "What exactly?"}, why="It was unclear.", by=staff)

    assert (new.version, new.key) == (2, question.key)
    assert set(who_must_answer_again(new)) == {nomination}
    assert category.questions.current().filter(pk=question.pk).count() == 0
    with pytest.raises(ImpossibleMove, match="newer version"):
        revise_question(question, {}, why="Again.", by=staff)


# -- Copies ----------------------------------------------------------------------------------------


def test_last_year_is_copied_without_its_dates_and_payments(staff):
    cycle = make_running_cycle(is_announced=False)
    category = cycle.categories.get()
    category.prizes.create(
        pence=400000, wording="£4,000", paid_on="2031-12-01", paid_to="X", evidence="Y"
    )

    new = copy_cycle(cycle, year=2032, by=staff)

    copy = new.categories.get()
    assert (new.name, new.stage, new.closes_at) == ("Example Awards 2032", "draft", None)
    assert list(copy.criteria.values_list("name", "weight")) == [
        ("Impact", 60),
        ("Lived experience", 40),
    ]
    assert copy.questions.count() == 2
    assert (copy.prizes.get().pence, copy.prizes.get().paid_on) == (400000, None)
    with pytest.raises(ImpossibleMove, match="already"):
        copy_cycle(cycle, year=2032, by=staff)


def test_a_rehearsal_tries_the_year_and_leaves_nothing(staff, mailoutbox):
    make_running_cycle()
    said = StringIO()

    call_command("rehearse_awards", 2031, staff.email, stdout=said)

    assert "is ready" in said.getvalue()
    assert "NO " not in said.getvalue()
    assert said.getvalue().count("yes") == 9
    assert Cycle.objects.count() == 1
    assert not Nomination.objects.exists()
    assert mailoutbox == []


def test_a_rehearsal_says_what_is_not_whole(staff):
    cycle = make_running_cycle(is_announced=False)
    cycle.categories.get().criteria.first().delete()
    said = StringIO()

    with pytest.raises(CommandError, match="not ready"):
        call_command("rehearse_awards", 2031, staff.email, stdout=said)

    assert "NO   The rules are whole" in said.getvalue()


DAYS = [
    ({"ceremony_at": "2031-11-06T18:30Z"}, "2031-11-06"),
    ({"ceremony_at": "2031-06-30T23:30Z"}, "2031-07-01"),
    ({"ceremony_at": "2031-11-06T18:30Z", "held_on": "2031-11-07"}, "2031-11-07"),
    ({"ceremony_at": "2029-11-06T18:30Z"}, None),
]


@pytest.mark.parametrize(("fields", "day"), DAYS)
def test_the_public_page_tells_the_day_of_the_ceremony(fields, day):
    cycle = make_cycle(2031, **fields)
    cycle.refresh_from_db()

    publish_cycle(cycle, by=None)

    held_on = PublishedCycle.objects.get().held_on
    assert (held_on and held_on.isoformat()) == day


# -- The demonstration -----------------------------------------------------------------------------

COUNTS = {"draft": 0, "announced": 0}


@pytest.mark.long
def test_a_demonstration_opens_in_each_state_and_makes_way_for_the_next(settings, client):
    settings.IS_DEMONSTRATION = True

    for state in [*STATES, STATES[-1]]:
        call_command("demo_awards", state=state, year=2031, stdout=StringIO())

        cycle = Cycle.objects.get()
        assert cycle.state() == {"screened": "closed"}.get(state, state)
        assert not cycle.clock_shift
        assert Nomination.objects.count() == COUNTS.get(state, 17), state
        emails = Nomination.objects.values_list("nominee_email", "collaborators__email")
        assert all(email.endswith("@example.org") for pair in emails for email in pair), state
        assert cycle.judges.sitting().count() == (0 if state == "draft" else 6), state
        if state == "open":
            judge, panel = cycle.judges.sitting().first(), cycle.categories.get(kind="panel")
            assert may_nominate(judge.user, panel)
        page = client.get(reverse("awards:cycle-detail", args=[2031])).content.decode()
        assert ("/nominate/" in page) == (state == "open"), state


@pytest.mark.parametrize("is_demonstration", [True, False])
def test_no_real_year_is_written_over(settings, is_demonstration):
    settings.IS_DEMONSTRATION = is_demonstration
    make_cycle(2031)

    with pytest.raises(CommandError, match=r"real year|Only a demonstration"):
        call_command("demo_awards", year=2031, stdout=StringIO())


# -- The staff's pages -----------------------------------------------------------------------------


@pytest.fixture
def desk(client, settings):
    settings.REQUIRE_SECOND_FACTOR = False
    client.force_login(make_user(is_staff=True, is_superuser=True))
    return client


def act(client, action, *cycles):
    return client.post(
        reverse("admin:awards_cycle_changelist"),
        {"action": action, "_selected_action": [cycle.pk for cycle in cycles]},
        follow=True,
    ).content.decode()


def test_staff_announce_copy_and_rehearse_from_the_list(desk):
    cycle = make_running_cycle(is_announced=False)

    assert "Announced: 1." in act(desk, "announce", cycle)
    assert "Copied: 1." in act(desk, "copy", cycle)
    assert "Rehearsals made: 1." in act(desk, "rehearse", cycle)
    assert "not closed yet" in act(desk, "judge", cycle)
    assert Cycle.objects.filter(rehearsal_of=cycle).count() == 1


def test_the_pages_of_fixed_rules_open(desk):
    cycle = make_running_cycle()
    pages = [
        reverse("admin:awards_cycle_change", args=[cycle.pk]),
        reverse("admin:awards_category_change", args=[cycle.categories.get().pk]),
    ]

    assert [desk.get(page).status_code for page in pages] == [200, 200]


def test_a_question_is_revised_on_its_page(desk):
    cycle = make_running_cycle()
    question = cycle.categories.get().questions.first()
    page = reverse("admin:awards_question_change", args=[question.pk])
    names = ["category_id", "section", "key", "help_text", "kind", "most_words", "position"]
    form = {name.removesuffix("_id"): getattr(question, name) for name in names}
    form |= {"text": "What exactly?", "is_required": "on", "is_for_judges": "on"}
    assert "Say why the question is changed." in desk.post(page, form).content.decode()

    desk.post(page, form | {"because": "It was unclear."})

    assert Question.objects.current().get(key=question.key).text == "What exactly?"


def test_more_time_is_given_on_a_page(desk):
    cycle = make_running_cycle()
    until = (cycle.closes_at + 2 * DAY).astimezone(UK)
    form = {"cycle": cycle.pk, "email": "A@example.org", "reason": "Ill."}
    form |= {"until_0": until.strftime("%Y-%m-%d"), "until_1": "23:59"}

    desk.post(reverse("admin:awards_extension_add"), form)

    assert Extension.objects.get().granted_by
    assert Event.objects.get(verb="give_more_time").reason == "Ill."
