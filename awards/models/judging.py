"""Who judges: people asked for one year, what they have to do with whom, and what follows."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from awards.models.cycle import Cycle, Stage
from awards.models.nomination import Nomination

MOST_ENTRIES = 500


class JudgeQuerySet(models.QuerySet):
    def sitting(self):
        """Those who said yes, to the terms as well, and have not left."""
        return self.filter(accepted_at__isnull=False, left_at__isnull=True)

    def of(self, user):
        """The places that the person holds or is asked to take, by login alone."""
        asked = Q(user__isnull=True, invitation__accepted_by=user)
        return self.filter(Q(user=user) | asked, declined_at__isnull=True, left_at__isnull=True)

    def to_answer(self):
        """Those who were asked to judge in a year that runs, and have not said yes or no."""
        running = self.filter(cycle__stage__in=Stage.RUNNING, cycle__rehearsal_of__isnull=True)
        return running.filter(
            accepted_at__isnull=True, declined_at__isnull=True, left_at__isnull=True
        )

    def to_declare(self):
        """Those who said yes and get nothing to read before they have declared their interests."""
        judged = self.sitting().filter(cycle__stage__in=[Stage.ANNOUNCED, Stage.JUDGING])
        return judged.filter(declared_at__isnull=True, cycle__rehearsal_of__isnull=True)

    def for_category(self, category):
        """Those who judge it: who is given no category judges all of the year."""
        mine = Q(categories=category) | Q(categories__isnull=True)
        return self.filter(mine, cycle=category.cycle_id).distinct()


class Judge(models.Model):
    """Somebody asked to judge in one year: a person of the portal, never a mere address.

    A person without an account is asked by an invitation, which is bound to the address and to
    whoever proves to own it; `user` is blank until that person has said yes.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="judges")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    invitation = models.ForeignKey(
        "members.Invitation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    limit = models.PositiveSmallIntegerField("entries they can read", default=20)
    is_chair = models.BooleanField("chairs the panel", default=False)
    themes = models.ManyToManyField(
        "members.Theme", blank=True, related_name="+", verbose_name="subjects they know well"
    )
    categories = models.ManyToManyField(
        "awards.Category", blank=True, related_name="judges", verbose_name="categories, or all"
    )
    invited_at = models.DateTimeField("asked", default=timezone.now, editable=False)
    terms_version = models.CharField(max_length=20, blank=True, editable=False)
    accepted_at = models.DateTimeField("said yes", null=True, blank=True, editable=False)
    declined_at = models.DateTimeField("said no", null=True, blank=True, editable=False)
    declared_at = models.DateTimeField(
        "declared their interests", null=True, blank=True, editable=False
    )
    left_at = models.DateTimeField("left the panel", null=True, blank=True, editable=False)

    objects = JudgeQuerySet.as_manager()

    class Meta:
        ordering = ["cycle_id", "user__name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "user"],
                name="judge_once_a_year",
                violation_error_message="This person is already asked for the year.",
            ),
            models.UniqueConstraint(
                fields=["cycle", "invitation"],
                name="judge_invited_once_a_year",
                violation_error_message="This person is already asked for the year.",
            ),
            models.UniqueConstraint(
                fields=["cycle"],
                condition=Q(is_chair=True, left_at__isnull=True, declined_at__isnull=True),
                name="judge_one_chair",
                violation_error_message="Somebody else chairs the panel.",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False) | Q(invitation__isnull=False),
                name="judge_is_a_person",
                violation_error_message="Name a person of the portal, or invite one.",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True)
                | Q(user__isnull=False, declined_at__isnull=True) & ~Q(terms_version=""),
                name="judge_says_yes_to_the_terms",
                violation_error_message="A judge says yes or no, and yes to the terms.",
            ),
            models.CheckConstraint(
                condition=Q(limit__range=(1, MOST_ENTRIES)),
                name="judge_reads_something",
                violation_error_message=f"A judge reads between 1 and {MOST_ENTRIES} entries.",
            ),
        ]

    def __str__(self):
        return str(self.user or self.invitation.email)

    @property
    def reference(self):
        """What stands for the judge on the score sheet; it opens nothing."""
        return self.uuid.hex[:8].upper()

    @property
    def is_sitting(self):
        return self.accepted_at is not None and self.left_at is None

    def judges(self, category):
        """The same as `for_category`, of one judge at hand."""
        own = self.categories.all()
        is_theirs = not own or category in own
        return self.is_sitting and category.cycle_id == self.cycle_id and is_theirs


class InterestKind(models.TextChoices):
    WORKS_THERE = "works-there", "I work there, or did in the last three years"
    TRUSTEE = "trustee", "I am a trustee, or was in the last three years"
    FUNDER = "funder", "I fund them, or they fund me"
    NOMINATED = "nominated", "I nominated them, or wrote in their support"
    FAMILY = "family", "Family or a close friend"
    PARTNER = "partner", "I work closely with them"
    RIVAL = "rival", "I compete with them"
    OTHER = "other", "Something else"


class Interest(models.Model):
    """What a judge has to do with one of all those nominated, whichever entry that may be."""

    judge = models.ForeignKey(Judge, models.CASCADE, related_name="interests")
    name = models.CharField("person or organisation", max_length=200)
    kind = models.CharField("what it is", max_length=20, choices=InterestKind)
    note = models.CharField("in a few words", max_length=300, blank=True)
    declared_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["judge_id", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["judge", "name"],
                name="interest_once",
                violation_error_message="You have named this already.",
            ),
            models.CheckConstraint(
                condition=~Q(kind="other") | ~Q(note=""),
                name="interest_says_what",
                violation_error_message="Say in a few words what it is.",
            ),
        ]

    def __str__(self):
        return f"{self.judge}: {self.name}"


class ConflictSource(models.TextChoices):
    """Who or what says that there is a conflict."""

    DECLARED = "declared", "The judge said so"
    AFFILIATION = "affiliation", "The directory: same organisation within three years"
    DOMAIN = "domain", "The e-mail address is of the same organisation"
    WRITER = "writer", "The judge wrote the nomination, or helped to"
    REFEREE = "referee", "The nomination names the judge as a referee"
    NOMINEE = "nominee", "The judge is nominated"
    FUNDER = "funder", "The judge’s organisation gives the prize"
    STAFF = "staff", "Staff said so"


class ConflictQuerySet(models.QuerySet):
    def current(self):
        return self.filter(lifted_at__isnull=True)

    def lifted(self):
        return self.filter(lifted_at__isnull=False)


class Conflict(models.Model):
    """A judge who must never read, mark or hear of the marks of one nomination.

    A trigger takes the nomination from the judge at once, whoever writes the row.
    """

    judge = models.ForeignKey(Judge, models.CASCADE, related_name="conflicts")
    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="conflicts")
    source = models.CharField(max_length=20, choices=ConflictSource)
    reason = models.CharField(max_length=300, blank=True)
    noted_at = models.DateTimeField(default=timezone.now, editable=False)
    lifted_at = models.DateTimeField(null=True, blank=True, editable=False)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    lifted_because = models.CharField(max_length=300, blank=True, editable=False)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        ordering = ["judge_id", "nomination_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["judge", "nomination"],
                condition=Q(lifted_at__isnull=True),
                name="conflict_once",
                violation_error_message="This conflict is already noted.",
            ),
            models.CheckConstraint(
                condition=~Q(source="staff") | ~Q(reason=""),
                name="conflict_by_staff_says_why",
                violation_error_message="Say what the judge has to do with the nominee.",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_because=""),
                name="conflict_lifted_with_reason",
                violation_error_message="Say why this is no conflict.",
            ),
        ]

    def __str__(self):
        return f"{self.judge} and {self.nomination}"
