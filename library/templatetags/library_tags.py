"""What the library adds to pages of other apps."""

from django import template

from library.models import Item, LinkCheck
from library.snippets import rows_for

register = template.Library()
ON_OTHER_PAGES = 10


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


@register.inclusion_tag("library/_link_state.html")
def link_state(item):
    """When the address of an item last answered, and a word of warning if it does not."""
    return {"check": LinkCheck.objects.filter(address=item.link).first() if item.link else None}


@register.filter
def host(address):
    """ "gov.uk" of https://www.gov.uk/…: so that readers see where a link leads."""
    return address.split("/")[2].removeprefix("www.") if "//" in address else ""
