"""Where the library uses the words of the dictionary: found in the background, read with care.

What was read, and against which state of the dictionary, is stamped (MentionScan); whatever bears
an old stamp is read again. So it never matters who woke the search, nor whether a call was lost.
"""

import re

from django.db import transaction
from django.db.models import F

from cja_portal.kit.text import sentences
from dictionary.models import Entry, Mention, MentionScan
from dictionary.published import published
from dictionary.search import current_stamp
from dictionary.words import entries_in, library_matcher
from library.models import Item, Language

USES = 3
MOST_READ = 60  # mentions looked at for the few that are shown
MOST_WORDS = 12
_MARKDOWN = re.compile(r"[*_`>#]+|!?\[([^\]]*)\]\([^)]*\)")


# -- Finding ---------------------------------------------------------------------------------------


def find_mentions():
    """Read every item that changed, or that an older dictionary read; gives how many."""
    stamp, count = current_stamp(), 0
    for pk in list(_outdated(stamp)):
        count += _read(pk, stamp)
    return count


def _outdated(stamp):
    fresh = MentionScan.objects.filter(dictionary=stamp, item_changed_at=F("item__updated_at"))
    return Item.objects.exclude(pk__in=fresh.values("item")).values_list("pk", flat=True)


@transaction.atomic
def _read(pk, stamp):
    """The item is held while it is read, so that the stamp is true."""
    item = Item.objects.select_for_update().filter(pk=pk).first()
    if item is None:
        return 0
    _write(item, _told_by(item))
    state = {"item_changed_at": item.updated_at, "dictionary": stamp}
    MentionScan.objects.update_or_create(item=item, defaults=state)
    return 1


def _write(item, told):
    """Keep the mentions that still stand as they are, so that `found_at` stays true."""
    Mention.objects.filter(item=item).exclude(entry__in=told).delete()
    Mention.objects.bulk_create(
        [Mention(item=item, entry_id=pk, sentence=sentence) for pk, sentence in told.items()],
        update_conflicts=True,
        unique_fields=["entry", "item"],
        update_fields=["sentence"],
    )


def _told_by(item):
    """The first sentence of the summary, else the title, that uses each entry."""
    told, matcher = {}, library_matcher()
    if item.language == Language.ENGLISH:
        for sentence in [*sentences(_plain(item.summary)), item.full_title]:
            for pk in (key for match in matcher.find(sentence) for key in match.keys):
                told.setdefault(pk, sentence)
    known = set(Entry.objects.filter(pk__in=told).values_list("pk", flat=True))
    return {pk: sentence for pk, sentence in told.items() if pk in known}


def _plain(markdown):
    return _MARKDOWN.sub(r"\1", markdown)


# -- Reading ---------------------------------------------------------------------------------------


def uses_of(entry, user):
    """Up to three mentions that `user` may see, the newest of each organisation."""
    items = Item.objects.visible_to(user)
    mentions = Mention.objects.filter(entry=entry, item__in=items.values("pk"))
    newest = mentions.order_by(F("item__published_on").desc(nulls_last=True), "-item_id")[
        :MOST_READ
    ]
    shown = items.for_rows().in_bulk([mention.item_id for mention in newest])
    uses = {}
    for mention in newest:
        if item := shown.get(mention.item_id):
            mention.item = item
            uses.setdefault(_whose(item), mention)
    return list(uses.values())[:USES]


def _whose(item):
    """Its first publisher; an item without one counts for itself."""
    return next((one.pk for one in item.publisher_list), f"item {item.pk}")


def words_of(item):
    """The published entries that an item uses; read at once if nobody looked since it changed."""
    is_read = MentionScan.objects.filter(item=item, item_changed_at=item.updated_at).exists()
    if not is_read:
        return entries_in(f"{item.title}\n{item.subtitle}\n{item.summary}")
    entries = Entry.objects.published().filter(mentions__item=item).select_related("current")
    return [published(entry) for entry in entries[:MOST_WORDS]]
