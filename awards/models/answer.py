"""What a nomination says: texts under questions, and files."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone

from awards.models.nomination import Nomination
from awards.models.question import Question


def private_place(attachment, name):
    """A random place that no web server shows; nothing of the name that the file came with."""
    return f"awards/attachments/{uuid4().hex}"


class Answer(models.Model):
    """The answer to one version of a question.

    `text` is what its writers work on and `version` grows by one with each change, which a trigger
    holds: nobody writes over what they have not seen. `sent_text` is what they submitted last;
    staff and judges read that, or `redacted_text` where somebody removed what judges must not see.
    """

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.CharField(max_length=150, blank=True)
    sent_text = models.TextField(blank=True, editable=False)
    redacted_text = models.TextField(null=True, blank=True)
    redacted_by = models.ForeignKey(
        "members.User", models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    redacted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["nomination", "question__position", "question__id"]
        constraints = [
            models.UniqueConstraint(
                fields=["nomination", "question"],
                name="answer_once",
                violation_error_message="This question is answered already.",
            ),
            models.CheckConstraint(
                condition=Q(redacted_text__isnull=True) | Q(redacted_at__isnull=False),
                name="answer_redacted_at_some_time",
                violation_error_message="A redaction has a day.",
            ),
        ]

    def __str__(self):
        return f"{self.question} ({self.nomination})"

    @property
    def is_changed(self):
        """Written since it was last sent."""
        return self.text != self.sent_text

    @property
    def text_for_judges(self):
        return self.sent_text if self.redacted_text is None else self.redacted_text


class Attachment(models.Model):
    """A file of a nomination. Judges see "Attachment 1": names of files say who wrote them."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="attachments")
    file = models.FileField(upload_to=private_place, max_length=200)
    name = models.CharField("name that it came with", max_length=200)
    content_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    added_by = models.CharField(max_length=150, blank=True)
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["nomination", "added_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["nomination", "sha256"],
                name="attachment_once",
                violation_error_message="This file is there already.",
            ),
        ]

    def __str__(self):
        return self.name
