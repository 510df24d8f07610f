"""A nomination on its way from the first draft to an outcome."""

from enum import nonmember
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from awards.models.category import Category
from cja_portal.kit.moves import ImpossibleMove


class NominationState(models.TextChoices):
    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Submitted"
    SCREENED_IN = "screened-in", "Eligible"
    INELIGIBLE = "ineligible", "Not eligible"
    MERGED = "merged", "Merged into another"
    WITHDRAWN = "withdrawn", "Withdrawn"
    SIFTED_IN = "sifted-in", "On the longlist"
    NOT_SHORTLISTED = "not-shortlisted", "Not on the shortlist"
    FINALIST = "finalist", "Finalist"
    DECIDED = "decided", "Decided"

    MOVES = nonmember(
        {
            "draft": ("submitted", "withdrawn"),
            "submitted": ("screened-in", "ineligible", "merged", "withdrawn"),
            "screened-in": ("submitted", "sifted-in", "not-shortlisted", "merged", "withdrawn"),
            "ineligible": ("screened-in", "withdrawn"),
            "merged": ("submitted", "withdrawn"),
            "withdrawn": (),
            "sifted-in": ("finalist", "not-shortlisted", "withdrawn"),
            "not-shortlisted": ("finalist", "decided", "withdrawn"),
            "finalist": ("not-shortlisted", "decided", "withdrawn"),
            "decided": (),
        }
    )
    WRITABLE = nonmember(("draft", "submitted"))
    JUDGED = nonmember(("screened-in", "sifted-in", "not-shortlisted", "finalist", "decided"))


class NomineeKind(models.TextChoices):
    ORGANISATION = "organisation", "An organisation"
    PERSON = "person", "A person"
    PROJECT = "project", "A project or a team"
    WORK = "work", "A piece of work, such as an article or a film"


class Sensitive(models.TextChoices):
    """What makes a citation one for fewer eyes."""

    OFFENCE = "offence", "Offences or convictions"
    VICTIM = "victim", "A victim or survivor"
    CHILD = "child", "A child"
    HEALTH = "health", "Somebody's health"


class NominationQuerySet(models.QuerySet):
    def submitted(self):
        """All that staff may know of: a draft is its writers' own."""
        return self.exclude(state=NominationState.DRAFT).filter(submitted_at__isnull=False)

    def to_screen(self):
        """Those that wait for a first look."""
        waiting = self.model.objects.to_look_again().values("pk")
        return self.filter(state=NominationState.SUBMITTED).exclude(pk__in=waiting)

    def to_look_again(self):
        """Those whose exclusion waits for a second look."""
        return self.filter(screenings__outcome="exclude", screenings__second_by__isnull=True)

    def to_redact(self):
        """Those of blind categories with an answer that nobody has looked through yet."""
        unseen = {"answers__redacted_at__isnull": True, "answers__question__is_for_judges": True}
        waiting = self.filter(category__is_blind=True, state=NominationState.SCREENED_IN)
        return waiting.filter(**unseen).exclude(answers__sent_text="").distinct()

    def judged(self):
        return self.filter(state__in=NominationState.JUDGED)

    def visible_to(self, user, held=()):
        """Those that the person writes, by login or by a link opened in this session (`held`)."""
        writers = Collaborator.objects.current().filter(nomination=OuterRef("pk"))
        own = Q(uuid__in=held)
        if user.is_authenticated:
            own |= Q(user=user)
        return self.filter(Exists(writers.filter(own)))


class Nomination(models.Model):
    """Who is nominated, for what, by whom; the uuid is its private address.

    What people wrote is in `answers`; what they sent, with the day and hour, in `receipts`.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    category = models.ForeignKey(Category, models.PROTECT, related_name="nominations")
    state = models.CharField(
        max_length=20, choices=NominationState, default=NominationState.DRAFT, editable=False
    )
    start_key = models.UUIDField(default=uuid4, unique=True, editable=False)
    nominee_kind = models.CharField(
        "what is nominated",
        max_length=20,
        choices=NomineeKind,
        default=NomineeKind.ORGANISATION,
    )
    nominee_name = models.CharField("name", max_length=200)
    nominee_organisation = models.CharField("organisation", max_length=200, blank=True)
    nominee_email = models.EmailField("e-mail address of the nominee", blank=True)
    charity_number = models.CharField(max_length=20, blank=True)
    organisation = models.ForeignKey(
        "members.Organisation",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="organisation in the directory",
    )
    nominated_for = models.ForeignKey(
        "members.Organisation",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="organisation of the nominator",
    )
    is_self = models.BooleanField("nominates themselves or their own work", default=False)
    eligibility = models.JSONField(default=dict, editable=False)  # {question: true or false}
    submits_itself = models.BooleanField(
        "submit it for me at the deadline, if it is complete", default=False
    )
    sensitive = ArrayField(
        models.CharField(max_length=20, choices=Sensitive), default=list, blank=True
    )
    started_at = models.DateTimeField("started", default=timezone.now, editable=False)
    changed_at = models.DateTimeField("last changed", default=timezone.now, editable=False)
    submitted_at = models.DateTimeField("submitted", null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField("withdrawn", null=True, blank=True, editable=False)
    erased_at = models.DateTimeField("erased", null=True, blank=True, editable=False)

    objects = NominationQuerySet.as_manager()

    class Meta:
        ordering = ["category", "submitted_at", "id"]
        permissions = [("read_sensitive", "Can read nominations with sensitive content")]
        constraints = [
            models.UniqueConstraint(
                fields=["id", "category"],
                name="nomination_with_category",  # for keys that must stay in one category
            ),
            models.CheckConstraint(
                condition=~Q(nominee_name=""),
                name="nomination_names_someone",
                violation_error_message="Say who or what is nominated.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | Q(submitted_at__isnull=False),
                name="nomination_submitted_before_the_rest",
                violation_error_message="Only what was submitted can go on.",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawn_at__isnull=False)
                | ~Q(state="withdrawn") & Q(withdrawn_at__isnull=True),
                name="nomination_withdrawn_at_some_time",
                violation_error_message="A withdrawal has a day.",
            ),
        ]
        indexes = [models.Index(fields=["category", "state"], name="nomination_state")]

    def __str__(self):
        return self.nominee_name

    def get_absolute_url(self):
        return reverse("awards:nomination-detail", args=[self.uuid])

    @property
    def reference(self):
        """Short enough for a telephone; it opens nothing."""
        return self.uuid.hex[:8].upper()

    @property
    def state_to_tell(self):
        """For those who write it: how far it has come with the judges is nobody's to know yet."""
        if not self.is_judged:
            return self.get_state_display()
        is_over = self.category.cycle.stage in {"released", "archived"}
        return "Judging is over" if is_over else "With the judges"

    @property
    def is_judged(self):
        return self.state in NominationState.JUDGED

    @property
    def why_sensitive(self):
        return ", ".join(Sensitive(kind).label.lower() for kind in self.sensitive)

    def move_to(self, state):
        """Raises ImpossibleMove; the database holds the same table of moves."""
        if state not in NominationState.MOVES[self.state]:
            was, becomes = self.get_state_display(), NominationState(state).label
            raise ImpossibleMove(f"“{self}” cannot go from “{was}” to “{becomes}”.")
        self.state = state


class CollaboratorQuerySet(models.QuerySet):
    def current(self):
        return self.filter(removed_at__isnull=True)


class Collaborator(models.Model):
    """Somebody who writes a nomination: whoever began it, and those who were asked to help.

    Without an account they come by a link from a letter; its secret is kept as a digest.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="collaborators")
    is_lead = models.BooleanField("began it", default=False)
    name = models.CharField(max_length=150)
    email = models.EmailField("e-mail address")
    phone = models.CharField("telephone", max_length=40, blank=True)
    user = models.ForeignKey(
        "members.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    opened_at = models.DateTimeField("first came by link", null=True, blank=True, editable=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CollaboratorQuerySet.as_manager()

    class Meta:
        ordering = ["-is_lead", "added_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["nomination", "email"],
                condition=Q(removed_at__isnull=True),
                name="collaborator_once",
                violation_error_message="This person already writes the nomination.",
            ),
            models.UniqueConstraint(
                fields=["nomination"],
                condition=Q(is_lead=True),
                name="collaborator_one_lead",
                violation_error_message="Somebody else began this nomination.",
            ),
            models.CheckConstraint(
                condition=Q(is_lead=False) | Q(removed_at__isnull=True),
                name="collaborator_lead_stays",
                violation_error_message="Whoever began a nomination stays with it.",
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.email})"


class Referee(models.Model):
    """Somebody who can confirm what a nomination says; whoever judges it is somebody else."""

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="referees")
    name = models.CharField(max_length=150)
    email = models.EmailField("e-mail address")
    organisation = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["nomination_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["nomination", "email"],
                name="referee_once",
                violation_error_message="This person is named as a referee already.",
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.email})"


class Receipt(models.Model):
    """What was sent, and when: the latest one counts. Rows are only ever added."""

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="receipts")
    number = models.PositiveSmallIntegerField()
    submit_key = models.UUIDField(unique=True)
    sent_at = models.DateTimeField()
    is_in_grace = models.BooleanField("in the minutes of grace", default=False)
    is_by_itself = models.BooleanField("sent at the deadline, as asked", default=False)
    sent_by = models.ForeignKey(Collaborator, models.SET_NULL, null=True, related_name="+")
    copy = models.JSONField()  # See awards.receipts.
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["nomination", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["nomination", "number"],
                name="receipt_numbers_run",
                violation_error_message="This number is given already.",
            ),
        ]

    def __str__(self):
        return f"{self.nomination.reference}-{self.number}"
