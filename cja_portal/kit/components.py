"""Tags for the components in templates/components/; every template knows them."""

from functools import cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from cja_portal.kit.addresses import quick_reverse
from cja_portal.kit.lists import FORM_ID, facets_form, hidden_inputs, pagination_nav, query_but
from cja_portal.kit.markdown import render_markdown
from cja_portal.kit.templates import kept
from cja_portal.kit.text import escape

register = template.Library()
register.filter("markdown", render_markdown)
register.tag(kept)
# `url` for pages with very many links: a tenth of its price.
register.simple_tag(quick_reverse, name="address")

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


@register.simple_tag
def search_box(action, label, query="", suggest="", *, placeholder="", box_id="search", hidden=()):
    """The large search form; `suggest`: the address of search as one types.

    Written here like the parts of a list, for it stands on the pages that are asked for most.
    """
    action, label = escape(str(action)), escape(str(label))
    suggesting = f' data-suggest="{escape(str(suggest))}"' if suggest else ""
    return mark_safe(f"""\
<form class="ask" role="search" aria-label="{label}" action="{action}" method="get">
{hidden_inputs(_pairs(hidden))}{_words_asked(label, query, placeholder, box_id, suggesting)}
</form>""")


@register.simple_tag
def words_box(label, query="", *, placeholder=""):
    """The search box of a page with `facets with_words=True`: words and choices are one form."""
    label, of_form = escape(str(label)), f' form="{FORM_ID}"'
    return mark_safe(f"""\
<div class="ask" role="search" aria-label="{label}">
{_words_asked(label, query, placeholder, "search", of_form, of_form)}
</div>""")


def _words_asked(label, query, placeholder, box_id, on_input, on_button=""):
    """What both have: `label` is escaped already, the last two are attributes."""
    query, hint = escape(str(query)), escape(str(placeholder)) or label
    return f"""\
<label class="visually-hidden" for="{box_id}">{label}</label>
<div class="ask-field"><input type="search" id="{box_id}" name="q" \
value="{query}" placeholder="{hint}" maxlength="200" autocomplete="off" autocapitalize="off" \
spellcheck="false" enterkeyhint="search"{on_input}></div>
<button type="submit"{on_button}>{_icon("search")}<span>Search</span></button>"""


@register.simple_tag(takes_context=True)
def facets(context, filter_groups, hidden=(), *, with_words=False):
    """Check boxes to narrow a list down; `hidden`: what of its query string is to be kept."""
    hidden = [(name, value) for name, value in _pairs(hidden) if value]
    address = context["request"].path
    return mark_safe(facets_form(filter_groups, hidden, address, _icon, with_words=with_words))


def _pairs(hidden):
    """Name and value of each hidden input, from a mapping or from pairs."""
    return list(hidden.items()) if hasattr(hidden, "items") else list(hidden or ())


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(*labels_and_addresses):
    """Label, address, label, address …; a label left over at the end is the page itself."""
    labels, addresses = labels_and_addresses[::2], labels_and_addresses[1::2]
    here = labels[-1] if len(labels) > len(addresses) else ""
    return {"links": list(zip(labels, addresses, strict=False)), "here": here}


@register.simple_tag(takes_context=True)
def pagination(context, page):
    asked = query_but(context["request"].GET, "page")
    address = f"{asked}&page=" if asked else "?page="
    return mark_safe(pagination_nav(page, address, _icon))


@register.inclusion_tag("components/error_summary.html")
def error_summary(form):
    """All errors of the form, which then does not tell those of the whole form once more."""
    form.is_summed_up = True
    return {"general": form.non_field_errors(), "fields": _fields_with_errors(form)}


def _fields_with_errors(form):
    return [
        (_first_input_id(field), _before_a_sentence(field.label), field.errors)
        for field in form
        if field.errors
    ]


def _before_a_sentence(label):
    return label if label.endswith("?") else f"{label}:"


def _first_input_id(field):
    """Where a link to the field lands: a group of check boxes has no id of its own."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.inclusion_tag("components/quick_exit.html")
def quick_exit():
    return {"address": NEUTRAL_PAGE}


@register.inclusion_tag("components/print_button.html")
def print_button(label="Print this page"):
    return {"label": label}
