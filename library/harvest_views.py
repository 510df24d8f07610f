"""The library for other programs: harvesters, reference managers, files of a search."""

from functools import partial

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from lxml import etree

from library import descriptions, oai, signposting
from library.citations import FORMATS, MEDIA_TYPES, export, for_machines, work_of
from library.codes import read_code
from library.models import Item
from library.search import find

MOST_EXPORTED = 20_000
EXPORTED_AT_ONCE = 500


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def oai_answer(request):
    """Changes nothing, so that a form of any site may ask."""
    data = request.POST if request.method == "POST" else request.GET
    return HttpResponse(oai.answer(data), content_type=oai.CONTENT_TYPE)


# -- unAPI ----------------------------------------------------------------------------------------


def _xml(describe, work):
    return etree.tostring(describe(work), xml_declaration=True, encoding="UTF-8")


# The best for Zotero first: it alone keeps organisations whole and the numbers of reports.
UNAPI_FORMATS = {
    "rdf_zotero": (partial(_xml, descriptions.zotero_rdf), "application/rdf+xml"),
    "mods": (partial(_xml, descriptions.mods), "application/mods+xml"),
    "oai_dc": (partial(_xml, descriptions.dublin_core), "application/xml"),
    "ris": FORMATS["ris"],
    "bibtex": FORMATS["bib"],
    "csl-json": FORMATS["csl.json"],
}
DOCUMENTATION = {"mods": "https://www.loc.gov/standards/mods/"}


@login_not_required
@require_safe
def unapi(request):
    """The formats; with an id those of an item; with a format too, the item in it."""
    code, form = request.GET.get("id", ""), request.GET.get("format", "")
    if not code:
        return HttpResponse(status=400) if form else _unapi_formats()
    items = Item.objects.visible_to(request.user)
    if not form:
        return _unapi_formats(get_object_or_404(items, code=read_code(code)))
    if form not in UNAPI_FORMATS:
        return HttpResponse(status=406)
    write, media_type = UNAPI_FORMATS[form]
    item = get_object_or_404(for_machines(items), code=read_code(code))
    return HttpResponse(write(work_of(item)), content_type=f"{media_type}; charset=utf-8")


def _unapi_formats(item=None):
    """With an item unAPI wants the status 300: there are several forms to choose from."""
    root = etree.Element("formats", {"id": item.code} if item else {})
    for name, (_, media_type) in UNAPI_FORMATS.items():
        about = {"name": name, "type": media_type}
        if name in DOCUMENTATION:
            about["docs"] = DOCUMENTATION[name]
        etree.SubElement(root, "format", about)
    text = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return HttpResponse(
        text, content_type="application/xml; charset=utf-8", status=300 if item else 200
    )


# -- Files ----------------------------------------------------------------------------------------


@login_not_required
@require_safe
def item_linkset(request, slug):
    item = get_object_or_404(for_machines(Item.objects.for_everyone()), slug=slug)
    links = signposting.linkset(work_of(item))
    return JsonResponse(links, content_type=signposting.LINKSET)


@login_not_required
@require_safe
def search_export(request, form):
    """Everything that a search finds, as one file that is written while it is read."""
    if form not in MEDIA_TYPES:
        raise Http404
    search = find(request.GET, request.user)
    chosen = list(search.items.values_list("pk", flat=True)[: MOST_EXPORTED + 1])
    if len(chosen) > MOST_EXPORTED:
        context = {"search": search, "most": MOST_EXPORTED}
        return TemplateResponse(request, "library/export_too_large.html", context, status=400)
    text = export(_works(chosen, request.user), form)
    response = StreamingHttpResponse(text, content_type=f"{MEDIA_TYPES[form]}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="cja-library.{form}"'
    return response


def _works(chosen, user):
    """In the order chosen; what was hidden while the file was written is left out."""
    for start in range(0, len(chosen), EXPORTED_AT_ONCE):
        some = chosen[start : start + EXPORTED_AT_ONCE]
        items = for_machines(Item.objects.visible_to(user)).in_bulk(some)
        yield from (work_of(items[number]) for number in some if number in items)


@login_not_required
@require_safe
def library_data(request):
    """What there is for programs, in words for people."""
    example = for_machines(Item.objects.for_everyone()).newest_first().first()
    context = {"example": example, "most": MOST_EXPORTED, "contact": settings.CONTACT_EMAIL}
    return TemplateResponse(request, "library/data.html", context)
