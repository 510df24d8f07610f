"""The dictionary for other programs: JSON, read only, open to every page of the web.

A list is read on by its `next`; a cursor says where the last answer ended, so that nothing is told
twice or left out while entries come and go.
"""

from base64 import b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from functools import wraps
from urllib.parse import urlencode

from django.http import JsonResponse
from django.urls import reverse
from django.utils.dateparse import parse_date, parse_datetime

from cja_portal.kit.problems import problem
from cja_portal.kit.site import absolute
from cja_portal.kit.text import clean_query
from dictionary import openapi
from dictionary.data_views import open_data, unchanged
from dictionary.exports import json
from dictionary.exports.book import ADVICE, MAKER, NAME, RIGHTS, current_book
from dictionary.models import Entry, EntryVersion, Jurisdiction, Sense
from dictionary.search import search, suggest

A_PAGE, MOST_A_PAGE = 50, 200
METHODS = ("GET", "HEAD")


class Refused(Exception):
    """The question cannot be answered; the message says why, in a sentence for a programmer."""

    def __init__(self, message, status=400):
        super().__init__(message)
        self.status = status


def api_view(view):
    """A view that returns plain data; whatever is wrong becomes a sentence in JSON."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        if request.method not in METHODS:
            response = problem("This API is read only: use GET.", 405)
            response["Allow"] = ", ".join(METHODS)
            return response
        try:
            return _json(view(request, *args, **kwargs))
        except Refused as refusal:
            return problem(str(refusal), refusal.status)

    return answer


def _open(view):
    return open_data(unchanged(api_view(view)))


def _json(content):
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False}, safe=False)


# -- What there is --------------------------------------------------------------------------------


@_open
def index(request):
    """Where everything is."""
    names = ["search", "suggest", "entries", "changes", "dump", "openapi"]
    links = {name: absolute(reverse(f"dictionary-api:{name}")) for name in names}
    about = {"name": NAME, "publisher": MAKER, "rights": RIGHTS, "advice": ADVICE}
    return about | {"documentation": absolute(reverse("dictionary:data")), "links": links}


@_open
def description(request):
    """This API as an OpenAPI 3.1 document."""
    return openapi.document()


@open_data
@api_view
def unknown(request, rest):
    raise Refused("There is nothing at this address. The API's front page lists what is.", 404)


# -- Finding --------------------------------------------------------------------------------------


@_open
def search_entries(request):
    """The entries that answer a query, best first, each with the reason why."""
    query, place = _query(request), _jurisdiction(request)
    answer = search(query, jurisdiction=place)
    start, limit = _number_cursor(request), _limit(request)
    found = [one for one in _found(answer.matches, place) if one]
    page = _page(request, found[start : start + limit], start + limit < len(found), start + limit)
    return {"query": query, "instead": answer.instead, "count": len(found)} | page


@_open
def suggest_entries(request):
    """The few entries to show while somebody types."""
    query, place = _query(request), _jurisdiction(request)
    found = [one for one in _found(suggest(query, jurisdiction=place), place) if one]
    return {"query": query, "results": found}


def _found(matches, place):
    book = current_book()
    by_pk = {entry.pk: entry for entry in book.entries}
    for match in matches:
        entry = by_pk.get(match.entry_id)
        yield entry and _result(book, entry, match, place)


def _result(book, entry, match, place):
    sense = entry.sense_for(place)
    return {
        "headword": entry.headword,
        "slug": entry.slug,
        "url": absolute(entry.get_absolute_url()),
        "reason": match.reason,
        "sense": sense.id,
        "name": sense.name,
        "jurisdiction": sense.jurisdiction,
        "gist": sense.gist,
        "law_as_of": sense.law_as_of.isoformat(),
        **json.stamp_object(entry),
    }


def _query(request):
    query = clean_query(request.GET.get("q", ""))
    if not query:
        raise Refused("Say what to look for: add ?q= and a word.")
    return query


def _jurisdiction(request):
    value = request.GET.get("jurisdiction", "")
    if value and value not in Jurisdiction.values:
        raise Refused(f"“jurisdiction” is one of {', '.join(Jurisdiction.values)}.")
    return value


# -- Reading --------------------------------------------------------------------------------------


@_open
def entries(request):
    """Every public entry, in the order in which they were first written."""
    book, place = current_book(), _jurisdiction(request)
    after, limit = _number_cursor(request), _limit(request)
    topic = request.GET.get("topic", "")
    rows = [
        entry
        for entry in sorted(book.entries, key=lambda one: one.pk)
        if entry.pk > after
        and (not place or {place, "uk"} & {sense.jurisdiction for sense in entry.senses})
        and (not topic or topic in {one.slug for one in book.topics_of[entry.pk]})
    ]
    found = [json.entry_object(book, entry) for entry in rows[:limit]]
    return _page(request, found, len(rows) > limit, found[-1]["id"] if found else 0)


@_open
def entry(request, slug):
    book = current_book()
    if slug in book.by_slug:
        return json.entry_object(book, book.by_slug[slug])
    row = Entry.objects.filter(slug=slug, current__isnull=False).first()
    if row and row.withdrawn_at:
        raise Refused(f"This entry was withdrawn. {row.withdrawn_because}", 410)
    raise Refused("There is no entry of this name.", 404)


@_open
def sense(request, pk):
    book = current_book()
    if pk in book.senses:
        return json.sense_object(book, *book.senses[pk])
    row = Sense.objects.filter(pk=pk, entry__current__isnull=False).select_related("entry").first()
    if row and row.entry.versions.filter(snapshot__senses__contains=[{"id": pk}]).exists():
        because = row.entry.withdrawn_because or "The entry no longer has it."
        raise Refused(f"This meaning was taken out. {because}", 410)
    raise Refused("There is no meaning of this number.", 404)


@_open
def dump(request):
    """Everything in one answer."""
    return json.whole(current_book())


# -- What changed ------------------------------------------------------------------------------


@_open
def changes(request):
    """Versions and withdrawals later than a moment, the oldest first: to keep a copy up to date."""
    since, limit = _since(request), _limit(request)
    events = sorted(_events(since), key=_place_of)
    after = _cursor(request)
    if after:
        events = [event for event in events if _place_of(event) > after]
    last = _place_of(events[:limit][-1]) if events else ""
    return _page(request, events[:limit], len(events) > limit, last)


def _place_of(event):
    """Where an event stands among all, also among those of the same moment."""
    return f"{event['at']} {event['slug']} {event['kind']} {event['version'] or 0:06}"


def _events(since):
    versions = EntryVersion.objects.filter(published_at__gt=since, entry__current__isnull=False)
    for version in versions.select_related("entry"):
        days = [sense["law_as_of"] for sense in version.snapshot["senses"]]
        yield _event(
            version.entry,
            kind="published",
            at=version.published_at,
            headword=version.snapshot["headword"],
            note=version.change_note,
            version=version.number,
            version_url=absolute(version.get_absolute_url()),
            law_as_of=min(days),
        )
    for entry in Entry.objects.filter(withdrawn_at__gt=since).select_related("current"):
        yield _event(
            entry,
            kind="withdrawn",
            at=entry.withdrawn_at,
            headword=entry.current.snapshot["headword"],
            note=entry.withdrawn_because,
            version=None,
            version_url=None,
            law_as_of=None,
        )


def _event(entry, *, at, **facts):
    url = absolute(entry.get_absolute_url())
    return {"slug": entry.slug, "url": url, "at": json.moment(at.astimezone(UTC)), **facts}


def _since(request):
    written = request.GET.get("since", "")
    if not written:
        return datetime(1970, 1, 1, tzinfo=UTC)
    try:
        # A plus that was not escaped arrives as a space.
        moment = parse_datetime(written.replace(" ", "+"))
        day = None if moment else parse_date(written)
    except ValueError:
        moment = day = None
    if not (moment or day):
        raise Refused("“since” is a day or a moment such as 2026-10-01T09:30:00Z.")
    moment = moment or datetime(day.year, day.month, day.day, tzinfo=UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


# -- Pages of a list -------------------------------------------------------------------------------


def _page(request, results, has_more, last):
    """`next` is the address of the rest, or null."""
    following = None
    if has_more:
        cursor = urlsafe_b64encode(str(last).encode()).decode()
        query = request.GET.dict() | {"cursor": cursor}
        following = absolute(f"{request.path}?{urlencode(query)}")
    return {"results": results, "next": following}


def _cursor(request):
    written = request.GET.get("cursor", "")
    try:
        return b64decode(written.encode(), altchars=b"-_", validate=True).decode()
    except ValueError:
        raise Refused("This cursor is not one of ours: take “next” as it is.") from None


def _number_cursor(request):
    written = _cursor(request) or "0"
    if not (written.isascii() and written.isdigit() and len(written) < 19):
        raise Refused("This cursor is not one of ours: take “next” as it is.")
    return int(written)


def _limit(request):
    written = request.GET.get("limit", str(A_PAGE))
    is_number = written.isascii() and written.isdigit() and len(written) < 6
    if not is_number or not 1 <= int(written) <= MOST_A_PAGE:
        raise Refused(f"“limit” is a number from 1 to {MOST_A_PAGE}.")
    return int(written)
