from enum import nonmember

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from cja_portal.kit.references import new_reference

LONGEST = 2_000


class SuggestionKind(models.TextChoices):
    NEW_WORD = "new-word", "A word is missing"
    CORRECTION = "correction", "Something is wrong"
    OUT_OF_DATE = "out-of-date", "The law or the practice has changed"
    DISRESPECTFUL = "disrespectful", "The words are disrespectful"
    OTHER = "other", "Something else"


class SuggestionStatus(models.TextChoices):
    RECEIVED = "received", "Received"
    CONSIDERING = "considering", "Being considered"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    DUPLICATE = "duplicate", "Told us before"

    next_statuses = nonmember(
        {
            "received": {"considering", "accepted", "declined", "duplicate"},
            "considering": {"accepted", "declined", "duplicate"},
        }
    )
    open_ones = nonmember(["received", "considering"])


class SuggestionQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(status__in=SuggestionStatus.open_ones)


class Suggestion(models.Model):
    """What somebody told us about the dictionary, and what came of it."""

    reference = models.CharField(max_length=11, unique=True, default=new_reference, editable=False)
    kind = models.CharField(max_length=20, choices=SuggestionKind)
    entry = models.ForeignKey(
        "dictionary.Entry", models.SET_NULL, null=True, blank=True, related_name="suggestions"
    )
    word = models.CharField(max_length=120, blank=True)
    text = models.TextField(validators=[MaxLengthValidator(LONGEST)])
    organisation = models.ForeignKey(
        "members.Organisation",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="dictionary_suggestions",
    )
    received_at = models.DateTimeField(default=timezone.now, editable=False)
    status = models.CharField(
        max_length=20,
        choices=SuggestionStatus,
        default=SuggestionStatus.RECEIVED,
        editable=False,
    )
    outcome = models.TextField("reason, for whoever sent it", blank=True, editable=False)
    same_as = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, editable=False, related_name="repeats"
    )
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["received_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="suggestion_says_something",
                violation_error_message="Tell us what you suggest.",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=SuggestionStatus.open_ones, answered_at__isnull=True, outcome=""
                )
                | (
                    ~Q(status__in=SuggestionStatus.open_ones)
                    & Q(answered_at__isnull=False)
                    & ~Q(outcome="")
                ),
                name="suggestion_outcome_has_a_reason",
                violation_error_message="An answer says when and why; an open suggestion does not.",
            ),
            models.CheckConstraint(
                condition=Q(same_as__isnull=True)
                | (Q(status=SuggestionStatus.DUPLICATE) & ~Q(same_as=F("id"))),
                name="suggestion_repeats_another",
                violation_error_message="Only a duplicate repeats another suggestion.",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.about or self.reference}"

    def get_absolute_url(self):
        return reverse("dictionary:suggestion-detail", args=[self.reference])

    @property
    def about(self):
        return self.entry.headword if self.entry else self.word

    @property
    def is_open(self):
        return self.status in SuggestionStatus.open_ones


class SuggestionContact(models.Model):
    """Where to send the answer. Kept apart, and deleted when the answer is on its way."""

    suggestion = models.OneToOneField(Suggestion, models.CASCADE, related_name="contact")
    email = models.EmailField()

    def __str__(self):
        return f"The address for {self.suggestion.reference}"
