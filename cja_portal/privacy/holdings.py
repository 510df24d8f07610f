"""All that the portal holds about people, as each app lists it."""

from django.apps import apps
from django.db import models

from awards import holdings as awards
from cja_portal.kit.holdings import field_at
from dictionary import holdings as dictionary
from library import holdings as library
from members import holdings as members
from members.models import User

LISTS = [members, library, dictionary, awards]
HOLDINGS = [holding for each in LISTS for holding in each.HOLDINGS]
NO_PERSON = {key: why for each in LISTS for key, why in each.NO_PERSON.items()}
KEPT = {model: why for each in LISTS for model, why in each.KEPT.items()}


def links_to_people(all_models=None):
    """Each field of each table that leads to a user, or is an e-mail address."""
    for model in all_models or apps.get_models():
        for field in model._meta.local_fields:
            if field.related_model is User or isinstance(field, models.EmailField):
                yield model, field.name


def undeclared(all_models=None, holdings=HOLDINGS):
    """Links to people of which no app says how they are taken away and erased."""
    known = {(one.model, link) for one in holdings for link in one.links}
    found = set(links_to_people(all_models)) - known - NO_PERSON.keys()
    return sorted(f"{model._meta.label}.{name}" for model, name in found)


def shown(holding):
    return [field_at(holding.model, name) for name in holding.shows]
