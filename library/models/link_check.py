"""Whether the addresses that lead readers to works elsewhere still do."""

from datetime import timedelta
from enum import nonmember

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

PATIENCE = timedelta(days=14)
STRIKES = 3


class Answer(models.TextChoices):
    """What came of asking an address the last time."""

    NOT_ASKED = "not-asked", "Not asked yet"
    FOUND = "found", "It answers"
    GUARDED = "guarded", "It answers people only, not programs"
    FRONT_PAGE = "front-page", "It leads to the site's front page"
    MISSING = "missing", "The page is not there"
    FAILING = "failing", "The site does not answer"
    REFUSED = "refused", "Not an address that we may ask"

    bad = nonmember({"front-page", "missing", "failing", "refused"})


class LinkCheckQuerySet(models.QuerySet):
    def due(self):
        return self.filter(next_on__lte=timezone.now())

    def broken(self):
        """Those that failed at three checks or more, over two weeks or more."""
        return self.filter(failures__gte=STRIKES, failing_since__lte=F("checked_at") - PATIENCE)


class LinkCheck(models.Model):
    """What we know of one address, whichever items name it."""

    address = models.URLField(max_length=500, unique=True)
    answer = models.CharField(max_length=20, choices=Answer, default=Answer.NOT_ASKED)
    status_code = models.PositiveSmallIntegerField(null=True)
    leads_to = models.URLField("where it leads now", max_length=2000, blank=True)
    checked_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField("last found", null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    next_on = models.DateTimeField("next check", default=timezone.now, db_index=True)

    objects = LinkCheckQuerySet.as_manager()

    class Meta:
        ordering = [F("failures").desc(), "address"]
        constraints = [
            models.CheckConstraint(
                condition=Q(failures=0, failing_since__isnull=True)
                | Q(failures__gt=0, failing_since__isnull=False),
                name="link_check_failing_since",
            ),
        ]

    def __str__(self):
        return self.address

    @property
    def is_broken(self):
        """Three strikes over a fortnight: a site may be down for a day, or for a weekend."""
        if self.failures < STRIKES:
            return False
        return self.checked_at - self.failing_since >= PATIENCE
