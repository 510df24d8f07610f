"""What the library adds to pages of other apps."""

from urllib.parse import urlencode

from django import template
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils.text import get_text_list

from library.models import Collection, Item, Status
from library.snippets import plain_text, rows_for
from members.models import Theme

register = template.Library()
ON_OTHER_PAGES = 10
ON_THE_FRONT = 4
NEW_IN_THEMES = 5
register.filter("plain", plain_text)


@register.inclusion_tag("library/_publications.html", takes_context=True)
def publications_of(context, organisation):
    """The newest publications of an organisation, with the way to all of them."""
    return _listed(context, "organisation", organisation, "publications")


@register.inclusion_tag("library/_publications.html", takes_context=True)
def items_about(context, theme):
    """The newest items on a theme, with the way to all of them."""
    return _listed(context, "theme", theme, "items")


def _listed(context, facet, thing, noun):
    items = Item.objects.visible_to(context["request"].user)
    items = items.published_by(thing) if facet == "organisation" else items.about(thing)
    return {
        "rows": rows_for(items.newest_first().for_rows()[:ON_OTHER_PAGES], None),
        "count": items.count(),
        "facet": facet,
        "thing": thing,
        "noun": noun,
        "most": ON_OTHER_PAGES,
    }


@register.filter
def host(address):
    """ "gov.uk" of https://www.gov.uk/…: so that readers see where a link leads."""
    return address.split("/")[2].removeprefix("www.") if "//" in address else ""


@register.inclusion_tag("library/_collections.html", takes_context=True)
def collections_in_short(context):
    visible = Collection.objects.visible_to(context["request"].user)
    return {"collections": visible[:ON_THE_FRONT]}


@register.inclusion_tag("library/_new_in_themes.html", takes_context=True)
def new_in_themes(context):
    """What came last to the library on the themes of a person's organisations."""
    user = context["request"].user
    themes = Theme.objects.filter(organisations__in=user.organisation_ids()).distinct()
    about = Item.themes.through.objects.filter(theme__in=themes).values("item")
    items = Item.objects.visible_to(user).filter(status=Status.PUBLISHED, pk__in=about).due()
    newest = items.order_by(Greatest("published_at", "visible_from").desc(), "-pk").for_rows()
    asked = [("theme", theme.slug) for theme in themes] + [("sort", "newest")]
    return {
        "rows": rows_for(newest[:NEW_IN_THEMES], None),
        "themes": get_text_list([theme.name for theme in themes], "and"),
        "more": f"{reverse('library:item-list')}?{urlencode(asked)}",
    }


@register.inclusion_tag("library/_keeping.html", takes_context=True)
def keeping(context):
    user = context["request"].user
    return {
        "shelf_count": user.shelves.count(),
        "search_count": user.saved_searches.count(),
    }
