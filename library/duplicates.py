"""What the library may hold already: shown with the reason, never in the way."""

from dataclasses import dataclass
from enum import IntEnum

from django.db.models import BigIntegerField, F, Func, IntegerField, Q, Value

from cja_portal.kit.database import SortKey
from library.models import Document, Item, Submission

NEAR = 6  # Bits of 64 in which the likeness of two nearly same texts may differ.
MOST = 5
MOST_ASKED = 200  # rows whose visibility is asked for, of each grade


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


@dataclass(frozen=True)
class Known:
    """Sets of items and of files that somebody may know of: to stand in one of them is enough.

    They are asked about a few rows at a time, which stays quick in a library of any size.
    """

    items: tuple
    documents: tuple

    def items_among(self, pks):
        return _among(self.items, pks)

    def documents_among(self, pks):
        return _among(self.documents, pks)


def _among(sets, pks):
    some = list(pks)
    return {pk for rows in sets for pk in rows.filter(pk__in=some).values_list("pk", flat=True)}


def known_to(user, organisations):
    """What everyone like `user` sees, and the submissions of `organisations`, their own."""
    own = Item.objects.filter(owner__in=organisations, submission__isnull=False)
    files = Document.objects.filter(item__owner__in=organisations, item__submission__isnull=False)
    return Known((Item.objects.visible_to(user), own), (Document.objects.visible_to(user), files))


def known_to_staff():
    """Everything, what was withdrawn as well."""
    return Known((Item.objects.all(),), (Document.objects.all(),))


def likely_duplicates(item, known):
    """Those among the `known` that may be the same work, the surest first.

    Nothing outside them is told, or counted.
    """
    found = {}
    for grade, pks in _searches(item, known):
        for pk in pks:
            found.setdefault(pk, grade)
    rows = Item.objects.for_rows().select_related("submission").in_bulk(found)
    return [Likely(rows[pk], grade, _way_to(rows[pk])) for pk, grade in found.items()][:MOST]


def _searches(item, known):
    """The grades and the items of each, the best first."""
    own = list(item.documents.current().values_list("sha256", "likeness"))
    others = Document.objects.exclude(item=item)
    same = others.filter(sha256__in=[sha256 for sha256, _ in own]).order_by("pk")
    yield Grade.SAME_FILE, _items_of(same, known)
    titles = list(_same_title(item).exclude(pk=item.pk)[:MOST_ASKED])
    allowed = known.items_among(titles)
    yield Grade.SAME_TITLE, [pk for pk in titles if pk in allowed]
    for _, likeness in own:
        yield Grade.NEAR_TEXT, _items_of(_near(likeness, others), known)


def _items_of(documents, known):
    rows = dict(documents.values_list("pk", "item")[:MOST_ASKED])
    allowed = known.documents_among(rows)
    return [item for pk, item in rows.items() if pk in allowed]


def _same_title(item):
    if not item.title:
        return Item.objects.none()
    same = Item.objects.filter(sort_title=SortKey(Value(item.title)))
    if item.published_on:
        year = item.published_on.year
        same = same.filter(Q(published_on__isnull=True) | Q(published_on__year=year))
    return same.order_by("pk").values_list("pk", flat=True)


def _near(likeness, documents):
    """Those whose text is nearly the same, the nearest first."""
    if likeness is None:
        return documents.none()
    other = Value(likeness, output_field=BigIntegerField())
    near = documents.filter(likeness__isnull=False).annotate(far=Distance(F("likeness"), other))
    return near.filter(far__lte=NEAR).order_by("far", "pk")


def _way_to(item):
    is_hidden = item.published_at is None or item.is_held_back
    return getattr(item, "submission", None) if is_hidden else None
