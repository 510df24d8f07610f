"""What staff decide before judging: is it eligible, and is it there twice?"""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from awards.models.nomination import Nomination


class ScreeningOutcome(models.TextChoices):
    INCLUDE = "include", "Goes to the judges"
    EXCLUDE = "exclude", "Not eligible"


class ExclusionReason(models.TextChoices):
    OUT_OF_SCOPE = "out-of-scope", "Outside what the category honours"
    NOT_ELIGIBLE = "not-eligible", "The nominee may not take part"
    WON_BEFORE = "won-before", "Won within the years that the rules name"
    INCOMPLETE = "incomplete", "The nomination cannot be judged as it is"
    CONSENT = "consent", "The nominee declined"
    OTHER = "other", "Another reason, told below"


class Screening(models.Model):
    """One person's look at a nomination; an exclusion waits for a second look by another person.

    Looks stay: the latest one counts.
    """

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="screenings")
    checklist = models.JSONField(default=dict)  # {point: true or false}, see awards.screening
    outcome = models.CharField(max_length=10, choices=ScreeningOutcome)
    reason = models.CharField(max_length=20, choices=ExclusionReason, blank=True)
    explanation = models.TextField("in words, for the nominator", max_length=2000, blank=True)
    by = models.ForeignKey("members.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    second_by = models.ForeignKey("members.User", models.PROTECT, null=True, related_name="+")
    second_at = models.DateTimeField(null=True)
    second_agrees = models.BooleanField(null=True)
    second_note = models.TextField(max_length=2000, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="include") | ~Q(reason="") & ~Q(explanation=""),
                name="screening_exclusion_says_why",
                violation_error_message="Choose a reason and explain it.",
            ),
            models.CheckConstraint(
                condition=Q(second_by__isnull=True) | ~Q(second_by=F("by")),
                name="screening_second_look_by_another",
                violation_error_message="The second look is somebody else's.",
            ),
            models.CheckConstraint(
                condition=Q(
                    second_by__isnull=True, second_at__isnull=True, second_agrees__isnull=True
                )
                | Q(second_by__isnull=False, second_at__isnull=False, second_agrees__isnull=False),
                name="screening_second_look_is_whole",
                violation_error_message="A second look has a person, a day and an answer.",
            ),
            models.UniqueConstraint(
                fields=["nomination"],
                condition=Q(outcome="exclude", second_by__isnull=True),
                name="screening_one_exclusion_waits",
                violation_error_message="An exclusion already waits for its second look.",
            ),
        ]

    def __str__(self):
        return f"{self.nomination}: {self.get_outcome_display()}"

    @property
    def waits_for_second_look(self):
        return self.outcome == ScreeningOutcome.EXCLUDE and self.second_by_id is None


class MergeLink(models.Model):
    """A nomination joined to another of the same nominee. Both texts stay; it can be undone."""

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="merges")
    into = models.ForeignKey(Nomination, models.CASCADE, related_name="merged_nominations")
    reason = models.CharField(max_length=500)
    by = models.ForeignKey("members.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey("members.User", models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["nomination"],
                condition=Q(undone_at__isnull=True),
                name="merge_once",
                violation_error_message="This nomination is merged already.",
            ),
            models.CheckConstraint(
                condition=~Q(nomination=F("into")),
                name="merge_into_another",
                violation_error_message="A nomination cannot be merged into itself.",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="merge_says_why",
                violation_error_message="Say how you know that they are the same.",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undone_reason=""),
                name="merge_undone_with_reason",
                violation_error_message="Say why the two are parted again.",
            ),
        ]

    def __str__(self):
        return f"{self.nomination} into {self.into}"
