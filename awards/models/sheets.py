"""What a judge says of an entry: marks from 1 to 5, and what feedback is made from."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from awards.models.category import MARKS, Category, Criterion
from awards.models.rounds import Assignment, AssignmentState

WITHOUT_EVIDENCE = MARKS[0]  # What "no evidence given" counts as.


class SheetQuerySet(models.QuerySet):
    def submitted(self):
        return self.filter(submitted_at__isnull=False)

    def counting(self):
        """Those that the result follows from: handed in, by a judge who still reads the entry."""
        left_out = SheetExclusion.objects.current().values("sheet")
        read = self.submitted().filter(assignment__state=AssignmentState.ACTIVE)
        return read.exclude(pk__in=left_out)


class Sheet(models.Model):
    """What one judge says of one entry. A draft is the judge's own; triggers hold it after a lock.

    `version` grows by one with each change: a form that was opened before another was saved does
    not write over it.
    """

    assignment = models.OneToOneField(Assignment, models.PROTECT, related_name="sheet")
    category = models.ForeignKey(Category, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    note = models.TextField("a note to yourself and for the meeting", max_length=2000, blank=True)
    improvement = models.TextField(
        "one thing that the nominee could do better", max_length=500, blank=True
    )
    saved_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField("handed in", null=True, blank=True)

    objects = SheetQuerySet.as_manager()

    class Meta:
        ordering = ["assignment_id"]
        constraints = [
            models.UniqueConstraint(fields=["id", "category"], name="sheet_with_category"),
        ]

    def __str__(self):
        return f"Sheet of {self.assignment}"


class Mark(models.Model):
    """A mark on one criterion. What is missing has no row: no number stands for it.

    `top` is the highest mark of the criterion, which a trigger copies; keys hold the criterion to
    the category of the sheet.
    """

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="marks")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, models.PROTECT, related_name="+")
    value = models.PositiveSmallIntegerField()
    top = models.PositiveSmallIntegerField(default=MARKS[-1], editable=False)
    is_without_evidence = models.BooleanField("no evidence given", default=False)
    is_strength = models.BooleanField("a strength", default=False)

    class Meta:
        ordering = ["sheet_id", "criterion__position", "criterion_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "criterion"],
                name="mark_once",
                violation_error_message="This criterion is marked already.",
            ),
            models.CheckConstraint(
                condition=Q(value__gte=MARKS[0], value__lte=F("top")),
                name="mark_within_its_scale",
                violation_error_message="Choose one of the marks described.",
            ),
            models.CheckConstraint(
                condition=Q(is_without_evidence=False)
                | Q(value=WITHOUT_EVIDENCE, is_strength=False),
                name="mark_without_evidence_is_lowest",
                violation_error_message="“No evidence given” counts as the lowest mark.",
            ),
        ]

    def __str__(self):
        return f"{self.criterion}: {self.value}"


class SheetExclusionQuerySet(models.QuerySet):
    def current(self):
        return self.filter(restored_at__isnull=True)


class SheetExclusion(models.Model):
    """A sheet that stays but does not count, with the reason; it can be let back in."""

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="exclusions")
    reason = models.CharField(max_length=300)
    by = models.ForeignKey("members.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    restored_by = models.ForeignKey("members.User", models.PROTECT, null=True, related_name="+")
    restored_at = models.DateTimeField(null=True)
    restored_because = models.CharField(max_length=300, blank=True)

    objects = SheetExclusionQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet"],
                condition=Q(restored_at__isnull=True),
                name="sheet_excluded_once",
                violation_error_message="This sheet does not count already.",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="sheet_excluded_with_reason",
                violation_error_message="Say why the sheet does not count.",
            ),
            models.CheckConstraint(
                condition=Q(restored_at__isnull=True, restored_by__isnull=True)
                | Q(restored_at__isnull=False, restored_by__isnull=False) & ~Q(restored_because=""),
                name="sheet_restored_with_reason",
                violation_error_message="Say why the sheet counts again.",
            ),
        ]

    def __str__(self):
        return f"{self.sheet} does not count"
