"""What the public may read of the awards: copies of text, with no key into the working tables.

Public pages, searches and the sitemap import from here alone, so that an unreleased result cannot
be reached by a join, a forgotten filter or a template.
"""

from enum import nonmember

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from awards.models.cycle import FIRST_YEAR, LAST_YEAR, CategoryFacts, CycleFacts
from cja_portal.kit.database import Folded
from cja_portal.kit.fields import WebAddressField


class ReleasedQuerySet(models.QuerySet):
    def public(self):
        return self.filter(published_at__isnull=False, withdrawn_at__isnull=True)

    def visible_to(self, user):
        """The same for everyone, staff too: a page shown at a ceremony cannot tell too much."""
        return self.public()


class Released(models.Model):
    """Something that is public from its publication until it is withdrawn."""

    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True)
                | Q(published_at__isnull=False, withdrawn_at__gte=F("published_at")),
                name="%(class)s_withdrawn_after_published",
                violation_error_message="Only what was published can be withdrawn.",
            ),
        ]

    @property
    def is_public(self):
        return self.published_at is not None and self.withdrawn_at is None

    @property
    def state(self):
        if self.withdrawn_at:
            return "Withdrawn"
        return "Public" if self.published_at else "Draft"


class PublishedCycle(CycleFacts, Released):
    """The public page of one year."""

    objects = ReleasedQuerySet.as_manager()

    class Meta(CycleFacts.Meta):
        constraints = [
            *CycleFacts.Meta.constraints,
            *Released.Meta.constraints,
            models.UniqueConstraint(
                fields=["year"],
                name="published_cycle_once_a_year",
                violation_error_message="There is already a cycle for this year.",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("awards:cycle-detail", args=[self.year])


class PublishedCategory(CategoryFacts):
    """A category on the public page of its year; public as long as the year is."""

    cycle = models.ForeignKey(PublishedCycle, models.CASCADE, related_name="categories")

    class Meta(CategoryFacts.Meta):
        verbose_name_plural = "published categories"

    def get_absolute_url(self):
        return reverse("awards:category-detail", args=[self.cycle.year, self.slug])


class CycleLine(models.Model):
    """A line on the page of a year: a judge, a source, a rule."""

    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["position", "id"]


class PublishedJudge(CycleLine):
    """A judge as named on a public page of the year."""

    cycle = models.ForeignKey(PublishedCycle, models.CASCADE, related_name="judges")
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=200, blank=True)

    class Meta(CycleLine.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "name"],
                name="published_judge_once_a_year",
                violation_error_message="This year already names this judge.",
            ),
        ]

    def __str__(self):
        return self.name


class PublishedSource(CycleLine):
    """A page on which what we tell about the year can be checked."""

    cycle = models.ForeignKey(PublishedCycle, models.CASCADE, related_name="sources")
    title = models.CharField(max_length=200)
    url = WebAddressField("address", blank=True)

    def __str__(self):
        return self.title


class PublishedRule(CycleLine):
    """A rule as it was printed for the year; it does not say what holds today."""

    cycle = models.ForeignKey(PublishedCycle, models.CASCADE, related_name="rules")
    text = models.TextField()

    def __str__(self):
        return self.text


class Result(models.TextChoices):
    WINNER = "winner", "Winner"
    JOINT_WINNER = "joint-winner", "Joint winner"
    HONOURED = "honoured", "Honoured"
    RUNNER_UP = "runner-up", "Runner-up"
    HIGHLY_COMMENDED = "highly-commended", "Highly commended"
    COMMENDED = "commended", "Commended"
    SHORTLISTED = "shortlisted", "Shortlisted"

    WINS = nonmember(("winner", "joint-winner", "honoured"))
    HONOURS = nonmember(
        ("winner", "joint-winner", "honoured", "runner-up", "highly-commended", "commended")
    )


class PublishedAwardQuerySet(ReleasedQuerySet):
    def public(self):
        """Those that are public and whose year is: withdrawing a year takes all of it away."""
        year = PublishedCycle.objects.public().filter(year=OuterRef("year"))
        return super().public().filter(Exists(year))

    def honours(self):
        """What the roll of honour keeps: a shortlist is no honour yet."""
        return self.filter(result__in=Result.HONOURS)

    def winners(self):
        return self.filter(result__in=Result.WINS)

    def real(self):
        return self.filter(is_demonstration=False)

    def about(self, theme):
        """Those of a category about the theme, or of an organisation that works on it."""
        category = PublishedCategory.objects.filter(
            cycle__year=OuterRef("year"), slug=OuterRef("category_slug"), themes=theme
        )
        organisation = theme.organisations.filter(is_listed=True, pk=OuterRef("organisation"))
        return self.filter(Exists(category) | Exists(organisation))

    def saying(self, words):
        """Those whose text holds all the folded words."""
        for word in words:
            self = self.filter(search_text__contains=word)
        return self


class PublishedAward(Released):
    """One name on the public record, as it was printed: who was honoured, and for what."""

    year = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    )
    cycle_name = models.CharField(max_length=120)
    category_slug = models.SlugField(max_length=80)
    category_name = models.CharField(max_length=120)
    recipient = models.CharField("recipient, as printed", max_length=250)
    organisation = models.ForeignKey(
        "members.Organisation",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="awards",
        help_text="The organisation honoured, if it has a page in the directory.",
    )
    for_work = models.CharField("what for", max_length=300, blank=True)
    result = models.CharField(max_length=20, choices=Result)
    prize_pence = models.PositiveIntegerField("prize in pence", null=True, blank=True)
    citation = models.TextField(blank=True)
    judges_words = models.TextField("the judges' words", blank=True)
    position = models.PositiveSmallIntegerField("place in the list of the year", default=0)
    entry_code = models.CharField("code on the score sheet", max_length=10, blank=True)
    is_demonstration = models.BooleanField("is a demonstration, not a real award", default=False)
    search_text = models.GeneratedField(
        expression=Folded(
            *("recipient", "for_work", "category_name", "cycle_name", "citation", "judges_words")
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = PublishedAwardQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "position", "id"]
        indexes = [
            models.Index(fields=["year", "position"], name="published_award_year"),
            GinIndex(OpClass("search_text", "gin_trgm_ops"), name="published_award_search_text"),
        ]
        constraints = [
            *Released.Meta.constraints,
            models.UniqueConstraint(
                fields=["year", "category_slug", "recipient"],
                name="published_award_once_a_category",
                violation_error_message="This category already names this recipient.",
            ),
            models.CheckConstraint(
                condition=Q(year__range=(FIRST_YEAR, LAST_YEAR)),
                name="published_award_year_is_plausible",
                violation_error_message=f"The year must lie between {FIRST_YEAR} and {LAST_YEAR}.",
            ),
            models.CheckConstraint(
                condition=Q(prize_pence__isnull=True)
                | (Q(prize_pence__gt=0) & ~Q(result=Result.SHORTLISTED)),
                name="published_award_prize_is_won",
                violation_error_message="A prize is money, and not for a place on the shortlist.",
            ),
            models.CheckConstraint(
                condition=~Q(recipient="") & ~Q(category_name=""),
                name="published_award_names_someone",
                violation_error_message="Name the recipient and the category.",
            ),
        ]

    def __str__(self):
        return f"{self.recipient}, {self.category_name} {self.year}"

    def get_absolute_url(self):
        page = reverse("awards:category-detail", args=[self.year, self.category_slug])
        return f"{page}#award-{self.pk}"

    @property
    def is_win(self):
        return self.result in Result.WINS


class Correction(models.Model):
    """A public note of what was put right in a published award."""

    award = models.ForeignKey(PublishedAward, models.CASCADE, related_name="corrections")
    note = models.TextField("what was corrected, in a sentence for readers")
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["made_at"]

    def __str__(self):
        return self.note
