"""A row in every table, so that nothing goes unasked and unheard because it is not there."""

from contextlib import suppress
from datetime import timedelta
from functools import cache
from uuid import uuid4

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from awards.models import Category, Collaborator, Judge, Sheet
from members.models import Invoice
from tests.awards.factories import make_nomination
from tests.factories import LONG_AGO, make_entry

APPS = ["members", "library", "dictionary", "awards"]


def tables():
    found = (model for name in APPS for model in apps.get_app_config(name).get_models())
    return [model for model in found if model._meta.managed]


def fill_empty_tables():
    """A table whose laws these plain values break stays empty, of which one test tells."""
    for model in empty_tables():
        with suppress(IntegrityError), transaction.atomic():
            make_row(model)


def empty_tables():
    return [model for model in tables() if not model._default_manager.exists()]


def make_row(model, **values):
    """With a plain value in each field that wants one, and what this table's laws ask for."""
    given = OWN.get(model._meta.label, dict)() | values
    wanted = {
        field.name: _value(field)
        for field in model._meta.concrete_fields
        if field.name not in given and _wants(field)
    }
    return model._default_manager.create(**wanted | given)


@cache
def row_of(label):
    """The key of the first row, or 0: of this world, which is made once."""
    return (
        apps.get_model(label)._default_manager.values_list("pk", flat=True).order_by("pk").first()
        or 0
    )


def _wants(field):
    is_made = field.has_default() or field.generated or isinstance(field, models.AutoField)
    return not (is_made or field.blank or field.null)


def _value(field):
    if field.is_relation:
        return field.related_model._default_manager.first()
    if field.choices:
        return next(value for value, _ in field.flatchoices if value)
    return next(make() for kind, make in VALUES.items() if isinstance(field, kind))


VALUES = {
    models.EmailField: lambda: "row@example.org",
    models.URLField: lambda: "https://www.example.org/row",
    models.SlugField: lambda: "row",
    models.FileField: lambda: "row.pdf",
    models.DateTimeField: timezone.now,
    models.DateField: timezone.localdate,
    models.UUIDField: uuid4,
    models.JSONField: dict,
    ArrayField: list,
    models.BooleanField: lambda: False,
    models.IntegerField: lambda: 1,
    models.CharField: lambda: "Row",
    models.TextField: lambda: "Row.",
}


def _sent(nominee):
    category = Category.objects.get(cycle__stage="announced")
    return make_nomination(category, nominee, state="submitted")


OWN = {
    "awards.AccessLink": lambda: {
        "collaborator": Collaborator.objects.first(),
        "expires_at": timezone.now() + timedelta(days=9),
    },
    "awards.MergeLink": lambda: {"nomination": _sent("Example"), "into": _sent("Another")},
    "awards.ResultLetter": lambda: {"judge": Judge.objects.first()},
    "awards.SheetExclusion": lambda: {"sheet": Sheet.objects.exclude(**SEALED).first()},
    "dictionary.Withdrawal": lambda: {"began_at": LONG_AGO, "ended_at": timezone.now()},
    "dictionary.Relation": lambda: {"to": make_entry("Remand")},
    "library.DailyUse": lambda: {"views": 1},
    "members.ApprovedDomain": lambda: {"domain": "example.net"},
    "members.BillingDetails": lambda: {"pk": 1},
    "members.FactorReset": lambda: {"outcome": ""},
    "members.Reminder": lambda: {"invoice": Invoice.objects.first()},
}
SEALED = {"assignment__round__state": "sealed"}
