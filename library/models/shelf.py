"""Reading lists: of people with an account, and for a while of visitors without one."""

import secrets
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from library.models.item import Item

VISITORS_KEEP = timedelta(seconds=settings.SESSION_COOKIE_AGE)
LONGEST_NOTE = 2000


def _sessions_begin():
    """A visitor's session that was last changed before this is gone."""
    return timezone.now() - VISITORS_KEEP


def new_secret():
    return secrets.token_urlsafe(24)


class ShelfQuerySet(models.QuerySet):
    def kept_by(self, user):
        return self.filter(owner=user) if user.is_authenticated else self.none()

    def of_visitors(self):
        return self.filter(owner__isnull=True)

    def lasting(self):
        """All but those of visitors who will not come back: their session is over."""
        return self.filter(Q(owner__isnull=False) | Q(changed_at__gt=_sessions_begin()))

    def forgotten(self):
        return self.of_visitors().filter(changed_at__lte=_sessions_begin())


class Shelf(models.Model):
    """A list of items that somebody keeps; whoever has its secret may read it too."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(
        "members.User", models.CASCADE, null=True, blank=True, related_name="shelves"
    )
    name = models.CharField(max_length=120, default="My shelf")
    secret = models.CharField(
        "secret of its link", max_length=43, null=True, unique=True, editable=False
    )
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ShelfQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-id"]
        verbose_name_plural = "shelves"
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="shelf_has_a_name",
                violation_error_message="Give the shelf a name.",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("library:shelf-detail", args=[self.uuid])


class ShelfEntry(models.Model):
    """An item in its place on a shelf, with what the keeper wrote beside it."""

    shelf = models.ForeignKey(Shelf, models.CASCADE, related_name="entries")
    item = models.ForeignKey(Item, models.CASCADE, related_name="shelf_entries")
    position = models.PositiveIntegerField(default=0)
    note = models.TextField(max_length=LONGEST_NOTE, blank=True)
    kept_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["position", "id"]
        verbose_name_plural = "shelf entries"
        constraints = [
            models.UniqueConstraint(
                fields=["shelf", "item"],
                name="shelf_entry_once",
                violation_error_message="This item is already on the shelf.",
            ),
        ]

    def __str__(self):
        return f"{self.item} on {self.shelf}"
