"""Finding the page that a quotation comes from, and how far it is word for word.

Three of the six rarest words of the quotation must stand on a page for it to be looked at, so a
quotation with a few wrong words still finds its page. Those pages are then compared word by word.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from django.contrib.postgres.search import SearchQueryField, SearchRank
from django.db import connection
from django.db.models import F, Prefetch, Value, prefetch_related_objects
from django.db.models.functions import Cast
from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from cja_portal.kit.text import fold
from library.models import Answers, Document, Page

# Of the few that are shown: with all candidates they would take longer than finding these.
WITH_ITEM = Prefetch("document", Document.objects.select_related("item").defer("item__text_words"))
FEWEST_WORDS, MOST_WORDS = 4, 200
RAREST, TOGETHER = 6, 3
MOST_COMPARED = 30  # pages
MOST_SHOWN = 3
LEAST_ALIKE = 0.7
OVERLAP = 60  # words of the pages before and after, as a sentence may run over the edge
SURROUNDINGS = 12  # words shown before and after

WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
SIGNS = re.compile(r"[^\w\s]*")
OPENING = re.compile(r"\s([^\w\s]*)$")


@dataclass(frozen=True)
class Said:
    """A text as words that can be compared, each with its place in the text."""

    text: str

    @cached_property
    def spans(self):
        return [found.span() for found in WORD.finditer(self.text)]

    @cached_property
    def words(self):
        return [fold(self.text[first:last]) for first, last in self.spans]

    def between(self, first, last):
        """The text from word `first` up to before word `last`."""
        return self.text[self.spans[first][0] : self.spans[last - 1][1]] if first < last else ""

    def stretch(self, first, last):
        """The same with the comma or the full stop after the last word."""
        if first >= last:
            return ""
        return self.text[self.spans[first][0] : self.end_of(last - 1)]

    def end_of(self, word):
        """Where it ends with the comma or the full stop after it."""
        return SIGNS.match(self.text, self.spans[word][1]).end()

    def start_of(self, word):
        """Where it begins with the bracket or the quotation mark before it."""
        start = self.spans[word][0]
        opening = OPENING.search(self.text[self.spans[word - 1][1] : start]) if word else None
        return start - len(opening[1]) if opening else start


@dataclass(frozen=True)
class Place:
    """Where a quotation was found, and what the document says there."""

    page: Page
    quote: Said
    source: Said
    first: int  # The words of the source that answer the quotation: from here
    last: int  # up to before here.

    @cached_property
    def steps(self):
        """What turns the words of the quotation into those of the document, in order."""
        found = self.source.words[self.first : self.last]
        return list(Levenshtein.opcodes(self.quote.words, found))

    @cached_property
    def differences(self):
        """(words of the quotation, words of the document)"""
        return [
            (
                self.quote.between(step.src_start, step.src_end),
                self.source.between(self.first + step.dest_start, self.first + step.dest_end),
            )
            for step in self.steps
            if step.tag != "equal"
        ]

    @cached_property
    def pieces(self):
        """(what stands in both, only in the quotation, only in the document), in order."""
        pieces = []
        for step in self.steps:
            stands = self._between(self.first + step.dest_start, self.first + step.dest_end)
            quoted = self.quote.stretch(step.src_start, step.src_end)
            pieces.append((stands, "", "") if step.tag == "equal" else ("", quoted, stands))
        return pieces

    def _between(self, first, last):
        """The document up to before its next word, so that all pieces together are its wording."""
        if first == last:
            return ""
        spans, is_end = self.source.spans, last == self.last
        start = spans[first][0] if first == self.first else self.source.start_of(first)
        end = self.source.end_of(last - 1) if is_end else self.source.start_of(last)
        return self.source.text[start:end].rstrip()

    @property
    def is_exact(self):
        return not self.differences

    @cached_property
    def alikeness(self):
        """The share of words that are the same, from 0 to 1."""
        found = self.source.words[self.first : self.last]
        return Levenshtein.normalized_similarity(self.quote.words, found)

    @property
    def before(self):
        return self.source.stretch(max(self.first - SURROUNDINGS, 0), self.first)

    @property
    def after(self):
        end = min(self.last + SURROUNDINGS, len(self.source.spans))
        return self.source.stretch(self.last, end)

    @property
    def wording(self):
        """The words of the document, with its own punctuation."""
        return self.source.stretch(self.first, self.last)


def find_quote(text, user):
    """The places where the library says `text`, the likest first; only what `user` may open."""
    quote = Said(text)
    pages = _candidates(text, user)
    likest = sorted(pages, key=lambda page: -_likeness(quote, page.text))[: 2 * MOST_SHOWN]
    around = _neighbours(likest)
    places = [_place(quote, page, around) for page in likest]
    good = [place for place in places if place.alikeness >= LEAST_ALIKE]
    shown = _once_each(sorted(good, key=lambda place: (-place.alikeness, place.page.pk)))
    prefetch_related_objects([place.page for place in shown], WITH_ITEM)
    return shown


def _candidates(text, user):
    """The pages with three of the rarest words, those with most of all words first."""
    stems = _stems_rarest_first(text)
    if not stems:
        return []
    wanted, all_stems = _any_three(stems[:RAREST]), _as_tsquery(" | ".join(stems))
    pages = Page.objects.visible_to(user).filter(Answers(F("words"), wanted))
    pages = pages.annotate(rank=SearchRank(F("words"), all_stems)).order_by("-rank", "pk")
    return list(pages.defer("words")[:MOST_COMPARED])


STEMS = """
SELECT quote_literal(stem) FROM
    unnest(tsvector_to_array(to_tsvector('english', library_words(%s)))) AS stem
LEFT JOIN (
    SELECT common.stem, common.share FROM pg_stats,
        ROWS FROM (unnest(most_common_elems::text::text[]), unnest(most_common_elem_freqs))
            AS common(stem, share)
    WHERE schemaname = current_schema() AND tablename = 'library_page' AND attname = 'words'
) AS common USING (stem)
ORDER BY coalesce(share, 0), length(stem) DESC, stem
"""


def _stems_rarest_first(text):
    """Quoted for a tsquery; how rare each is, Postgres counted when it last looked."""
    with connection.cursor() as cursor:
        cursor.execute(STEMS, [text])
        return [stem for (stem,) in cursor.fetchall()]


def _any_three(stems):
    together = min(TOGETHER, len(stems))
    return _as_tsquery(" | ".join(f"({' & '.join(few)})" for few in combinations(stems, together)))


def _as_tsquery(words):
    return Cast(Value(words), SearchQueryField())


def _likeness(quote, text):
    return fuzz.partial_ratio(quote.words, Said(text).words)


def _neighbours(pages):
    """{(document, number): text} of the pages beside these."""
    wanted = {(page.document_id, page.number + step) for page in pages for step in (-1, 1)}
    numbers = {number for _, number in wanted}
    documents = {document for document, _ in wanted}
    beside = Page.objects.filter(document__in=documents, number__in=numbers)
    found = {(page.document_id, page.number): page.text for page in beside.defer("words")}
    return {key: text for key, text in found.items() if key in wanted}


def _place(quote, page, around):
    """The stretch of the page, and of the edges of its neighbours, that is likest the quotation."""
    before = _tail(around.get((page.document_id, page.number - 1), ""))
    after = _head(around.get((page.document_id, page.number + 1), ""))
    source = Said("\n".join([before, page.text, after]))
    first, last = _window(quote.words, source.words)
    return Place(page, quote, source, first, last)


def _tail(text):
    said = Said(text)
    return text[said.spans[-OVERLAP][0] :] if len(said.spans) > OVERLAP else text


def _head(text):
    said = Said(text)
    return text[: said.spans[OVERLAP][0]] if len(said.spans) > OVERLAP else text


def _window(wanted, words):
    """From where to where `words` are likest `wanted`, to the word."""
    if len(words) <= len(wanted):
        return 0, len(words)
    likest = fuzz.partial_ratio_alignment(wanted, words)
    first, last, room = likest.dest_start, likest.dest_end, 2 + len(wanted) // 4

    def alikeness(first, last):
        return Levenshtein.normalized_similarity(wanted, words[first:last])

    ends = range(max(first + 1, last - room), min(last + room, len(words)) + 1)
    last = max(ends, key=lambda end: alikeness(first, end))
    starts = range(max(first - room, 0), min(first + room, last))
    first = max(starts, key=lambda start: alikeness(start, last))
    return first, max(ends, key=lambda end: alikeness(first, end))


def _once_each(places):
    """Without the same stretch found again from the page beside it."""
    shown = {}
    for place in places:
        key = (place.page.document_id, place.wording)
        shown.setdefault(key, place)
    return list(shown.values())[:MOST_SHOWN]
