"""What readers ask staff for: a work in another format, or a copy that they cannot open here."""

import uuid
from datetime import timedelta

from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from library.models.document import Document, Reading
from library.models.item import Item, Status

LONGEST = 1_000
LENT_FOR = timedelta(days=14)
_LINKS = Signer(salt="library.copy-request")


class CopyKind(models.TextChoices):
    LARGE_PRINT = "large-print", "Large print"
    EASY_READ = "easy-read", "Easy Read"
    SCREEN_READER = "screen-reader", "A file that works with a screen reader"
    AUDIO = "audio", "Audio"
    BSL = "bsl", "British Sign Language"
    WELSH = "welsh", "Welsh"
    COPY = "copy", "The work itself: I cannot open it"
    OTHER = "other", "Something else"


class CopyRequestQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(answered_at__isnull=True)

    def on_loan(self):
        """Those whose link still opens the file that was lent."""
        lent = self.filter(lent_until__gt=timezone.now(), lent__item__status=Status.PUBLISHED)
        return lent.exclude(lent__reading__in=Reading.kept_from_everyone)

    def of_token(self, token):
        try:
            return self.filter(uuid=_LINKS.unsign(token))
        except BadSignature:
            return self.none()


class CopyRequest(models.Model):
    """One reader's request. The address goes when the answer does."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    item = models.ForeignKey(Item, models.CASCADE, related_name="copy_requests")
    kind = models.CharField(max_length=20, choices=CopyKind)
    text = models.TextField("what else helps", blank=True)
    needed_by = models.DateField(null=True, blank=True)
    email = models.EmailField(blank=True)
    asked_at = models.DateTimeField("asked", default=timezone.now, editable=False)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField("answered", null=True, editable=False)
    answered_by = models.ForeignKey("members.User", models.SET_NULL, null=True, related_name="+")
    # This very file, whatever takes its place meanwhile.
    lent = models.ForeignKey(Document, models.SET_NULL, null=True, blank=True, related_name="loans")
    lent_until = models.DateTimeField("link works until", null=True, editable=False)

    objects = CopyRequestQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "kind", "email"],
                condition=Q(answered_at__isnull=True),
                name="copy_request_one_waiting",
                violation_error_message="We have this request, and will answer it.",
            ),
            models.CheckConstraint(
                condition=(Q(answered_at__isnull=True, answer="") & ~Q(email=""))
                | (Q(answered_at__isnull=False, email="") & ~Q(answer="")),
                name="copy_request_address_goes_with_the_answer",
                violation_error_message="An answer says something; an open request has an address.",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.item}"

    @property
    def loan_address(self):
        """It opens the file for whoever has it: it cannot be guessed, and ends by itself."""
        return reverse("library:document-lent", args=[self.item.slug, _LINKS.sign(str(self.uuid))])
