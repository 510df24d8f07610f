from enum import nonmember

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from dictionary.models.entry import Entry
from dictionary.models.sense import Jurisdiction


class RelationKind(models.TextChoices):
    RELATED = "related", "Related"
    BROADER = "broader", "Part of"
    OPPOSITE = "opposite", "Opposite"
    NOT_SAME_AS = "not-same-as", "Not the same as"
    SEE_INSTEAD = "see-instead", "See instead"
    EQUIVALENT = "equivalent", "The same idea elsewhere"

    symmetric = nonmember({"related", "opposite", "not-same-as", "equivalent"})


class Relation(models.Model):
    """How one entry stands to another; `note` says why, in a sentence for readers.

    `jurisdiction` says where the other word is used for the same idea. A trigger refuses a chain
    of BROADER that comes back to where it began, also when two are written at once.
    """

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="relations")
    to = models.ForeignKey(Entry, models.CASCADE, related_name="relations_from")
    kind = models.CharField(max_length=20, choices=RelationKind)
    jurisdiction = models.CharField(
        "where",
        max_length=20,
        choices=Jurisdiction,
        blank=True,
        help_text="For the same idea elsewhere: the place that uses the other word.",
    )
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["kind", "to__sort_name", "jurisdiction"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry", "to", "kind", "jurisdiction"],
                name="relation_once",
                violation_error_message="These two entries are already related in this way.",
            ),
            models.CheckConstraint(
                condition=~Q(entry=F("to")),
                name="relation_is_between_two",
                violation_error_message="An entry cannot be related to itself.",
            ),
            models.CheckConstraint(
                condition=Q(jurisdiction="") | Q(kind=RelationKind.EQUIVALENT),
                name="relation_place_of_the_same_idea",
                violation_error_message="Only “the same idea elsewhere” names a place.",
            ),
        ]

    def __str__(self):
        return f"{self.entry}: {self.get_kind_display()} {self.to}"

    def clean(self):
        """The trigger's law, said as a sentence before it is broken."""
        if self.kind == RelationKind.BROADER and self.entry_id in _wider_than(self.to_id):
            raise ValidationError("An entry cannot be part of itself, however many steps away.")


def _wider_than(entry_id):
    """The ids of an entry and of all that it is part of, step by step."""
    seen, edge = set(), {entry_id}
    while edge - seen:
        seen |= edge
        rows = Relation.objects.filter(kind=RelationKind.BROADER, entry__in=edge)
        edge = set(rows.values_list("to_id", flat=True))
    return seen
