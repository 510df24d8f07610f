"""What the library adds to pages of other apps."""

from django import template

from library.models import Item
from library.permissions import MAY_PREPARE
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


@register.inclusion_tag("library/_publish_link.html")
def publish_link(place):
    """For whoever may prepare works of the organisation of `place`, an affiliation."""
    return {"organisation": place.organisation if place.has_role(*MAY_PREPARE) else None}


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
