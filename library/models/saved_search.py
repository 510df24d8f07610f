"""Searches that people come back to, and what they were told of them."""

import uuid
from datetime import timedelta
from enum import nonmember

from django.contrib.auth.models import AnonymousUser
from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from library.models.audience import Audience
from library.models.item import Item
from members.models import Bounce

LONGEST_QUERY = 2000
# Whoever sends a letter knows within this time what became of it, or never will.
PATIENCE = timedelta(minutes=10)
_LINKS = Signer(salt="library.saved-search")


class Frequency(models.TextChoices):
    IMMEDIATE = "immediate", "As soon as there is something new"
    DAILY = "daily", "Once a day, in the morning"
    WEEKLY = "weekly", "Once a week, on Monday morning"
    NEVER = "never", "No e-mail: only keep the search"

    mailed = nonmember({"immediate", "daily", "weekly"})


class SavedSearchQuerySet(models.QuerySet):
    def kept_by(self, user):
        return self.filter(owner=user) if user.is_authenticated else self.none()

    def confirmed(self):
        return self.filter(confirmed_at__isnull=False)

    def unconfirmed(self):
        """Those whose letter can still be answered."""
        return self.filter(confirmed_at__isnull=True, confirm_by__gt=timezone.now())

    def forgotten(self):
        return self.filter(confirmed_at__isnull=True, confirm_by__lte=timezone.now())

    def to_be_told(self):
        """Those who asked for letters and can be reached."""
        able = Q(owner__isnull=True) | Q(owner__is_active=True)
        wanted = self.confirmed().filter(frequency__in=sorted(Frequency.mailed))
        refusing = Bounce.objects.refusing_news().values("email")
        reached = ~Q(email__in=refusing) & (Q(owner=None) | ~Q(owner__email__in=refusing))
        return wanted.filter(able, reached, paused_at__isnull=True)

    def of_token(self, token):
        """The one whose letters hold this signed token, if it is still there."""
        try:
            return self.filter(uuid=_LINKS.unsign(token))
        except BadSignature:
            return self.none()


class SavedSearch(models.Model):
    """A search of the library, kept for a person with an account or for an e-mail address."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(
        "members.User", models.CASCADE, null=True, blank=True, related_name="saved_searches"
    )
    email = models.EmailField("e-mail address, without an account", blank=True)
    query = models.CharField("query string", max_length=LONGEST_QUERY, blank=True)
    frequency = models.CharField(
        "e-mail", max_length=10, choices=Frequency, default=Frequency.WEEKLY
    )
    saved_at = models.DateTimeField(default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    confirm_by = models.DateTimeField(null=True, editable=False)
    secret_digest = models.CharField(max_length=64, blank=True, editable=False)
    looked_at = models.DateTimeField("looked up", default=timezone.now, editable=False)
    last_arrival = models.BigIntegerField("looked through up to", default=0, editable=False)
    paused_at = models.DateTimeField(
        "letters came back since", null=True, blank=True, editable=False
    )

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        ordering = ["-saved_at", "-id"]
        verbose_name_plural = "saved searches"
        indexes = [models.Index(fields=["secret_digest"], name="saved_search_secret")]
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__isnull=False, email="") | (Q(owner__isnull=True) & ~Q(email="")),
                name="saved_search_has_one_reader",
                violation_error_message="A search is kept for an account or for an address.",
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="saved_search_email_is_lower_case"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=False)
                | (Q(confirm_by__isnull=False) & ~Q(secret_digest="")),
                name="saved_search_can_be_confirmed",
            ),
            models.UniqueConstraint(
                fields=["owner", "query"],
                condition=Q(owner__isnull=False),
                name="saved_search_once_a_person",
                violation_error_message="You have saved this search already.",
            ),
            models.UniqueConstraint(
                fields=["email", "query"],
                condition=~Q(email=""),
                name="saved_search_once_an_address",
                violation_error_message="This search is saved already.",
            ),
        ]

    def __str__(self):
        return f"Search saved on {self.saved_at:%Y-%m-%d}"

    def get_absolute_url(self):
        """The search itself."""
        address = reverse("library:item-list")
        return f"{address}?{self.query}" if self.query else address

    @property
    def reader(self):
        """Whose eyes decide what it finds."""
        return self.owner or AnonymousUser()

    @property
    def address(self):
        """Where its letters go."""
        return self.owner.email if self.owner else self.email

    @property
    def token(self):
        """What its letters prove themselves with: it cannot be guessed, and opens this one only."""
        return _LINKS.sign(str(self.uuid))


class Arrival(models.Model):
    """That an item came into the sight of an audience, or came anew in a major version.

    Rows are written one writer at a time, so that a higher number was always seen later.
    """

    item = models.ForeignKey(Item, models.CASCADE, related_name="arrivals")
    audience = models.CharField(max_length=20, choices=Audience)
    edition = models.PositiveIntegerField("newest major version", default=0)
    noticed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["item", "audience", "edition"], name="arrival_once"),
        ]

    def __str__(self):
        return f"{self.item}, {self.noticed_at:%Y-%m-%d}"


class LetterQuerySet(models.QuerySet):
    def waiting(self):
        """To be sent now: nobody has begun to, and any last failure is long enough ago."""
        due = self.filter(started_at__isnull=True, next_try_at__lte=timezone.now())
        return due.filter(search__in=SavedSearch.objects.to_be_told())

    def in_doubt(self):
        """Begun, and whoever began is gone: nobody knows whether the letter went out."""
        return self.filter(sent_at__isnull=True, started_at__lte=timezone.now() - PATIENCE)

    def in_doubt_for(self, searches):
        return self.in_doubt().filter(search__in=searches).select_related("search")


class Letter(models.Model):
    """One letter about a saved search. It is marked as begun before it leaves."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    search = models.ForeignKey(SavedSearch, models.CASCADE, related_name="letters")
    made_at = models.DateTimeField(default=timezone.now)
    next_try_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField("refusals", default=0)
    untold = models.PositiveIntegerField("found, but too many to list", default=0)
    started_at = models.DateTimeField("begun", null=True)
    sent_at = models.DateTimeField("sent", null=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]
        indexes = [
            models.Index(
                fields=["next_try_at"], name="letter_unsent", condition=Q(sent_at__isnull=True)
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(started_at__lte=F("sent_at")),
                name="letter_is_begun_before_it_is_sent",
            ),
        ]

    def __str__(self):
        return f"Letter of {self.made_at:%Y-%m-%d %H:%M}"


class Alert(models.Model):
    """That a saved search found an item: one row, whatever happens, so that it is told once."""

    search = models.ForeignKey(SavedSearch, models.CASCADE, related_name="alerts")
    item = models.ForeignKey(Item, models.CASCADE, related_name="alerts")
    edition = models.PositiveIntegerField(default=0)
    letter = models.ForeignKey(Letter, models.SET_NULL, null=True, related_name="alerts")
    found_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["search", "item", "edition"], name="alert_once"),
        ]

    def __str__(self):
        return f"{self.item} for {self.search}"
