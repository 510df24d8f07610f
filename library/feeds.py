"""New items as an Atom feed: of the whole library or of any search, by the same address.

A long feed is paged as RFC 5005 says: `next` leads on from the last entry, so that what is added
meanwhile moves nothing out of sight.
"""

import re
from datetime import UTC, datetime, time, timedelta

from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.db.models.functions import Coalesce, Greatest
from django.http import HttpResponse
from django.utils.feedgenerator import Atom1Feed, Enclosure
from django.utils.timezone import make_aware
from django.views.decorators.http import require_safe

from cja_portal.kit.site import absolute, host_name
from library.citations import address_of, for_machines, work_of
from library.descriptions import xml_text
from library.search import find
from library.snippets import plain_text

MOST = 50
# Staff see drafts as well, which were never published.
APPEARED = Greatest(Coalesce("published_at", "created_at"), "visible_from")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BEFORE = re.compile(r"(\d{1,17})-(\d{1,18})", re.ASCII)


class PagedFeed(Atom1Feed):
    def add_root_elements(self, handler):
        super().add_root_elements(handler)
        for relation in ("first", "next"):
            if address := self.feed[relation]:
                handler.addQuickElement("link", "", {"rel": relation, "href": address})


@login_not_required
@require_safe
def item_feed(request):
    """The works last added that answer the search in the address."""
    search = find(request.GET, request.user)
    items = search.items.annotate(appeared=APPEARED)
    items = _behind(items, request.GET.get("before", "")).order_by("-appeared", "-pk")
    page = list(for_machines(items)[: MOST + 1])
    path = request.get_full_path()
    feed = PagedFeed(
        title=xml_text(_title(search.query)),
        link=_address(request, "").replace("feed.atom", "", 1),
        description="",
        feed_url=absolute(path),
        author_name="Criminal Justice Alliance",
        language="en-GB",
        first=_address(request, ""),
        next=_address(request, _place(page[MOST - 1])) if len(page) > MOST else "",
    )
    for item in page[:MOST]:
        feed.add_item(**_entry(work_of(item)))
    return HttpResponse(
        feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8"
    )


def _title(query):
    return f"CJA library: {query.text}" if query else "CJA library: new items"


# -- Pages ----------------------------------------------------------------------------------------


def _address(request, before):
    """This feed's address, from its beginning or from behind an entry."""
    asked = request.GET.copy()
    asked.pop("before", None)
    if before:
        asked["before"] = before
    query = f"?{asked.urlencode()}" if asked else ""
    return absolute(f"{request.path}{query}")


def _place(item):
    return f"{(item.appeared - EPOCH) // timedelta(microseconds=1)}-{item.pk}"


def _behind(items, before):
    """Those that come after the entry at a place; all of them if it is no place."""
    found = _BEFORE.fullmatch(before)
    if not found:
        return items
    moment = EPOCH + timedelta(microseconds=int(found[1]))
    return items.filter(Q(appeared__lt=moment) | Q(appeared=moment, pk__lt=int(found[2])))


# -- Entries --------------------------------------------------------------------------------------


def _entry(work):
    """`pubdate` is the day the work came out, `updateddate` when everyone could see it here."""
    item, host = work.item, host_name()
    day = item.published_on
    return {
        "title": xml_text(item.full_title),
        "link": work.address,
        "description": xml_text(plain_text(item.summary)),
        "unique_id": f"tag:{host},{item.created_at:%Y-%m-%d}:library/{item.code}",
        "author_name": xml_text(", ".join(work.publishers)),
        "pubdate": make_aware(datetime.combine(day, time())) if day else None,
        "updateddate": item.appeared,
        "categories": [item.get_kind_display(), *(theme.name for theme in item.themes.all())],
        "enclosures": [
            Enclosure(address_of(file), str(file.size), file.content_type) for file in work.files
        ],
        "item_copyright": item.licence_address or None,
    }
