"""The directory as a map, as a table of gaps, and as a file."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import StreamingHttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from cja_portal.kit.cells import lines_of_csv
from members import coverage as counting
from members.audit import record
from members.directory_file import COLUMNS, rows_of
from members.map_shapes import SIZE
from members.models import Organisation
from members.second_factor import ask_who_it_is
from members.showing import Reader


@login_not_required
def area_map(request):
    listed = Organisation.objects.visible_to(request.user).listed()
    context = {"places": counting.places(listed), "size": SIZE}
    return TemplateResponse(request, "members/area_map.html", context)


@login_not_required
def coverage(request):
    """With ?reach=place only those who name a place count, which shows the true gaps."""
    listed = Organisation.objects.visible_to(request.user).listed()
    reach = "place" if request.GET.get("reach") == "place" else ""
    areas, rows = counting.table(listed, reach=reach)
    cells = [cell for _, row in rows for cell in row]
    context = {
        "areas": areas,
        "rows": rows,
        "is_local": bool(reach),
        "cell_count": len(cells),
        "gap_count": sum(cell.count == 0 for cell in cells),
    }
    return TemplateResponse(request, "members/coverage.html", context)


def directory_export(request):
    """The directory for members and staff, each with what they may read on the pages."""
    reader = Reader.of(request.user)
    if not reader.may_export:
        raise PermissionDenied
    ask_who_it_is(request)
    listed = Organisation.objects.visible_to(request.user).listed()
    rows = rows_of(listed.filter(is_example=False), reader)
    record(request.user, "members.export_directory", request.user, organisations=len(rows))
    response = StreamingHttpResponse(lines_of_csv(COLUMNS, rows), content_type="text/csv")
    name = f"members-{timezone.localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
