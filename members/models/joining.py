"""Who may ask to join: addresses at a domain that staff approved."""

import uuid
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

DOMAIN = r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$"
DOMAIN_ADVICE = "Write the domain alone and in small letters, such as example.org."
SHARED_ADVICE = "People of many organisations have addresses at this domain."
WORKING_DAYS_FOR_OWNERS = 5


def domain_of(email):
    return email.strip().lower().rpartition("@")[2]


def family_of(domain):
    """The domain and all it stands under: a.b.org, b.org, org."""
    parts = domain.split(".")
    return [".".join(parts[place:]) for place in range(len(parts))]


def working_days_before(moment, days):
    """The moment that many working days, Monday to Friday, earlier."""
    while days:
        moment -= timedelta(days=1)
        days -= moment.weekday() < 5
    return moment


class SharedDomain(models.Model):
    """A domain of a free-mail service, or one that many organisations share."""

    domain = models.CharField(
        max_length=253, unique=True, validators=[RegexValidator(DOMAIN, DOMAIN_ADVICE)]
    )
    covers_below = models.BooleanField("and every domain below it", default=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["domain"]

    def __str__(self):
        return self.domain

    def clean(self):
        covered = Q(domain=self.domain)
        if self.covers_below:
            covered |= Q(domain__endswith=f".{self.domain}")
        if ApprovedDomain.objects.filter(covered).exists():
            raise ValidationError("This domain is approved for an organisation: end that first.")


class ApprovedDomain(models.Model):
    """A domain at which people of one organisation, and of no other, have their addresses."""

    domain = models.CharField(
        max_length=253,
        validators=[RegexValidator(DOMAIN, DOMAIN_ADVICE)],
        help_text="The part of its addresses after the @, such as example.org.",
    )
    organisation = models.ForeignKey(
        "members.Organisation", models.CASCADE, related_name="approved_domains"
    )
    approved_by = models.ForeignKey(
        "members.User", models.SET_NULL, null=True, editable=False, related_name="+"
    )
    approved_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["domain"]
        constraints = [
            models.UniqueConstraint(
                fields=["domain"],
                name="approved_domain_of_one_organisation",
                violation_error_message="This domain is already approved for an organisation.",
            ),
            models.CheckConstraint(
                condition=Q(domain__regex=DOMAIN),
                name="approved_domain_form",
                violation_error_message=DOMAIN_ADVICE,
            ),
        ]

    def __str__(self):
        return self.domain

    def clean(self):
        """A trigger of the database holds the same, against two who save at once too."""
        family = family_of(self.domain)
        shared = Q(domain=self.domain) | Q(domain__in=family, covers_below=True)
        if SharedDomain.objects.filter(shared).exists():
            raise ValidationError({"domain": SHARED_ADVICE})


class Outcome(models.TextChoices):
    WAITING = "waiting", "Waiting"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"


class JoinRequestQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(outcome=Outcome.WAITING)

    def for_staff(self):
        """Those that owners left for five working days."""
        since = working_days_before(timezone.now(), WORKING_DAYS_FOR_OWNERS)
        return self.waiting().filter(asked_at__lt=since)


class JoinRequest(models.Model):
    """Somebody with an address at an approved domain asks an organisation's owners to be let in.

    The address was shown to be theirs by a link in a letter. Nothing follows by itself.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        "members.Organisation", models.CASCADE, related_name="join_requests"
    )
    email = models.EmailField("e-mail address")
    name = models.CharField(max_length=150)
    message = models.TextField(max_length=500, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.WAITING)
    decided_by = models.ForeignKey(
        "members.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(
                F("organisation"),
                Lower("email"),
                condition=Q(outcome=Outcome.WAITING),
                name="join_request_one_waiting",
                violation_error_message="You have asked already. The answer comes by e-mail.",
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.WAITING, decided_at__isnull=True)
                | (~Q(outcome=Outcome.WAITING) & Q(decided_at__isnull=False)),
                name="join_request_decided_once",
                violation_error_message="A decision has a day.",
            ),
        ]

    def __str__(self):
        return f"{self.email} at {self.organisation}"
