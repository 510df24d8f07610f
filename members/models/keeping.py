"""How long personal data are kept, as far as staff may choose."""

from datetime import timedelta
from functools import reduce
from operator import and_

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

YEAR = 365
# What it is; days as we propose them, at least and at most; what speaks against less and more.
PERIODS = {
    "job_titles": (
        *("job titles of people who left", YEAR, 30, 2 * YEAR),
        "A colleague must be found for a while; who left need not be known for ever.",
    ),
    "sessions": (
        *("where people were logged in", 90, 30, 180),
        "People must see strange devices; network addresses are no diary.",
    ),
    "invitations": (
        *("addresses that were invited", YEAR, 90, 2 * YEAR),
        "Nobody is to be written to again and again; who never came is no member.",
    ),
    "requests": (
        *("requests to join and claims", YEAR, 90, 3 * YEAR),
        "A decision must be open to question; the organisation changes hands meanwhile.",
    ),
    "drafts": (
        *("drafts of applications", 60, 14, 180),
        "A board may meet once in a month or two; a draft is no application.",
    ),
    "applications": (
        *("what was written in applications", YEAR, 180, 3 * YEAR),
        "A question about the decision must be answered; after that it is history.",
    ),
    "complaints": (
        *("complaints about data", YEAR, 180, 6 * YEAR),
        "The Information Commissioner may ask; claims end after six years (Limitation Act 1980).",
    ),
    "bounces": (
        *("addresses whose letters came back", YEAR, 90, 2 * YEAR),
        "Too short, and we write to a dead address again; addresses come to new owners.",
    ),
    "alerts": (
        *("which works we told people of", YEAR, 90, 2 * YEAR),
        "Nothing is to be told twice; it shows what people read.",
    ),
    "copies": (
        *("requests for another format", YEAR, 30, 2 * YEAR),
        "We learn what is needed; by then it is learned.",
    ),
    "misses": (
        *("words looked for in vain", 90, 14, 180),
        "Editors look once in a while; what people looked for is theirs.",
    ),
    "letters": (
        *("letters in our queue", 7, 2, 30),
        "A failure must be looked into, over a weekend; letters open accounts.",
    ),
    "names": (
        *("names in the log of who did what", 6 * YEAR, YEAR, 7 * YEAR),
        "It must be settled who could act; claims end after six years (Limitation Act 1980).",
    ),
}


def _days(name):
    what, default, least, most, why = PERIODS[name]
    return models.PositiveSmallIntegerField(
        what,
        default=default,
        validators=[MinValueValidator(least), MaxValueValidator(most)],
        help_text=f"From {least} to {most} days. {why}",
    )


def _in_reason():
    limits = {f"{name}__range": (least, most) for name, (_, _, least, most, _) in PERIODS.items()}
    return reduce(and_, (Q(**{name: limit}) for name, limit in limits.items()))


class KeepingTimes(models.Model):
    """The one row in which staff say for how many days things are kept.

    The public table and the daily job read it. The floor of each keeps its purpose, the ceiling
    keeps the law: no longer than the purpose needs (UK GDPR, article 5(1)(e)).
    """

    job_titles = _days("job_titles")
    sessions = _days("sessions")
    invitations = _days("invitations")
    requests = _days("requests")
    drafts = _days("drafts")
    applications = _days("applications")
    complaints = _days("complaints")
    bounces = _days("bounces")
    alerts = _days("alerts")
    copies = _days("copies")
    misses = _days("misses")
    letters = _days("letters")
    names = _days("names")

    class Meta:
        verbose_name = verbose_name_plural = "keeping times"
        constraints = [
            models.CheckConstraint(
                condition=Q(pk=1),
                name="keeping_times_one_row",
                violation_error_message="There is one row of keeping times: change that.",
            ),
            models.CheckConstraint(
                condition=_in_reason(),
                name="keeping_times_in_reason",
                violation_error_message="Choose days within the limits of each.",
            ),
        ]

    def __str__(self):
        return "Keeping times"

    @classmethod
    def now(cls):
        return cls.objects.filter(pk=1).first() or cls(pk=1)

    @classmethod
    def of(cls, name):
        return timedelta(days=getattr(cls.now(), name))
