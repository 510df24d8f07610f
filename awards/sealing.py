"""What is sealed of a round: its sheets under codes, and what the panel decided."""

from collections import defaultdict
from random import SystemRandom

from django.db.models import Exists, OuterRef, Q

from awards.models import Meeting, Outcome, Round, RoundStage, RoundState, Seal, Stage
from awards.proof import canonical
from awards.round_sheets import sheets_of
from awards.tally import NotRankable
from cja_portal.kit.moves import ImpossibleMove

chance = SystemRandom()
UNPLACED = 1 + max(Outcome.PLACES.values())


def deciding_round(category):
    """The final, or the sift where there is no final; None before judging was prepared."""
    rounds = {round_.stage: round_ for round_ in category.rounds.all()}
    return rounds.get(RoundStage.FINAL) or rounds.get(RoundStage.SIFT)


def rounds_to_seal():
    """Those that decide their category, locked, with all decisions still to seal or to make."""
    real = Round.objects.filter(
        category__cycle__stage=Stage.JUDGING, category__cycle__rehearsal_of__isnull=True
    )
    finals = Round.objects.filter(category=OuterRef("category"), stage=RoundStage.FINAL)
    deciding = Q(stage=RoundStage.FINAL) | ~Exists(finals)
    sealed = Seal.objects.live().filter(round=OuterRef("pk"))
    return real.filter(deciding, ~Exists(sealed), state=RoundState.LOCKED)


def entry_read_for(nomination):
    """The one that judges read: of merged nominations the other."""
    link = nomination.merges.filter(undone_at__isnull=True).select_related("into").first()
    return link.into if link else nomination


def draw_codes(round_):
    """New codes by lot: nobody knows them before, and none tells an order."""
    assigned = round_.assignments.values_list("judge", "nomination")
    decided = round_.category.decisions.values_list("nomination", flat=True)
    judges = {judge for judge, _ in assigned}
    entries = {entry for _, entry in assigned} | set(decided)
    return {"judges": _codes("J", judges), "entries": _codes("E", entries)}


def _codes(letter, numbers):
    """Keys are text, as JSON keeps them."""
    shuffled = sorted(numbers)
    chance.shuffle(shuffled)
    return {str(number): f"{letter}{place:02}" for place, number in enumerate(shuffled, start=1)}


def file_of(round_, codes):
    """The canonical file; raises ImpossibleMove where no order follows from the marks."""
    try:
        facts = score_sheet(round_, codes).facts()
    except NotRankable as error:
        raise ImpossibleMove(f"“{round_.category}” cannot be sealed: {error}") from error
    facts |= {"decisions": _decisions(round_, codes)}
    if because := withheld_because(round_):
        facts |= {"withheld": because}
    return canonical(facts).decode()


def withheld_because(round_):
    """Why nobody receives the award; nothing where somebody does."""
    meeting = Meeting.objects.filter(round=round_).first()
    return meeting.withheld_because if meeting else ""


def score_sheet(round_, codes):
    """The very sheet whose order staff saw, under the codes that were drawn."""
    judges, entries = codes["judges"], codes["entries"]
    return sheets_of(
        round_,
        judge_code=lambda judge: judges[str(judge.pk)],
        entry_code=lambda nominee: entries[str(nominee.pk)],
    ).score_sheet


def _decisions(round_, codes):
    decisions = round_.category.decisions.values_list("nomination", "outcome")
    return sorted([codes["entries"][str(entry)], outcome] for entry, outcome in decisions)


def shares(category, outcomes):
    """{nomination: pence}, from `outcomes` {nomination: outcome}: each place's prizes, shared.

    Where the pence do not divide, those who come first have one more: nothing is lost.
    """
    places = defaultdict(list)
    for nomination, outcome in sorted(outcomes.items()):
        if outcome in Outcome.PLACES:
            places[Outcome.PLACES[outcome]].append(nomination)
    return {
        nomination: pence
        for place, sharing in places.items()
        for nomination, pence in zip(sharing, _split(_prize(category, place), sharing), strict=True)
    }


def _prize(category, place):
    return sum(line.pence or 0 for line in category.prizes.all() if line.rank == place)


def _split(pence, sharing):
    each, rest = divmod(pence, len(sharing))
    return [each + (place < rest) for place in range(len(sharing))]


def against_the_order(round_):
    """Decisions that put an entry before one with higher marks, and give no reason."""
    decisions = list(round_.category.decisions.select_related("nomination"))
    ranks = _ranks(round_) if round_.assignments.exists() else {}
    ranked = [(ranks[one.nomination_id], one) for one in decisions if one.nomination_id in ranks]
    return [
        decision
        for rank, decision in ranked
        if not decision.reason
        and any(above < rank and _place(other) > _place(decision) for above, other in ranked)
    ]


def _place(decision):
    return Outcome.PLACES.get(decision.outcome, UNPLACED)


def _ranks(round_):
    """{nomination: its place by the marks}, without those read too little to have one."""
    codes = draw_codes(round_)
    entries = {code: int(number) for number, code in codes["entries"].items()}
    sheet = score_sheet(round_, codes)
    lines = sheet.ranking().lines if sheet.sheets else []
    return {entries[line.entry]: line.rank for line in lines if line.rank is not None}
