"""Works that staff chose and put in order."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from library.models import Collection, Item
from library.snippets import rows_for


@login_not_required
@require_safe
def collection_list(request):
    visible = Collection.objects.visible_to(request.user)
    context = {"collections": visible.counted_for(request.user)}
    return TemplateResponse(request, "library/collection_list.html", context)


@login_not_required
@require_safe
def collection_detail(request, slug):
    collection = get_object_or_404(Collection.objects.visible_to(request.user), slug=slug)
    entries = list(collection.entries_for(request.user))
    items = Item.objects.filter(pk__in=[entry.item_id for entry in entries]).for_rows()
    rows = {row.item.pk: row for row in rows_for(items, None)}
    context = {
        "collection": collection,
        "rows": [(entry, rows[entry.item_id]) for entry in entries if entry.item_id in rows],
    }
    return TemplateResponse(request, "library/collection_detail.html", context)
