"""The hits of one page as plain rows: all that results show of twenty items, in one statement.

As models they would take three statements, and more time than the search itself.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils.timezone import now

from library.models import Item, Kind, LinkKind, Status
from library.models.audience import Audience, belongs_to
from library.models.described import Described

KINDS = dict(Kind.choices)


class FoundPublisher(NamedTuple):
    name: str
    short_name: str
    former_names: list


class FoundContributor(NamedTuple):
    name: str
    filed_as: str
    kind: str
    role: str


@dataclass
class Found(Described):
    """What a result shows of an item; the names are those of `Item`."""

    pk: int
    slug: str
    kind: str
    title: str
    subtitle: str
    summary: str
    published_on: date | None
    precision: str
    series: str
    number: str
    isbn: str
    doi: str
    language: str
    link: str
    link_kind: str
    status: str
    audience: str
    visible_from: datetime | None
    opens_files: bool  # Whether the reader may open its files, if it has any.
    subjects: str | None  # Themes and nations, as the search knows them.
    publisher_list: list
    contributor_list: list

    def __post_init__(self):
        self.publisher_list = [FoundPublisher(*one) for one in self.publisher_list or ()]
        self.contributor_list = [FoundContributor(*one) for one in self.contributor_list or ()]

    def get_kind_display(self):
        return KINDS.get(self.kind, "")

    def get_link_kind_display(self):
        return LinkKind(self.link_kind).label

    def get_status_display(self):
        return Status(self.status).label

    def get_audience_display(self):
        return Audience(self.audience).label


FOUND = """
SELECT item.id, slug, kind, title, subtitle, summary, published_on, precision, series, number, isbn,
    doi, language, link, link_kind, status, audience, visible_from, opens_files,
    (SELECT subjects FROM library_card WHERE item_id = item.id AND NOT is_partial),
    (SELECT json_agg(json_build_array(name, short_name, former_names) ORDER BY position, one.id)
        FROM library_publisher one JOIN members_organisation body ON body.id = organisation_id
        WHERE item_id = item.id),
    (SELECT json_agg(json_build_array(name, filed_as, one.kind, role) ORDER BY position, one.id)
        FROM library_contributor one WHERE item_id = item.id)
FROM library_item item JOIN ({seen}) AS seen (item_id, opens_files) ON seen.item_id = item.id
WHERE item.id = ANY(%(ids)s)
"""


def found(ids, user):
    """The items of the ids in their order, but for those that `user` may not see now."""
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(FOUND.format(seen=_seen_by(user).replace("%", "%%")), {"ids": ids})
        by_id = {row[0]: Found(*row) for row in cursor.fetchall()}
    return [by_id[pk] for pk in ids if pk in by_id]


def _seen_by(user):
    """The SQL of the items that `user` may see now, and whether their files too."""
    sql, values = _rule_for_everyone() if user.is_anonymous else _rule_for(user)
    moment = now()
    values = [moment if isinstance(value, datetime) else value for value in values]
    return connection.ops.compose_sql(sql, values)


@cache
def _rule_for_everyone():
    """Put together once, for of all that it says only the moment changes."""
    return _rule_for(AnonymousUser())


def _rule_for(user):
    opens_files = belongs_to(user, "files_audience") or Q(pk__isnull=False)
    items = Item.objects.visible_to(user).order_by()
    seen = items.values_list("pk", ExpressionWrapper(opens_files, BooleanField()))
    return seen.query.sql_with_params()
