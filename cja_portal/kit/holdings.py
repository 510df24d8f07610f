"""What a table holds about a person: how it is found, taken away, and what becomes of it.

Each app lists its own in `holdings.py`; tests/test_holdings.py finds any link to a person that no
list names.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q

NOBODY = "A former member"
NO_ADDRESS = "erased@erased.invalid"
STAYS_WITHOUT_NAME = "It stays as a step of the record; your name is taken out of it."


@dataclass(frozen=True)
class Person:
    """A user, with every address that was shown to be theirs."""

    user: object
    emails: tuple

    def is_at(self, model, link):
        """The rows of `model` whose `link` (a path to a user or to an address) leads here."""
        if not isinstance(field_at(model, link), models.EmailField):
            return Q(**{link: self.user.pk})
        return reduce(or_, (Q(**{f"{link}__iexact": email}) for email in self.emails), Q(pk=None))


def keep(rows, person):
    """Nothing is done: whoever is named in it is named by their account, which is emptied."""


def delete(rows, person):
    rows.delete()


def clear(**values):
    """Write these values over what the rows say."""
    return lambda rows, person: rows.update(**values)


@dataclass(frozen=True)
class Holding:
    """What `model` holds about whoever its `links` lead to.

    `title` and `fate` are words for that person; `shows` are the fields they may take away, none
    of which is a secret or tells about anybody else.
    """

    model: type
    title: str
    links: tuple
    shows: tuple
    fate: str = STAYS_WITHOUT_NAME
    erase: Callable = keep

    def rows(self, person):
        every = self.model._default_manager.order_by("pk")
        found = (person.is_at(self.model, link) for link in self.links)
        return every.filter(pk__in=every.filter(reduce(or_, found)).values("pk"))


def deed(model, title, *links):
    """What somebody did in their work: of it only the kind and the days are theirs."""
    shows = [field.name for field in model._meta.fields if field.choices or _is_moment(field)]
    return Holding(model, title, links, tuple(shows))


def _is_moment(field):
    return isinstance(field, models.DateField)


def field_at(model, path):
    """The field at the end of a path such as `affiliation__user`."""
    *way, last = path.split("__")
    for name in way:
        model = model._meta.get_field(name).related_model
    return model._meta.get_field(last)
