from django.db import models
from django.urls import reverse


class Goal(models.TextChoices):
    """The alliance's six goals."""

    DIVERSION = "diversion", "Diverting people away from crime"
    CRIME_REDUCTION = "crime-reduction", "Crime reduction"
    POLICING = "policing", "Better policing"
    FAIRER_JUSTICE = "fairer-justice", "Fairer justice"
    LESS_PRISON = "less-prison", "Reduced reliance on imprisonment"
    REHABILITATION = "rehabilitation", "Better rehabilitation"


class Stage(models.TextChoices):
    """Where on the way through the justice system somebody meets an organisation."""

    PREVENTION = "prevention", "Before there is a crime"
    POLICE = "police", "Police and arrest"
    OUT_OF_COURT = "out-of-court", "Instead of going to court"
    COURT = "court", "Court and sentence"
    PRISON = "prison", "In prison"
    COMMUNITY = "community", "Sentences in the community and probation"
    AFTER = "after", "Life after prison or a sentence"
    VICTIMS = "victims", "Help for victims and witnesses"


# Their pages are read by people whom another person must not find reading them.
DANGEROUS_TO_READ = {"victims", "violence"}


class Theme(models.Model):
    """A subject that dictionary, library, members and awards share."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80, unique=True)
    goal = models.CharField(max_length=20, choices=Goal)
    description = models.TextField(blank=True)
    stage = models.CharField(
        "stage that work on this theme belongs to", max_length=20, choices=Stage, blank=True
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("theme-detail", args=[self.slug])

    @property
    def needs_quick_exit(self):
        return self.slug in DANGEROUS_TO_READ


class Area(models.Model):
    """A nation or English region; `parent` is the larger area that holds it."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")),
                name="area_is_not_its_own_parent",
                violation_error_message="An area cannot lie inside itself.",
            ),
        ]

    def __str__(self):
        return self.name
