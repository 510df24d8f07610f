import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone


class AuditEventQuerySet(models.QuerySet):
    def forget(self):
        """Take away what may name people; the digest of it stays, so the chain still holds."""
        return self.update(title="", details={}, salt="")


def new_salt():
    return secrets.token_hex(16)


class AuditEvent(models.Model):
    """Who did what to what, and when. Rows are only ever added; triggers hold that.

    Each row holds the digest of the row before it and of itself, put in by a trigger when the
    transaction ends: rows that are changed, missing or slipped in are found. `contents` is the
    salted digest of `title` and `details`. Without the salt nobody can guess what they said.
    """

    at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )
    verb = models.CharField(max_length=60)
    noun = models.CharField(max_length=60)
    noun_id = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    details = models.JSONField(default=dict, blank=True)
    place = models.BigIntegerField("place in the chain", null=True, unique=True, editable=False)
    salt = models.CharField(max_length=32, default=new_salt, blank=True, editable=False)
    contents = models.CharField(max_length=64, blank=True, editable=False)
    previous = models.CharField(max_length=64, blank=True, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["noun", "noun_id"], name="audit_noun")]

    def __str__(self):
        return f"{self.verb}: {self.title or 'what named people is erased'}"
