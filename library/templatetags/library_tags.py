"""What the library adds to pages of other apps."""

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe

from library.models import Audience, DocumentKind, Item, Status
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


@register.simple_tag
def kind_who_and_when(item):
    """Its kind, publishers and date in one line; written here, since long lists are full of it."""
    names = ", ".join(organisation.name for organisation in item.publisher_list)
    parts = [escape(part) for part in (item.get_kind_display(), names, item.date_in_words) if part]
    return mark_safe(" · ".join([*parts, *_state(item)]))


def _state(item):
    """A mark on what not everyone sees."""
    if item.status != Status.PUBLISHED:
        yield format_html('<span class="tag warn">{}</span>', item.get_status_display())
    elif item.audience != Audience.PUBLIC:
        yield format_html('<span class="tag">{}</span>', item.get_audience_display())
    elif not item.is_public:
        yield mark_safe('<span class="tag warn">Not yet visible</span>')


@register.filter
def host(address):
    """ "gov.uk" of https://www.gov.uk/…: so that readers see where a link leads."""
    return address.split("/")[2].removeprefix("www.") if "//" in address else ""


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


@register.filter
def printed(page):
    """What stands on the page, or which it is where nothing does."""
    return page.label or str(page.number)
