"""New items as an Atom feed: of the whole library or of any search, by the same address."""

from datetime import datetime, time
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.timezone import make_aware
from django.views.decorators.http import require_safe

from library.search import find
from library.snippets import plain_text

MOST = 50


@login_not_required
@require_safe
def item_feed(request):
    """The works last added that answer the search in the address."""
    search = find(request.GET, request.user)
    path = request.get_full_path()
    feed = Atom1Feed(
        title=_title(search.query),
        link=settings.SITE_ORIGIN + path.replace("feed.atom", "", 1),
        description="",
        feed_url=settings.SITE_ORIGIN + path,
        author_name="Criminal Justice Alliance",
        language="en-GB",
    )
    for item in search.items.for_rows().order_by("-published_at", "-pk")[:MOST]:
        feed.add_item(**_entry(item))
    return HttpResponse(
        feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8"
    )


def _title(query):
    return f"CJA library: {query.text}" if query else "CJA library: new items"


def _entry(item):
    """`pubdate` is the day the work came out, `updateddate` when it came to the library."""
    host = urlsplit(settings.SITE_ORIGIN).hostname
    day = item.published_on
    return {
        "title": item.full_title,
        "link": settings.SITE_ORIGIN + item.get_absolute_url(),
        "description": plain_text(item.summary),
        "unique_id": f"tag:{host},{item.created_at:%Y-%m-%d}:library/{item.code}",
        "author_name": ", ".join(organisation.name for organisation in item.publisher_list),
        "pubdate": make_aware(datetime.combine(day, time())) if day else None,
        "updateddate": max(filter(None, [item.published_at, item.visible_from]), default=None),
        "categories": [item.get_kind_display()],
    }
