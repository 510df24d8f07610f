"""What can be done to the library's items."""

from django.db import connection, transaction
from django.utils.timezone import now

from cja_portal.kit.moves import ImpossibleMove
from library.alert_tasks import look_for_alerts
from library.models import Item, Status
from members.audit import record


@transaction.atomic
def submit_item(item, *, by):
    """Hand a draft to staff."""
    _move(item, Status.SUBMITTED)
    item.save(update_fields=["status", "updated_at"])
    record(by, "library.submit", item)


@transaction.atomic
def return_item(item, *, by):
    """Make a submitted item a draft again."""
    _move(item, Status.DRAFT)
    item.save(update_fields=["status", "updated_at"])
    record(by, "library.return", item)


@transaction.atomic
def publish_item(item, *, by):
    """Put an item on the shelf, or one that was withdrawn back on it."""
    _move(item, Status.PUBLISHED)
    item.published_at = item.published_at or now()
    item.withdrawn_at, item.withdrawn_because = None, ""
    item.save(
        update_fields=[
            *("status", "published_at", "withdrawn_at", "withdrawn_because", "updated_at"),
        ]
    )
    refresh_search_names(Item.objects.filter(pk=item.pk))
    record(by, "library.publish", item)
    look_for_alerts()


@transaction.atomic
def withdraw_item(item, *, by, because):
    """Take an item off the shelf; its page keeps the citation and says why."""
    _move(item, Status.WITHDRAWN)
    if not because.strip():
        raise ImpossibleMove("Say why the item is withdrawn: readers will see it.")
    item.withdrawn_at, item.withdrawn_because = now(), because.strip()
    item.save(update_fields=["status", "withdrawn_at", "withdrawn_because", "updated_at"])
    record(by, "library.withdraw", item, because=item.withdrawn_because)


def _move(item, status):
    """Lock the item and give it its next state; raises ImpossibleMove."""
    item.refresh_from_db(from_queryset=Item.objects.select_for_update())
    if status not in Status.next_states[item.status]:
        raise ImpossibleMove(
            f"“{item}” is {Status(item.status).label.lower()}: it cannot become "
            f"{Status(status).label.lower()}."
        )
    item.status = status


REFRESH = """
WITH fresh AS (
    SELECT id, concat_ws(' . ',
        (SELECT string_agg(concat_ws(' . ', organisation.name, nullif(short_name, ''),
                nullif(array_to_string(former_names, ' . '), '')), ' . ' ORDER BY publisher.id)
            FROM library_publisher publisher
            JOIN members_organisation organisation ON organisation.id = organisation_id
            WHERE item_id = item.id),
        (SELECT string_agg(name, ' . ' ORDER BY id) FROM library_contributor
            WHERE item_id = item.id)
    ) AS names, concat_ws(' . ',
        (SELECT string_agg(name, ' . ' ORDER BY theme.id) FROM members_theme theme
            JOIN library_item_themes link ON link.theme_id = theme.id WHERE item_id = item.id),
        (SELECT string_agg(name, ' . ' ORDER BY area.id) FROM members_area area
            JOIN library_item_nations link ON link.area_id = area.id WHERE item_id = item.id)
    ) AS themes
    FROM library_item item WHERE id IN ({items})
)
UPDATE library_item SET search_names = names, search_themes = themes FROM fresh
WHERE fresh.id = library_item.id AND (search_names, search_themes) <> (names, themes)
"""


def refresh_search_names(items):
    """Copy the names and themes of `items` from other tables to where the search looks.

    To be called after a change of contributors, publishers, themes or nations, and after an
    organisation or theme changed its name. Writes only the rows whose words differ.
    """
    if items.query.is_empty():
        return
    chosen, parameters = items.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(REFRESH.format(items=chosen), parameters)
