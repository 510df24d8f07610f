"""Who goes on from a sift to the final."""

from django.db import transaction

from awards.log import STAFF, note
from awards.models import NominationState, Round, RoundStage
from awards.round_sheets import sheets_of
from awards.tally import NotRankable
from cja_portal.kit.moves import ImpossibleMove

ON = {
    NominationState.SCREENED_IN: (NominationState.SIFTED_IN, NominationState.FINALIST),
    NominationState.SIFTED_IN: (NominationState.FINALIST,),
    NominationState.NOT_SHORTLISTED: (NominationState.FINALIST,),
}
OUT = dict.fromkeys(
    (NominationState.SCREENED_IN, NominationState.SIFTED_IN, NominationState.FINALIST),
    (NominationState.NOT_SHORTLISTED,),
)


@transaction.atomic
def choose_finalists(round_, chosen, *, by, reason=""):
    """Those chosen go on and the others do not; it can be chosen anew until the final begins.

    A choice against the order of the marks, or among equals, says why. Raises ImpossibleMove.
    """
    rounds = Round.objects.select_for_update(of=["self"]).select_related("category__cycle")
    round_ = rounds.get(pk=round_.pk)
    refuse_to_choose(round_)
    chosen = {one.pk for one in chosen}
    if not chosen:
        raise ImpossibleMove("Choose at least one entry.")
    is_off = differs_from_the_order(round_, chosen)
    if is_off and not reason.strip():
        raise ImpossibleMove("Say why the shortlist differs from the order of the marks.")
    for nomination in round_.category.nominations.judged().select_for_update(of=["self"]):
        _move(nomination, (ON if nomination.pk in chosen else OUT).get(nomination.state, ()))
    details = {"round": str(round_.uuid), "chosen": len(chosen), "is_off_the_order": is_off}
    cycle = round_.category.cycle
    note(cycle, "choose_finalists", role=STAFF, by=by, reason=reason, **details)


def refuse_to_choose(round_):
    if round_.stage != RoundStage.SIFT or not round_.is_over:
        raise ImpossibleMove("Choose who goes on when the sift is locked.")
    if round_.category.rounds.filter(stage=RoundStage.FINAL).exists():
        raise ImpossibleMove("The final has begun: its entries stay.")


def differs_from_the_order(round_, chosen):
    """Whether one is left behind that stands as high as one chosen, or one chosen has no place."""
    sheets = sheets_of(round_)
    try:
        lines = sheets.score_sheet.ranking().placed
    except NotRankable:
        return True
    ranks = {sheets.entries[line.entry].pk: line.rank for line in lines}
    left = [rank for entry, rank in ranks.items() if entry not in chosen]
    return not chosen <= ranks.keys() or any(
        ranks[entry] >= rank for entry in chosen for rank in left
    )


def _move(nomination, states):
    for state in states:
        nomination.move_to(state)
        nomination.save(update_fields=["state"])
