"""The nominee's side: whether they accept, how they are named, and what must not be published."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from awards.models.nomination import Collaborator, Nomination


class ConsentAnswer(models.TextChoices):
    ACCEPTED = "accepted", "I accept the nomination"
    WITH_CHANGES = "with-changes", "I accept it, with the changes below"
    DECLINED = "declined", "I do not want to be nominated"


class NameChoice(models.TextChoices):
    FULL = "full", "With the full name"
    FIRST_NAME = "first-name", "With the first name only"
    PSEUDONYM = "pseudonym", "With a name that I choose"
    ORGANISATION = "organisation", "With the organisation only"


class NomineeConsent(models.Model):
    """What the nominee said at their desk; nobody is named in public without an answer here."""

    nomination = models.OneToOneField(Nomination, models.CASCADE, related_name="consent")
    email = models.EmailField("e-mail address")
    asked_at = models.DateTimeField("asked", default=timezone.now, editable=False)
    answer = models.CharField(max_length=20, choices=ConsentAnswer, blank=True)
    answered_at = models.DateTimeField("answered", null=True, blank=True, editable=False)
    name_choice = models.CharField(
        "how to be named", max_length=20, choices=NameChoice, default=NameChoice.FULL
    )
    public_name = models.CharField("the name to use", max_length=200, blank=True)
    do_not_publish = models.TextField("what must not be published", max_length=2000, blank=True)
    corrections = models.TextField("what is not right", max_length=4000, blank=True)
    needs = models.TextField("what we should arrange", max_length=2000, blank=True)

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | ~Q(answer="") & Q(answered_at__isnull=False),
                name="consent_answered_at_some_time",
                violation_error_message="An answer has a day.",
            ),
            models.CheckConstraint(
                condition=Q(name_choice=NameChoice.FULL) | Q(answer="") | ~Q(public_name=""),
                name="consent_says_the_name",
                violation_error_message="Write the name as it should appear.",
            ),
        ]

    def __str__(self):
        return f"{self.nomination}: {self.state}"

    @property
    def state(self):
        return self.get_answer_display() if self.answer else "no reply yet"

    @property
    def name_to_publish(self):
        """None unless the nominee agreed to be named."""
        if self.answer not in {ConsentAnswer.ACCEPTED, ConsentAnswer.WITH_CHANGES}:
            return None
        return self.public_name or self.nomination.nominee_name


class AccessLink(models.Model):
    """A link in a letter, for somebody who writes a nomination or who is nominated.

    Only the digest of its secret is kept. A newer letter leaves older ones alive: people open
    whichever they find first.
    """

    secret_digest = models.CharField(max_length=64, unique=True, editable=False)
    collaborator = models.ForeignKey(
        Collaborator, models.CASCADE, null=True, related_name="links", editable=False
    )
    consent = models.ForeignKey(
        NomineeConsent, models.CASCADE, null=True, related_name="links", editable=False
    )
    sent_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["-sent_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(collaborator__isnull=False, consent__isnull=True)
                | Q(collaborator__isnull=True, consent__isnull=False),
                name="access_link_opens_one_thing",
                violation_error_message="A link opens a nomination or a nominee's desk.",
            ),
        ]

    def __str__(self):
        return f"Letter of {self.sent_at:%-d %B %Y}"
