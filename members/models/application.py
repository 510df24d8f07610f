"""Asking to become a member: no login, one application after the other through the same steps."""

from datetime import timedelta
from enum import nonmember

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from cja_portal.kit.moves import ImpossibleMove
from cja_portal.kit.references import new_reference
from members.models.keeping import KeepingTimes
from members.models.numbers import Numbered

LINK_LASTS = timedelta(hours=24)
UNOPENED_KEPT = timedelta(days=7)  # for a draft whose link was never opened


class ApplicationError(ImpossibleMove):
    """An impossible step with an application, as a sentence for the person who tried it."""


class ApplicationState(models.TextChoices):
    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Sent"
    REVIEW = "review", "Being considered"
    ASKED = "asked", "Waiting for an answer from the applicant"
    DEFERRED = "deferred", "Deferred"
    APPROVED = "approved", "Approved"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"

    # A trigger of the database holds the same table.
    next_states = nonmember(
        {
            "draft": {"submitted"},
            "submitted": {"review", "asked", "deferred", "approved", "declined", "withdrawn"},
            "review": {"asked", "deferred", "approved", "declined", "withdrawn"},
            "asked": {"review", "deferred", "approved", "declined", "withdrawn"},
            "deferred": {"review", "asked", "approved", "declined", "withdrawn"},
        }
    )
    with_staff = nonmember(["submitted", "review"])
    with_applicant = nonmember(["draft", "asked"])
    open_ones = nonmember(["submitted", "review", "asked", "deferred"])
    closed_ones = nonmember(["approved", "declined", "withdrawn"])


class RegisterStatus(models.TextChoices):
    """What staff saw in the register."""

    REGISTERED = "registered", "Registered"
    REMOVED = "removed", "Removed from the register"
    NOT_FOUND = "not-found", "Not found in the register"
    NONE = "none", "Not registered anywhere"


class DeclineReason(models.TextChoices):
    NOT_ELIGIBLE = "not-eligible", "Does not meet the conditions of membership"
    DUPLICATE = "duplicate", "The organisation is a member already, or has another application"
    NO_ANSWER = "no-answer", "Our questions were not answered"
    OTHER = "other", "Another reason"


class ApplicationQuerySet(models.QuerySet):
    def open(self):
        """Those that somebody can still write in, answer or decide."""
        return self.exclude(state__in=ApplicationState.closed_ones)

    def sent(self):
        return self.exclude(state=ApplicationState.DRAFT)

    def for_staff(self):
        """What waits for staff: new and answered ones, and deferred ones whose day has come."""
        is_due = Q(state=ApplicationState.DEFERRED, deferred_until__lte=timezone.localdate())
        return self.filter(Q(state__in=ApplicationState.with_staff) | is_due)

    def stale_drafts(self, now):
        drafts = self.filter(state=ApplicationState.DRAFT)
        unopened = Q(opened_at__isnull=True, touched_at__lt=now - UNOPENED_KEPT)
        return drafts.filter(unopened | Q(touched_at__lt=now - KeepingTimes.of("drafts")))

    def to_forget(self, now):
        closed = self.filter(state__in=ApplicationState.closed_ones, forgotten_at__isnull=True)
        return closed.filter(closed_at__lt=now - KeepingTimes.of("applications"))


class Application(Numbered):
    """An organisation asks to become a member.

    `answers` holds what was typed, page by page, right or wrong; name and numbers are taken from
    it when it is sent.
    """

    reference = models.CharField(max_length=11, unique=True, default=new_reference, editable=False)
    email = models.EmailField("e-mail address", blank=True)
    state = models.CharField(
        max_length=10, choices=ApplicationState, default=ApplicationState.DRAFT
    )
    answers = models.JSONField(default=dict, blank=True)
    name = models.CharField("organisation", max_length=200, blank=True)
    is_example = models.BooleanField(default=False, editable=False)
    begun_at = models.DateTimeField(default=timezone.now)
    opened_at = models.DateTimeField("address verified at", null=True, blank=True)
    touched_at = models.DateTimeField("last written in", default=timezone.now)
    submitted_at = models.DateTimeField("sent at", null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    forgotten_at = models.DateTimeField(null=True, blank=True)
    deferred_until = models.DateField(null=True, blank=True)
    decline_reason = models.CharField(max_length=20, choices=DeclineReason, blank=True)
    reviewer = models.ForeignKey(
        "members.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(
        "members.Organisation",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="applications",
    )
    register_name = models.CharField("name in the register", max_length=200, blank=True)
    register_status = models.CharField(max_length=20, choices=RegisterStatus, blank=True)
    register_income = models.PositiveBigIntegerField(
        "yearly income in the register (£)", null=True, blank=True
    )
    register_note = models.TextField("note on the register", max_length=1000, blank=True)
    register_seen_on = models.DateField("register looked at on", null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["submitted_at", "begun_at"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=Q(state=ApplicationState.DRAFT),
                name="application_one_draft",
                violation_error_message="This address has begun an application already.",
            ),
            models.CheckConstraint(
                condition=Q(state=ApplicationState.DRAFT, submitted_at__isnull=True)
                | (~Q(state=ApplicationState.DRAFT) & Q(submitted_at__isnull=False)),
                name="application_sent_on_a_day",
                violation_error_message="What was sent has a day; a draft has none.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ApplicationState.closed_ones, closed_at__isnull=False)
                | (~Q(state__in=ApplicationState.closed_ones) & Q(closed_at__isnull=True)),
                name="application_closed_on_a_day",
                violation_error_message="What is closed has a day.",
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=True) | Q(state=ApplicationState.APPROVED),
                name="application_opens_an_organisation",
                violation_error_message="Only an approved application leads to an organisation.",
            ),
            models.CheckConstraint(
                condition=Q(state=ApplicationState.DEFERRED, deferred_until__isnull=False)
                | (~Q(state=ApplicationState.DEFERRED) & Q(deferred_until__isnull=True)),
                name="application_deferred_until_a_day",
                violation_error_message="Say until when it is deferred.",
            ),
            models.CheckConstraint(
                condition=Q(decline_reason="") | Q(state=ApplicationState.DECLINED),
                name="application_declined_for_a_reason",
                violation_error_message="Only a declined application has a reason.",
            ),
        ]

    def __str__(self):
        return self.name or f"Application {self.reference}"

    def get_absolute_url(self):
        return reverse("members:application-detail", args=[self.reference])

    @property
    def is_draft(self):
        return self.state == ApplicationState.DRAFT

    @property
    def is_open(self):
        return self.state in ApplicationState.open_ones

    @property
    def is_with_applicant(self):
        return self.state in ApplicationState.with_applicant

    def move_to(self, state):
        if state not in ApplicationState.next_states.get(self.state, ()):
            here, there = self.get_state_display().lower(), ApplicationState(state).label.lower()
            raise ApplicationError(f"This application is {here}: it cannot become “{there}”.")
        self.state = state
        self.deferred_until = None
        if state in ApplicationState.closed_ones:
            self.closed_at = timezone.now()


class ApplicationLink(models.Model):
    """A link in a letter that opens an application once. Only the digest of its secret is kept."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="links")
    secret_digest = models.CharField(max_length=64, unique=True, editable=False)
    sent_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-sent_at"]

    def __str__(self):
        return f"Link of {self.sent_at:%-d %B %Y} for {self.application.reference}"

    @property
    def works(self):
        return self.used_at is None and timezone.now() < self.sent_at + LINK_LASTS


class ApplicationStep(models.Model):
    """A step that an application took: who, when, the words sent with it, and what it said then."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="steps")
    state = models.CharField("became", max_length=10, choices=ApplicationState)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey("members.User", models.SET_NULL, null=True, blank=True, related_name="+")
    words = models.TextField("what was written to the other side", blank=True)
    note = models.TextField("note for staff", blank=True)
    answers = models.JSONField(null=True, blank=True)
    checks = models.JSONField("what was ticked", default=list, blank=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.get_state_display()}, {self.at:%-d %B %Y}"


class Criterion(models.Model):
    """Something that staff check before an organisation is let in. Staff write the list."""

    text = models.CharField("what to check", max_length=200, unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_current = models.BooleanField("is on the list", default=True)

    class Meta:
        ordering = ["position", "text"]
        verbose_name = "check of applications"
        verbose_name_plural = "checks of applications"

    def __str__(self):
        return self.text


class CriterionTick(models.Model):
    """A check that was made for one application."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="ticks")
    criterion = models.ForeignKey(Criterion, models.CASCADE, related_name="ticks")
    by = models.ForeignKey("members.User", models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = [F("criterion__position").asc()]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "criterion"],
                name="criterion_ticked_once",
                violation_error_message="This is ticked already.",
            ),
        ]

    def __str__(self):
        return f"{self.criterion}: {self.application.reference}"
