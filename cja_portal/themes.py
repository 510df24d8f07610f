"""What the rooms hold on a theme."""

from django.db.models import F, Func, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from cja_portal.home import grouped_by_goal
from dictionary.models import Entry
from dictionary.published import published
from library.models import Item
from members.models import Organisation, Theme

SHOWN = 6


def counted(user):
    """The themes, each with how much three of the rooms hold on it."""
    theme = OuterRef("pk")
    listed = Organisation.objects.visible_to(user).listed()
    return Theme.objects.annotate(
        word_count=_count(Entry.objects.visible_to(user).filter(topics=theme)),
        item_count=_count(Item.objects.visible_to(user).filter(themes=theme)),
        organisation_count=_count(listed.filter(themes=theme)),
    )


def by_goal(user):
    return grouped_by_goal(counted(user))


def words(theme, user):
    about = Entry.objects.visible_to(user).about(theme).select_related("current")
    return [published(entry) for entry in about[:SHOWN]]


def items(theme, user):
    return Item.objects.visible_to(user).about(theme).newest_first().for_rows()[:SHOWN]


def _count(rows):
    """The number of rows, as a subquery of its own: joins would multiply them."""
    found = Func(F("pk"), function="COUNT", output_field=IntegerField())
    return Coalesce(Subquery(rows.order_by().annotate(found=found).values("found")), 0)
