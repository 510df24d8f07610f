"""What the library adds to pages of other apps."""

from urllib.parse import urlencode

from django import template
from django.db.models import Count, Subquery, Value
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils.text import get_text_list

from library.models import Collection, DocumentKind, Item, LinkCheck, Status
from library.permissions import MAY_PREPARE
from library.results import host, keep_link, kind_who_and_when, results, sort_links
from library.snippets import plain_text, rows_for
from members.models import Theme

register = template.Library()
ON_OTHER_PAGES = 10
ON_THE_FRONT = 4
NEW_IN_THEMES = 5
register.filter("plain", plain_text)
register.filter(host)
register.simple_tag(keep_link)
register.simple_tag(kind_who_and_when)
register.simple_tag(results)
register.simple_tag(sort_links)


@register.inclusion_tag("library/_publications.html", takes_context=True)
def publications_of(context, organisation):
    """The newest publications of an organisation, with the way to all of them."""
    return _listed(context, "organisation", organisation, "publications")


@register.inclusion_tag("library/_publications.html", takes_context=True)
def items_about(context, theme):
    """The newest items on a theme, with the way to all of them."""
    return _listed(context, "theme", theme, "items")


@register.inclusion_tag("library/_publish_link.html")
def publish_link(place, is_open):
    """For whoever may prepare works of the organisation of `place`, an affiliation.

    Where it cannot publish now, the link does not promise it.
    """
    organisation = place.organisation if place.has_role(*MAY_PREPARE) else None
    return {"organisation": organisation, "is_open": is_open}


def _listed(context, facet, thing, noun):
    items = Item.objects.visible_to(context["request"].user)
    items = items.published_by(thing) if facet == "organisation" else items.about(thing)
    shown = items.newest_first().for_rows().annotate(count=_count(items))[:ON_OTHER_PAGES]
    return {
        "rows": rows_for(shown, None),
        "count": shown[0].count if shown else 0,
        "facet": facet,
        "thing": thing,
        "noun": noun,
        "most": ON_OTHER_PAGES,
    }


def _count(items):
    """How many there are, asked together with the few that are shown."""
    one_group = items.order_by().values(all=Value(1))
    return Subquery(one_group.annotate(count=Count("*")).values("count"))


@register.filter
def link_check(item):
    """What we know of the address of an item; None if it was never asked."""
    return LinkCheck.objects.filter(address=item.link).first()


@register.filter
def begun_with(item):
    """What tells a work without a title from others: its first file, or where it is."""
    files = item.documents.all()
    return files[0].name if files else host(item.link)


@register.filter
def without_scheme(address):
    """An address as people write it on paper."""
    return address.partition("//")[2]


FORMATS = {
    "application/msword": "Word",
    "application/pdf": "PDF",
    "application/vnd.ms-excel": "Excel",
    "application/vnd.ms-powerpoint": "PowerPoint",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word",
    "text/plain": "plain text",
}


@register.filter
def file_format(document):
    """ "PDF" or "Word"; the ending of its name where the format has no name that people know."""
    return FORMATS.get(document.content_type, document.name.rpartition(".")[2].upper())


@register.filter
def file_title(document):
    """ "A report" for its main document, "A report: annex" for another without a title."""
    if document.title:
        return document.title
    is_main = document.kind == DocumentKind.MAIN
    title = document.item.title
    return title if is_main else f"{title}: {document.get_kind_display().lower()}"


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
