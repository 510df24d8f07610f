"""What the public may read of how a result was found: copies, with no key into working tables."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from awards.models.published import PublishedCycle, Released, ReleasedQuerySet


class PublishedProofQuerySet(ReleasedQuerySet):
    def public(self):
        cycles = PublishedCycle.objects.public()
        return super().public().filter(cycle__in=cycles)


class PublishedProof(Released):
    """The fingerprint of one category, and its marks under codes unless the panel keeps them."""

    cycle = models.ForeignKey(PublishedCycle, models.CASCADE, related_name="proofs")
    category_slug = models.SlugField(max_length=80)
    category_name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)
    sha256 = models.CharField("fingerprint", max_length=64)
    file = models.TextField("score sheet, under codes", blank=True)
    sealed_at = models.DateTimeField()
    earlier = models.JSONField("seals that it took the place of", default=list)
    left_out = models.JSONField("sheets that did not count, by reason", default=dict)
    withheld_because = models.CharField("why nobody receives the award", max_length=500, blank=True)

    objects = PublishedProofQuerySet.as_manager()

    class Meta:
        ordering = ["cycle", "position", "category_slug"]
        constraints = [
            *Released.Meta.constraints,
            models.UniqueConstraint(
                fields=["cycle", "category_slug"],
                name="published_proof_once_a_category",
                violation_error_message="This category has its fingerprint already.",
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex="^[0-9a-f]{64}$"),
                name="published_proof_has_a_fingerprint",
                violation_error_message="A fingerprint is 64 hexadecimal letters.",
            ),
        ]

    def __str__(self):
        return f"{self.category_name}: {self.sha256[:12]}"

    @property
    def earlier_seals(self):
        """[{sha256, sealed_at, because}]: what two people had sealed before it was opened again."""
        return [
            one | {"sealed_at": datetime.fromisoformat(one["sealed_at"])} for one in self.earlier
        ]
