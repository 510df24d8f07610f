"""Tags for the components in templates/components/; every template knows them."""

from functools import cache
from html import escape
from urllib.parse import quote

from django import template
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.utils.http import urlencode
from django.utils.safestring import mark_safe

from cja_portal.kit.markdown import render_markdown

register = template.Library()
register.filter("markdown", render_markdown)

NEUTRAL_PAGE = "https://www.bbc.co.uk/weather"


@register.simple_tag(takes_context=True)
def current_mark(context, address):
    """aria-current for a link: the page itself, or the room the page is in."""
    request = context.get("request")
    if not address or request is None or not request.path.startswith(address):
        return ""
    return mark_safe(f'aria-current="{"page" if request.path == address else "true"}"')


@cache
def _icon(name):
    return mark_safe(render_to_string(f"components/icons/{name}.svg").strip())


@register.simple_tag
def icon(name):
    return _icon(name)


@register.inclusion_tag("components/search_box.html")
def search_box(action, label, query="", suggest="", *, placeholder="", box_id="search", hidden=()):
    return {
        "action": action,
        "label": label,
        "query": query,
        "suggest": suggest,
        "placeholder": placeholder or label,
        "box_id": box_id,
        "hidden": _pairs(hidden),
    }


@register.inclusion_tag("components/facets.html", takes_context=True)
def facets(context, filter_groups, hidden=()):
    hidden = [(name, value) for name, value in _pairs(hidden) if value]
    address = context["request"].path
    return {
        "filter_groups": [group for group in filter_groups if group.choices],
        "has_selection": any(group.selected for group in filter_groups),
        "hidden": hidden,
        "address": address,
        "address_without_filters": f"{address}?{urlencode(hidden)}" if hidden else address,
    }


@register.simple_tag
def facet_choices(group, choices):
    """Check boxes, written without a template: a list has dozens of them.

    The id hangs on the value, so that the keyboard stays where it is when the list refreshes.
    """
    return mark_safe("\n".join(_facet_choice(group.name, choice) for choice in choices))


def _facet_choice(name, choice):
    nothing = ' class="nothing"' if choice.count == 0 and not choice.is_selected else ""
    checked = " checked" if choice.is_selected else ""
    figure = choice.about or choice.count
    shown = "" if figure is None else f"<span>{figure}</span>"
    box = f"facet-{name}-{quote(choice.value, safe='')}"
    return (
        f'<label{nothing}><input type="checkbox" id="{box}" name="{name}" '
        f'value="{escape(choice.value)}"{checked}>{escape(choice.label)}{shown}</label>'
    )


def _pairs(hidden):
    """Name and value of each hidden input, from a mapping or from pairs."""
    return list(hidden.items()) if hasattr(hidden, "items") else list(hidden or ())


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(*labels_and_addresses):
    """Label, address, label, address …; a label left over at the end is the page itself."""
    labels, addresses = labels_and_addresses[::2], labels_and_addresses[1::2]
    here = labels[-1] if len(labels) > len(addresses) else ""
    return {"links": list(zip(labels, addresses, strict=False)), "here": here}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context, page):
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    asked = context["request"].GET.copy()
    asked.pop("page", None)
    return {
        "page": page,
        "numbers": list(numbers) if page.has_other_pages() else [],
        "gap": Paginator.ELLIPSIS,
        "address": f"?{asked.urlencode()}{'&' if asked else ''}page=",
    }


@register.inclusion_tag("components/error_summary.html")
def error_summary(form):
    return {"general": form.non_field_errors(), "fields": _fields_with_errors(form)}


def _fields_with_errors(form):
    return [(_first_input_id(field), field.label, field.errors) for field in form if field.errors]


def _first_input_id(field):
    """Where a link to the field lands: a group of check boxes has no id of its own."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.inclusion_tag("components/quick_exit.html")
def quick_exit():
    return {"address": NEUTRAL_PAGE}


@register.inclusion_tag("components/print_button.html")
def print_button(label="Print this page"):
    return {"label": label}
