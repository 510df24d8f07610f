"""Decided, sealed by one, confirmed by another: from then on nothing of a result changes."""

import json

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from awards.actions.decisions import decide, take_back_decision, withhold, write_words
from awards.actions.nominations import withdraw_nomination
from awards.actions.seals import confirm_seal, lacks_of_result, refuse_seal, seal_round
from awards.models import Decision, Mark, Nomination, Round, Seal
from awards.sealing import deciding_round, shares
from cja_portal.kit.moves import ImpossibleMove
from tests.awards.factories import make_running_cycle
from tests.awards.results import (
    agree_to_be_named,
    decide_all,
    make_locked_category,
    make_people,
    seal_and_confirm,
)
from tests.races import race, without_trigger

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return make_people()


@pytest.fixture
def category():
    return make_locked_category()


@pytest.fixture
def decided(category, people):
    decide_all(category, by=people[0])
    return category


def of(category, name):
    return category.nominations.get(nominee_name=name)


# -- Deciding --------------------------------------------------------------------------------------


def test_a_decision_takes_the_place_of_the_one_before_and_is_logged(category, people):
    nomination = of(category, "Example Bridge")
    decide(nomination, "commended", by=people[0])

    decide(nomination, "winner", by=people[1], stepped_out=[7])

    decision = Decision.objects.get()
    assert (decision.outcome, decision.stepped_out, decision.by) == ("winner", [7], people[1])
    moves = category.cycle.events.filter(verb="decide").values_list("before", "after")
    assert set(moves) == {("", "commended"), ("commended", "winner")}


def test_one_wins_alone_or_several_jointly_where_the_rules_say_so(people):
    category = make_locked_category(may_be_shared=True)
    decide(of(category, "Example Bridge"), "winner", by=people[0])
    with pytest.raises(ImpossibleMove, match="Another one wins already"):
        decide(of(category, "Example Garden"), "joint-winner", by=people[0])

    decide(of(category, "Example Bridge"), "joint-winner", by=people[0])
    assert "One alone cannot win jointly." in lacks_of_result(category)
    decide(of(category, "Example Garden"), "joint-winner", by=people[0])

    assert lacks_of_result(category) == []


REFUSED = [
    ({"outcome": "joint-winner"}, "do not let the award be shared"),
    ({"outcome": "winner", "is_off_the_order": True}, "against the order"),
]


@pytest.mark.parametrize(("values", "sentence"), REFUSED)
def test_a_decision_keeps_the_rules_of_its_category(category, people, values, sentence):
    with pytest.raises(ImpossibleMove, match=sentence):
        decide(of(category, "Example Bridge"), by=people[0], **values)


def test_nothing_is_decided_of_what_was_withdrawn(category, people):
    nomination = of(category, "Example Bridge")
    withdraw_nomination(nomination, by=nomination.collaborators.get())

    with pytest.raises(ImpossibleMove, match="withdrawn"):
        decide(nomination, "winner", by=people[0])


def test_an_award_is_withheld_with_a_reason_where_it_may_be(people):
    strict = make_locked_category(2032, may_be_withheld=False)
    with pytest.raises(ImpossibleMove, match="be withheld"):
        withhold(strict, because="None was good enough.", by=people[0])


def test_a_withheld_award_can_be_sealed(category, people):
    assert lacks_of_result(category)[0].startswith("Nobody wins")

    withhold(category, because="None was good enough.", by=people[0])

    assert lacks_of_result(category) == []
    decide(of(category, "Example Bridge"), "winner", by=people[0])
    assert lacks_of_result(category) == ["It cannot have a winner and be withheld."]


# -- Sealing ---------------------------------------------------------------------------------------


def test_what_is_not_ready_is_not_sealed_and_it_is_said_why(category, people):
    decide(of(category, "Example Line"), "winner", by=people[0])
    decide(of(category, "Example Bridge"), "shortlisted", by=people[0])
    type(category.cycle).objects.update(witness="")

    with pytest.raises(ImpossibleMove) as refused:
        seal_round(deciding_round(category), by=people[0])

    assert "Name a trustee" in str(refused.value)
    assert "Say why “Example Line” stands before one with higher marks." in str(refused.value)
    assert not Seal.objects.exists()


def test_who_declined_cannot_be_honoured(people):
    category = make_locked_category(agree=False)
    agree_to_be_named(of(category, "Example Bridge"), "declined")
    decide_all(category, by=people[0])

    with pytest.raises(ImpossibleMove, match="does not want to be nominated"):
        seal_round(deciding_round(category), by=people[0])


def test_two_people_seal_and_everybody_is_sent_the_fingerprint(decided, people):
    round_ = deciding_round(decided)
    seal = seal_round(round_, by=people[0])
    assert mail.outbox == []
    with pytest.raises(ImpossibleMove, match="Somebody else confirms"):
        confirm_seal(seal, by=people[0])

    confirm_seal(seal, by=people[1])

    decided.cycle.refresh_from_db()
    assert decided.cycle.stage == "sealed"
    assert Round.objects.get().state == "sealed"
    assert set(Nomination.objects.values_list("state", flat=True)) == {"decided"}
    assert all(seal.sha256 in letter.body for letter in mail.outbox)
    judges = decided.cycle.judges.values_list("user__email", flat=True)
    assert {letter.to[0] for letter in mail.outbox} == {"trustee@example.org", *judges}
    codes = {letter.to[0]: letter.body.count("you are J") for letter in mail.outbox}
    assert codes.pop("trustee@example.org") == 0
    assert set(codes.values()) == {1}


def test_the_file_names_nobody_and_says_what_was_decided(decided, people):
    seal = seal_round(deciding_round(decided), by=people[0])

    facts = json.loads(seal.file)

    assert "Example" not in json.dumps(facts["sheets"] + facts["order"])
    assert [len(facts["sheets"]), len(facts["order"])] == [9, 3]
    winner = seal.code_of(of(decided, "Example Bridge"))
    assert [winner, "winner"] in facts["decisions"]
    assert facts["order"][0][:2] == [winner, 1]


def test_codes_are_drawn_by_lot(decided, people, monkeypatch):
    monkeypatch.setattr("awards.sealing.chance.shuffle", lambda numbers: numbers.reverse())

    seal = seal_round(deciding_round(decided), by=people[0])

    entries = sorted(decided.nominations.values_list("pk", flat=True), reverse=True)
    assert seal.codes["entries"] == {str(entry): f"E{n:02}" for n, entry in enumerate(entries, 1)}


def test_what_was_sent_back_can_be_decided_and_sealed_anew(decided, people):
    seal = seal_round(deciding_round(decided), by=people[0])
    with pytest.raises(ImpossibleMove, match="sealed"):
        decide(of(decided, "Example Line"), "commended", by=people[0])

    refuse_seal(seal, because="The citation is wrong.", by=people[1])
    decide(of(decided, "Example Line"), "commended", by=people[0])
    seal_and_confirm(decided, people)

    assert Seal.objects.count() == 2
    assert Seal.objects.confirmed().count() == 1
    with pytest.raises(ImpossibleMove):
        take_back_decision(of(decided, "Example Line"), by=people[0])


def test_words_are_written_until_the_release_and_not_part_of_the_seal(decided, people):
    seal_and_confirm(decided, people)
    decision = Decision.objects.get(outcome="winner")

    words = {"for_work": "", "citation": "They build bridges.", "judges_words": "Superb."}
    write_words(decision, **words, by=people[0])

    assert Decision.objects.get(outcome="winner").wording.citation == "They build bridges."


SHARES = [
    ({1: "winner"}, {1: 400000}),
    ({1: "joint-winner", 2: "joint-winner", 3: "joint-winner"}, {1: 133334, 2: 133333, 3: 133333}),
    ({1: "winner", 2: "runner-up", 3: "commended"}, {1: 400000, 2: 200000, 3: 0}),
    ({4: "shortlisted", 5: "none"}, {}),
]


@pytest.mark.parametrize(("outcomes", "expected"), SHARES)
def test_prizes_are_shared_to_the_penny(outcomes, expected):
    category = make_running_cycle(is_announced=False).categories.get()
    for place, pence in [(1, 300000), (1, 100000), (2, 200000)]:
        category.prizes.create(rank=place, pence=pence, wording="For their work")

    assert shares(category, outcomes) == expected


# -- Laws, whoever writes --------------------------------------------------------------------------

DEEDS = {
    "a decision": lambda: Decision.objects.filter(outcome="runner-up").update(outcome="commended"),
    "a new reason": lambda: Decision.objects.update(reason="Another."),
    "the file": lambda: Seal.objects.update(file="{}"),
    "the confirmation": lambda: Seal.objects.update(confirmed_at=None, confirmed_by=None),
    "a mark": lambda: Mark.objects.update(value=1),
    "the round": lambda: Round.objects.update(casting=[1], casting_reason="Because."),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_the_database_keeps_what_is_sealed(decided, people, deed):
    seal_and_confirm(decided, people)

    with pytest.raises(IntegrityError), transaction.atomic():
        DEEDS[deed]()


def test_the_database_wants_two_people_and_a_lock(decided, people):
    round_ = deciding_round(decided)
    seal = seal_round(round_, by=people[0])
    with pytest.raises(IntegrityError, match="seal_confirmed_by_another"), transaction.atomic():
        Seal.objects.update(confirmed_by=people[0], confirmed_at=seal.sealed_at)
    with pytest.raises(IntegrityError, match="Two people seal"), transaction.atomic():
        Round.objects.update(state="sealed")
    with pytest.raises(IntegrityError, match="once each of its"), transaction.atomic():
        type(decided.cycle).objects.update(stage="sealed")
    with pytest.raises(IntegrityError, match="seal_once_a_version"), transaction.atomic():
        Seal.objects.create(round=round_, category=decided, version=1, sealed_by=people[1])


# -- At once ---------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_decision_made_while_it_is_sealed_is_refused(people):
    category = make_locked_category()
    decide_all(category, by=people[0])
    round_, line = deciding_round(category), of(category, "Example Line")

    sealed, decided = race(
        lambda: seal_round(round_, by=people[0]), lambda: decide(line, "commended", by=people[1])
    )

    assert isinstance(sealed, Seal)
    assert isinstance(decided, ImpossibleMove)


@pytest.mark.django_db(transaction=True)
def test_two_who_seal_at_once_make_one_seal(people):
    category = make_locked_category()
    decide_all(category, by=people[0])
    round_ = deciding_round(category)

    outcomes = race(*(lambda by=by: seal_round(round_, by=by) for by in people))

    assert [type(one) is Seal for one in outcomes].count(True) == 1
    assert Seal.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_withdrawn_while_it_is_confirmed_is_not_decided(people):
    category = make_locked_category()
    decide_all(category, by=people[0])
    seal = seal_round(deciding_round(category), by=people[0])
    line = of(category, "Example Line")
    lead = line.collaborators.get()

    confirmed, withdrawn = race(
        lambda: confirm_seal(seal, by=people[1]), lambda: withdraw_nomination(line, by=lead)
    )

    assert isinstance(confirmed, Seal)
    assert isinstance(withdrawn, ImpossibleMove)
    assert of(category, "Example Line").state == "decided"


@pytest.mark.django_db(transaction=True)
def test_without_the_guard_of_decisions_a_late_one_would_miss_the_file(people):
    category = make_locked_category()
    decide_all(category, by=people[0])
    round_ = deciding_round(category)
    decision = Decision.objects.get(outcome="shortlisted")
    late = {"outcome": "commended"}

    def change():
        return Decision.objects.filter(pk=decision.pk).update(**late)

    _, kept = race(lambda: seal_round(round_, by=people[0]), change)
    assert isinstance(kept, IntegrityError)

    with without_trigger("awards_decision_sealed", "awards_decision"):
        assert change() == 1
    with pytest.raises(ImpossibleMove, match="Something has changed"):
        confirm_seal(Seal.objects.get(), by=people[1])
