"""What an organisation says of itself beyond the plain facts, to whom, and how it came to stand."""

import uuid
from datetime import timedelta
from enum import nonmember

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

DETAIL_LENGTH = 500
AGREEMENT_LASTS = timedelta(days=365)


class Audience(models.TextChoices):
    """Who may read it. Each of them holds those below: what everybody reads, members read too."""

    PUBLIC = "public", "Everybody"
    MEMBERS = "members", "Member organisations"
    OWN = "own", "Our owners and editors, and CJA staff"


class DetailKind(models.TextChoices):
    EMAIL = "email", "E-mail address"
    TELEPHONE = "telephone", "Telephone"
    ADDRESS = "address", "Postal address"
    HOURS = "hours", "When to reach us"
    PRESS = "press", "For journalists"
    LINKS = "links", "Elsewhere on the web"


class Detail(models.Model):
    """One optional fact of a profile. Only `members.showing` reads it for a page or a file."""

    organisation = models.ForeignKey("members.Organisation", models.CASCADE, related_name="details")
    kind = models.CharField(max_length=20, choices=DetailKind)
    value = models.TextField(validators=[MaxLengthValidator(DETAIL_LENGTH)])
    audience = models.CharField("seen by", max_length=10, choices=Audience, default=Audience.PUBLIC)

    class Meta:
        ordering = ["organisation", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind"],
                name="detail_one_of_each_kind",
                violation_error_message="This organisation has such a detail already.",
            ),
            models.CheckConstraint(
                condition=~Q(value=""),
                name="detail_says_something",
                violation_error_message="Write something, or remove the detail.",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} of {self.organisation}"


class ContactQuerySet(models.QuerySet):
    def current(self):
        """Those of people who still belong there and can log in."""
        return self.filter(affiliation__ended_at=None, affiliation__user__is_active=True)


class Contact(models.Model):
    """A person who agreed to be named on the profile. Nobody can agree for somebody else.

    No address of theirs is ever shown: people reach them through the form on the profile.
    """

    affiliation = models.OneToOneField(
        "members.Affiliation", models.CASCADE, related_name="contact"
    )
    about = models.CharField("what people may ask about", max_length=120, blank=True)
    audience = models.CharField(
        "who sees your name", max_length=10, choices=Audience, default=Audience.MEMBERS
    )
    reads_messages = models.BooleanField("gets the messages of the contact form", default=True)
    agreed_at = models.DateTimeField(default=timezone.now)

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["affiliation__organisation__sort_name", "affiliation__user__name", "pk"]

    def __str__(self):
        return str(self.affiliation)

    @property
    def ends_at(self):
        return self.agreed_at + AGREEMENT_LASTS

    @property
    def audience_now(self):
        """A name is public for a year; whoever does not renew it is then seen by members only."""
        is_old = self.audience == Audience.PUBLIC and self.ends_at <= timezone.now()
        return Audience.MEMBERS if is_old else Audience(self.audience)


class Subject(models.TextChoices):
    PROFILE = "profile", "Profile"
    NAMES = "names", "Names"
    PUBLICATION = "publication", "First publication"


class State(models.TextChoices):
    LIVE = "live", "In place, not yet looked at"
    KEPT = "kept", "In place"
    WAITING = "waiting", "Waits for CJA staff"
    RETURNED = "returned", "CJA staff ask for a change"
    DECLINED = "declined", "Declined"
    REPLACED = "replaced", "Replaced by a newer request"
    REVERTED = "reverted", "Taken back by CJA staff"

    in_place = nonmember({LIVE[0], KEPT[0]})


class ProfileRevisionQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(state=State.WAITING)

    def unseen(self):
        """Live changes that staff have not looked at."""
        return self.filter(state=State.LIVE)


class ProfileRevision(models.Model):
    """What a profile said, what is asked in its place, by whom and when, and what came of it.

    `before` and `after` are plain data, as `members.profile_values` reads and writes them.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        "members.Organisation", models.CASCADE, related_name="revisions"
    )
    subject = models.CharField(max_length=20, choices=Subject, default=Subject.PROFILE)
    state = models.CharField(max_length=20, choices=State, default=State.LIVE)
    before = models.JSONField()
    after = models.JSONField()
    asked_by = models.ForeignKey(
        "members.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        "members.User", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)

    objects = ProfileRevisionQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["state", "asked_at"], name="profile_revision_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "subject"],
                condition=Q(state=State.WAITING),
                name="profile_revision_one_waiting",
                violation_error_message="Another request about this is waiting already.",
            ),
        ]

    def __str__(self):
        return f"{self.get_subject_display()} of {self.organisation}"

    @property
    def is_in_place(self):
        return self.state in State.in_place
