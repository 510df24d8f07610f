"""Finding what names a person in the texts of any table, and taking it out."""

import json
import re

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import Q

from cja_portal.kit.holdings import NO_ADDRESS, NOBODY, keep
from cja_portal.privacy.holdings import HOLDINGS, KEPT
from members.models import AuditEvent, ProfileRevision

TEXTS = (models.CharField, models.TextField, models.JSONField, ArrayField, models.FileField)
SHORTEST_NAME = 3


def texts_of(model):
    return [
        field
        for field in model._meta.local_concrete_fields
        if isinstance(field, TEXTS) and not (field.generated or field.primary_key)
    ]


def tables():
    """Those in which traces are looked for: all whose model is not kept as it is."""
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if model._meta.managed and model not in KEPT]


# -- Addresses, and the name beside one -----------------------------------------------------------


def scrub(person):
    """Take the person's addresses out of every text, and their name out of the same rows.

    A name alone proves nothing: anybody may call themselves what they find in a text.
    """
    for email in person.emails:
        for model in tables():
            _scrub_table(model, email, person.user.name)


def _scrub_table(model, email, name):
    texts = texts_of(model)
    if not texts:
        return
    sets = ", ".join(f"{_quoted(field.column)} = {_without(field)}" for field in texts)
    where = " OR ".join(f"{_quoted(field.column)}::text ~* %(address)s" for field in texts)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {_quoted(model._meta.db_table)} SET {sets} WHERE {where}",
            {
                "address": _pattern(email),
                "name": _pattern(name) if len(name) >= SHORTEST_NAME else "^(?!)",
                "nobody": NOBODY.lower(),
                "no_address": NO_ADDRESS,
            },
        )


def _without(field):
    column = _quoted(field.column)
    text = f"regexp_replace({column}::text, %(address)s, %(no_address)s, 'gi')"
    text = f"regexp_replace({text}, %(name)s, %(nobody)s, 'gi')"
    return f"({text})::{field.db_type(connection)}"


def _pattern(text):
    """The text by itself, not within a longer word or address."""
    inside = re.escape(json.dumps(text, ensure_ascii=False)[1:-1])
    return rf"(?<![[:alnum:]._%+-]){inside}(?!\.?[[:alnum:]-])"


def _quoted(name):
    return connection.ops.quote_name(name)


# -- What was written down about the person's own rows -------------------------------------------


def forget_history(person):
    """Take the person's name out of the logs and out of the history of their organisations."""
    about = list(_own_rows(person))
    _forget_events(person, about)
    _forget_log_entries(about)
    _forget_in_revisions(person)


def _own_rows(person):
    """Model and keys of all that is about the person, and not merely done by them."""
    for holding in HOLDINGS:
        if holding.erase is not keep:
            yield holding.model, [str(row.pk) for row in holding.rows(person).only("pk")]


def _forget_events(person, about):
    named = Q(pk=None)
    for model, keys in about:
        named |= Q(noun=model._meta.label_lower, noun_id__in=keys)
    for email in person.emails:
        named |= Q(title__icontains=email) | Q(details__icontains=email)
    AuditEvent.objects.filter(named).exclude(salt="").forget()


def _forget_log_entries(about):
    named = Q(pk=None)
    for model, keys in about:
        kind = ContentType.objects.get_for_model(model)
        named |= Q(content_type=kind, object_id__in=keys)
    LogEntry.objects.filter(named).update(object_repr="", change_message="")


def _forget_in_revisions(person):
    """Only of organisations at which they had a place: there the name means them."""
    name = person.user.name
    if len(name) < SHORTEST_NAME:
        return
    places = person.user.affiliations.values("organisation")
    for revision in ProfileRevision.objects.filter(organisation__in=places):
        _replace_in(revision, re.compile(re.escape(name), re.IGNORECASE))


def _replace_in(revision, name):
    nobody = NOBODY.lower()
    for field in ("before", "after"):
        text = json.dumps(getattr(revision, field), ensure_ascii=False)
        setattr(revision, field, json.loads(name.sub(nobody, text)))
    revision.reason = name.sub(nobody, revision.reason)
    revision.save(update_fields=["before", "after", "reason"])
