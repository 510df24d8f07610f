"""What the panel decides once the marks are locked."""

from enum import nonmember

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from awards.models.category import Category
from awards.models.nomination import Nomination
from awards.models.rounds import Round


class Meeting(models.Model):
    """The talk about one round: who is there, in which order, and what is on the table now."""

    round = models.OneToOneField(Round, models.CASCADE, related_name="meeting")
    agenda = ArrayField(models.BigIntegerField(), default=list)  # nominations, in order
    present = ArrayField(models.BigIntegerField(), default=list)  # judges
    discussing = models.ForeignKey(
        Nomination, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    started_at = models.DateTimeField(default=timezone.now)
    withheld_because = models.CharField("why nobody receives the award", max_length=500, blank=True)

    class Meta:
        ordering = ["started_at"]

    def __str__(self):
        return f"Meeting: {self.round}"


class Outcome(models.TextChoices):
    WINNER = "winner", "Winner"
    JOINT_WINNER = "joint-winner", "Joint winner"
    RUNNER_UP = "runner-up", "Runner-up"
    HIGHLY_COMMENDED = "highly-commended", "Highly commended"
    COMMENDED = "commended", "Commended"
    SHORTLISTED = "shortlisted", "Shortlisted"
    NONE = "none", "No award"

    WINNING = nonmember(("winner", "joint-winner"))
    HONOURED = nonmember(("winner", "joint-winner", "runner-up", "highly-commended", "commended"))
    # Those on the public record, best first, and the place whose prizes they share.
    PLACES = nonmember(
        {"winner": 1, "joint-winner": 1, "runner-up": 2, "highly-commended": 3, "commended": 4}
    )


class Decision(models.Model):
    """What becomes of one nomination. It is proposed here, and sealed with the round."""

    nomination = models.OneToOneField(Nomination, models.CASCADE, related_name="decision")
    category = models.ForeignKey(Category, models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=20, choices=Outcome)
    is_off_the_order = models.BooleanField("differs from the order of the marks", default=False)
    reason = models.CharField(max_length=1000, blank=True)
    stepped_out = ArrayField(models.BigIntegerField(), default=list)  # judges
    by = models.ForeignKey("members.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["category_id", "nomination_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["category"],
                condition=Q(outcome="winner"),
                name="decision_one_winner",
                violation_error_message="This category has a winner: make both joint winners.",
            ),
            models.CheckConstraint(
                condition=Q(is_off_the_order=False) | ~Q(reason=""),
                name="decision_off_the_order_says_why",
                violation_error_message="Say why the panel decides against the order of the marks.",
            ),
        ]

    def __str__(self):
        return f"{self.nomination}: {self.get_outcome_display()}"
