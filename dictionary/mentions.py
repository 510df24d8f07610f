"""Where the library uses the words of the dictionary: found in the background, read with care.

What was read, and against which state of the dictionary, is stamped (MentionScan); whatever bears
an old stamp is read again. So it never matters who woke the search, nor whether a call was lost.
"""

import re

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import Exists, F, OuterRef

from cja_portal.kit.text import sentences
from dictionary.models import Entry, Mention, MentionScan
from dictionary.models.mention import EVERYONE
from dictionary.published import published
from dictionary.search import current_stamp
from dictionary.words import entries_in, library_matcher
from library.models import Document, Item, Language, Page, Reading
from library.paragraphs import blocks_of

# The dictionary's own booklet stands in the library too, and is no use of its words.
BOOKLET = "criminal-justice-dictionary"
USES = 3
MOST_READ = 60  # mentions looked at for the few that are shown
MOST_WORDS = 12
# What is shorter on a page is a heading or a row of a table; what is longer is too long to quote.
SHORTEST, LONGEST = 30, 320  # characters
PROSE = {"paragraph", "list", "numbered"}
_WHOLE = re.compile(r"[.!?][\"”’)]*$")
_MARKDOWN = re.compile(r"[*_`>#]+|!?\[([^\]]*)\]\([^)]*\)")


# -- Finding ---------------------------------------------------------------------------------------


def find_mentions():
    """Read every item that changed, or that an older dictionary read; gives how many."""
    stamp, count = current_stamp(), 0
    for pk in list(_outdated(stamp)):
        count += _read(pk, stamp)
    return count


def _outdated(stamp):
    fresh = MentionScan.objects.annotate(
        readable=ArraySubquery(_readable(OuterRef("item")))
    ).filter(dictionary=stamp, item_changed_at=F("item__updated_at"), documents=F("readable"))
    return Item.objects.exclude(pk__in=fresh.values("item")).values_list("pk", flat=True)


def _readable(item):
    """The ids of an item's English files that everyone may open, in the order of reading."""
    files = Document.objects.current().visible_to(EVERYONE).exclude(item__slug=BOOKLET)
    files = files.filter(item=item, reading=Reading.READ, language=Language.ENGLISH)
    return files.order_by("position", "pk").values_list("pk", flat=True)


@transaction.atomic
def _read(pk, stamp):
    """The item is held while it is read, so that the stamp is true."""
    item = Item.objects.select_for_update().filter(pk=pk).first()
    if item is None:
        return 0
    documents = list(_readable(pk))
    _write(item, [*_mentions_in_record(item), *_mentions_in_files(item, documents)])
    state = {"item_changed_at": item.updated_at, "documents": documents, "dictionary": stamp}
    MentionScan.objects.update_or_create(item=item, defaults=state)
    return 1


def _write(item, found):
    """Keep the mentions that still stand as they are, so that `found_at` stays true."""
    known = set(
        Entry.objects.filter(pk__in={one.entry_id for one in found}).values_list("pk", flat=True)
    )
    found = {(one.entry_id, one.page_id): one for one in found if one.entry_id in known}
    before = Mention.objects.filter(item=item).values_list("pk", "entry_id", "page_id")
    Mention.objects.filter(
        pk__in=[pk for pk, *place in before if tuple(place) not in found]
    ).delete()
    Mention.objects.bulk_create(
        found.values(),
        update_conflicts=True,
        unique_fields=["entry", "item", "page"],
        update_fields=["sentence", "start", "end"],
    )


def _mentions_in_record(item):
    """The first sentence of the summary, else the title, that uses each entry."""
    if item.language != Language.ENGLISH:
        return []
    told = [*sentences(_plain(item.summary)), item.full_title]
    return _first_uses(item, ((sentence, None) for sentence in told), set())


def _mentions_in_files(item, documents):
    """The first sentence on a page that uses each entry, file by file."""
    matcher, seen = library_matcher(), set()
    for document in documents:
        pages = Page.objects.filter(document=document).order_by("number").values_list("pk", "text")
        for pk, text in pages.iterator():
            on_page = {key for match in matcher.find(text) for key in match.keys}
            if on_page - seen:
                told = ((sentence, pk) for sentence in _quotable(text))
                yield from _first_uses(item, told, seen)


def _first_uses(item, told, seen):
    """A mention of each entry that is not yet among those `seen`, which it adds to."""
    matcher, found = library_matcher(), []
    for sentence, page in told:
        for match in matcher.find(sentence):
            found += [
                Mention(
                    item=item,
                    entry_id=pk,
                    page_id=page,
                    sentence=sentence,
                    start=match.start,
                    end=match.end,
                )
                for pk in set(match.keys) - seen
            ]
            seen.update(match.keys)
    return found


def _quotable(text):
    """The whole sentences of a page that are prose, neither headings nor tables."""
    texts = (text for block in blocks_of(text) if block.kind in PROSE for text in block.texts)
    for sentence in (sentence for text in texts for sentence in sentences(text)):
        if SHORTEST <= len(sentence) <= LONGEST and _WHOLE.search(sentence):
            yield sentence


def _plain(markdown):
    return _MARKDOWN.sub(r"\1", markdown)


# -- Reading ---------------------------------------------------------------------------------------


def uses_of(entry, user):
    """Up to three mentions that `user` may see, one of each organisation: on a page, and new."""
    mentions = Mention.objects.visible_to(user).filter(entry=entry).best_first()[:MOST_READ]
    items = Item.objects.visible_to(user).for_rows().in_bulk([one.item_id for one in mentions])
    uses = {}
    for mention in mentions:
        if item := items.get(mention.item_id):
            mention.item = item
            uses.setdefault(_whose(item), mention)
    return list(uses.values())[:USES]


def _whose(item):
    """Its first publisher; an item without one counts for itself."""
    return next((one.pk for one in item.publisher_list), f"item {item.pk}")


def words_of(item):
    """The published entries that an item uses, first those of its record, then of its files.

    The record is read at once if nobody looked since it changed.
    """
    is_read = MentionScan.objects.filter(item=item, item_changed_at=item.updated_at).exists()
    if not is_read:
        return entries_in(f"{item.title}\n{item.subtitle}\n{item.summary}")
    told = Mention.objects.filter(item=item)
    in_record = told.filter(page__isnull=True, entry=OuterRef("pk"))
    entries = Entry.objects.published().filter(pk__in=told.in_open_texts().values("entry"))
    entries = entries.order_by(~Exists(in_record), "sort_name").select_related("current")
    return [published(entry) for entry in entries[:MOST_WORDS]]
