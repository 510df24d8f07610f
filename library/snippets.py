"""Showing in a result why it was found: the words that met the query, marked where they stand."""

import re
from html import unescape
from typing import NamedTuple
from urllib.parse import urlencode

from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString

from cja_portal.kit.addresses import quick_reverse
from cja_portal.kit.markdown import render_markdown
from cja_portal.kit.text import escape
from library.marking import NOTHING, best_window, marked, met_in, places_of, shortened

# Without any of these, Markdown is plain text: anywhere, or where a line begins.
SIGNS = "*_`<>&\\[]#|~="
BEGINNINGS_OF_LINES = re.compile(r"^(?:\s*(?:[-+]|\d+[.)])\s| {4}|\t|\s*-{3})", re.MULTILINE)


class Row(NamedTuple):
    """An item as a result shows it; everything but the item is safe HTML."""

    item: object
    title: str
    subtitle: str
    snippet: str = ""  # The part of the summary that met the query.
    opening: str = ""  # The beginning of the summary, where no part of it did.
    reason: str = ""  # What met the query where title and summary do not show it.
    page: object = None  # The best page of a file, as a PageHit.


class PageHit(NamedTuple):
    """A page of a file that met the query, or most of it."""

    address: str
    label: str
    title: str
    snippet: str
    has_all: bool


def plain_text(markdown):
    """The words of a Markdown text on one line."""
    if not (any(map(markdown.__contains__, SIGNS)) or _begins_a_block(markdown)):
        has_gaps = "\n" in markdown or "  " in markdown
        return " ".join(markdown.split()) if has_gaps else markdown.strip()
    return " ".join(unescape(strip_tags(render_markdown(markdown))).split()) if markdown else ""


def _begins_a_block(markdown):
    is_there = BEGINNINGS_OF_LINES.search if "\n" in markdown else BEGINNINGS_OF_LINES.match
    return is_there(markdown)


def rows_for(items, query, pages=()):
    """A row for each item, with one question to Postgres for all of them.

    `pages`: the best of each item, if any (`library.page_hits`).
    """
    summaries = [plain_text(item.summary) for item in items]
    if not (items and query and query.stems):
        pairs = zip(items, summaries, strict=True)
        return [_row(item, summary, NOTHING) for item, summary in pairs]
    texts = [*map(_text_of, items), *summaries, *(page.text for page in pages)]
    met = met_in(texts, query)
    items_by_id = {item.pk: item for item in items} if pages else {}
    best = {page.item: _page_hit(items_by_id[page.item], page, query, met) for page in pages}
    return [
        _row(item, summary, met, best.get(item.pk))
        for item, summary in zip(items, summaries, strict=True)
    ]


def _page_hit(item, page, query, met):
    address = quick_reverse("library:page-detail", item.slug, page.name, page.number)
    met = met if page.has_all else met.loosely
    return PageHit(
        address=f"{address}?{urlencode({'q': query.text})}",
        label=page.printed,
        title=page.title,
        snippet=marked(best_window(page.text, met), met),
        has_all=page.has_all,
    )


def _text_of(item):
    """All of the texts below, for their words."""
    names = [one for body in item.publisher_list for one in (body.name, body.short_name)]
    names += [one for body in item.publisher_list for one in body.former_names]
    names += [contributor.name for contributor in item.contributor_list]
    return "\n".join(
        [item.title, item.subtitle, item.series, item.number, item.subjects or "", *names]
    )


def _other_places(item):
    """Where else a query may meet an item: (what it is, the text)."""
    for organisation in item.publisher_list:
        yield "Published by", organisation.name
        if organisation.short_name:
            yield "Published by", organisation.short_name
        for former in organisation.former_names:
            yield "Published by what was once called", former
    for contributor in item.contributor_list:
        yield "By", contributor.name
    yield "In the series", f"{item.series} {item.number}".strip()
    for subject in (item.subjects or "").split(" . "):
        yield "About", subject


def _row(item, summary, met, page=None):
    title, subtitle = marked(item.known_as, met), marked(item.subtitle, met)
    window = best_window(summary, met)
    reason = ""
    if met.every and not window and "<mark>" not in title + subtitle:
        reason = _reason(item, met)
    return Row(
        item=item,
        title=title,
        subtitle=subtitle,
        snippet=marked(window, met) if window else "",
        opening="" if window else SafeString(escape(shortened(summary))),
        reason=reason,
        page=page,
    )


def _reason(item, met):
    found = ((what, text) for what, text in _other_places(item) if places_of(text, met))
    what, text = next(found, ("", ""))
    return format_html("{} {}", what, marked(text, met)) if text else ""
