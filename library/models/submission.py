"""How a member's work comes into the library: the submission, its steps, and requests about it."""

import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from library.models.document import private_place
from library.models.item import Item, Status


class SubmissionQuerySet(models.QuerySet):
    def of(self, organisation):
        return self.filter(item__owner=organisation)

    def waiting(self):
        """For staff to decide."""
        return self.filter(item__status=Status.SUBMITTED)

    def for_rows(self):
        heavy = [f"item__{name}" for name in ("text_words", "note")]
        return self.select_related("item__owner", "claimed_by", "submitted_by").defer(*heavy)

    def latest_first(self):
        return self.order_by("-item__updated_at", "-pk")


class Submission(models.Model):
    """The way of one item from its member organisation to the shelf.

    Whose it is says `Item.owner`; the uuid is its private address, which cannot be guessed.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.OneToOneField(Item, models.CASCADE, related_name="submission")
    started_by = models.ForeignKey("members.User", models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField("started", default=timezone.now, editable=False)
    submitted_by = models.ForeignKey("members.User", models.SET_NULL, null=True, related_name="+")
    submitted_at = models.DateTimeField("submitted", null=True, editable=False)
    claimed_by = models.ForeignKey(
        "members.User", models.SET_NULL, null=True, related_name="+", verbose_name="who is on it"
    )
    claimed_at = models.DateTimeField("taken", null=True, editable=False)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["submitted_at", "id"]

    def __str__(self):
        return str(self.item)

    def get_absolute_url(self):
        return reverse("library:submission-detail", args=[self.uuid])

    @property
    def is_open_to_changes(self):
        return self.item.status in {Status.DRAFT, Status.CHANGES_ASKED}

    @property
    def was_never_submitted(self):
        return self.submitted_at is None and self.item.status == Status.DRAFT


class Step(models.TextChoices):
    """What happened to an item on its way, as it is told to its organisation."""

    STARTED = "started", "Started"
    SUBMITTED = "submitted", "Submitted"
    TAKEN_BACK = "taken-back", "A draft again"
    CHANGES_ASKED = "changes-asked", "Changes asked for"
    DECLINED = "declined", "Declined"
    PUBLISHED = "published", "Published"
    SCHEDULED = "scheduled", "Scheduled"
    NEW_VERSION = "new-version", "New version"
    WITHDRAWN = "withdrawn", "Withdrawn"
    ASKED_WITHDRAWAL = "asked-withdrawal", "Asked to withdraw it"
    ASKED_VERSION = "asked-version", "Proposed a new version"
    REQUEST_DECLINED = "request-declined", "Request declined"


class ReviewEvent(models.Model):
    """One step, with the record as it was then. Rows are only ever added: the database holds it."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="review_events")
    what = models.CharField(max_length=20, choices=Step)
    by = models.ForeignKey("members.User", models.SET_NULL, null=True, related_name="+")
    why = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)
    snapshot = models.JSONField(default=dict)  # See library.records.

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self):
        return f"{self.get_what_display()}: {self.item}"


class RequestKind(models.TextChoices):
    WITHDRAWAL = "withdrawal", "Withdraw it"
    VERSION = "version", "Make a new version"


class Outcome(models.TextChoices):
    WAITING = "waiting", "Waiting for staff"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"


class ChangeRequestQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(outcome=Outcome.WAITING)


class ChangeRequest(models.Model):
    """What an organisation asks staff to do with an item of its own that is published."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="change_requests")
    kind = models.CharField(max_length=20, choices=RequestKind)
    text = models.TextField("reason, or what changed")
    file = models.FileField("new file", upload_to=private_place, max_length=200, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    replaces = models.ForeignKey(
        "library.Document", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_by = models.ForeignKey("members.User", models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField("asked", default=timezone.now, editable=False)
    outcome = models.CharField(
        max_length=20, choices=Outcome, default=Outcome.WAITING, editable=False
    )
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey("members.User", models.SET_NULL, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True, editable=False)

    objects = ChangeRequestQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(outcome=Outcome.WAITING),
                name="change_request_one_waiting",
                violation_error_message="Staff have not yet answered the request before this one.",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="change_request_says_why"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.item}"
