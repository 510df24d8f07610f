"""What a file says that the one whose place it took did not, page by page.

Paragraphs are compared first, so that text that only moved to another page is no change, and then
the words of those that differ. Running titles and numbers of pages are left out.
"""

from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import NamedTuple

from django.core.cache import cache

from cja_portal.kit.differences import Piece, pieces_between
from library.models import Reading
from library.paragraphs import SENTENCE_END, blocks_of
from library.running_lines import NEAR, Ends, count_running

MOST_PAGES = 400
MOST_PAIRS = 2_000_000  # Pairs of words in all: a page of a minute would be no page.
KEPT = 3600  # seconds


class Paragraph(NamedTuple):
    """`page`: (number in the file, number as printed)."""

    page: tuple
    text: str


@dataclass
class ChangedPage:
    """A page of the newer file; each stretch is a list of pieces that stayed, went or came."""

    number: int
    printed: str
    stretches: list = field(default_factory=list)


def former_of(document):
    """The file whose place it took; None if there is none, or the text of either was not read."""
    return former_among(document.item.documents.filter(removed_in=document.added_in_id), document)


def former_among(documents, document):
    """The same, looked for among `documents`."""
    if document.added_in_id is None or document.reading != Reading.READ:
        return None
    fitting = (document.added_in_id, Reading.READ, document.kind, document.language)
    for one in documents:
        if (one.removed_in_id, one.reading, one.kind, one.language) == fitting:
            return one
    return None


def are_too_long(older, newer):
    return max(older.page_count, newer.page_count) > MOST_PAGES


def changed_pages(older, newer):
    """The pages of `newer` that differ, in order; kept for an hour, for it takes its time."""
    key = f"library.changes.{older.pk}.{newer.pk}"
    return cache.get_or_set(key, lambda: _changed_pages(older, newer), KEPT)


def _changed_pages(older, newer):
    before, after = paragraphs_of(older), paragraphs_of(newer)
    pages, left = {}, MOST_PAIRS
    for gone, came, page in _differences(before, after):
        changed = pages.setdefault(page, ChangedPage(*page))
        left -= len(gone.split()) * len(came.split())
        changed.stretches.append(pieces_between(gone, came) if left >= 0 else _whole(gone, came))
    return list(pages.values())


def _whole(gone, came):
    pieces = Piece(gone, is_gone=True), Piece(came, is_new=True)
    return [piece for piece in pieces if piece.text]


def _differences(before, after):
    """(what went, what came, where) of each stretch that differs."""
    texts = [[paragraph.text for paragraph in some] for some in (before, after)]
    for kind, i, j, k, m in SequenceMatcher(None, *texts).get_opcodes():
        if kind != "equal":
            page = _page_of(before[i:j], after[k:m] or after[max(k - 1, 0) :])
            yield "\n\n".join(texts[0][i:j]), "\n\n".join(texts[1][k:m]), page


def _page_of(gone, came):
    """That of the newer file, if there is anything left in it."""
    return (came or gone)[0].page


def paragraphs_of(document):
    """All of its text, but for running lines; a paragraph that goes on overleaf is one."""
    pages = list(document.pages.order_by("number").defer("words"))
    ends = [Ends.of(page.number, page.text, page.text) for page in pages]
    found = []
    for place, page in enumerate(pages):
        others = ends[max(0, place - NEAR) : place] + ends[place + 1 : place + 1 + NEAR]
        for text in _texts_of(page, count_running(ends[place], others)):
            _add(found, Paragraph((page.number, page.printed), text))
    return found


def _texts_of(page, running):
    blocks = [block for block in blocks_of(page.text, running) if block.kind != "running"]
    return [text for block in blocks for text in block.texts]


def _add(found, paragraph):
    goes_on = found and found[-1].page != paragraph.page and paragraph.text[:1].islower()
    if goes_on and not SENTENCE_END.search(found[-1].text):
        paragraph = Paragraph(found[-1].page, f"{found.pop().text} {paragraph.text}")
    found.append(paragraph)
