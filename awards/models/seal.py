"""What closes a result and lets it out: two people seal it, and a release makes it public."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from awards.models.category import Category
from awards.models.meeting import Decision
from awards.models.rounds import Round


class Wording(models.Model):
    """What is printed beside the name of somebody honoured; written until it is released."""

    decision = models.OneToOneField(Decision, models.CASCADE, related_name="wording")
    for_work = models.CharField("what for", max_length=300, blank=True)
    citation = models.TextField(blank=True)
    judges_words = models.TextField("the judges’ words", blank=True)

    class Meta:
        ordering = ["decision"]

    def __str__(self):
        return f"Words about {self.decision.nomination}"


class SealQuerySet(models.QuerySet):
    def live(self):
        """Those that nobody sent back, of the version of the round that counts."""
        return self.filter(refused_at__isnull=True, version=F("round__version"))

    def to_confirm(self):
        """Those that wait for the second person; not of rehearsals."""
        real = self.live().filter(category__cycle__rehearsal_of__isnull=True)
        return real.filter(confirmed_at__isnull=True)

    def confirmed(self):
        return self.live().filter(confirmed_at__isnull=False)


class Seal(models.Model):
    """The marks of a round and what was decided, in one file with a fingerprint.

    One person seals, another confirms or sends it back. `codes` says who stands behind the codes
    of the file: {"judges": {number: code}, "entries": {number: code}}.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="seals")
    category = models.ForeignKey(Category, models.PROTECT, related_name="seals")
    version = models.PositiveSmallIntegerField("version of the round", editable=False)
    file = models.TextField(editable=False)
    sha256 = models.CharField("fingerprint", max_length=64, editable=False)
    codes = models.JSONField(default=dict, editable=False)
    is_sheet_public = models.BooleanField("the marks are published under codes", default=True)
    sealed_by = models.ForeignKey("members.User", models.PROTECT, related_name="+")
    sealed_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey("members.User", models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    refused_by = models.ForeignKey("members.User", models.PROTECT, null=True, related_name="+")
    refused_at = models.DateTimeField(null=True)
    refused_because = models.CharField(max_length=500, blank=True)

    objects = SealQuerySet.as_manager()

    class Meta:
        ordering = ["-sealed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "version"],
                condition=Q(refused_at__isnull=True),
                name="seal_once_a_version",
                violation_error_message="This round is sealed already.",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("sealed_by")),
                name="seal_confirmed_by_another",
                violation_error_message="Somebody else confirms what you have sealed.",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__gte=F("sealed_at")),
                name="seal_confirmed_at_some_time",
                violation_error_message="A confirmation has a person and a time.",
            ),
            models.CheckConstraint(
                condition=Q(refused_by__isnull=True, refused_at__isnull=True)
                | Q(refused_by__isnull=False, refused_at__isnull=False, confirmed_at__isnull=True)
                & ~Q(refused_because=""),
                name="seal_refused_with_reason",
                violation_error_message="Say why it is sent back.",
            ),
        ]

    def __str__(self):
        return f"{self.round}: {self.sha256[:12]}"

    @property
    def is_confirmed(self):
        return self.confirmed_at is not None

    def code_of(self, nomination):
        return self.codes["entries"].get(str(nomination.pk), "")


class ReleaseQuerySet(models.QuerySet):
    def live(self):
        return self.filter(withdrawn_at__isnull=True)


class Release(models.Model):
    """The moment at which the result of one category became public; nobody's if the clock did it.

    What was withdrawn stays as a row; to release it again makes another.
    """

    category = models.ForeignKey(Category, models.PROTECT, related_name="releases")
    seal = models.ForeignKey(Seal, models.PROTECT, related_name="releases")
    by = models.ForeignKey("members.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    withdrawn_by = models.ForeignKey("members.User", models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=500, blank=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["category"],
                condition=Q(withdrawn_at__isnull=True),
                name="release_once",
                violation_error_message="This result is public already.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_by__isnull=False, withdrawn_at__gte=F("at"))
                & ~Q(withdrawn_because=""),
                name="release_withdrawn_with_reason",
                violation_error_message="Say why the result is withdrawn.",
            ),
        ]

    def __str__(self):
        return f"{self.category} on {self.at:%-d %B %Y}"
