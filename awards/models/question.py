"""What a nomination form asks, in versions: an answer keeps the question that it was given to."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from awards.models.category import Category, CategoryLine


class QuestionKind(models.TextChoices):
    TEXT = "text", "A text"
    LINE = "line", "One line"
    LINK = "link", "A web address"


class QuestionQuerySet(models.QuerySet):
    def current(self):
        return self.filter(retired_at__isnull=True)


class Question(CategoryLine):
    """One version of a question. While the year is prepared it is edited in place.

    After that a change makes the next version and retires this one, so that no answer ever stands
    under a question that its writer did not read.
    """

    category = models.ForeignKey(Category, models.CASCADE, related_name="questions")
    key = models.SlugField(max_length=60, help_text="A short name that stays when words change.")
    version = models.PositiveSmallIntegerField(default=1, editable=False)
    section = models.CharField(max_length=120)
    text = models.CharField("question", max_length=300)
    help_text = models.CharField("help", max_length=500, blank=True)
    kind = models.CharField(max_length=10, choices=QuestionKind, default=QuestionKind.TEXT)
    most_words = models.PositiveSmallIntegerField(
        "most words", default=500, validators=[MinValueValidator(1)]
    )
    is_required = models.BooleanField("must be answered", default=True)
    is_for_judges = models.BooleanField("judges read the answer", default=True)
    made_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)
    why = models.CharField("why it was changed", max_length=300, blank=True, editable=False)

    objects = QuestionQuerySet.as_manager()

    class Meta(CategoryLine.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["category", "key", "version"],
                name="question_once_a_version",
                violation_error_message="This category has a question of this short name.",
            ),
            models.UniqueConstraint(
                fields=["category", "key"],
                condition=Q(retired_at__isnull=True),
                name="question_one_current_version",
                violation_error_message="This category has a question of this short name.",
            ),
            models.CheckConstraint(
                condition=Q(most_words__gte=1),
                name="question_allows_words",
                violation_error_message="Allow at least one word.",
            ),
        ]

    def __str__(self):
        return self.text
