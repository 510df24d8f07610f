"""The files of the library and their pages: all that hangs on who may open a file."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from cja_portal.kit.site import absolute
from cja_portal.kit.text import clean_query
from library.citations import page_styles, work_of
from library.comparing import are_too_long, changed_pages, former_of
from library.counting import count_download, count_view
from library.models import Document, Page, Publisher, Reading
from library.reading import contents_of, hits_in, number_of, read
from library.search import read_query
from library.serving import Sending, begins, send

EVERYONE = AnonymousUser()
PUBLISHINGS = Prefetch("publishings", Publisher.objects.select_related("organisation"))


def _document_for(request, slug, name):
    """The file and whether everyone may have it; who asks matters only where not everyone may."""
    documents = Document.objects.select_related("item").filter(item__slug=slug, name=name)
    documents = documents.defer("item__text_words", "item__note")
    if document := documents.visible_to(EVERYONE).first():
        return document, True
    return get_object_or_404(documents.visible_to(request.user)), False


@login_not_required
@require_safe
def document_file(request, slug, name):
    """The file as it was received, whole or in parts."""
    document, is_public = _document_for(request, slug, name)
    sending = sending_of(document, is_public=is_public)
    response = send(request, sending)
    if response.status_code in {200, 206} and begins(request, sending):
        count_download(request, response, document.item)
    return response


def sending_of(document, *, is_public):
    return Sending(
        stored=document.file,
        name=document.name,
        content_type=document.content_type,
        size=document.size,
        tag=document.sha256,
        changed_at=document.added_at,
        is_public=is_public,
    )


@login_not_required
@require_safe
def document_cover(request, slug, name):
    """A small picture of the first page."""
    document, is_public = _document_for(request, slug, name)
    if not document.cover:
        raise Http404
    sending = Sending(
        stored=document.cover,
        name="cover.webp",
        content_type="image/webp",
        size=document.cover.size,
        tag=document.cover.name.rpartition("/")[2],
        changed_at=document.added_at,
        is_public=is_public,
    )
    return send(request, sending)


@login_not_required
@require_safe
def page_detail(request, slug, name, number):
    """The text of one page, with the words that the reader came for."""
    document, is_public = _document_for(request, slug, name)
    page = document.pages.defer("words").filter(number=number).first()
    if page is None and (number != 1 or document.reading == Reading.READ):
        raise Http404
    asked = _Asked(request, document)
    if asked.leads_on:
        return redirect(asked.address(number))
    context = {"document": document, "item": document.item, "page": page, "asked": asked}
    context |= _of_page(document, page, asked) if page else {}
    context["is_indexed"] = is_public and page is not None and document.removed_in_id is None
    response = TemplateResponse(request, "library/page_detail.html", context)
    count_view(request, response, document.item)
    return response


class _Asked:
    """What the address of a page asks for besides the page."""

    def __init__(self, request, document):
        self.document, self.pages = document, document.pages.order_by("number")
        self.is_exact = "exact" in request.GET
        self.query = read_query(request.GET.get("q", ""), widen=not self.is_exact)
        self.hits = hits_in(self.pages, self.query)
        self.place = clean_query(request.GET.get("place", ""), longest=20)
        self.place_number = number_of(self.pages, self.place) if self.place else None
        self.wants_hit = "find" in request.GET and bool(self.hits)

    @property
    def leads_on(self):
        return self.place_number is not None or self.wants_hit

    @property
    def hidden(self):
        """What the search box hands on: it leads to the nearest page with the words."""
        return {"find": "1"} | ({"exact": "1"} if self.is_exact else {})

    @property
    def kept(self):
        """What all links within the document hand on."""
        kept = {"q": self.query.text, "exact": "1" if self.is_exact else ""}
        return urlencode({name: value for name, value in kept.items() if value})

    def address(self, number):
        """Where the reader wanted to go: a page by its name, or a page with the words."""
        number = self.hits.nearest(number) if self.wants_hit else self.place_number
        address = Page(document=self.document, number=number).get_absolute_url()
        kept = f"?{self.kept}" if self.kept else ""
        return f"{address}{kept}{'#hit' if number in self.hits.pages else ''}"


def _of_page(document, page, asked):
    prefetch_related_objects([document.item], PUBLISHINGS, "contributors")
    work = work_of(document.item, page.printed)
    reading = read(page, asked.hits, asked.query, asked.pages)
    return {
        "reading": reading,
        "before": reading.before,
        "after": reading.after,
        "hit_place": asked.hits.place(page.number),
        "hit_before": asked.hits.before(page.number),
        "hit_after": asked.hits.after(page.number),
        "contents": contents_of(document, page.number),
        "styles": page_styles(work),
        "address": absolute(page.get_absolute_url()),
    }


@login_not_required
@require_safe
def document_changes(request, slug, name):
    """What a file says that the one whose place it took did not."""
    document, _ = _document_for(request, slug, name)
    former = former_of(document)
    if former is None:
        raise Http404
    is_too_long = are_too_long(former, document)
    context = {
        "document": document,
        "item": document.item,
        "former": former,
        "version": document.added_in,
        "is_too_long": is_too_long,
        "pages": [] if is_too_long else changed_pages(former, document),
    }
    return TemplateResponse(request, "library/document_changes.html", context)
