"""What can be done to the library's items."""

from django.db import transaction
from django.utils.timezone import now

from cja_portal.kit.moves import ImpossibleMove
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
    record(by, "library.publish", item)


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
