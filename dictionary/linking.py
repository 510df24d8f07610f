"""Marking the dictionary's words in our own pages, once in each section.

It reads the HTML that our Markdown renderer or Django wrote, never a stranger's, and only inserts:
what `without_links` takes out again leaves the page byte for byte.
"""

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2s
from html import unescape

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import mark_safe

from dictionary.models import Entry
from dictionary.published import published
from dictionary.search import current_index
from dictionary.words import telling_matcher

PAGES_KEPT = 256
# Nothing within these is marked: they do something already, or they are not our sentence.
CLOSED = {
    *("a", "abbr", "button", "code", "dfn", "h1", "h2", "h3", "h4", "h5", "h6", "kbd", "label"),
    *("legend", "math", "nav", "option", "pre", "samp", "script", "select", "style", "summary"),
    *("svg", "template", "textarea"),
}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
INLINE = {"abbr", "b", "code", "del", "em", "i", "strong", "sub", "sup", "a", "span", "mark", "q"}
VOID = {"br", "hr", "img", "input", "wbr"}

_TAG = re.compile(
    r"""<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)(?P<rest>(?:"[^"]*"|'[^']*'|[^'"<>])*)>"""
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_FOREIGN = re.compile(r"""\b(?:lang="(?!en)|translate="no")""")
_OPENING = re.compile(r'<button type="button" class="word helped" popovertarget="w-[0-9a-f]+-\d+">')
_CLOSING = re.compile(
    r'</button><span class="meaning" id="w-[0-9a-f]+-\d+" popover>.*?</span><!--w-->', re.DOTALL
)


def linked(html, *, own=None, place="", index=None):
    """`html` with a button at the first use of each word in a section; `own` is never marked.

    Text that is not marked safe is escaped first. An answer is kept until the dictionary changes.
    """
    linker = _linker(index or current_index())
    return linker.linked(str(conditional_escape(html)), own, place)


def without_links(html):
    """What `linked` was given."""
    return mark_safe(_CLOSING.sub("", _OPENING.sub("", html)))


@lru_cache(maxsize=1)
def _linker(index):
    return _Linker(index)


class _Linker:
    """One state of the dictionary, with the pages that it has linked."""

    def __init__(self, index):
        self.matcher = telling_matcher(index)
        self.linked = lru_cache(maxsize=PAGES_KEPT)(self._linked)

    def _linked(self, html, own, place):
        html = without_links(html)
        page = _Page(html)
        uses = list(page.first_uses(self.matcher.find(page.plain), own))
        ids = {pk for _, _, keys in uses for pk in keys}
        rows = Entry.objects.published().select_related("current").in_bulk(ids)
        entries = {pk: published(row) for pk, row in rows.items()}
        return mark_safe(_with_buttons(html, uses, entries, place))


def _with_buttons(html, uses, entries, place):
    name = blake2s(html.encode(errors="replace"), digest_size=4).hexdigest()
    parts, read = [], 0
    for number, (start, end, keys) in enumerate(uses, start=1):
        meant = [entries[pk] for pk in keys if pk in entries]
        if meant:
            id_ = f"w-{name}-{number}"
            opening = f'<button type="button" class="word helped" popovertarget="{id_}">'
            parts += [html[read:start], opening, html[start:end], _meaning(id_, meant, place)]
            read = end
    return "".join([*parts, html[read:]])


def _meaning(id_, entries, place):
    """The end of the button, and the meaning that it opens, next to it for those who listen."""
    senses = [sense for sense in (entry.sense_for(place) for entry in entries) if sense]
    says = format_html_join(
        "",
        '<span class="says"><b>{}</b> ({}): {} <a href="{}">More<span class="visually-hidden">'
        " about {}</span></a></span>",
        ((one.name, one.place, one.gist, one.get_absolute_url(), one.name) for one in senses),
    )
    return format_html(
        '</button><span class="meaning" id="{}" popover>{}<span class="ways"><button type="button" '
        'class="button quiet" popovertarget="{}" popovertargetaction="hide">Close</button></span>'
        "</span><!--w-->",
        id_,
        says,
        id_,
    )


@dataclass
class _Run:
    """Letters of the page that stand together, in the plain text and in the HTML."""

    plain: int
    html: int
    length: int
    html_length: int
    stretch: int  # runs of one stretch have no tag between them
    is_open: bool


class _Page:
    """The text of a page, section by section, and where each letter of it stands in the HTML."""

    def __init__(self, html):
        self.html = html
        self.runs, self.sections = [], [0]
        self._parts, self._length = [], 0
        self._closed, self._names, self._stretch = [], Counter(), 0
        self._read()
        self.plain = "".join(self._parts)
        self._starts = [run.plain for run in self.runs]

    def first_uses(self, matches, own):
        """(start, end, keys) in the HTML of what may be marked, each entry once in a section."""
        section, met = 0, set()
        for match in matches:
            if (here := bisect_right(self.sections, match.start)) != section:
                section, met = here, set()
            keys = tuple(pk for pk in match.keys if pk != own)
            stretch = self._stretch_of(match) if keys == match.keys else None
            if stretch and met.isdisjoint(keys):
                met.update(keys)
                yield *stretch, keys

    def _stretch_of(self, match):
        first, last = self._run_at(match.start), self._run_at(match.end - 1)
        if not (first and last and first.is_open and first.stretch == last.stretch):
            return None
        start = first.html + match.start - first.plain
        is_entity = last.html_length != last.length
        end = last.html_length if is_entity else match.end - last.plain
        return start, last.html + end

    def _run_at(self, place):
        run = self.runs[bisect_right(self._starts, place) - 1] if self.runs else None
        return run if run and run.plain <= place < run.plain + run.length else None

    def _read(self):
        read = 0
        for tag in _TAG.finditer(self.html):
            self._add_text(read, tag.start())
            self._add_tag(tag)
            read = tag.end()
        self._add_text(read, len(self.html))

    def _add_text(self, start, end):
        read = start
        for entity in _ENTITY.finditer(self.html, start, end):
            self._add_run(read, entity.start())
            self._add_run(*entity.span(), text=unescape(entity.group()))
            read = entity.end()
        self._add_run(read, end)

    def _add_run(self, start, end, text=None):
        text = self.html[start:end] if text is None else text
        if text:
            is_open = not self._closed
            run = _Run(self._length, start, len(text), end - start, self._stretch, is_open)
            self.runs.append(run)
            self._add(text)

    def _add(self, text):
        self._parts.append(text)
        self._length += len(text)

    def _add_tag(self, tag):
        name = tag["name"].lower()
        self._stretch += 1
        if name not in INLINE:
            self._add("\n" if name == "br" else "\n\n")
        if name in HEADINGS and not tag["end"]:
            self.sections.append(self._length)
        if tag["end"]:
            self._leave(name)
        elif name not in VOID and (self._closed or _is_closed(name, tag["rest"])):
            self._closed.append(name)
            self._names[name] += 1

    def _leave(self, name):
        """Out of a closed element; those within it that never ended go with it."""
        while self._names[name]:
            last = self._closed.pop()
            self._names[last] -= 1
            if last == name:
                break


def _is_closed(name, attributes):
    return name in CLOSED or bool(_FOREIGN.search(attributes))
