"""Reading a document page by page: where the reader is, what it says, where the words met are."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property

from django.contrib.postgres.search import SearchQueryField
from django.db.models import F, Value
from django.db.models.functions import Cast
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from library.marking import best_window, marked, met_in, places_of, shortened
from library.models import Answers
from library.paragraphs import blocks_of, without_leaders
from library.running_lines import near, running_lines
from library.wording import any_of, quoted

MOST_SNIPPETS = 12


# -- The pages that answer a query -----------------------------------------------------------------


@dataclass(frozen=True)
class Hits:
    """The pages of a document that meet a query, in order: {number: label}.

    `is_loose`: none has all of the words, so that these have some of them.
    """

    pages: dict
    is_loose: bool = False

    def __bool__(self):
        return bool(self.pages)

    def __len__(self):
        return len(self.pages)

    @cached_property
    def numbers(self):
        return list(self.pages)

    def place(self, number):
        """ "3" for the third of them; None for a page that is none."""
        return self.numbers.index(number) + 1 if number in self.pages else None

    def before(self, number):
        place = bisect_left(self.numbers, number)
        return self.numbers[place - 1] if place else None

    def after(self, number):
        place = bisect_right(self.numbers, number)
        return self.numbers[place] if place < len(self.numbers) else None

    def nearest(self, number):
        """This page or the next of them; behind the last, the last."""
        return number if number in self.pages else self.after(number) or self.before(number)

    def around(self, number):
        """The few that are shown with their words."""
        place = bisect_left(self.numbers, number)
        first = max(0, min(place - MOST_SNIPPETS // 2, len(self) - MOST_SNIPPETS))
        return self.numbers[first : first + MOST_SNIPPETS]


def hits_in(pages, query):
    """The pages that have all of the words; else those that have some."""
    if not query.words:
        return Hits({})
    found = _meeting(pages, query.words)
    any_word = any_of(map(quoted, sorted(query.stems)))
    if found or not any_word:
        return Hits(found)
    return Hits(_meeting(pages, any_word), is_loose=True)


def _meeting(pages, words):
    query = Cast(Value(words), SearchQueryField())
    return dict(pages.filter(Answers(F("words"), query)).values_list("number", "label"))


# -- What a page says ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reading:
    """The text of a page and of the hits around it as safe HTML, marked as the list marks them."""

    html: str
    snippets: list  # (number, label, snippet) of hits
    before: int | None  # the numbers of the pages beside it
    after: int | None


def read(page, hits, query, pages):
    around = hits.around(page.number)
    rows = pages.filter(number__in=around).values_list("number", "label", "text")
    texts = [
        (number, label, without_leaders(" ".join(text.split()))) for number, label, text in rows
    ]
    others = near(page, pages)
    blocks = blocks_of(page.text, running_lines(page, others))
    shown = [page.text, *(text for _, _, text in texts)]
    met = met_in(shown, query)
    met = met.loosely if hits.is_loose else met
    return Reading(
        html=_html(blocks, _here(blocks, met) if page.number in hits.pages else met),
        snippets=[(number, label, _snippet(text, met)) for number, label, text in texts],
        before=max((one.number for one in others if one.number < page.number), default=None),
        after=min((one.number for one in others if one.number > page.number), default=None),
    )


def _here(blocks, met):
    """What to mark: of a phrase that goes on in another block its words."""
    whole = any(places_of(text, met) for block in blocks for text in block.texts)
    return met if whole else met.loosely


def _snippet(text, met):
    return marked(best_window(text, met) or shortened(text), met)


TAGS = {
    "heading": "h3",
    "paragraph": "p",
    "running": "p",
    "list": "ul",
    "numbered": "ul",
    "rows": "ul",
}


def _html(blocks, met):
    """The first block with a mark is where a link from a list of hits leads to."""
    parts, has_hit = [], False
    for block in blocks:
        texts = [marked(text, met) for text in block.texts]
        is_first = not has_hit and any("<mark>" in text for text in texts)
        has_hit = has_hit or is_first
        parts.append(_block(block.kind, texts, mark_safe(' id="hit"') if is_first else ""))
    return mark_safe("\n".join(parts))


def _block(kind, texts, place):
    tag = TAGS.get(kind, "ul")
    if tag != "ul":
        name = format_html(' class="{}"', kind) if kind == "running" else ""
        return format_html("<{}{}{}>{}</{}>", tag, name, place, texts[0], tag)
    entries = format_html_join("\n", "<li>{}</li>", [(text,) for text in texts])
    name = "" if kind == "list" else format_html(' class="{}" role="list"', kind)
    return format_html("<ul{}{}>\n{}\n</ul>", name, place, entries)


# -- Finding one's way -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Heading:
    """A line of the contents."""

    depth: int
    title: str
    number: int
    is_here: bool


def contents_of(document, number):
    """The outline, with the part marked that the page is in."""
    entries = [(depth, title, page) for depth, title, page in document.outline if page]
    here = max(
        (place for place, (_, _, page) in enumerate(entries) if page <= number), default=None
    )
    return [Heading(*entry, is_here=place == here) for place, entry in enumerate(entries)]


def number_of(pages, text):
    """The page meant by "iv" or "12": as printed, else as counted; None if there is none."""
    text = text.strip().lower().removeprefix("page").removeprefix("p.").strip()
    printed = pages.filter(label__iexact=text).values_list("number", flat=True).first()
    if printed or not text.isascii() or not text.isdigit():
        return printed if text else None
    return pages.filter(number=int(text[:9])).values_list("number", flat=True).first()
