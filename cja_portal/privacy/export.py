"""Everything that is held about a person, as a ZIP made in memory: no copy of it is kept."""

import io
import json
import zipfile
from dataclasses import dataclass
from datetime import date, datetime

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst

from cja_portal.privacy.holdings import HOLDINGS, shown
from members.holdings import person_of
from members.models import User


@dataclass(frozen=True)
class Held:
    """The rows of one holding: a list of {label: value}, in plain data."""

    title: str
    fate: str
    rows: list


def held_about(user):
    person = person_of(user)
    found = [_held(holding, person) for holding in HOLDINGS]
    return [one for one in found if one.rows]


def _held(holding, person):
    fields = shown(holding)
    relations = [field.name for field in fields if field.is_relation]
    rows = holding.rows(person).select_related(*relations)
    told = [
        {capfirst(str(field.verbose_name)): _value(row, field, person.user) for field in fields}
        for row in rows
    ]
    return Held(holding.title, holding.fate, told)


def _value(row, field, user):
    value = getattr(row, field.name)
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    if isinstance(value, User):
        return "You" if value == user else "Somebody else"
    return str(value) if isinstance(value, models.Model) else value


def in_words(value):
    """A value as people read it."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j F Y, g.i a")
    if isinstance(value, date):
        return date_format(value, "j F Y")
    if isinstance(value, list):
        return ", ".join(str(one) for one in value) or "–"
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return "–" if value in {None, ""} else str(value)


def archive_of(user):
    """The bytes of the ZIP: what was found for programs (JSON) and for people (HTML)."""
    held, made_at = held_about(user), timezone.now()
    data = {"made_at": made_at, "held": [{"what": one.title, "rows": one.rows} for one in held]}
    told = [(one.title, [_in_words(row) for row in one.rows]) for one in held]
    page = render_to_string("privacy/export.html", {"told": told, "made_at": made_at, "user": user})
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr("about-you.html", page)
        files.writestr("about-you.json", _as_json(data))
    return archive.getvalue()


def _in_words(row):
    return {label: in_words(value) for label, value in row.items()}


def _as_json(data):
    return json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
