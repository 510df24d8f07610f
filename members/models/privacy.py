"""What people may ask for: to be erased, to get fewer letters, and an answer to a complaint."""

from datetime import timedelta

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from cja_portal.kit.references import new_reference

UNDO_LASTS = timedelta(days=7)
ACKNOWLEDGE_WITHIN = timedelta(days=30)


class ErasureQuerySet(models.QuerySet):
    def open(self):
        return self.filter(cancelled_at=None, done_at=None)

    def due(self, now=None):
        """Those whose time to think again is over."""
        return self.open().filter(due_at__lte=now or timezone.now())


def _end_of_undo():
    return timezone.now() + UNDO_LASTS


class Erasure(models.Model):
    """Somebody's wish to be erased. The row outlives it, without a name."""

    user = models.ForeignKey("members.User", models.CASCADE, related_name="erasures")
    asked_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=_end_of_undo)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        ordering = ["due_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(cancelled_at=None, done_at=None),
                name="erasure_one_open",
                violation_error_message="You have asked already.",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None) | Q(done_at=None),
                name="erasure_ends_one_way",
                violation_error_message="It is done or taken back, not both.",
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(done_at__gte=F("due_at")),
                name="erasure_waits_for_its_day",
                violation_error_message="There are seven days in which to think again.",
            ),
        ]

    def __str__(self):
        return f"Erasure asked for on {timezone.localtime(self.asked_at):%-d %B %Y}"


class Topic(models.TextChoices):
    """Letters that people may switch off. All others are duties: money, safety, who may come in."""

    PAYMENTS = "payments", "Payments of your organisation that arrived"
    PROFILE = "profile", "What CJA staff decided about your organisation’s profile"
    COLLEAGUES = "colleagues", "Colleagues who left your organisation on the portal"
    WORKS = "works", "Your organisation’s works that came into the library, or wait for their day"
    DRAFTS = "drafts", "Nominations for the awards that you have begun, as the deadline comes near"
    REMARKS = "remarks", "What judges of the awards say about a nomination of yours"


class LetterOffQuerySet(models.QuerySet):
    def of(self, user):
        """Also what was switched off for their address before they had an account."""
        return self.filter(Q(user=user) | Q(email=user.email))


class LetterOff(models.Model):
    """A kind of letter that somebody does not want: a person, or an address without an account."""

    user = models.ForeignKey(
        "members.User", models.CASCADE, null=True, blank=True, related_name="letters_off"
    )
    email = models.EmailField("e-mail address, without an account", blank=True)
    topic = models.CharField(max_length=20, choices=Topic)
    since = models.DateTimeField(default=timezone.now)

    objects = LetterOffQuerySet.as_manager()

    class Meta:
        ordering = ["topic"]
        verbose_name = "letter switched off"
        verbose_name_plural = "letters switched off"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "topic"],
                name="letter_off_once",
                violation_error_message="This is switched off already.",
            ),
            models.UniqueConstraint(
                fields=["email", "topic"],
                condition=Q(user=None),
                name="letter_off_once_an_address",
                violation_error_message="This is switched off already.",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, email="") | (Q(user=None) & ~Q(email="")),
                name="letter_off_for_one_reader",
                violation_error_message="It is for a person or for an address, not both.",
            ),
        ]

    def __str__(self):
        return f"{self.get_topic_display()}: off for {self.user or self.email}"


class ComplaintQuerySet(models.QuerySet):
    def open(self):
        return self.filter(answered_at=None)


class Complaint(models.Model):
    """Somebody complains about how their data are used.

    The Data Protection Act 2018, section 164A (put in by the Data (Use and Access) Act 2025,
    section 103, in force since 19 June 2026) asks every controller to make complaining easy, by a
    form that can be sent electronically for one, to acknowledge within 30 days, to take
    appropriate steps without undue delay and to tell the outcome.
    """

    reference = models.CharField(max_length=11, unique=True, default=new_reference, editable=False)
    name = models.CharField("your name", max_length=150, blank=True)
    email = models.EmailField("your e-mail address")
    text = models.TextField("what is wrong", validators=[MaxLengthValidator(5000)])
    received_at = models.DateTimeField(default=timezone.now, editable=False)
    acknowledged_at = models.DateTimeField(null=True, blank=True, editable=False)
    steps = models.TextField("steps taken", blank=True)
    outcome = models.TextField("outcome, as told to the person", blank=True)
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    answered_by = models.ForeignKey(
        "members.User", models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        ordering = ["received_at"]
        verbose_name = "data protection complaint"
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None) | ~Q(outcome=""),
                name="complaint_answer_says_something",
                violation_error_message="Say what came of it.",
            ),
        ]

    def __str__(self):
        return f"Complaint {self.reference}"

    @property
    def due_at(self):
        """Our own clock for the answer; the law gives it for the acknowledgement."""
        return self.received_at + ACKNOWLEDGE_WITHIN

    @property
    def days_left(self):
        return (timezone.localdate(self.due_at) - timezone.localdate()).days
