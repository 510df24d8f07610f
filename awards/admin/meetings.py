"""What judges said, for staff: once a round is locked, and never before."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from awards.models import Meeting, Round
from awards.permissions import may_see_results
from awards.standing import standing_of
from cja_portal.kit.admin import ReadOnly


@admin.register(Meeting)
class MeetingAdmin(ReadOnly, admin.ModelAdmin):
    """Its pages hang on the round: results, shortlist, meeting."""

    list_display = ["round", "started_at", "discussing"]
    list_select_related = ["round__category__cycle", "discussing"]
    search_fields = ["round__category__name"]

    def get_urls(self):
        own = {"<uuid:uuid>/results/": (require_safe(self.results_view), "results")}
        return [
            path(route, self.admin_site.admin_view(view), name=f"awards_round_{name}")
            for route, (view, name) in own.items()
        ] + super().get_urls()

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The row itself is of no use to anybody: its round's results are."""
        meeting = self.get_object(request, object_id)
        if meeting is None:
            return super().change_view(request, object_id, form_url, extra_context)
        page = reverse("admin:awards_round_results", args=[meeting.round.uuid])
        return HttpResponseRedirect(page)

    def results_view(self, request, uuid):
        round_ = locked_round(request, uuid)
        return self._page(request, "results", round_, title=f"Results: {round_}")

    def _page(self, request, name, round_, *, status=200, **more):
        context = self.admin_site.each_context(request) | {
            "round": round_,
            "category": round_.category,
            "cycle": round_.category.cycle,
            "standing": standing_of(round_),
        }
        template = f"admin/awards/round/{name}.html"
        return TemplateResponse(request, template, context | more, status=status)


def locked_round(request, uuid):
    """The round, for those who may see what judges said; nobody may while they mark."""
    round_ = get_object_or_404(Round.objects.select_related("category__cycle"), uuid=uuid)
    if not may_see_results(request.user, round_):
        raise PermissionDenied
    return round_
