"""The dictionary as files for other programs, for browsers' search fields and for paper."""

from datetime import UTC
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import (
    get_conditional_response,
    patch_cache_control,
    patch_vary_headers,
)
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import quote_etag
from django.utils.safestring import mark_safe
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import condition, require_safe

from cja_portal.kit.site import absolute, host_name
from cja_portal.kit.text import clean_query
from dictionary import views
from dictionary.exports import booklet, csv, json, skos, tbx
from dictionary.exports.book import (
    ADVICE,
    MAKER,
    NAME,
    RIGHTS,
    current_book,
    current_edition,
    names_of,
)
from dictionary.history import recent_changes
from dictionary.models import EntryVersion, Jurisdiction, Sense
from dictionary.published import PublishedEntry
from dictionary.search import suggest
from dictionary.tasks import ask_for_booklet

EXPORTS = Path(__file__).parent / "exports"
MINUTES_KEPT = 5
CHANGES_IN_FEED = 100
WRITERS = {
    **{form: (skos.whole, media_type) for form, (_, media_type) in skos.FORMATS.items()},
    "tbx": (lambda book, form: tbx.whole(book), tbx.MEDIA_TYPE),
    "csv": (lambda book, form: csv.whole(book), csv.MEDIA_TYPE),
}


def open_data(view):
    """Anyone may read it, from any page of the web, and keep it for a few minutes."""

    def answer(request, *args, **kwargs):
        is_asked_first = request.method == "OPTIONS"
        response = HttpResponse(status=204) if is_asked_first else view(request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag, Last-Modified"
        if is_asked_first:
            response["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
            response["Access-Control-Allow-Headers"] = "Accept, If-None-Match, If-Modified-Since"
            response["Access-Control-Max-Age"] = "86400"
        patch_cache_control(response, public=True, max_age=60 * MINUTES_KEPT)
        return response

    # It changes nothing, and tells whoever posts so in its own words.
    return login_not_required(csrf_exempt(answer))


def _edition(request):
    """Asked once for each request, by both headers."""
    if not hasattr(request, "dictionary_edition"):
        request.dictionary_edition = current_edition()
    return request.dictionary_edition


def _stamp(request, *args, **kwargs):
    return f'"{_edition(request).stamp}"'


def _changed_at(request, *args, **kwargs):
    return _edition(request).changed_at


# Who has today's edition is told so, and not sent it again.
unchanged = condition(etag_func=_stamp, last_modified_func=_changed_at)


# -- The whole dictionary -----------------------------------------------------------------------


@open_data
@require_safe
@unchanged
def export(request, form):
    """All that is public, in one file."""
    book = current_book()
    if form == "json":
        response = JsonResponse(json.whole(book), json_dumps_params={"ensure_ascii": False})
    else:
        write, media_type = WRITERS[form]
        response = HttpResponse(write(book, form), content_type=media_type)
    response["Content-Disposition"] = f'inline; filename="criminal-justice-dictionary.{form}"'
    return response


@login_not_required
@require_safe
def data(request):
    """What there is for other programs and for paper, and how to get it."""
    book = current_book()
    context = {
        "edition": book.edition,
        "entry_count": len(book.entries),
        "sense_count": len(book.senses),
        "jurisdictions": Jurisdiction.choices,
        "terms": [(name, meaning) for name, (_, meaning) in skos.TERMS.items()],
        "example": next(iter(book.senses), None),
        "example_slug": book.entries[0].slug if book.entries else "",
        "rights": RIGHTS,
    }
    return TemplateResponse(request, "dictionary/data.html", context)


# -- One meaning --------------------------------------------------------------------------------


@login_not_required
@require_safe
def sense_detail(request, pk):
    """The permanent address of a meaning: people get its page, programs the form they ask for."""
    form = _wanted_form(request)
    if form:
        response = redirect("dictionary:sense-data", pk=pk, form=form)
        response.status_code = 303
    else:
        response = views.sense_detail(request, pk)
    patch_vary_headers(response, ["Accept"])
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _wanted_form(request):
    """The form that a program prefers to HTML, if it says so."""
    offers = {media_type: form for form, (_, media_type) in skos.FORMATS.items()}
    best = request.get_preferred_type(["text/html", *offers])
    return offers.get(best)


@open_data
@require_safe
@unchanged
def sense_data(request, pk, form):
    """One meaning as SKOS; one that was taken out says so and stays."""
    _, media_type = skos.FORMATS[form]
    book = current_book()
    if pk in book.senses:
        return HttpResponse(skos.one_sense(book, pk, form), content_type=media_type)
    return HttpResponse(_what_remains(pk, form), content_type=media_type, status=410)


def _what_remains(pk, form):
    version = _last_version_with(pk)
    entry = PublishedEntry(version, slug=version.entry.slug)
    sense = next(one for one in entry.senses if one.id == pk)
    because = version.entry.withdrawn_because or "The entry no longer has this meaning."
    return skos.gone(pk, sense.name, sense.jurisdiction, because, form)


def _last_version_with(pk):
    """Of the versions that readers saw, the newest that has the meaning; else 404."""
    sense = Sense.objects.filter(pk=pk).first()
    versions = EntryVersion.objects.select_related("entry").order_by("-number")
    if sense:
        versions = versions.filter(entry=sense.entry_id)
    version = versions.filter(snapshot__senses__contains=[{"id": pk}]).first()
    if version is None:
        raise Http404
    return version


# -- What changed -------------------------------------------------------------------------------


@open_data
@require_safe
@unchanged
def change_feed(request):
    """New versions and withdrawals as an Atom feed, newest first."""
    feed = Atom1Feed(
        title=f"{NAME}: what changed",
        link=absolute(reverse("dictionary:change-list")),
        description="",
        feed_url=absolute(request.path),
        author_name=MAKER,
        language="en-GB",
    )
    for event in recent_changes()[:CHANGES_IN_FEED]:
        feed.add_item(**_feed_entry(event))
    return HttpResponse(
        feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8"
    )


def _feed_entry(event):
    host = host_name()
    at = event.at.astimezone(UTC)
    did = f"version {event.number}" if event.number else "withdrawn"
    return {
        "title": f"{event.headword}: {did}",
        "link": absolute(event.address),
        "description": event.note,
        "unique_id": f"tag:{host},{at:%Y-%m-%d}:{event.address}#{at:%H%M%S%f}",
        "pubdate": event.at,
        "updateddate": event.at,
    }


# -- Search from the browser's own field ------------------------------------------------------


@login_not_required
@require_safe
def opensearch(request):
    """Lets a browser offer the dictionary among its search engines."""
    text = render_to_string("dictionary/opensearch.xml", {"site_origin": settings.SITE_ORIGIN})
    return HttpResponse(text, content_type="application/opensearchdescription+xml")


@login_not_required
@require_safe
def opensearch_suggestions(request):
    """What was typed, then the words, their first sentences and their addresses."""
    query = clean_query(request.GET.get("q", ""))
    book = current_book()
    by_pk = {entry.pk: entry for entry in book.entries}
    matches = suggest(query) if len(query) > 1 else []
    entries = [by_pk[match.entry_id] for match in matches if match.entry_id in by_pk]
    answer = [
        query,
        [entry.headword for entry in entries],
        [entry.main_sense.gist for entry in entries],
        [absolute(entry.get_absolute_url()) for entry in entries],
    ]
    return JsonResponse(answer, safe=False, content_type="application/x-suggestions+json")


# -- Paper, and machines without a network -------------------------------------------------------


@open_data
@require_safe
def booklet_file(request):
    """The newest booklet there is; it is set here only if there is none at all."""
    name = booklet.newest()
    if booklet.is_old(name):
        ask_for_booklet()
    etag = quote_etag(name)
    unsent = get_conditional_response(request, etag=etag)
    response = unsent or HttpResponse(booklet.read(name), content_type="application/pdf")
    response["ETag"] = etag
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@open_data
@require_safe
@unchanged
def offline(request):
    """The whole dictionary in one file that needs no network, to be kept on any machine."""
    book = current_book()
    context = {
        "name": NAME,
        "maker": MAKER,
        "advice": ADVICE,
        "edition": book.edition,
        "letters": _by_letter(book),
        "site": urlsplit(settings.SITE_ORIGIN).netloc,
        "style": _beside("offline.css"),
        "script": _beside("offline.js"),
    }
    day = f"{book.edition.changed_at:%Y-%m-%d}"
    response = HttpResponse(render_to_string("dictionary/offline.html", context))
    response["Content-Disposition"] = f'attachment; filename="dictionary-{day}.html"'
    return response


def _beside(name):
    """A file of ours as it is: it may not hold what ends the element that it stands in."""
    return mark_safe((EXPORTS / name).read_text())


def _by_letter(book):
    """(letter, entries): each with its meanings, their names and the public words it names."""
    letters = {}
    for entry in book.entries:
        relations = [book.by_slug[one.to] for one in book.public_relations(entry)]
        row = {
            "entry": entry,
            "senses": [(sense, entry.other_names(sense)) for sense in entry.senses],
            "related": list({one.slug: one for one in relations}.values()),
            "found_by": _all_names(entry),
        }
        letters.setdefault(book.initial_of[entry.pk], []).append(row)
    return list(letters.items())


def _all_names(entry):
    """Everything it may be looked up by, misspellings too."""
    texts = (label.text for sense in entry.senses for label in names_of(entry, sense))
    return " ".join(dict.fromkeys([entry.headword, *texts]))
