"""Shelves: for whoever keeps one, and for whoever was given its link."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cja_portal.kit.moves import ImpossibleMove
from cja_portal.kit.site import absolute
from cja_portal.kit.text import row_number
from cja_portal.kit.visitors import may_go_on
from library import shelves
from library.citations import FORMATS, export, styles, work_of
from library.models import Item, Shelf
from library.models.shelf import VISITORS_KEEP
from library.shelf_forms import KeepForm, NameForm, NoteForm
from library.shelves import kept_on, make_shelf, shelves_of, shown_on
from members.views.invitations import leaves_no_trace

USUAL_NAME = "My shelf"
STYLES = ["Harvard", "APA", "OSCOLA"]
MOST_NEW = 20  # shelves of visitors from one address in an hour
HOUR = 60 * 60
page = require_http_methods(["GET", "HEAD", "POST"])


@login_not_required
@page
@leaves_no_trace
def shelf_list(request):
    """A person's shelves; a visitor's one, or how to begin."""
    form = NameForm(_sent(request))
    may_make = request.method == "POST" and request.user.is_authenticated
    if may_make and form.is_valid() and (shelf := _made(request, form.cleaned_data["name"])):
        return redirect(shelf)
    own = shelves_of(request).annotate(count=Count("entries")).order_by("-changed_at", "-pk")
    context = {"shelves": own, "form": form, "kept_days": VISITORS_KEEP.days}
    return TemplateResponse(request, "library/shelf_list.html", context)


def _sent(request):
    return request.POST if request.method == "POST" else None


def _made(request, name):
    try:
        return make_shelf(request, name)
    except ImpossibleMove as impossible:
        messages.error(request, str(impossible))
        return None


# -- Keeping an item ------------------------------------------------------------------------------


@login_not_required
@page
@leaves_no_trace
def shelf_keep(request, slug):
    """One more page and not a button on each row, so that reading a list sets no cookie."""
    item = get_object_or_404(Item.objects.visible_to(request.user).for_rows(), slug=slug)
    own = shelves_of(request)
    form = KeepForm(_sent(request), shelves=own, may_name=request.user.is_authenticated)
    if request.method == "POST" and form.is_valid() and (shelf := _keep(request, form, item)):
        return redirect(shelf)
    on = own.filter(entries__item=item)
    context = {"item": item, "form": form, "on": on, "kept_days": VISITORS_KEEP.days}
    return TemplateResponse(request, "library/shelf_keep.html", context)


def _keep(request, form, item):
    """The shelf on which the item is now; None, and a sentence, if it could not be put there."""
    try:
        shelf = form.chosen or _begun(request, form.cleaned_data.get("name") or USUAL_NAME)
        shelves.keep_item(shelf, item, note=form.cleaned_data["note"])
    except ImpossibleMove as impossible:
        form.add_error(None, str(impossible))
        return None
    request.session.modified = not request.user.is_authenticated  # It lasts from now on again.
    messages.success(request, f"“{item.title}” is on “{shelf.name}”.")
    return shelf


def _begun(request, name):
    is_known = request.user.is_authenticated
    if is_known or may_go_on(request, "shelf", most=MOST_NEW, seconds=HOUR):
        return make_shelf(request, name)
    raise ImpossibleMove("Many shelves were begun from where you are. Please try in an hour.")


# -- One shelf ------------------------------------------------------------------------------------


@login_not_required
@require_safe
@leaves_no_trace
def shelf_detail(request, uuid):
    shelf = get_object_or_404(shelves_of(request), uuid=uuid)
    kept = kept_on(shelf, request.user)
    context = _shown(request, shelf, kept) | {
        "link": _link(shelf),
        "name_form": NameForm(instance=shelf),
        "is_visitors": shelf.owner_id is None,
        "kept_days": VISITORS_KEEP.days,
    }
    return TemplateResponse(request, "library/shelf_detail.html", context)


@login_not_required
@require_safe
@leaves_no_trace
def shelf_shared(request, secret):
    """Somebody else's shelf: only what this reader may see of it, and no word of the rest."""
    shelf = _shared(secret)
    context = _shown(request, shelf, shown_on(shelf, request.user))
    return TemplateResponse(request, "library/shelf_shared.html", context)


def _shared(secret):
    return get_object_or_404(Shelf.objects.lasting(), secret=secret)


def _link(shelf):
    if not shelf.secret:
        return ""
    return absolute(reverse("library:shelf-shared", args=[shelf.secret]))


def _shown(request, shelf, kept):
    style = request.GET.get("style", "")
    style = style if style in STYLES else STYLES[0]
    rows = [
        {
            "kept": one,
            "item": one.item,
            "citation": dict(styles(work_of(one.item)))[style] if one.item else "",
            "note_form": NoteForm(
                initial={"note": one.entry.note}, auto_id=f"id_%s_{one.entry.pk}"
            ),
        }
        for one in kept
    ]
    return {"shelf": shelf, "rows": rows, "style": style, "styles": STYLES}


# -- Taking it away -------------------------------------------------------------------------------


@login_not_required
@require_safe
@leaves_no_trace
def shelf_cite(request, uuid, form):
    return _file(request, get_object_or_404(shelves_of(request), uuid=uuid), form)


@login_not_required
@require_safe
@leaves_no_trace
def shelf_shared_cite(request, secret, form):
    return _file(request, _shared(secret), form)


def _file(request, shelf, form):
    if form not in FORMATS:
        raise Http404
    works = [work_of(kept.item) for kept in shown_on(shelf, request.user)]
    _, content_type = FORMATS[form]
    response = HttpResponse(export(works, form), content_type=f"{content_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="shelf.{form}"'
    return response


# -- Changing it ----------------------------------------------------------------------------------


@login_not_required
@require_POST
def shelf_change(request, uuid):
    """Rename, share or delete a shelf, or change one of its entries; then back to it."""
    shelf = get_object_or_404(shelves_of(request), uuid=uuid)
    act = CHANGES.get(request.POST.get("do"))
    if act is None:
        raise Http404
    request.session.modified = not request.user.is_authenticated
    return act(request, shelf) or redirect(f"{shelf.get_absolute_url()}{_place(request)}")


def _place(request):
    entry = row_number(request.POST.get("entry"))
    return f"#entry-{entry}" if entry and request.POST["do"] != "remove" else ""


def _entry(request, shelf):
    return get_object_or_404(shelf.entries, pk=row_number(request.POST.get("entry")))


def _move_up(request, shelf):
    shelves.move_entry(shelf, _entry(request, shelf), by=-1)


def _move_down(request, shelf):
    shelves.move_entry(shelf, _entry(request, shelf), by=1)


def _remove(request, shelf):
    shelves.remove_entry(shelf, _entry(request, shelf))
    messages.success(request, "Taken off the shelf.")


def _write_note(request, shelf):
    form = NoteForm(request.POST)
    if form.is_valid():
        shelves.write_note(shelf, _entry(request, shelf), form.cleaned_data["note"])
        messages.success(request, "The note is kept.")
    else:
        messages.error(request, "The note is too long, so it was not kept.")


def _rename(request, shelf):
    form = NameForm(request.POST)
    if form.is_valid():
        shelves.rename_shelf(shelf, form.cleaned_data["name"])
    else:
        messages.error(request, "A shelf needs a name of at most 120 characters.")


def _share(request, shelf):
    shelves.share_shelf(shelf)
    messages.success(request, "Whoever has the link below can read this shelf.")


def _unshare(request, shelf):
    shelves.unshare_shelf(shelf)
    messages.success(request, "The link no longer works.")


def _delete(request, shelf):
    shelf.delete()
    messages.success(request, f"“{shelf.name}” is deleted.")
    return redirect("library:shelf-list")


CHANGES = {
    "up": _move_up,
    "down": _move_down,
    "remove": _remove,
    "note": _write_note,
    "rename": _rename,
    "share": _share,
    "unshare": _unshare,
    "delete": _delete,
}
