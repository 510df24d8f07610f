"""The page of the admin with the lists of a year, and the files. Each is written to the log."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.http import require_safe

from awards.exports import AFTER_THE_SEAL, EXPORTS, lines
from awards.log import STAFF, note
from awards.models import Stage
from cja_portal.kit.cells import lines_of_csv
from members.second_factor import ask_who_it_is

SEALED = {Stage.SEALED, Stage.RELEASED, Stage.ARCHIVED}


class ExportPages:
    """To mix into the admin of years."""

    def get_urls(self):
        own = {
            "<int:pk>/exports/": (self.exports, "exports"),
            "<int:pk>/exports/<slug:name>.csv": (self.export, "export"),
        }
        return [
            path(route, self.admin_site.admin_view(require_safe(view)), name=f"awards_cycle_{name}")
            for route, (view, name) in own.items()
        ] + super().get_urls()

    def exports(self, request, pk):
        """What each list holds, and its first lines, before anybody takes it away."""
        cycle = self._cycle(request, pk)
        open_now = [name for name in EXPORTS if _is_open(name, cycle)]
        context = self.admin_site.each_context(request) | {
            "title": "Lists for spreadsheets",
            "cycle": cycle,
            "lists": [(name, EXPORTS[name], lines(EXPORTS[name], cycle)[:3]) for name in open_now],
        }
        return TemplateResponse(request, "admin/awards/cycle/exports.html", context)

    def export(self, request, pk, name):
        cycle = self._cycle(request, pk)
        if name not in EXPORTS:
            raise Http404
        if not _is_open(name, cycle):
            raise PermissionDenied
        ask_who_it_is(request)
        rows = lines(EXPORTS[name], cycle)
        note(cycle, "export", role=STAFF, by=request.user, list=name, rows=len(rows))
        text = "".join(lines_of_csv(EXPORTS[name].columns, rows))
        disposition = f'attachment; filename="awards-{cycle.year}-{name}.csv"'
        headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
        return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


def _is_open(name, cycle):
    return name not in AFTER_THE_SEAL or cycle.stage in SEALED
