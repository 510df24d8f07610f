import pytest

from library.actions import (
    ImpossibleMove,
    publish_item,
    return_item,
    submit_item,
    withdraw_item,
)
from library.models import Item, Status
from members.models import AuditEvent
from tests.factories import (
    make_item,
    make_user,
)

pytestmark = pytest.mark.django_db
MOVES = {
    "submit": (submit_item, Status.SUBMITTED, {}),
    "return": (return_item, Status.DRAFT, {}),
    "publish": (publish_item, Status.PUBLISHED, {}),
    "withdraw": (withdraw_item, Status.WITHDRAWN, {"because": " It was wrong. "}),
}
POSSIBLE = {
    ("draft", "submit"),
    ("draft", "publish"),
    ("submitted", "return"),
    ("submitted", "publish"),
    ("changes-asked", "submit"),
    ("changes-asked", "publish"),
    ("declined", "return"),
    ("published", "withdraw"),
    ("withdrawn", "publish"),
}


@pytest.mark.parametrize("verb", MOVES)
@pytest.mark.parametrize("status", Status.values)
def test_each_move_is_possible_only_from_its_own_states(status, verb):
    item, staff = make_item(status=status), make_user()
    act, then, details = MOVES[verb]

    if (status, verb) not in POSSIBLE:
        with pytest.raises(ImpossibleMove, match="cannot become"):
            act(item, by=staff, **details)
        assert Item.objects.get().status == status
        assert not AuditEvent.objects.exists()
        return
    act(item, by=staff, **details)

    item = Item.objects.get()
    item.full_clean()
    assert item.status == then
    assert AuditEvent.objects.get().verb == f"library.{verb}"


def test_a_withdrawal_needs_a_reason():
    item = make_item()

    with pytest.raises(ImpossibleMove, match="Say why"):
        withdraw_item(item, by=None, because="  ")

    assert Item.objects.get().status == "published"


def test_a_withdrawn_item_that_returns_keeps_its_first_day():
    item = make_item()
    first = item.published_at

    withdraw_item(item, by=None, because="It was wrong.")
    publish_item(item, by=None)

    item = Item.objects.get()
    assert (item.published_at, item.withdrawn_at, item.withdrawn_because) == (first, None, "")


def test_a_stale_copy_cannot_move_twice():
    item = make_item()
    stale = Item.objects.get()
    withdraw_item(item, by=None, because="It was wrong.")

    with pytest.raises(ImpossibleMove):
        withdraw_item(stale, by=None, because="Again.")
