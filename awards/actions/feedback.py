"""Feedback to those who nominated: never marks, and nothing that a person has not read first."""

from collections import Counter

from django.db import transaction
from django.utils import timezone

from awards import emails
from awards.log import STAFF, note
from awards.models import Cycle, Feedback, Mark, Nomination, Sheet, Stage
from awards.sealing import deciding_round
from cja_portal.kit.moves import ImpossibleMove

OVER = {Stage.SEALED, Stage.RELEASED, Stage.ARCHIVED}
PUBLIC = {Stage.RELEASED, Stage.ARCHIVED}


@transaction.atomic
def draft_feedback(cycle, *, by):
    """A draft for each entry that was judged; those that exist stay as they are."""
    cycle = Cycle.objects.locked(cycle.pk)
    if cycle.stage not in OVER:
        raise ImpossibleMove("Feedback is drafted once the results are sealed.")
    judged = Nomination.objects.judged().filter(category__cycle=cycle, feedback__isnull=True)
    drafts = [
        Feedback(nomination=nomination, text=draft_of(nomination))
        for nomination in judged.select_related("category")
    ]
    made = Feedback.objects.bulk_create(drafts, ignore_conflicts=True)
    note(cycle, "draft_feedback", role=STAFF, by=by, drafts=len(made))
    return len(made)


def draft_of(nomination):
    """The strengths that judges ticked, most ticked first, and what they would improve."""
    round_ = deciding_round(nomination.category)
    sheets = Sheet.objects.counting().filter(
        assignment__nomination=nomination, assignment__round=round_
    )
    parts = [_strengths(sheets), _improvements(sheets)]
    return "\n\n".join(part for part in parts if part) or "The judges left no remarks."


def _strengths(sheets):
    ticked = Mark.objects.filter(sheet__in=sheets, is_strength=True)
    names = Counter(ticked.values_list("criterion__name", flat=True))
    if not names:
        return ""
    lines = [f"- {name}" for name, _ in sorted(names.items(), key=lambda one: (-one[1], one[0]))]
    return "\n".join(["The judges saw these strengths:", *lines])


def _improvements(sheets):
    """All of them for the editor, who keeps one."""
    said = sheets.exclude(improvement="").values_list("improvement", flat=True)
    said = sorted(set(said.order_by()))
    if not said:
        return ""
    return "\n".join(["One thing that could be better:", *(f"- {one.strip()}" for one in said)])


@transaction.atomic
def edit_feedback(feedback, text, *, by):
    feedback = Feedback.objects.select_for_update().get(pk=feedback.pk)
    if feedback.released_at:
        raise ImpossibleMove("This feedback was released: people have read it.")
    feedback.text, feedback.edited_by = text, by
    feedback.save(update_fields=["text", "edited_by"])
    return feedback


@transaction.atomic
def release_feedback(feedback, *, by):
    """Show it to those who wrote the nomination, and tell them in a letter."""
    cycle = Cycle.objects.locked(feedback.nomination.category.cycle_id)
    feedback = Feedback.objects.select_for_update().get(pk=feedback.pk)
    if cycle.stage not in PUBLIC:
        raise ImpossibleMove(f"“{cycle}” is not released: feedback waits until then.")
    if feedback.released_at:
        raise ImpossibleMove("This feedback was released already.")
    if feedback.edited_by_id is None:
        raise ImpossibleMove(f"Nobody has read and saved the draft about “{feedback.nomination}”.")
    feedback.released_at = timezone.now()
    feedback.save(update_fields=["released_at"])
    note(cycle, "release_feedback", role=STAFF, by=by, nomination=feedback.nomination)
    emails.feedback(feedback.nomination)
