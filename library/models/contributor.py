"""Who made a work and who published it, in the order in which they are named."""

from django.db import models
from django.db.models import Q


class Publisher(models.Model):
    """An organisation in its place among the publishers of an item."""

    item = models.ForeignKey("library.Item", models.CASCADE, related_name="publishings")
    organisation = models.ForeignKey(
        "members.Organisation", models.PROTECT, related_name="publishings"
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "organisation"],
                name="publisher_once",
                violation_error_message="This organisation is already among the publishers.",
            ),
        ]

    def __str__(self):
        return self.organisation.name


class ContributorKind(models.TextChoices):
    PERSON = "person", "Person"
    ORGANISATION = "organisation", "Organisation"


class ContributorRole(models.TextChoices):
    AUTHOR = "author", "Author"
    CHAIR = "chair", "Chair"
    EDITOR = "editor", "Editor"
    EVALUATOR = "evaluator", "Evaluator"


class Contributor(models.Model):
    """Who made a work, with the name as it was printed."""

    item = models.ForeignKey("library.Item", models.CASCADE, related_name="contributors")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField("name as printed", max_length=200)
    filed_as = models.CharField(
        max_length=200,
        blank=True,
        help_text="“Family name, given names”, where a citation would get it wrong by itself.",
    )
    kind = models.CharField(max_length=20, choices=ContributorKind)
    organisation = models.ForeignKey(
        "members.Organisation",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="contributions",
    )
    role = models.CharField(max_length=20, choices=ContributorRole, default=ContributorRole.AUTHOR)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=ContributorKind.ORGANISATION)
                | Q(kind=ContributorKind.PERSON, organisation__isnull=True),
                name="contributor_person_is_no_organisation",
                violation_error_message="Only an organisation has a page in the directory.",
            ),
            models.UniqueConstraint(
                fields=["item", "name", "role"],
                name="contributor_once",
                violation_error_message="This name already stands in this role.",
            ),
        ]

    def __str__(self):
        return self.name
