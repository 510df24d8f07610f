"""The working tables: a year of awards as staff prepare it. No public page reads them."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

FIRST_YEAR, LAST_YEAR = 2000, 2200


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
    )

    year = models.PositiveSmallIntegerField(
        unique=True,
        validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)],
        error_messages={"unique": "There is already a cycle for this year."},
    )
    name = models.CharField(max_length=120)
    held_on = models.DateField("date of the ceremony", null=True, blank=True)
    place = models.CharField(max_length=200, blank=True)
    funder = models.CharField(max_length=200, blank=True)
    known = models.TextField("what is known, in a sentence", blank=True)
    certainty = models.CharField(max_length=10, choices=Certainty, default=Certainty.FOUND)
    is_demonstration = models.BooleanField("is a demonstration, not a real cycle", default=False)

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


class CategoryFacts(models.Model):
    """What is told about one category of a year."""

    FACTS = ("slug", "name", "position", "prize_pence", "prize_note", "outcome_note")

    slug = models.SlugField(max_length=80)
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)
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


class Cycle(CycleFacts):
    """One year's awards, from the first plan on."""

    note = models.TextField("note for staff, never public", blank=True)

    class Meta(CycleFacts.Meta):
        pass


class Category(CategoryFacts):
    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="categories")

    class Meta(CategoryFacts.Meta):
        verbose_name_plural = "categories"
