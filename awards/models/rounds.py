"""A category read by judges: in which round, and who reads what."""

from datetime import timedelta
from enum import nonmember
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from awards.models.category import Category
from awards.models.cycle import Stage
from awards.models.judging import Judge
from awards.models.nomination import Nomination
from cja_portal.kit.moves import ImpossibleMove


class RoundStage(models.TextChoices):
    SIFT = "sift", "Sift"
    FINAL = "final", "Final"


class RoundState(models.TextChoices):
    SETUP = "setup", "In preparation"
    SCORING = "scoring", "Judges are marking"
    LOCKED = "locked", "Locked"
    SEALED = "sealed", "Sealed"

    MOVES = nonmember(
        {
            "setup": ("scoring",),
            "scoring": ("locked",),
            "locked": ("scoring", "sealed"),
            "sealed": ("scoring",),
        }
    )
    OVER = nonmember(("locked", "sealed"))


class RoundQuerySet(models.QuerySet):
    def running(self):
        """Those that judges mark now; not of rehearsals."""
        real = self.filter(category__cycle__rehearsal_of__isnull=True)
        return real.filter(state=RoundState.SCORING)

    def overdue(self):
        """Those whose day is over while sheets lack."""
        return self.running().filter(_lacks_sheets(), due_at__lt=Now())

    def complete(self):
        """Those with all sheets in."""
        return self.running().filter(~_lacks_sheets())

    def lacking_readers(self):
        """Sifts in which somebody stepped back and nobody reads the entry in their place."""
        given_up = Assignment.objects.filter(round=OuterRef("pk"), state=AssignmentState.RECUSED)
        given_up = given_up.filter(nomination__in=Nomination.objects.judged())
        short = given_up.annotate(readers=_readers()).filter(readers__lt=OuterRef("reads"))
        return self.running().filter(Exists(short), stage=RoundStage.SIFT)


def _lacks_sheets():
    reads = Assignment.objects.active().filter(round=OuterRef("pk"))
    reads = reads.filter(nomination__in=Nomination.objects.judged())
    return Exists(reads.filter(sheet__submitted_at__isnull=True))


def _readers():
    """How many read the entry of an assignment in its round."""
    same = Assignment.objects.active().filter(
        round=OuterRef("round"), nomination=OuterRef("nomination")
    )
    counted = same.order_by().values("nomination").annotate(count=Count("pk"))
    return Coalesce(Subquery(counted.values("count")), 0)


class Round(models.Model):
    """One reading of a category: a sift by some judges an entry, or a final by all who may.

    To open it again makes its next version, with the reason. What was sealed before stays sealed.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    category = models.ForeignKey(Category, models.PROTECT, related_name="rounds")
    stage = models.CharField(max_length=10, choices=RoundStage)
    reads = models.PositiveSmallIntegerField("judges an entry", default=3)
    state = models.CharField(
        max_length=10, choices=RoundState, default=RoundState.SETUP, editable=False
    )
    version = models.PositiveSmallIntegerField(default=1, editable=False)
    seed = models.PositiveIntegerField("seed of its assignment", default=1, editable=False)
    due_at = models.DateTimeField("sheets wanted by (UK time)", null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True, editable=False)
    locked_at = models.DateTimeField(null=True, blank=True, editable=False)
    reopened_because = models.CharField(max_length=500, blank=True, editable=False)
    # The chair's casting vote: nominations that no rule parts, the first first.
    casting = ArrayField(models.BigIntegerField(), default=list, blank=True, editable=False)
    casting_reason = models.CharField(max_length=500, blank=True, editable=False)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["category__position", "category_id", "-stage"]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "stage"],
                name="round_once_a_category",
                violation_error_message="This category has that round already.",
            ),
            models.UniqueConstraint(fields=["id", "category"], name="round_with_category"),
            models.CheckConstraint(
                condition=Q(reads__range=(1, 50)),
                name="round_is_read",
                violation_error_message="Each entry is read by 1 to 50 judges.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["setup", "scoring"], locked_at__isnull=True)
                | Q(state__in=RoundState.OVER, locked_at__isnull=False),
                name="round_locked_at_some_time",
                violation_error_message="A locked round has a time.",
            ),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(reopened_because=""),
                name="round_reopened_with_reason",
                violation_error_message="Say why the round is opened again.",
            ),
            models.CheckConstraint(
                condition=Q(casting=[]) | ~Q(casting_reason=""),
                name="round_casting_vote_says_why",
                violation_error_message="Write down why the chair decides so.",
            ),
        ]

    def __str__(self):
        return f"{self.category}, {self.get_stage_display().lower()}"

    @property
    def is_open(self):
        return self.state == RoundState.SCORING

    @property
    def is_over(self):
        return self.state in RoundState.OVER

    def move_to(self, state):
        """Raises ImpossibleMove; the database holds the same table of moves."""
        if state not in RoundState.MOVES[self.state]:
            was, becomes = self.get_state_display(), RoundState(state).label
            raise ImpossibleMove(f"“{self}” cannot go from “{was}” to “{becomes}”.")
        self.state = state


class AssignmentState(models.TextChoices):
    ACTIVE = "active", "Reads it"
    RECUSED = "recused", "Stepped back"

    MOVES = nonmember({"active": ("recused",), "recused": ("active",)})


READ_AFTER_RELEASE = timedelta(days=30)


class AssignmentQuerySet(models.QuerySet):
    def active(self):
        return self.filter(state=AssignmentState.ACTIVE)

    def visible_to(self, user):
        """What a judge may open: never what they stepped back from, nor what was withdrawn.

        It ends some time after the result came out, and with the year.
        """
        judges = Judge.objects.sitting().of(user).filter(user=user)
        judges = judges.exclude(cycle__stage=Stage.ARCHIVED)
        running = self.active().filter(judge__in=judges, nomination__in=Nomination.objects.judged())
        return running.exclude(round__state=RoundState.SETUP).exclude(category__in=_long_public())


def _long_public():
    """Categories whose result came out so long ago that judges read their entries no more."""
    since = timezone.now() - READ_AFTER_RELEASE
    return Category.objects.filter(releases__withdrawn_at__isnull=True, releases__at__lt=since)


class Assignment(models.Model):
    """One entry that one judge reads in one round; the uuid is the address of its sheet.

    `category` is a copy that keys hold equal to that of the round and that of the nomination.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="assignments")
    judge = models.ForeignKey(Judge, models.PROTECT, related_name="assignments")
    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="assignments")
    category = models.ForeignKey(Category, models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=10, choices=AssignmentState, default=AssignmentState.ACTIVE, editable=False
    )
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    recused_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["round_id", "judge_id", "nomination_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "judge", "nomination"],
                name="assignment_once",
                violation_error_message="This judge reads the entry already.",
            ),
            models.UniqueConstraint(fields=["id", "category"], name="assignment_with_category"),
            models.CheckConstraint(
                condition=Q(state="active", recused_at__isnull=True)
                | Q(state="recused", recused_at__gte=F("made_at")),
                name="assignment_recused_at_some_time",
                violation_error_message="Stepping back has a time.",
            ),
        ]

    def __str__(self):
        return f"{self.judge} reads {self.nomination}"
