"""Items that staff chose and put in order, with a line on why each is there."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from library.models.item import Item


class CollectionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff see those in preparation too."""
        return self if user.is_staff else self.filter(is_public=True)

    def counted_for(self, user):
        """With `count`, the number of items in each that `user` may see."""
        visible = Q(entries__item__in=Item.objects.visible_to(user))
        counted = self.annotate(count=models.Count("entries", filter=visible))
        return counted.order_by("position", "title")


class Collection(models.Model):
    slug = models.SlugField("address", max_length=80, unique=True)
    title = models.CharField(max_length=120)
    intro = models.TextField("introduction (Markdown)", help_text="What it is for, in plain words.")
    position = models.PositiveSmallIntegerField(
        default=0, help_text="The place in the list of collections; lower comes first."
    )
    is_public = models.BooleanField("everyone may see it", default=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = CollectionQuerySet.as_manager()

    class Meta:
        ordering = ["position", "title"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("library:collection-detail", args=[self.slug])

    def entries_for(self, user):
        """Its entries in order, only those whose items `user` may see."""
        items = Item.objects.visible_to(user)
        return self.entries.filter(item__in=items).order_by("position", "pk")


class CollectionEntry(models.Model):
    collection = models.ForeignKey(Collection, models.CASCADE, related_name="entries")
    item = models.ForeignKey(Item, models.CASCADE, related_name="collection_entries")
    position = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(
        "why it is here", max_length=300, help_text="One plain sentence for readers."
    )
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["position", "id"]
        verbose_name_plural = "collection entries"
        constraints = [
            models.UniqueConstraint(
                fields=["collection", "item"],
                name="collection_entry_once",
                violation_error_message="This item is already in the collection.",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="collection_entry_says_why",
                violation_error_message="Say in a sentence why the item is here.",
            ),
        ]

    def __str__(self):
        return f"{self.item} in {self.collection}"
