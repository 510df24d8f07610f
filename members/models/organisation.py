from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MaxLengthValidator, URLValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from cja_portal.kit.database import Folded, Joined, SortKey
from cja_portal.kit.fields import WebAddressField
from members.models.affiliation import Affiliation
from members.models.membership import (
    HIDING,
    MembershipPeriod,
    Status,
    hidden_on,
    is_hidden_on,
    status_expression,
)
from members.models.numbers import Numbered, laws_of_numbers
from members.models.succession import WaitingTimes
from members.models.taxonomy import Stage

SUMMARY_LENGTH = 300
DESCRIPTION_LENGTH = 10_000

# Pages of the directory itself stand at these addresses.
RESERVED_SLUGS = ["coverage", "events", "export", "join", "map", "projects"]


class Kind(models.TextChoices):
    CHARITY = "charity", "Charity"
    SERVICE_PROVIDER = "service-provider", "Service provider"
    SOCIAL_ENTERPRISE = "social-enterprise", "Social enterprise"
    RESEARCH = "research", "Research or think tank"
    STAFF_ASSOCIATION = "staff-association", "Staff or professional association"
    NETWORK = "network", "Network or membership body"
    HOUSING = "housing", "Housing provider"
    PUBLIC_BODY = "public-body", "Public body"


class Evidence(models.TextChoices):
    """How we know of an organisation's membership. None of these says that it is a member today."""

    LISTED = "listed", "Named in a list of CJA members"
    REFERENCE_GROUP = "reference-group", "Named in a CJA reference group of members"
    OTHER = "other", "Other evidence"
    NONE = "none", "Not established"


class OrganisationQuerySet(models.QuerySet):
    def listed(self):
        """Those that have a page in the public directory: not where membership has ended."""
        return self.filter(~hidden_on(timezone.localdate()), is_listed=True)

    def hidden_ids(self):
        """The keys of those whose page is kept from the public because membership has ended."""
        return set(self.filter(hidden_on(timezone.localdate())).values_list("pk", flat=True))

    def with_status(self, day=None):
        """Each with its `membership_status` on a day in the UK, or today."""
        return self.annotate(membership_status=status_expression(day or timezone.localdate()))

    def with_last_day(self):
        """Each with the last day of the last period that anybody has paid for."""
        last = MembershipPeriod.objects.settled().filter(organisation=OuterRef("pk"))
        last_day = last.order_by("-ends_on").values("ends_on")[:1]
        return self.annotate(membership_ends_on=Subquery(last_day))

    def renewals_due(self):
        """Those in grace, and those about to end with no paid period to follow."""
        today = timezone.localdate()
        soon = today + timedelta(days=WaitingTimes.now().renewal_days)
        ending = MembershipPeriod.objects.active(today).filter(ends_on__lte=soon)
        following = MembershipPeriod.objects.settled().filter(ends_on__gt=soon)
        due = Q(membership_status=Status.GRACE) | Q(pk__in=ending.values("organisation"))
        waiting = self.with_status(today).filter(due).exclude(membership_status__in=HIDING)
        return waiting.exclude(pk__in=following.values("organisation"))

    def orphaned(self):
        """Those of which no owner can log in, gets letters and has said that they are here."""
        owning = Affiliation.objects.owning()
        answering = owning.exclude(pk__in=owning.silent().values("pk"))
        answering = answering.exclude(pk__in=owning.unreached().values("pk"))
        return self.exclude(pk__in=answering.values("organisation"))

    def lost(self):
        """Those that have people, now or once, and nobody to answer for them."""
        return self.orphaned().filter(pk__in=Affiliation.objects.values("organisation"))

    def for_page(self):
        """Each with all that its own page asks of it."""
        readers = Affiliation.objects.reading_messages().filter(organisation=OuterRef("pk"))
        is_hidden = is_hidden_on(timezone.localdate())
        asked = self.annotate(is_hidden=is_hidden, has_readers=Exists(readers))
        return asked.prefetch_related("themes", "areas")

    def visible_to(self, user):
        if user.is_staff:
            return self
        if user.is_authenticated:
            own = Q(pk__in=user.organisation_ids())
            return self.filter(own | Q(~hidden_on(timezone.localdate()), is_listed=True))
        return self.listed()


class Organisation(Numbered):
    """A charity, service provider, research body or association; also a publisher of library items.

    The organisation holds the membership; people hold dated affiliations with roles.
    """

    slug = models.SlugField(max_length=100, unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=60, blank=True)
    former_names = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    kind = models.CharField(max_length=20, choices=Kind)
    summary = models.TextField(
        "in one or two sentences", blank=True, validators=[MaxLengthValidator(SUMMARY_LENGTH)]
    )
    description = models.TextField(
        "about the organisation (Markdown)",
        blank=True,
        validators=[MaxLengthValidator(DESCRIPTION_LENGTH)],
    )
    website = WebAddressField(blank=True, validators=[URLValidator(["https", "http"])])
    themes = models.ManyToManyField("members.Theme", blank=True, related_name="organisations")
    areas = models.ManyToManyField("members.Area", blank=True, related_name="organisations")
    stages = ArrayField(
        models.CharField(max_length=20, choices=Stage),
        verbose_name="stages of the justice system",
        default=list,
        blank=True,
    )
    takes_messages = models.BooleanField("has a contact form on its profile", default=True)
    is_listed = models.BooleanField("has a page in the directory", default=False)
    is_example = models.BooleanField("is an example, not a real organisation", default=False)
    evidence = models.CharField(
        "evidence of membership", max_length=20, choices=Evidence, default=Evidence.NONE
    )
    evidence_period = models.CharField(max_length=40, blank=True)
    evidence_note = models.TextField(blank=True)
    updated_at = models.DateTimeField(auto_now=True)
    sort_name = models.GeneratedField(
        expression=SortKey("name"),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )
    search_text = models.GeneratedField(
        expression=Folded("name", "short_name", Joined("former_names"), "summary"),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["sort_name"]
        indexes = [
            models.Index(fields=["sort_name"], name="organisation_sort_name"),
            GinIndex(OpClass("search_text", "gin_trgm_ops"), name="organisation_search_text"),
        ]
        constraints = [
            *laws_of_numbers(),
            models.CheckConstraint(
                condition=Q(is_example=False)
                | Q(name__startswith="Example ", evidence=Evidence.NONE),
                name="organisation_example_says_so",
                violation_error_message=(
                    "An example must have a name that begins with “Example”, and no evidence of "
                    "membership."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(slug__in=RESERVED_SLUGS),
                name="organisation_address_is_free",
                violation_error_message="A page of the directory has this address. Choose another.",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("members:organisation-detail", args=[self.slug])

    @property
    def other_name(self):
        return self.short_name if self.short_name != self.name else ""

    @property
    def all_stages(self):
        """Its own stages and those of its themes, in the order of the way through the system."""
        held = {*self.stages, *(theme.stage for theme in self.themes.all())}
        return [stage for stage in Stage if stage in held]

    @property
    def version(self):
        """Changes with every save, so that an editor can be told that somebody else was quicker."""
        return self.updated_at.isoformat()

    @property
    def evidence_in_words(self):
        """What ties it to the alliance and when, in a sentence."""
        if self.evidence_note or self.evidence == Evidence.NONE:
            return self.evidence_note or "We have seen no evidence of membership."
        seen = self.get_evidence_display()
        return f"{seen}, {self.evidence_period}." if self.evidence_period else f"{seen}."
