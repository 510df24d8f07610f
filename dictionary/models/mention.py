from django.db import models
from django.utils import timezone


class Mention(models.Model):
    """A library item that uses a name of an entry, with the sentence in which it does."""

    entry = models.ForeignKey("dictionary.Entry", models.CASCADE, related_name="mentions")
    item = models.ForeignKey("library.Item", models.CASCADE, related_name="mentions")
    sentence = models.TextField()
    found_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["entry__sort_name"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "item"],
                name="mention_once_per_item",
                violation_error_message="This item is already found to use this word.",
            ),
        ]

    def __str__(self):
        return f"{self.entry} in {self.item}"


class MentionScan(models.Model):
    """Which state of an item was read for mentions, with which state of the dictionary."""

    item = models.OneToOneField("library.Item", models.CASCADE, related_name="mention_scan")
    item_changed_at = models.DateTimeField()
    dictionary = models.CharField("state of the dictionary", max_length=64)

    def __str__(self):
        return f"{self.item} as of {self.item_changed_at}"
