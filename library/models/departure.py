from django.contrib.postgres.fields import ArrayField
from django.db import models


class Departure(models.Model):
    """The trace of an item that was public and is no longer in the database at all.

    Written by a trigger. Items are withdrawn, not deleted; but if one is, harvesters hear of it.
    """

    item_id = models.BigIntegerField(primary_key=True)
    code = models.CharField(max_length=6)
    left_sets = ArrayField(models.TextField(), default=list)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["changed_at", "item_id"], name="departure_harvested")]

    def __str__(self):
        return self.code
