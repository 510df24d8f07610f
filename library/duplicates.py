"""What the library may hold already: shown with the reason, never in the way."""

from dataclasses import dataclass
from enum import IntEnum

from django.db.models import BigIntegerField, F, Func, IntegerField, Q, Value

from cja_portal.kit.database import SortKey
from library.models import Document, Item, Submission

NEAR = 6  # Bits of 64 in which the likeness of two nearly same texts may differ.
MOST = 5


class Grade(IntEnum):
    SAME_FILE = 1
    SAME_TITLE = 2
    NEAR_TEXT = 3


REASONS = {
    Grade.SAME_FILE: "It has the same file.",
    Grade.SAME_TITLE: "It has the same title, and the year does not differ.",
    Grade.NEAR_TEXT: "The text of its file is nearly the same.",
}


@dataclass(frozen=True)
class Likely:
    """An item that may be the same work; `submission` leads to an own one not yet published."""

    item: Item
    grade: Grade
    submission: Submission | None = None

    @property
    def reason(self):
        return REASONS[self.grade]


class Distance(Func):
    """In how many of 64 bits two numbers differ."""

    template = "bit_count((%(expressions)s)::bit(64))"
    arg_joiner = " # "
    output_field = IntegerField()


def likely_duplicates(item, items, documents):
    """Those among `items` and `documents` that may be the same work, the surest first.

    The two sets are what the reader may know of: nothing outside them is told, or counted.
    """
    found = {}
    for grade, pks in _searches(item, items.exclude(pk=item.pk), documents.exclude(item=item)):
        for pk in pks[:MOST]:
            found.setdefault(pk, grade)
    rows = Item.objects.for_rows().select_related("submission").in_bulk(found)
    return [Likely(rows[pk], grade, _way_to(rows[pk])) for pk, grade in found.items()][:MOST]


def known_to(user, organisations):
    """The items and files whose being there `user` may learn of, for the `likely_duplicates`.

    Beside what everyone sees these are the submissions of `organisations`, their own.
    """
    own = Item.objects.filter(owner__in=organisations, submission__isnull=False)
    seen = Item.objects.visible_to(user).values("pk")
    files = Document.objects.visible_to(user).values("pk")
    return (
        Item.objects.filter(Q(pk__in=seen) | Q(pk__in=own.values("pk"))),
        Document.objects.filter(Q(pk__in=files) | Q(item__in=own.values("pk"))),
    )


def _searches(item, items, documents):
    own = item.documents.current()
    hashes = list(own.values_list("sha256", flat=True))
    same = documents.filter(sha256__in=hashes)
    yield Grade.SAME_FILE, list(same.order_by().values_list("item", flat=True).distinct()[:MOST])
    yield Grade.SAME_TITLE, list(_same_title(item, items)[:MOST])
    for likeness in own.filter(likeness__isnull=False).values_list("likeness", flat=True):
        yield Grade.NEAR_TEXT, list(_near(likeness, documents)[:MOST])


def _same_title(item, items):
    same = items.filter(sort_title=SortKey(Value(item.title))) if item.title else items.none()
    if item.published_on:
        year = item.published_on.year
        same = same.filter(Q(published_on__isnull=True) | Q(published_on__year=year))
    return same.order_by("pk").values_list("pk", flat=True)


def _near(likeness, documents):
    """The item of each document whose text is nearly the same, the nearest first."""
    other = Value(likeness, output_field=BigIntegerField())
    near = documents.filter(likeness__isnull=False).annotate(far=Distance(F("likeness"), other))
    return near.filter(far__lte=NEAR).order_by("far", "pk").values_list("item", flat=True)


def _way_to(item):
    is_hidden = item.published_at is None or item.is_held_back
    return getattr(item, "submission", None) if is_hidden else None
