"""What keeps an organisation from being locked out when its people go."""

import uuid
from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

ROUND_MONTHS = [3, 9]  # away from the summer and the turn of the year
LONGEST = 180  # days that staff may set for anything about membership


def round_of(day):
    """The day on which the round of "still here?" began that `day` belongs to."""
    begins = [date(day.year + back, month, 1) for back in (-1, 0) for month in ROUND_MONTHS]
    return max(begin for begin in begins if begin <= day)


class WaitingTimes(models.Model):
    """The one row in which staff say how long things wait."""

    claim_days = models.PositiveSmallIntegerField(
        "days in which people may object to a claim",
        default=7,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
        help_text="Claims that have already been made keep the time they were given.",
    )
    grace_days = models.PositiveSmallIntegerField(
        "days of grace after a membership ends",
        default=60,
        validators=[MaxValueValidator(LONGEST)],
        help_text="Full service goes on meanwhile. Open periods keep what they were given.",
    )
    payment_days = models.PositiveSmallIntegerField(
        "days to pay an invoice",
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST)],
    )
    renewal_days = models.PositiveSmallIntegerField(
        "days before the end from which to renew",
        default=60,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST)],
    )

    reset_days = models.PositiveSmallIntegerField(
        "days before a lost second step is taken off",
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
        help_text="From when two members of staff have confirmed it; the person can stop it.",
    )

    class Meta:
        verbose_name = verbose_name_plural = "waiting times"
        constraints = [
            models.CheckConstraint(
                condition=Q(pk=1),
                name="waiting_times_one_row",
                violation_error_message="There is one row of waiting times: change that.",
            ),
            models.CheckConstraint(
                condition=Q(claim_days__gte=1, claim_days__lte=90),
                name="waiting_times_in_reason",
                violation_error_message="Choose from 1 to 90 days.",
            ),
            models.CheckConstraint(
                condition=Q(reset_days__range=(1, 30)),
                name="waiting_times_of_resets_in_reason",
                violation_error_message="Choose from 1 to 30 days.",
            ),
            models.CheckConstraint(
                condition=Q(grace_days__lte=LONGEST)
                & Q(payment_days__range=(1, LONGEST), renewal_days__range=(1, LONGEST)),
                name="waiting_times_of_membership_in_reason",
                violation_error_message=f"Choose up to {LONGEST} days.",
            ),
        ]

    def __str__(self):
        return "Waiting times"

    @classmethod
    def now(cls):
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class StillHere(models.Model):
    """The ledger of "still here?": one row for each place and round, so nothing is asked twice."""

    affiliation = models.ForeignKey(
        "members.Affiliation", models.CASCADE, related_name="still_here"
    )
    round = models.DateField("round that began on")
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-round", "affiliation"]
        verbose_name = verbose_name_plural = "“still here?”"
        constraints = [
            models.UniqueConstraint(
                fields=["affiliation", "round"],
                name="still_here_asked_once",
                violation_error_message="This person has been asked in this round.",
            ),
        ]

    def __str__(self):
        return f"{self.affiliation}, {self.round:%B %Y}"


class ClaimState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    FROZEN = "frozen", "Frozen by an objection"
    GRANTED = "granted", "Granted"
    REFUSED = "refused", "Refused"


class ClaimQuerySet(models.QuerySet):
    def undecided(self):
        return self.filter(state__in=[ClaimState.WAITING, ClaimState.FROZEN])

    def for_staff(self):
        """Those that can be decided: the time to object is over, or somebody has objected."""
        is_over = Q(state=ClaimState.WAITING, opens_at__lte=timezone.now())
        return self.filter(is_over | Q(state=ClaimState.FROZEN))


class Claim(models.Model):
    """Somebody with an address at an approved domain asks to own an organisation without an owner.

    Everybody we know there hears of it. An objection freezes it until staff have settled that.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey("members.Organisation", models.CASCADE, related_name="claims")
    email = models.EmailField("e-mail address")
    name = models.CharField(max_length=150)
    message = models.TextField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=ClaimState, default=ClaimState.WAITING)
    claimed_at = models.DateTimeField(default=timezone.now)
    opens_at = models.DateTimeField("may be granted from")
    told = models.PositiveSmallIntegerField("addresses told", default=0)
    objection = models.TextField(max_length=500, blank=True)
    objected_by = models.EmailField("address of the person who objected", blank=True)
    objected_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField("objection settled at", null=True, blank=True)
    decided_by = models.ForeignKey(
        "members.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ["claimed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(state__in=[ClaimState.WAITING, ClaimState.FROZEN]),
                name="claim_one_undecided",
                violation_error_message="Somebody has already claimed this organisation.",
            ),
            models.CheckConstraint(
                condition=Q(opens_at__gt=F("claimed_at")),
                name="claim_leaves_time_to_object",
                violation_error_message="Leave people time to object.",
            ),
            models.CheckConstraint(
                condition=~Q(state=ClaimState.GRANTED)
                | Q(decided_at__isnull=False, decided_at__gte=F("opens_at")),
                name="claim_waits_its_time",
                violation_error_message="The time to object is not over.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ClaimState.WAITING, ClaimState.GRANTED])
                | Q(objected_at__isnull=True)
                | Q(settled_at__isnull=False, settled_at__gte=F("objected_at")),
                name="claim_stops_at_an_objection",
                violation_error_message="Somebody has objected: settle that first.",
            ),
        ]

    def __str__(self):
        return f"{self.email} claims {self.organisation}"

    @property
    def is_undecided(self):
        return self.state in {ClaimState.WAITING, ClaimState.FROZEN}
