from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.urls import reverse

from cja_portal.kit.database import Folded, Joined, SortKey
from cja_portal.kit.fields import WebAddressField


class Kind(models.TextChoices):
    CHARITY = "charity", "Charity"
    SERVICE_PROVIDER = "service-provider", "Service provider"
    SOCIAL_ENTERPRISE = "social-enterprise", "Social enterprise"
    RESEARCH = "research", "Research or think tank"
    STAFF_ASSOCIATION = "staff-association", "Staff or professional association"
    NETWORK = "network", "Network or membership body"
    HOUSING = "housing", "Housing association"
    PUBLIC_BODY = "public-body", "Public body"


class Evidence(models.TextChoices):
    """How we know of an organisation's membership. None of these says that it is a member today."""

    LISTED = "listed", "Named in a list of CJA members"
    REFERENCE_GROUP = "reference-group", "Named in a CJA reference group of members"
    OTHER = "other", "Other evidence"
    NONE = "none", "Not established"


class OrganisationQuerySet(models.QuerySet):
    def listed(self):
        """Those that have a page in the public directory."""
        return self.filter(is_listed=True)

    def visible_to(self, user):
        if user.is_staff:
            return self
        if user.is_authenticated:
            return self.filter(Q(is_listed=True) | Q(pk__in=user.organisation_ids()))
        return self.listed()


class Organisation(models.Model):
    """A charity, service provider, research body or association; also a publisher of library items.

    The organisation holds the membership; people hold dated affiliations with roles.
    """

    slug = models.SlugField(max_length=100, unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=60, blank=True)
    former_names = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    kind = models.CharField(max_length=20, choices=Kind)
    summary = models.TextField("in one or two sentences", blank=True)
    description = models.TextField("about the organisation (Markdown)", blank=True)
    website = WebAddressField(blank=True)
    charity_number = models.CharField(max_length=20, blank=True)
    company_number = models.CharField(max_length=20, blank=True)
    themes = models.ManyToManyField("members.Theme", blank=True, related_name="organisations")
    areas = models.ManyToManyField("members.Area", blank=True, related_name="organisations")
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

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("members:organisation-detail", args=[self.slug])
