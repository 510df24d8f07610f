"""Two people close a result: one seals it, another confirms it or sends it back."""

from django.db import transaction

from awards import emails
from awards.log import STAFF, note
from awards.models import (
    ConsentAnswer,
    ConsentRule,
    Cycle,
    Nomination,
    NominationState,
    NomineeConsent,
    Outcome,
    Round,
    RoundState,
    Seal,
    Stage,
)
from awards.proof import fingerprint
from awards.sealing import (
    against_the_order,
    deciding_round,
    draw_codes,
    file_of,
    withheld_because,
)
from awards.tally import NotRankable
from cja_portal.kit.moves import ImpossibleMove


@transaction.atomic
def seal_round(round_, *, by, is_sheet_public=True):
    """Write the marks and the decisions into one file; it waits for somebody else."""
    cycle, round_ = _held(round_)
    if lacks := lacks_of_result(round_.category):
        raise ImpossibleMove(f"“{round_.category}” is not ready: {' '.join(lacks)}")
    codes = draw_codes(round_)
    file = file_of(round_, codes)
    seal = Seal.objects.create(
        round=round_,
        category_id=round_.category_id,
        version=round_.version,
        file=file,
        sha256=fingerprint(file.encode()),
        codes=codes,
        is_sheet_public=is_sheet_public,
        sealed_by=by,
        sealed_at=_moment(cycle),
    )
    note(cycle, "seal", role=STAFF, by=by, round=round_.pk, sha256=seal.sha256)
    return seal


@transaction.atomic
def confirm_seal(seal, *, by):
    """The second person's word: from now on nothing of it changes. Everybody is told its print."""
    cycle, round_ = _held(seal.round)
    seal = Seal.objects.select_for_update().get(pk=seal.pk)
    _refuse_unsuitable(seal, round_, by)
    seal.confirmed_by, seal.confirmed_at = by, _moment(cycle)
    seal.save(update_fields=["confirmed_by", "confirmed_at"])
    round_.move_to(RoundState.SEALED)
    round_.save(update_fields=["state"])
    _decide_nominations(round_.category)
    note(cycle, "confirm_seal", role=STAFF, by=by, round=round_.pk, sha256=seal.sha256)
    emails.fingerprints(seal)
    if all(_is_settled(category) for category in cycle.categories.all()):
        _seal_cycle(cycle, by)
    return seal


def _refuse_unsuitable(seal, round_, by):
    if seal.sealed_by_id == by.pk:
        raise ImpossibleMove("Somebody else confirms what you have sealed.")
    if seal.is_confirmed or seal.refused_at or seal.version != round_.version:
        raise ImpossibleMove("This seal is confirmed or was sent back already.")
    if lacks := lacks_of_result(round_.category):
        raise ImpossibleMove(f"“{round_.category}” is not ready: {' '.join(lacks)}")
    if file_of(round_, seal.codes) != seal.file:
        raise ImpossibleMove("Something has changed since it was sealed: send it back.")


@transaction.atomic
def refuse_seal(seal, *, because, by):
    """Send it back to the panel, with the reason; what was sealed stays on record."""
    cycle, _ = _held(seal.round)
    seal = Seal.objects.select_for_update().get(pk=seal.pk)
    if seal.is_confirmed or seal.refused_at:
        raise ImpossibleMove("This seal is confirmed or was sent back already.")
    if not because.strip():
        raise ImpossibleMove("Say why it is sent back.")
    seal.refused_by, seal.refused_at, seal.refused_because = by, _moment(cycle), because
    seal.save(update_fields=["refused_by", "refused_at", "refused_because"])
    note(cycle, "refuse_seal", role=STAFF, by=by, reason=because, round=seal.round_id)


def lacks_of_result(category):
    """What must be there before a category is sealed, as sentences."""
    decisions = list(category.decisions.select_related("nomination__consent"))
    lacks = [] if category.cycle.witness else ["Name a trustee who is sent the fingerprint."]
    lacks += _lacks_of_outcomes(category, [decision.outcome for decision in decisions])
    lacks += [_lack_of_nominee(decision) for decision in decisions]
    return [lack for lack in lacks if lack] + list(_lacks_of_order(category))


def _lacks_of_order(category):
    try:
        offenders = against_the_order(deciding_round(category))
    except NotRankable as error:
        yield str(error)
        return
    for decision in offenders:
        yield f"Say why “{decision.nomination}” stands before one with higher marks."


def _lacks_of_outcomes(category, outcomes):
    winners = [outcome for outcome in outcomes if outcome in Outcome.WINNING]
    withheld = bool(withheld_because(deciding_round(category)))
    lacks = []
    if not winners and not (withheld and category.may_be_withheld):
        lacks.append("Nobody wins, and it is not said why the award is withheld.")
    if winners and withheld:
        lacks.append("It cannot have a winner and be withheld.")
    if winners.count(Outcome.JOINT_WINNER) == 1:
        lacks.append("One alone cannot win jointly.")
    return lacks


def _lack_of_nominee(decision):
    nomination = decision.nomination
    if nomination.state not in NominationState.JUDGED:
        state = nomination.get_state_display().lower()
        return f"“{nomination}” is {state}: decide again without it."
    consent = getattr(nomination, "consent", None)
    has_declined = consent is not None and consent.answer == ConsentAnswer.DECLINED
    if decision.outcome in Outcome.HONOURED and has_declined:
        return f"“{nomination}” does not want to be nominated."
    return None


def name_to_publish(nomination):
    """None where the nominee was to be asked and has not agreed to be named."""
    if nomination.category.consent == ConsentRule.PUBLIC_WORK:
        return nomination.nominee_name
    consent = NomineeConsent.objects.filter(nomination=nomination).first()
    return consent.name_to_publish if consent else None


# -- Shared ---------------------------------------------------------------------------------------


def _held(round_):
    """(the year, the round), held: nothing of either moves before the transaction ends.

    First the year, then the round, then the nominations, in the order of everybody else.
    """
    cycle = Cycle.objects.select_for_update().get(pk=round_.category.cycle_id)
    round_ = (
        Round.objects.select_for_update(of=["self"]).select_related("category").get(pk=round_.pk)
    )
    round_.category.cycle = cycle
    list(Nomination.objects.select_for_update().filter(category=round_.category).order_by("pk"))
    if round_.state != RoundState.LOCKED or cycle.stage != Stage.JUDGING:
        raise ImpossibleMove(f"“{round_}” is not locked: a result is sealed after the lock.")
    return cycle, round_


def _moment(cycle):
    return cycle.now() - cycle.clock_shift


def _decide_nominations(category):
    states = [NominationState.FINALIST, NominationState.NOT_SHORTLISTED]
    category.nominations.filter(state__in=states).update(state=NominationState.DECIDED)


def _is_settled(category):
    """Sealed, or never judged, because nothing was nominated."""
    if Seal.objects.confirmed().filter(category=category).exists():
        return True
    return not category.rounds.exists() and not category.nominations.judged().exists()


def _seal_cycle(cycle, by):
    before = cycle.stage
    cycle.move_to(Stage.SEALED)
    cycle.save(update_fields=["stage"])
    note(cycle, "move_cycle", role=STAFF, by=by, before=before, after=cycle.stage)
