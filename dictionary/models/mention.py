from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.utils import timezone
from django.utils.http import urlencode

from library.models import Document, Item

EVERYONE = AnonymousUser()


class MentionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those in items in sight, as far as their files are open."""
        return self.in_open_texts().filter(item__in=Item.objects.visible_to(user).values("pk"))

    def in_open_texts(self):
        """Without those in files that not everyone may open, or that others took the place of."""
        files = Document.objects.current().visible_to(EVERYONE)
        return self.filter(Q(page__isnull=True) | Q(page__document__in=files))

    def best_first(self):
        """Those on a page before those in a record, then the newest, with what they link to."""
        return (
            self.select_related("page__document")
            .defer("page__text", "page__words")
            .order_by(
                ExpressionWrapper(Q(page__isnull=True), models.BooleanField()),
                F("item__published_on").desc(nulls_last=True),
                "-item_id",
            )
        )


class Mention(models.Model):
    """A library item that uses a name of an entry, with the sentence in which it does.

    The sentence stands in the record of the item, or on a page of its files.
    """

    entry = models.ForeignKey("dictionary.Entry", models.CASCADE, related_name="mentions")
    item = models.ForeignKey("library.Item", models.CASCADE, related_name="mentions")
    page = models.ForeignKey(
        "library.Page", models.CASCADE, null=True, blank=True, related_name="mentions"
    )
    sentence = models.TextField()
    start = models.PositiveIntegerField("where the word begins in the sentence", default=0)
    end = models.PositiveIntegerField("where the word ends", default=0)
    found_at = models.DateTimeField(default=timezone.now)

    objects = MentionQuerySet.as_manager()

    class Meta:
        ordering = ["entry__sort_name"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "item", "page"],
                name="mention_once_per_page",
                nulls_distinct=False,
                violation_error_message="This page is already found to use this word.",
            ),
            models.CheckConstraint(
                condition=Q(start__lte=F("end")), name="mention_begins_before_it_ends"
            ),
        ]

    def __str__(self):
        return f"{self.entry} in {self.item}"

    def get_absolute_url(self):
        """The page, with the word marked on it; or the record."""
        if self.page is None:
            return self.item.get_absolute_url()
        self.page.document.item = self.item
        query = urlencode({"q": f'"{self.word}"'})
        return f"{self.page.get_absolute_url()}?{query}#hit"

    @property
    def word(self):
        return self.sentence[self.start : self.end]

    @property
    def before(self):
        return self.sentence[: self.start]

    @property
    def after(self):
        return self.sentence[self.end :]


class MentionScan(models.Model):
    """Which state of an item and its files was read, with which state of the dictionary."""

    item = models.OneToOneField("library.Item", models.CASCADE, related_name="mention_scan")
    item_changed_at = models.DateTimeField()
    documents = ArrayField(models.BigIntegerField(), default=list)
    dictionary = models.CharField("state of the dictionary", max_length=64)

    def __str__(self):
        return f"{self.item} as of {self.item_changed_at}"
