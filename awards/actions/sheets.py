"""What judges write: drafts, sheets handed in, and changes until the lock; what does not count."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from awards.log import JUDGE, STAFF, note
from awards.models import Assignment, Mark, RoundState, Sheet, SheetExclusion, WarmUp
from awards.models.sheets import WITHOUT_EVIDENCE
from cja_portal.kit.moves import ImpossibleMove

HOLD = """
SELECT a.*, r.state AS round_state FROM awards_assignment a
JOIN awards_round r ON r.id = a.round_id WHERE a.id = %s FOR SHARE OF r, a
"""


class StaleSheet(ImpossibleMove):
    """The sheet was saved meanwhile, in another window: `sheet` is what stands there."""

    def __init__(self, sheet):
        super().__init__("This sheet was saved meanwhile, in another window.")
        self.sheet = sheet


@dataclass(frozen=True)
class Given:
    """A mark as a judge gives it; without evidence it counts as the lowest."""

    value: int
    is_without_evidence: bool = False
    is_strength: bool = False

    @classmethod
    def without_evidence(cls):
        return cls(WITHOUT_EVIDENCE, is_without_evidence=True)


@transaction.atomic
def save_sheet(assignment, given, *, seen, by, note_="", improvement="", submit=False):
    """Keep `given` ({criterion id: Given}) and, if told so, hand the sheet in.

    `seen` is the version that the judge had before them, 0 for none. Raises ImpossibleMove when it
    is too late or the judge has stepped back, and StaleSheet; the database refuses the same.
    """
    _check_open(assignment)
    sheet, is_new = Sheet.objects.select_for_update(no_key=True).get_or_create(
        assignment=assignment, defaults={"category_id": assignment.category_id}
    )
    words = {"note": note_, "improvement": improvement}
    before = {} if is_new else _marks_of(sheet)
    if _is_same(sheet, is_new, before, given, words, submit):
        return sheet
    if not is_new and sheet.version != seen:
        raise StaleSheet(sheet)
    if submit or sheet.submitted_at:
        _check_complete(assignment, given)
    _write_marks(sheet, before, given)
    _write_sheet(sheet, words, submit)
    _log(assignment, sheet, before, given, by)
    return sheet


def _check_open(assignment):
    """A share of the round and the assignment: neither changes until the transaction ends."""
    held = Assignment.objects.raw(HOLD, [assignment.pk])[0]
    if held.round_state != RoundState.SCORING:
        raise ImpossibleMove("This round is not open for marks.")
    if held.state != "active":
        raise ImpossibleMove("You have stepped back from this entry.")


def _check_complete(assignment, given):
    if len(given) < assignment.category.criteria.count():
        raise ImpossibleMove("Choose a mark for each criterion: a sheet is handed in whole.")


def _marks_of(sheet):
    return {
        mark.criterion_id: Given(mark.value, mark.is_without_evidence, mark.is_strength)
        for mark in sheet.marks.all()
    }


def _is_same(sheet, is_new, before, given, words, submit):
    """Posted twice, or nothing changed."""
    kept = {name: getattr(sheet, name) for name in words}
    return (
        not is_new
        and before == given
        and kept == words
        and (not submit or sheet.submitted_at is not None)
    )


def _write_marks(sheet, before, given):
    if gone := before.keys() - given.keys():
        sheet.marks.filter(criterion__in=gone).delete()
    Mark.objects.bulk_create(
        [
            Mark(
                sheet=sheet,
                criterion_id=criterion,
                category_id=sheet.category_id,
                value=one.value,
                is_without_evidence=one.is_without_evidence,
                is_strength=one.is_strength,
            )
            for criterion, one in given.items()
            if before.get(criterion) != one
        ],
        update_conflicts=True,
        unique_fields=["sheet", "criterion"],
        update_fields=["value", "is_without_evidence", "is_strength"],
    )


def _write_sheet(sheet, words, submit):
    for name, text in words.items():
        setattr(sheet, name, text)
    sheet.version += 1
    sheet.saved_at = timezone.now()
    if submit and sheet.submitted_at is None:
        sheet.submitted_at = sheet.saved_at
    sheet.save(update_fields=[*words, "version", "saved_at", "submitted_at"])


def _log(assignment, sheet, before, given, by):
    """Only of what was handed in: a draft is the judge's own.

    Which marks were changed, and not to what: staff read the log while judges still mark.
    """
    if sheet.submitted_at is None:
        return
    is_change = sheet.submitted_at != sheet.saved_at
    verb = "change_sheet" if is_change else "submit_sheet"
    both = before.keys() | given.keys()
    changed = sorted(pk for pk in both if is_change and before.get(pk) != given.get(pk))
    details = {"version": sheet.version, "judge": assignment.judge.reference, "changed": changed}
    cycle, nomination = assignment.category.cycle, assignment.nomination
    note(cycle, verb, role=JUDGE, by=by, nomination=nomination, **details)


def warm_up(judge, category, example, marks):
    """Keep {criterion: mark} of an invented entry; what was kept first stays."""
    values = {"judge": judge, "category": category, "example": example}
    return WarmUp.objects.get_or_create(**values, defaults={"marks": marks})[0]


# -- What does not count --------------------------------------------------------------------------


@transaction.atomic
def exclude_sheet(sheet, *, reason, by):
    """It stays listed, with the reason, and is counted as left out on the page of results."""
    _not_own(sheet, by)
    try:
        with transaction.atomic():
            excluded = SheetExclusion.objects.create(sheet=sheet, reason=reason, by=by)
    except IntegrityError as refused:
        raise ImpossibleMove("This sheet does not count already, or is sealed.") from refused
    _note(sheet, "exclude_sheet", reason, by)
    return excluded


@transaction.atomic
def restore_sheet(exclusion, *, reason, by):
    exclusion = SheetExclusion.objects.select_for_update().get(pk=exclusion.pk)
    _not_own(exclusion.sheet, by)
    if exclusion.restored_at:
        raise ImpossibleMove("This sheet counts again already.")
    exclusion.restored_at, exclusion.restored_by = timezone.now(), by
    exclusion.restored_because = reason
    try:
        with transaction.atomic():
            exclusion.save(update_fields=["restored_at", "restored_by", "restored_because"])
    except IntegrityError as refused:
        raise ImpossibleMove("This round is sealed.") from refused
    _note(exclusion.sheet, "restore_sheet", reason, by)


def _not_own(sheet, by):
    if sheet.assignment.judge.user_id == by.pk:
        raise ImpossibleMove("Somebody else decides about your own sheet.")


def _note(sheet, verb, reason, by):
    assignment = sheet.assignment
    details = {"judge": assignment.judge.reference}
    cycle, nomination = assignment.category.cycle, assignment.nomination
    note(cycle, verb, role=STAFF, by=by, nomination=nomination, reason=reason, **details)
