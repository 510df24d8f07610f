"""The public pages of the library."""

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, F, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from cja_portal.kit.lists import query_but
from cja_portal.kit.site import absolute
from library.citations import FORMATS, for_machines, styles, work_of
from library.codes import read_code
from library.comparing import former_among
from library.counting import count_view
from library.engine import TakesTooLong
from library.metadata import meta_tags, schema_org
from library.models import Item
from library.search import SORTS, count, find
from library.signposting import sign
from library.snippets import rows_for
from library.suggesting import looser_query, similar_queries

RELATED = 5
RELATED_AMONG = 100
MONTHS_SHOWN = 12
PLACES = ["page", "after", "before"]


@login_not_required
@require_safe
def item_list(request):
    """The whole library, or what a search and the chosen facets leave of it."""
    search = find(request.GET, request.user)
    try:
        context = _answered(search, request)
    except TakesTooLong:
        context = {"search": search}
        return TemplateResponse(request, "library/item_list_slow.html", context, status=503)
    return TemplateResponse(request, "library/item_list.html", context)


def _answered(search, request):
    page, same_list = search.page, query_but(request.GET, *PLACES)
    is_sorted = "sort" in request.GET
    same_search = query_but(request.GET, *PLACES, "sort") if is_sorted else same_list
    return {
        "search": search,
        "query": search.query.text,
        "is_narrowed": bool(search.narrowing.pairs),
        "same_list": same_list,
        "same_search": same_search,
        "page": page,
        "rows": page.rows,
        "filter_groups": search.filter_groups,
        "sorts": _sorts(search, f"{same_search}&" if same_search else "?"),
        "alternatives": None if page.total else _alternatives(search),
    }


def _sorts(search, address):
    """Each order with the way to it; with none to the one that the list is in."""
    usable = {sort: label for sort, label in SORTS.items() if sort != "relevance" or search.query}
    return [
        (label.lower(), "" if sort == search.sort else f"{address}sort={sort}")
        for sort, label in usable.items()
    ]


def _alternatives(search):
    """What else would find something, each with its true count."""
    unfiltered = search.without_choices.page.total if search.narrowing.pairs else 0
    if unfiltered or not search.query:
        return {"unfiltered": unfiltered}
    return {
        "similar": similar_queries(search.query, search.user),
        "looser": _counted(search.user, looser_query(search.query)),
    }


def _counted(user, text):
    """The query with the number of items it finds; None where it finds none."""
    found = count(text, user) if text else 0
    return {"text": text, "count": found} if found else None


@login_not_required
@require_safe
def item_detail(request, slug):
    """The record of an item; of a withdrawn one, that it was withdrawn, and its citation."""
    items = Item.objects.visible_to(request.user)
    item = for_machines(items).filter(slug=slug).first()
    if item is None:
        return _withdrawn(request, slug) or _by_code(items, slug)
    work = work_of(item)
    files = list(item.documents.visible_to(request.user))
    context = {
        "item": item,
        "files": [file for file in files if file.removed_in_id is None],
        "find_in_it": {"find": "1"},
        "changes": _changes(item, files),
        "use": _use_for(request.user, item),
        "short_address": absolute(reverse("library:item-detail", args=[item.code])),
        "work": work,
        "styles": styles(work),
        "meta_tags": meta_tags(work) if item.is_public else [],
        "schema_org": schema_org(work) if item.is_public else "",
        "newer": item.superseded_by_id and items.filter(pk=item.superseded_by_id).first(),
        "older": items.filter(superseded_by=item).newest_first(),
        "related": rows_for(_related(item, items), None),
    }
    response = TemplateResponse(request, "library/item_detail.html", context)
    count_view(request, response, item)
    return sign(response, work) if item.is_public else response


def _changes(item, files):
    """(version, the files that it took the place of, those with other text), newest first."""
    return [
        (
            version,
            [file for file in files if file.removed_in_id == version.pk],
            [
                file
                for file in files
                if file.added_in_id == version.pk and former_among(files, file)
            ],
        )
        for version in item.versions.all()
    ]


def _use_for(user, item):
    """How often the item was read in the past months: for its own organisation and for staff."""
    is_theirs = user.is_staff or (
        user.is_authenticated and Item.objects.owned_by(user).filter(pk=item.pk).exists()
    )
    return list(item.daily_uses.by_month()[:MONTHS_SHOWN]) if is_theirs else []


def _withdrawn(request, slug):
    item = Item.objects.tombstones_for(request.user).for_page().filter(slug=slug).first()
    if item is None:
        return None
    work = work_of(item)
    context = {"item": item, "styles": styles(work)}
    return TemplateResponse(request, "library/item_withdrawn.html", context, status=410)


def _by_code(items, text):
    """To the item whose short code was typed for an address."""
    item = items.filter(code=read_code(text)).first()
    if item is None:
        raise Http404
    return redirect(item)


def _related(item, items):
    """Those that share most themes and publishers with the item, the newest first among equals.

    They are looked for among the last added of each theme and publisher: to compare all would take
    a second in a library of 100,000.
    """
    themes = [theme.pk for theme in item.themes.all()]
    publishers = [organisation.pk for organisation in item.publisher_list]
    return (
        items.filter(pk__in=_near(item, items, themes, publishers))
        .annotate(
            shared=Count("themes", filter=Q(themes__in=themes), distinct=True)
            + Count("publishers", filter=Q(publishers__in=publishers), distinct=True)
        )
        .order_by("-shared", F("published_on").desc(nulls_last=True), "-pk")
        .for_rows()[:RELATED]
    )


def _near(item, items, themes, publishers):
    """The last added of each theme and of each publisher of the item."""
    others = items.exclude(pk=item.pk).order_by("-pk").values_list("pk", flat=True)
    sharing = [others.filter(themes=theme) for theme in themes]
    sharing += [others.filter(publishers=publisher) for publisher in publishers]
    near = [some[:RELATED_AMONG] for some in sharing]
    return set(near[0].union(*near[1:], all=True)) if near else set()


@login_not_required
@require_safe
def item_cite(request, slug, form):
    """The citation as a file for a reference manager; a withdrawn item keeps its own."""
    if form not in FORMATS:
        raise Http404
    known = Item.objects.visible_to(request.user) | Item.objects.tombstones_for(request.user)
    item = get_object_or_404(for_machines(known), slug=slug)
    write, content_type = FORMATS[form]
    text = write(work_of(item))
    response = HttpResponse(text, content_type=f"{content_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{item.slug}.{form}"'
    return response
