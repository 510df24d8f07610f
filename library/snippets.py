"""Showing in a result why it was found: the words that met the query, marked where they stand.

Postgres' own `ts_headline` knows one spelling only. Here a word is marked if it is one of the
query's words after both were folded and stemmed alike: a search for "reoffending" marks
"re-offending".
"""

import re
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import urlencode

from django.db import connection
from django.utils.html import format_html, strip_tags
from django.utils.safestring import mark_safe

from cja_portal.kit.addresses import quick_reverse
from cja_portal.kit.markdown import render_markdown

WORD = re.compile(r"[^\W_]+(?:[-'’./][^\W_]+)*")
# What stands within a phrase such as "stop and search" without being looked for.
BETWEEN = re.compile(r" (?:(?:a|an|and|at|by|for|from|in|of|on|the|to|with) )*")
# Without any of these, Markdown is plain text: anywhere, or where a line begins.
SIGNS = re.compile(r"[*_`<>&\\\[\]#|~=]")
BEGINNINGS_OF_LINES = re.compile(r"^(?:\s*(?:[-+]|\d+[.)])\s| {4}|\t|\s*-{3})", re.MULTILINE)
SNIPPET_WORDS = 34
OPENING_WORDS = 40


@dataclass(frozen=True)
class Row:
    """An item as a result shows it; everything but the item is safe HTML."""

    item: object
    title: str
    subtitle: str
    snippet: str = ""  # The part of the summary that met the query.
    opening: str = ""  # The beginning of the summary, where no part of it did.
    reason: str = ""  # What met the query where title and summary do not show it.
    page: object = None  # The best page of a file, as a PageHit.


@dataclass(frozen=True)
class PageHit:
    """A page of a file that met the query, or most of it."""

    address: str
    label: str
    title: str
    snippet: str
    has_all: bool


def plain_text(markdown):
    """The words of a Markdown text on one line."""
    if not (SIGNS.search(markdown) or BEGINNINGS_OF_LINES.search(markdown)):
        return " ".join(markdown.split())
    return " ".join(unescape(strip_tags(render_markdown(markdown))).split()) if markdown else ""


def rows_for(items, query, pages=()):
    """A row for each item, with one question to Postgres for all of them.

    `pages`: the best of each item, if any (`library.page_hits`).
    """
    summaries = [plain_text(item.summary) for item in items]
    if not query or not query.stems:
        pairs = zip(items, summaries, strict=True)
        return [_row(item, summary, frozenset()) for item, summary in pairs]
    texts = [text for item in items for text in _texts_of(item)] + summaries
    texts += [page.text for page in pages]
    met = words_met(texts, query.stems)
    items_by_id = {item.pk: item for item in items} if pages else {}
    best = {page.item: _page_hit(items_by_id[page.item], page, query, met) for page in pages}
    return [
        _row(item, summary, met, best.get(item.pk))
        for item, summary in zip(items, summaries, strict=True)
    ]


def _page_hit(item, page, query, met):
    address = quick_reverse("library:page-detail", item.slug, page.name, page.number)
    return PageHit(
        address=f"{address}?{urlencode({'q': query.text})}",
        label=page.printed,
        title=page.title,
        snippet=marked(best_window(" ".join(page.text.split()), met), met),
        has_all=page.has_all,
    )


def _texts_of(item):
    return [item.title, item.subtitle, *(text for _, text in _other_places(item))]


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


STEMS = """
SELECT word
FROM unnest(%s::text[], string_to_array(library_words(%s), E'\\n')) AS one(word, folded)
WHERE tsvector_to_array(to_tsvector('english', folded)) && %s::text[]
"""
# Folding leaves the first letters of a word as they are, but for these.
BEGINNINGS = {"ja": {"ga"}, "in": {"en"}, "di": {"de"}, "fo": {"fe"}, "pa": {"pe"}, "an": {"an"}}


def words_met(texts, stems):
    """The words of `texts` that are, folded and stemmed, among `stems`."""
    likely = " ".join(_likely(set("\n".join(texts).split()), stems))
    words = sorted(_likely(set(WORD.findall(likely)), stems))
    with connection.cursor() as cursor:
        cursor.execute(STEMS, [words, "\n".join(words), sorted(stems)])
        return frozenset(word for (word,) in cursor.fetchall())


def _likely(words, stems):
    """Those that may have one of the stems: spares Postgres the pages' other words."""
    beginnings = {stem[:2] for stem in stems}
    beginnings |= {other for start in beginnings for other in BEGINNINGS.get(start, ())}
    return [
        word
        for word in words
        if word[:2].lower() in beginnings or not (word.isalnum() and word.isascii())
    ]


def _row(item, summary, met, page=None):
    title, subtitle = marked(item.title, met), marked(item.subtitle, met)
    window = best_window(summary, met)
    reason = ""
    if met and not window and not any(_meets(text, met) for text in (item.title, item.subtitle)):
        reason = _reason(item, met)
    return Row(
        item=item,
        title=title,
        subtitle=subtitle,
        snippet=marked(window, met) if window else "",
        opening="" if window else mark_safe(escape(shortened(summary))),
        reason=reason,
        page=page,
    )


def _reason(item, met):
    found = ((what, text) for what, text in _other_places(item) if _meets(text, met))
    what, text = next(found, ("", ""))
    return format_html("{} {}", what, marked(text, met)) if text else ""


def _meets(text, met):
    return _may_meet(text, met) and not met.isdisjoint(WORD.findall(text))


def _may_meet(text, met):
    """Quickly: whether the letters of a word are there, be they a word there or not."""
    return any(word in text for word in met)


def marked(text, met):
    """`text` as safe HTML with the words of `met` marked, neighbours under one mark."""
    pieces, end = [], 0
    for first, last in _runs(text, met) if _may_meet(text, met) else ():
        pieces += [escape(text[end:first]), "<mark>", escape(text[first:last]), "</mark>"]
        end = last
    return mark_safe("".join([*pieces, escape(text[end:])]))


def _runs(text, met):
    runs = []
    for found in WORD.finditer(text):
        if found[0] in met and runs and BETWEEN.fullmatch(text[runs[-1][1] : found.start()]):
            runs[-1] = (runs[-1][0], found.end())
        elif found[0] in met:
            runs.append(found.span())
    return runs


def best_window(text, met):
    """The part of `text` with the most different words of `met`; blank if it has none."""
    words = list(WORD.finditer(text)) if _may_meet(text, met) else []
    places = [place for place, word in enumerate(words) if word[0] in met]
    if not places:
        return ""
    best = max(places, key=lambda place: _variety(words, place, met))
    first = max(0, min(best - 6, len(words) - SNIPPET_WORDS))
    last = min(first + SNIPPET_WORDS, len(words)) - 1
    start = words[first].start() if first else 0
    end = words[last].end() if last < len(words) - 1 else len(text)
    return f"{'… ' if first else ''}{text[start:end]}{' …' if end < len(text) else ''}"


def _variety(words, place, met):
    return len({word[0].lower() for word in words[place : place + 24] if word[0] in met})


def shortened(text):
    words = text.split()
    return text if len(words) <= OPENING_WORDS else " ".join(words[:OPENING_WORDS]) + " …"
