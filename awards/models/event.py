from django.db import models
from django.utils import timezone

from awards.models.cycle import Cycle
from awards.models.nomination import Nomination


class Event(models.Model):
    """Who did what in a year of awards. It keeps actions, not texts, and outlives what it names.

    Rows are only ever added: a trigger refuses the rest.
    """

    at = models.DateTimeField(default=timezone.now, editable=False)
    cycle = models.ForeignKey(
        Cycle, models.DO_NOTHING, db_constraint=False, related_name="events", editable=False
    )
    nomination = models.ForeignKey(
        Nomination,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        related_name="events",
        editable=False,
    )
    by = models.ForeignKey(
        "members.User",
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        related_name="+",
        editable=False,
    )
    role = models.CharField("as", max_length=40, editable=False)
    verb = models.CharField(max_length=60, editable=False)
    before = models.CharField(max_length=40, blank=True, editable=False)
    after = models.CharField(max_length=40, blank=True, editable=False)
    reason = models.TextField(blank=True, editable=False)
    details = models.JSONField(default=dict, editable=False)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["cycle", "-at"], name="awards_event_cycle")]

    def __str__(self):
        return f"{self.verb} ({self.role})"
