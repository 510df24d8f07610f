"""What stands around a long list, as HTML: written here and not in templates, which take longer to
write the dozens of choices and pages than Postgres takes to find them.

Each function below is a part of it. What is put into the HTML has to be `escape`d.
"""

from urllib.parse import quote, urlencode

from cja_portal.kit.addresses import PLAIN
from cja_portal.kit.text import escape

GAP = "…"
FORM_ID = "narrow-down"


def query_but(query, *names):
    """A `QueryDict` as the end of an address without some of its names; blank if none is left."""
    left = [pair for pair in query.lists() if pair[0] not in names]
    return f"?{urlencode(left, doseq=True)}" if left else ""


# -- Narrowing down --------------------------------------------------------------------------------


def facets_form(filter_groups, hidden, address, icon, *, with_words=False):
    """The check boxes of all groups with choices; `hidden`: names and values to hand on.

    `with_words`: the search box of the page asks for the words of this form, which has no "q" of
    its own then, and is there even where nothing was found that could be narrowed down.
    """
    groups = [group for group in filter_groups if group.choices]
    if not (groups or with_words):
        return ""
    clear = _clear(hidden, address) if any(group.selected for group in groups) else ""
    fieldsets = "\n".join(map(_fieldset, groups))
    own = [pair for pair in hidden if not (with_words and pair[0] == "q")]
    return f"""
<form class="facets" id="{FORM_ID}" method="get" action="{escape(address)}" data-live \
aria-label="Narrow down">
{hidden_inputs(own)}<h2>Narrow down</h2>
<details>
<summary>Narrow down {icon("chevron-down")}</summary>
<div id="facet-groups">
{fieldsets}
<button class="button" type="submit">Apply</button>
{clear}</div>
</details>
</form>
"""


def hidden_inputs(pairs):
    return "".join(
        [
            f'<input type="hidden" name="{escape(name)}" value="{escape(str(value))}">\n'
            for name, value in pairs
        ]
    )


def _clear(hidden, address):
    to = f"{address}?{urlencode(hidden)}" if hidden else address
    return f'<a class="clear" href="{escape(to)}">Clear all</a>\n'


def _fieldset(group):
    return f"""<fieldset>
<legend>{escape(group.title)}</legend>
{_choices(group.name, group.shown)}{_folded(group)}
</fieldset>"""


def _folded(group):
    folded = group.folded
    if not folded:
        return ""
    under = f'<span class="visually-hidden"> under {escape(group.title)}</span>'
    return f"""
<details class="more" id="facet-{group.name}-more">
<summary>{len(folded)} more{under}</summary>
{_choices(group.name, folded)}
</details>"""


def _choices(name, choices):
    return "\n".join([_choice(name, choice) for choice in choices])


def _choice(name, choice):
    """The id hangs on the value, so that the keyboard stays where it is when the list refreshes."""
    nothing = ' class="nothing"' if choice.count == 0 and not choice.is_selected else ""
    checked = " checked" if choice.is_selected else ""
    figure = choice.about or choice.count
    shown = "" if figure is None else f"<span>{figure}</span>"
    value = choice.value
    box = f"facet-{name}-{value if PLAIN.fullmatch(value) else quote(value, safe='')}"
    return (
        f'<label{nothing}><input type="checkbox" id="{box}" name="{name}" '
        f'value="{escape(value)}"{checked}>{escape(choice.label)}{shown}</label>'
    )


# -- Pages -----------------------------------------------------------------------------------------


def pagination_nav(page, address, icon):
    """The ways to other pages by number; `address` is that of a page, but for its number."""
    if not page.has_other_pages():
        return ""
    address = escape(address)
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    entries = "\n".join([f"<li>{_number(one, page, address)}</li>" for one in numbers])
    hidden = '<span class="visually-hidden"> page</span>'
    before, after = page.number - 1, page.number + 1
    back = f'rel="prev" href="{address}{before}">{icon("arrow-back")}Previous{hidden}</a>'
    on = f'rel="next" href="{address}{after}">Next{hidden}{icon("arrow-right")}</a>'
    return f"""
<nav class="pagination" aria-label="Pages">
{f'<a class="step" {back}' if page.has_previous() else ""}
<ol>
{entries}
</ol>
<span class="where">Page {page.number} of {page.paginator.num_pages}</span>
{f'<a class="step" {on}' if page.has_next() else ""}
</nav>
"""


def _number(number, page, address):
    if not isinstance(number, int):
        return f'<span class="gap">{GAP}</span>'
    here = ' aria-current="page"' if number == page.number else ""
    said = f'<span class="visually-hidden">Page </span>{number}'
    return f'<a href="{address}{number}"{here}>{said}</a>'
