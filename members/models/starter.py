from django.db import models
from django.utils import timezone


class StarterRecord(models.Model):
    """What the starter content wrote, so that a second load leaves alone what staff changed.

    `content` is the digest of the file's words, `written` that of the row as it was saved.
    """

    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    content = models.CharField(max_length=64)
    written = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="starter_record_unique"),
        ]

    def __str__(self):
        return f"{self.kind} {self.key}"
