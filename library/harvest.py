"""What harvesters are told of: each public item, and each that was public, by when it changed.

The stamp of an item is when what everyone reads of it last changed, or when its hour came, if that
was later. Lists are in the order of stamps, so that what changes while somebody reads moves to the
end of the list, and never out of it.
"""

from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice

from django.db import connection
from django.db.models import Case, Exists, F, Func, OuterRef, Q, TextField, Value, When
from django.db.models.functions import Concat, Greatest, StrIndex
from django.db.models.lookups import GreaterThan
from django.utils.timezone import now

from library.citations import for_machines
from library.models import Departure, Item, Kind, Publisher
from members.models import Organisation, Theme

ORGANISATIONS_AT_ONCE = 500
# Each holds what the sets below it hold: "type" all of "type:report" and the others.
TOP_SETS = [("type", "By kind"), ("topic", "By theme"), ("org", "By publisher")]

# Who writes now has stamped rows that nobody sees yet; what Postgres does by itself stamps none.
SETTLED = """
SELECT least(%s, min(xact_start)) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend'
    AND backend_xid IS NOT NULL AND pid <> pg_backend_pid()
"""


def settled_until():
    """The moment up to which the list is complete: now, or when the oldest unfinished write began.

    What is stamped later is held back until it is settled: a harvester that comes back from this
    moment on misses nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(SETTLED, [now()])
        return cursor.fetchone()[0]


@dataclass(frozen=True, order=True)
class Place:
    """Where in the list somebody stands: after this item."""

    stamp: datetime
    item_id: int


@dataclass(frozen=True)
class Range:
    """Which part of the list is asked for; `before` is the first moment that no longer belongs."""

    wanted_set: str = ""
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True)
class Heading:
    """One line of the list. `item` is None if it is no longer public."""

    place: Place
    code: str
    sets: list
    item: object = None


# -- Sets -------------------------------------------------------------------------------------


def sets_of(item):
    """The names of the sets that a public item is in."""
    return [
        f"type:{item.kind}",
        *(f"org:{organisation.slug}" for organisation in item.publisher_list),
        *(f"topic:{theme.slug}" for theme in item.themes.all()),
    ]


def _in_set(name):
    """The condition for a public item to be in a set, or in one of those below it.

    Nothing is in a set that does not exist.
    """
    top, is_below, slug = name.partition(":")
    below = {
        "type": {"kind": slug},
        "org": {"publishings__organisation__slug": slug},
        "topic": {"themes__slug": slug},
    }
    above = {"type": {}, "org": {"publishings__isnull": False}, "topic": {"themes__isnull": False}}
    wanted = (below if is_below else above).get(top)
    return Q(pk__in=[]) if wanted is None else Q(pk__in=Item.objects.filter(**wanted).values("pk"))


def _was_in_set(name):
    """The same of an item that has left its sets."""
    if ":" in name:
        return Q(left_sets__contains=[name])
    sets = Func(F("left_sets"), Value(" "), function="array_to_string", output_field=TextField())
    return Q(GreaterThan(StrIndex(Concat(Value(" "), sets), Value(f" {name}:")), 0))


def all_sets(after=""):
    """(name of the set, its name for people) from the organisation `after` on; not all at once."""
    first = [] if after else [*TOP_SETS, *_sets_of_kinds(), *_sets_of_themes()]
    return first + [(f"org:{slug}", name) for slug, name in _publishers(after)]


def _sets_of_kinds():
    return [(f"type:{kind.value}", f"Kind: {kind.label}") for kind in Kind]


def _sets_of_themes():
    themes = Theme.objects.order_by("slug").values_list("slug", "name")
    return [(f"topic:{slug}", f"Theme: {name}") for slug, name in themes]


def _publishers(after):
    """Only those of public items: that somebody published a hidden one is hidden too."""
    published = Publisher.objects.filter(organisation=OuterRef("pk"))
    published = published.filter(item__in=Item.objects.for_everyone())
    organisations = Organisation.objects.filter(Exists(published), slug__gt=after)
    return organisations.order_by("slug").values_list("slug", "name")[:ORGANISATIONS_AT_ONCE]


# -- The list ---------------------------------------------------------------------------------


def headings(wanted, *, after, until, most, for_records):
    """The next `most` headings in a Range after a Place, none stamped later than `until`."""
    parts = [
        [_heading(item) for item in _loaded(items[:most], for_records)]
        for items in _items(wanted, after=after, until=until)
    ]
    gone = _departures(wanted, after=after, until=until)[:most]
    parts.append([_heading_of_departure(departure) for departure in gone])
    return list(islice(merge(*parts, key=lambda heading: heading.place), most))


def count(wanted, *, until):
    lists = [*_items(wanted, after=None, until=until)]
    lists.append(_departures(wanted, after=None, until=until))
    return sum(one.count() for one in lists)


def _loaded(items, for_records):
    return for_machines(items) if for_records else items.for_rows().prefetch_related("themes")


def _items(wanted, *, after, until):
    """Those whose hour has come, or had none; then those held back again until another hour."""
    moment = now()
    due = Item.objects.annotate(stamp=Greatest("changed_at", "visible_from"))
    due = due.filter(_ever_public_in(wanted.wanted_set))
    again = Item.objects.annotate(stamp=F("changed_at")).filter(
        has_been_public=True, visible_from__gt=moment
    )
    if wanted.wanted_set:
        again = again.filter(_was_in_set(wanted.wanted_set))
    until = min(until, moment)
    return [_between(items, wanted, after, until, "pk") for items in (due, again)]


def _ever_public_in(wanted_set):
    """The condition on an item whose hour has come."""
    public = Q(status="published", audience="public")
    if not wanted_set:
        return public | Q(has_been_public=True)
    left = Q(has_been_public=True) & _was_in_set(wanted_set) & ~public
    return public & _in_set(wanted_set) | left


def _departures(wanted, *, after, until):
    gone = Departure.objects.annotate(stamp=F("changed_at"))
    if wanted.wanted_set:
        gone = gone.filter(_was_in_set(wanted.wanted_set))
    return _between(gone, wanted, after, until, "item_id")


def _between(rows, wanted, after, until, number):
    rows = rows.filter(stamp__lte=until)
    if wanted.since:
        rows = rows.filter(stamp__gte=wanted.since)
    if wanted.before:
        rows = rows.filter(stamp__lt=wanted.before)
    if after:
        behind = Q(**{"stamp": after.stamp, f"{number}__lte": after.item_id})
        rows = rows.filter(~behind, stamp__gte=after.stamp)
    return rows.order_by("stamp", number)


def _heading(item):
    place = Place(item.stamp, item.pk)
    if item.is_public:
        return Heading(place, item.code, sets_of(item), item)
    return Heading(place, item.code, item.left_sets)


def _heading_of_departure(gone):
    return Heading(Place(gone.stamp, gone.item_id), gone.code, gone.left_sets)


# -- One, and the first -----------------------------------------------------------------------


def heading_of(code):
    """The heading of the item with a short code; None if the public never saw it."""
    moment = now()
    items = Item.objects.ever_public().filter(code=code)
    stamp = Case(
        When(visible_from__lte=moment, then=Greatest("changed_at", "visible_from")),
        default="changed_at",
    )
    for item in for_machines(items.annotate(stamp=stamp)):
        return _heading(item)
    gone = Departure.objects.annotate(stamp=F("changed_at")).filter(code=code).first()
    return _heading_of_departure(gone) if gone else None


def earliest():
    """No stamp is earlier, of a deleted item neither."""
    moment, everything = now(), Range()
    lists = [*_items(everything, after=None, until=moment)]
    lists.append(_departures(everything, after=None, until=moment))
    firsts = [one.values_list("stamp", flat=True).first() for one in lists]
    return min([moment, *filter(None, firsts)])
