from django.db import models
from django.db.models import Q
from django.utils import timezone

from awards.models.consent import NomineeConsent
from awards.models.judging import Judge
from awards.models.nomination import Collaborator
from awards.models.seal import Release

READERS = ("collaborator", "consent", "judge")


def _one_of(readers):
    alone = [Q(**{f"{other}__isnull": other != one for other in readers}) for one in readers]
    return alone[0] | alone[1] | alone[2]


class ResultLetter(models.Model):
    """The ledger of letters about results: one row a reader and release, so that none comes twice.

    One that is not sent is of a result that was released anew and had been told already.
    """

    release = models.ForeignKey(Release, models.CASCADE, related_name="letters")
    collaborator = models.ForeignKey(
        Collaborator, models.CASCADE, null=True, related_name="result_letters"
    )
    consent = models.ForeignKey(
        NomineeConsent, models.CASCADE, null=True, related_name="result_letters"
    )
    judge = models.ForeignKey(Judge, models.CASCADE, null=True, related_name="result_letters")
    outcome = models.CharField("what it told", max_length=20, blank=True)
    written_at = models.DateTimeField(default=timezone.now)
    is_sent = models.BooleanField(default=True)

    class Meta:
        ordering = ["-written_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=_one_of(READERS),
                name="result_letter_has_one_reader",
                violation_error_message="A letter is to one person.",
            ),
            *(
                models.UniqueConstraint(
                    fields=["release", reader],
                    name=f"result_letter_once_a_{reader}",
                    violation_error_message="This letter has gone out.",
                )
                for reader in READERS
            ),
        ]

    def __str__(self):
        return f"{self.release}: {self.collaborator or self.consent or self.judge}"
