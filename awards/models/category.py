"""A category of a year: who may be nominated, how it is judged, and what is given."""

from enum import nonmember

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from awards.models.cycle import CategoryFacts, CategoryKind, Cycle, Stage

MARKS = (1, 2, 3, 4, 5)
MOST_ELIGIBILITY_QUESTIONS = 6


class TieRule(models.TextChoices):
    """What decides between equals, tried in the order that the category stores."""

    HEAVIEST = "heaviest", "The higher mark on the criterion that weighs most"
    FIRST_PLACES = "first-places", "Put first by more judges"
    CHAIR = "chair", "The chair decides and writes down why"
    SHARED = "shared", "The award is shared"

    usual = nonmember(["heaviest", "first-places", "chair"])


def usual_tie_rules():
    return list(TieRule.usual)


class ConsentRule(models.TextChoices):
    """When a nominee hears of the nomination from us."""

    AT_ONCE = "at-once", "When the nomination is in"
    BEFORE_SHORTLIST = "before-shortlist", "Before the shortlist is announced"
    PUBLIC_WORK = "public-work", "Not asked: only published work is judged"


class CategoryQuerySet(models.QuerySet):
    def nominable(self):
        """Those for nominations from outside: in the panel's own, judges put people forward."""
        return self.exclude(kind=CategoryKind.PANEL)

    def by_panel(self):
        """Those in which judges put people forward, of years that take nominations now or soon."""
        announced = self.filter(cycle__stage=Stage.ANNOUNCED, cycle__rehearsal_of__isnull=True)
        return announced.filter(kind=CategoryKind.PANEL).select_related("cycle")


class Category(CategoryFacts):
    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="categories")
    may_be_shared = models.BooleanField("may be shared", default=False)
    may_be_withheld = models.BooleanField("may be withheld", default=True)
    quorum = models.PositiveSmallIntegerField(
        "judges needed for a decision", default=3, validators=[MinValueValidator(1)]
    )
    tie_rules = ArrayField(
        models.CharField(max_length=20, choices=TieRule),
        default=usual_tie_rules,
        verbose_name="how a tie is broken, in order",
    )
    is_blind = models.BooleanField("judges do not see who is nominated", default=False)
    finalists = models.PositiveSmallIntegerField(
        "places on the shortlist", default=5, validators=[MinValueValidator(1)]
    )
    consent = models.CharField(
        "when the nominee is asked",
        max_length=20,
        choices=ConsentRule,
        default=ConsentRule.BEFORE_SHORTLIST,
    )
    most_attachments = models.PositiveSmallIntegerField(
        "files a nomination may have", default=3, validators=[MaxValueValidator(10)]
    )

    objects = CategoryQuerySet.as_manager()

    class Meta(CategoryFacts.Meta):
        verbose_name_plural = "categories"
        constraints = [
            *CategoryFacts.Meta.constraints,
            models.CheckConstraint(
                condition=Q(quorum__gte=1, finalists__gte=1),
                name="category_has_a_quorum",
                violation_error_message="At least one judge decides, for at least one place.",
            ),
            models.CheckConstraint(
                condition=Q(tie_rules__len__gte=1) & Q(tie_rules__contained_by=TieRule.values),
                name="category_breaks_ties",
                violation_error_message="Say how a tie is broken.",
            ),
            models.CheckConstraint(
                condition=Q(may_be_shared=True) | ~Q(tie_rules__contains=[TieRule.SHARED]),
                name="category_shares_ties_if_it_may",
                violation_error_message="A tie can be shared only where the award may be shared.",
            ),
            models.CheckConstraint(
                condition=Q(most_attachments__lte=10),
                name="category_limits_attachments",
                violation_error_message="At most ten files.",
            ),
        ]


class CategoryLine(models.Model):
    """A line of the rules of a category."""

    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["category", "position", "id"]


class EligibilityQuestion(CategoryLine):
    """Asked before anything is written: one answer leads on, the other saves an evening's work."""

    category = models.ForeignKey(Category, models.CASCADE, related_name="eligibility_questions")
    text = models.CharField("question", max_length=300)
    must_be_yes = models.BooleanField("“yes” leads on", default=True)
    advice = models.CharField("what is said to the others", max_length=300)

    class Meta(CategoryLine.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(advice=""),
                name="eligibility_question_gives_advice",
                violation_error_message="Say what somebody with the other answer can do.",
            ),
        ]

    def __str__(self):
        return self.text


class Recipient(models.TextChoices):
    ORGANISATION = "organisation", "The organisation honoured"
    PERSON = "person", "The person honoured"
    CAUSE = "cause", "A cause that the winner names"


class PrizeLine(CategoryLine):
    """What comes with a place: money in pence, or a trophy without."""

    category = models.ForeignKey(Category, models.CASCADE, related_name="prizes")
    rank = models.PositiveSmallIntegerField("place", default=1, validators=[MinValueValidator(1)])
    pence = models.PositiveIntegerField("amount in pence", null=True, blank=True)
    wording = models.CharField("what it is", max_length=200)
    funder = models.CharField("who gives it", max_length=200, blank=True)
    recipient = models.CharField(
        "who receives it", max_length=20, choices=Recipient, default=Recipient.ORGANISATION
    )
    paid_on = models.DateField("paid", null=True, blank=True)
    paid_to = models.CharField(max_length=200, blank=True)
    evidence = models.CharField("reference of the payment", max_length=200, blank=True)

    class Meta(CategoryLine.Meta):
        ordering = ["category", "rank", "position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(pence__isnull=True) | Q(pence__gt=0),
                name="prize_line_is_money",
                violation_error_message="Leave the amount blank if there is no money.",
            ),
            models.CheckConstraint(
                condition=Q(rank__gte=1),
                name="prize_line_has_a_place",
                violation_error_message="Places begin with 1.",
            ),
            models.CheckConstraint(
                condition=Q(paid_on__isnull=True)
                | Q(pence__isnull=False) & ~Q(paid_to="") & ~Q(evidence=""),
                name="prize_line_paid_with_evidence",
                violation_error_message="Say to whom it was paid, and the payment's reference.",
            ),
        ]

    def __str__(self):
        return f"{self.wording} (place {self.rank})"


class Criterion(CategoryLine):
    """What judges mark from 1 to 5, each mark described; the weights of a category total 100."""

    category = models.ForeignKey(Category, models.CASCADE, related_name="criteria")
    name = models.CharField(max_length=120)
    guidance = models.CharField("what to look for", max_length=500, blank=True)
    weight = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    anchors = ArrayField(
        models.CharField(max_length=300),
        size=len(MARKS),
        verbose_name="what each mark from 1 to 5 means",
    )

    class Meta(CategoryLine.Meta):
        verbose_name_plural = "criteria"
        constraints = [
            models.UniqueConstraint(
                fields=["category", "name"],
                name="criterion_once_a_category",
                violation_error_message="This category has a criterion of this name.",
            ),
            models.UniqueConstraint(
                fields=["id", "category"],
                name="criterion_with_category",  # for keys that must stay in one category
            ),
            models.CheckConstraint(
                condition=Q(weight__range=(1, 100)),
                name="criterion_weighs_something",
                violation_error_message="A weight lies between 1 and 100.",
            ),
            models.CheckConstraint(
                condition=Q(anchors__len=len(MARKS)) & ~Q(anchors__contains=[""]),
                name="criterion_describes_each_mark",
                violation_error_message="Describe each mark from 1 to 5.",
            ),
        ]

    def __str__(self):
        return self.name
