"""What staff take out of answers before judges read them blind, and what few people may read."""

from django.db import transaction
from django.utils import timezone

from awards.clock import take_up
from awards.log import STAFF, note
from awards.models import NominationState, Sensitive, Stage
from cja_portal.kit.moves import ImpossibleMove


@transaction.atomic
def redact_nomination(nomination, texts, *, by):
    """Keep `texts[answer id]` for judges beside what was sent; the same text removes nothing.

    All answers count as looked at. What the nominator sends anew has to be looked at again.
    """
    nomination = _unjudged(nomination)
    count = 0
    for answer in nomination.answers.exclude(sent_text=""):
        text = texts.get(answer.pk, answer.sent_text)
        answer.redacted_text = text if text != answer.sent_text else None
        answer.redacted_by, answer.redacted_at = by, timezone.now()
        answer.save(update_fields=["redacted_text", "redacted_by", "redacted_at"])
        count += answer.redacted_text is not None
    details = {"role": STAFF, "by": by, "nomination": nomination, "answers": count}
    note(nomination.category.cycle, "redact", **details)


def _unjudged(nomination):
    nomination, _ = take_up(nomination)
    if nomination.state not in {NominationState.SUBMITTED, NominationState.SCREENED_IN}:
        raise ImpossibleMove(f"“{nomination}” is not on its way to the judges.")
    if nomination.category.cycle.stage not in {Stage.ANNOUNCED, Stage.JUDGING}:
        raise ImpossibleMove("The results are sealed: what judges read stays as it was.")
    return nomination


@transaction.atomic
def flag_nomination(nomination, kinds, *, by):
    """Say what makes it one for fewer eyes, or that nothing does."""
    nomination, _ = take_up(nomination)
    before = list(nomination.sensitive)
    nomination.sensitive = [kind for kind in Sensitive.values if kind in kinds]
    nomination.save(update_fields=["sensitive"])
    details = {"role": STAFF, "by": by, "nomination": nomination}
    note(nomination.category.cycle, "flag", **details, kinds=nomination.sensitive, were=before)
