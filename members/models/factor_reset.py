"""Somebody has lost their second factor: two members of staff agree, and time passes."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone


class ResetOutcome(models.TextChoices):
    DONE = "done", "Taken off"
    STOPPED = "stopped", "Stopped by the person"
    REFUSED = "refused", "Refused"
    EXPIRED = "expired", "Not used in time"


class FactorResetQuerySet(models.QuerySet):
    def open(self):
        return self.filter(ended_at__isnull=True)

    def for_staff(self):
        return self.open().filter(second_by__isnull=True)


class FactorReset(models.Model):
    """Every known address hears of it and can stop it until it is done."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey("members.User", models.CASCADE, related_name="factor_resets")
    email = models.EmailField("asked from")
    words = models.TextField("how staff can make sure", max_length=500)
    asked_at = models.DateTimeField(default=timezone.now)
    first_by = models.ForeignKey(
        "members.User",
        models.PROTECT,
        verbose_name="first member of staff",
        null=True,
        blank=True,
        related_name="+",
    )
    second_by = models.ForeignKey(
        "members.User",
        models.PROTECT,
        verbose_name="second member of staff",
        null=True,
        blank=True,
        related_name="+",
    )
    confirmed_at = models.DateTimeField("confirmed by both at", null=True, blank=True)
    opens_at = models.DateTimeField("can be done from", null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=ResetOutcome, blank=True)

    objects = FactorResetQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        verbose_name = "lost second step"
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(ended_at__isnull=True),
                name="factor_reset_one_open",
                violation_error_message="This has been asked for already.",
            ),
            models.CheckConstraint(
                condition=Q(second_by__isnull=True)
                | (Q(first_by__isnull=False) & ~Q(second_by=F("first_by"))),
                name="factor_reset_takes_two_people",
                violation_error_message="Two different members of staff confirm it.",
            ),
            models.CheckConstraint(
                condition=(Q(first_by__isnull=True) | ~Q(first_by=F("user")))
                & (Q(second_by__isnull=True) | ~Q(second_by=F("user"))),
                name="factor_reset_is_not_one_s_own",
                violation_error_message="Nobody confirms their own.",
            ),
            models.CheckConstraint(
                condition=Q(second_by=None, confirmed_at=None, opens_at=None)
                | Q(second_by__isnull=False, opens_at__gt=F("confirmed_at")),
                name="factor_reset_leaves_time_to_stop_it",
                violation_error_message="Leave the person time to stop it.",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, outcome="")
                | (
                    Q(ended_at__isnull=False)
                    & ~Q(outcome="")
                    & (~Q(outcome=ResetOutcome.DONE) | Q(ended_at__gte=F("opens_at")))
                ),
                name="factor_reset_ends_in_order",
                violation_error_message="It is done only after both have confirmed and waited.",
            ),
        ]

    def __str__(self):
        return f"Lost second step of {self.user}"

    @property
    def stands(self):
        """Where it stands, for staff."""
        if self.ended_at:
            return self.get_outcome_display()
        if self.second_by_id:
            return "Confirmed by both"
        return "Waits for a second person" if self.first_by_id else "Waits for two people"
