"""What the rooms hold on a theme."""

from django.db.models import F, Func, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from cja_portal.home import grouped_by_goal
from dictionary.models import Entry
from library.models import Item
from members.models import Organisation, Theme

SHOWN = 6


def by_goal(user):
    """(goal, its themes), each theme with how much every room holds on it."""
    themes = Theme.objects.annotate(
        word_count=_count(Entry.objects.visible_to(user).filter(topics=OuterRef("pk"))),
        item_count=_count(Item.objects.visible_to(user).filter(themes=OuterRef("pk"))),
        organisation_count=_count(
            Organisation.objects.visible_to(user).listed().filter(themes=OuterRef("pk"))
        ),
    )
    return grouped_by_goal(themes)


def words(theme, user):
    about = Entry.objects.visible_to(user).about(theme)
    return {"count": about.count(), "first": about.prefetch_related("senses")[:SHOWN]}


def items(theme, user):
    about = Item.objects.visible_to(user).about(theme)
    return {"count": about.count(), "first": about.newest_first().for_rows()[:SHOWN]}


def _count(rows):
    """The number of rows, as a subquery of its own: joins would multiply them."""
    found = Func(F("pk"), function="COUNT", output_field=IntegerField())
    return Coalesce(Subquery(rows.order_by().annotate(found=found).values("found")), 0)
