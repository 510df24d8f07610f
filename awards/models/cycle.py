"""A year of awards: what is told about it, and how it runs. No public page reads its tables."""

from datetime import timedelta
from enum import nonmember

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import connection, models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from cja_portal.kit.dates import UK
from cja_portal.kit.moves import ImpossibleMove

FIRST_YEAR, LAST_YEAR = 2000, 2200
# A deadline of 23:59 lasts until the end of that minute; then follow silent minutes of grace.
DEADLINE_MINUTE = timedelta(minutes=1)
GRACE = timedelta(minutes=10)


class Certainty(models.TextChoices):
    """How sure we are of what is told about a year."""

    FOUND = "found", "Found on a named page"
    HIGH = "high", "Sure"
    MEDIUM = "medium", "Fairly sure"
    LOW = "low", "Unsure"


class CycleFacts(models.Model):
    """What is told about one year: the same fields where it is prepared and where it is public."""

    FACTS = (
        *("year", "name", "held_on", "place", "funder", "known", "certainty", "is_demonstration"),
        *("opens_at", "closes_at"),
    )

    year = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)],
    )
    name = models.CharField(max_length=120)
    held_on = models.DateField("date of the ceremony", null=True, blank=True)
    place = models.CharField(max_length=200, blank=True)
    funder = models.CharField(max_length=200, blank=True)
    known = models.TextField("what is known, in a sentence", blank=True)
    certainty = models.CharField(max_length=10, choices=Certainty, default=Certainty.FOUND)
    is_demonstration = models.BooleanField("is a demonstration, not a real cycle", default=False)
    opens_at = models.DateTimeField("nominations open (UK time)", null=True, blank=True)
    closes_at = models.DateTimeField("nominations close (UK time)", null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(year__range=(FIRST_YEAR, LAST_YEAR)),
                name="%(class)s_year_is_plausible",
                violation_error_message=f"The year must lie between {FIRST_YEAR} and {LAST_YEAR}.",
            ),
            models.CheckConstraint(
                condition=Q(held_on__isnull=True)
                | Q(held_on__year=F("year"))
                | Q(held_on__year=F("year") + 1),
                name="%(class)s_held_in_its_year",
                violation_error_message="The ceremony must be in that year or in the next.",
            ),
        ]

    def __str__(self):
        return self.name

    def facts(self):
        return {name: getattr(self, name) for name in self.FACTS}

    @property
    def is_run_here(self):
        """Whether it is, or was, run on this portal: of earlier years we know by what is found."""
        return self.opens_at is not None

    @property
    def takes_nominations(self):
        """Whether readers are invited to nominate now; what decides is `awards.clock`."""
        if self.opens_at is None:
            return False
        return self.opens_at <= timezone.now() < self.closes_at + DEADLINE_MINUTE


class CategoryKind(models.TextChoices):
    """Who may nominate."""

    OPEN = "open", "Open to everyone"
    MEMBERS = "members", "For people of member organisations"
    PANEL = "panel", "Nominated by the panel"


class CategoryFacts(models.Model):
    """What is told about one category of a year."""

    FACTS = (
        *("slug", "name", "position", "kind", "about"),
        *("prize_pence", "prize_note", "outcome_note"),
    )

    slug = models.SlugField(max_length=80)
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(
        "who may nominate", max_length=10, choices=CategoryKind, default=CategoryKind.OPEN
    )
    about = models.TextField("what it honours, and whom", blank=True)
    prize_pence = models.PositiveIntegerField("prize in pence", null=True, blank=True)
    prize_note = models.CharField("about the prize", max_length=200, blank=True)
    outcome_note = models.CharField("about the outcome", max_length=300, blank=True)
    themes = models.ManyToManyField(
        "members.Theme",
        related_name="+",
        blank=True,
        help_text="Only where the category itself is about the theme.",
    )

    class Meta:
        abstract = True
        ordering = ["cycle", "position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "slug"],
                name="%(class)s_once_a_year",
                violation_error_message="This year already has a category at this address.",
            ),
            models.CheckConstraint(
                condition=Q(prize_pence__isnull=True) | Q(prize_pence__gt=0),
                name="%(class)s_prize_is_money",
                violation_error_message="Leave the prize blank if there was no money.",
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.cycle.year})"

    def facts(self):
        return {name: getattr(self, name) for name in self.FACTS}


class Stage(models.TextChoices):
    """What people decide about a year; the clock decides when it is open and when closed."""

    DRAFT = "draft", "In preparation"
    ANNOUNCED = "announced", "Announced, with its rules fixed"
    JUDGING = "judging", "Judging"
    SEALED = "sealed", "Sealed"
    RELEASED = "released", "Released"
    ARCHIVED = "archived", "Archived"

    MOVES = nonmember(
        {
            "draft": ("announced", "archived"),
            "announced": ("draft", "judging"),
            "judging": ("sealed",),
            "sealed": ("judging", "released"),
            "released": ("archived",),
            "archived": (),
        }
    )
    RUNNING = nonmember(("announced", "judging", "sealed"))


class CycleQuerySet(models.QuerySet):
    def real(self):
        """Not a rehearsal: those are for staff alone."""
        return self.filter(rehearsal_of__isnull=True)

    def to_release(self):
        """Sealed, and its moment has come, or nobody has set one."""
        moment = Q(results_at__isnull=True) | Q(results_at__lte=Now())
        return self.real().filter(moment, stage=Stage.SEALED)

    def locked(self, pk):
        """The year, which no move can pass until the transaction ends; readers do not wait."""
        return self.raw("SELECT * FROM awards_cycle WHERE id = %s FOR SHARE", [pk])[0]


class Cycle(CycleFacts):
    """One year's awards, from the first plan on."""

    stage = models.CharField(
        max_length=10, choices=Stage, default=Stage.DRAFT, editable=False, db_index=True
    )
    frozen_at = models.DateTimeField("rules fixed", null=True, blank=True, editable=False)
    shortlist_at = models.DateTimeField("shortlist announced (UK time)", null=True, blank=True)
    ceremony_at = models.DateTimeField("ceremony begins (UK time)", null=True, blank=True)
    results_at = models.DateTimeField("results public from (UK time)", null=True, blank=True)
    note = models.TextField("note for staff, never public", blank=True)
    contact = models.EmailField("e-mail address for questions", blank=True)
    witness = models.EmailField("trustee who is sent the fingerprints of the results", blank=True)
    rehearsal_of = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, editable=False, related_name="rehearsals"
    )
    clock_shift = models.DurationField(
        "how far its clock runs ahead", default=timedelta, editable=False
    )

    objects = CycleQuerySet.as_manager()

    class Meta(CycleFacts.Meta):
        constraints = [
            *CycleFacts.Meta.constraints,
            models.UniqueConstraint(
                fields=["year"],
                condition=Q(rehearsal_of__isnull=True),
                name="cycle_once_a_year",
                violation_error_message="There is already a cycle for this year.",
            ),
            models.UniqueConstraint(
                fields=["is_demonstration"],
                condition=Q(rehearsal_of__isnull=True, stage__in=Stage.RUNNING),
                name="cycle_one_running",
                violation_error_message="Another year is still running.",
            ),
            models.CheckConstraint(
                condition=Q(rehearsal_of__isnull=False)
                | Q(is_demonstration=True)
                | Q(clock_shift=timedelta()),
                name="cycle_clock_shifts_in_rehearsals_only",
                violation_error_message="Only a rehearsal has a clock of its own.",
            ),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True, closes_at__isnull=True)
                | Q(opens_at__isnull=False, closes_at__gt=F("opens_at")),
                name="cycle_closes_after_it_opens",
                violation_error_message="Say when nominations open and, after that, close.",
            ),
            models.CheckConstraint(
                condition=Q(results_at__isnull=True)
                | Q(closes_at__isnull=False, results_at__gt=F("closes_at")),
                name="cycle_results_after_it_closes",
                violation_error_message="Results come after nominations have closed.",
            ),
            models.CheckConstraint(
                condition=Q(stage="archived")
                | Q(stage="draft", frozen_at__isnull=True)
                | ~Q(stage="draft") & Q(frozen_at__isnull=False, opens_at__isnull=False),
                name="cycle_frozen_once_announced",
                violation_error_message="A year that runs has a timeline and fixed rules.",
            ),
        ]

    def facts(self):
        return super().facts() | {"held_on": self.held_on or self._day_of_ceremony()}

    def _day_of_ceremony(self):
        """As the hour says it, which no law holds to the year: see `held_in_its_year`."""
        day = self.ceremony_at and self.ceremony_at.astimezone(UK).date()
        return day if day and day.year in {self.year, self.year + 1} else None

    # -- Time. `now` is the clock of the database, at this moment and not when the
    # transaction began; call it after taking the lock (`Cycle.objects.locked`).

    def now(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            return cursor.fetchone()[0] + self.clock_shift

    @property
    def ends_at(self):
        """The first moment that is too late."""
        return self.closes_at + DEADLINE_MINUTE

    def state(self, now=None):
        """One of draft, announced, open, closed, judging, sealed, released, archived."""
        if self.stage != Stage.ANNOUNCED:
            return self.stage
        now = now or timezone.now() + self.clock_shift
        if now < self.opens_at:
            return "announced"
        return "open" if now < self.ends_at else "closed"

    @property
    def is_frozen(self):
        return self.frozen_at is not None

    def move_to(self, stage):
        """Raises ImpossibleMove; the database holds the same table of moves."""
        if stage not in Stage.MOVES[self.stage]:
            was, becomes = self.get_stage_display(), Stage(stage).label
            raise ImpossibleMove(f"“{self}” cannot go from “{was}” to “{becomes}”.")
        self.stage = stage
