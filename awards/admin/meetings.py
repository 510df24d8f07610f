"""What judges said, for staff: once a round is locked, and never before."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_safe

from awards.actions.shortlist import choose_finalists, refuse_to_choose
from awards.admin.meeting_room import MeetingRoom
from awards.forms.meetings import CutForm, ShortlistForm
from awards.models import Meeting, NominationState, Round, RoundStage
from awards.permissions import may_decide, rounds_with_results
from awards.standing import standing_of
from cja_portal.kit.admin import ReadOnly
from cja_portal.kit.moves import ImpossibleMove


@admin.register(Meeting)
class MeetingAdmin(MeetingRoom, ReadOnly, admin.ModelAdmin):
    """Its pages hang on the round: results, shortlist, meeting."""

    list_display = ["round", "started_at", "discussing"]
    list_select_related = ["round__category__cycle", "discussing"]
    search_fields = ["round__category__name"]

    def get_queryset(self, request):
        return super().get_queryset(request).filter(round__in=rounds_with_results(request.user))

    def get_urls(self):
        own = {
            "<uuid:uuid>/results/": (require_safe(self.results_view), "results"),
            "<uuid:uuid>/shortlist/": (self.shortlist_view, "shortlist"),
        }
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
        round_ = self.locked_round(request, uuid)
        return self._page(request, "results", round_, title=f"Results: {round_}")

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def shortlist_view(self, request, uuid):
        """The order with a cut, ticked as it would be by the marks alone or as it was chosen."""
        round_ = self.locked_round(request, uuid)
        if round_.stage != RoundStage.SIFT:
            raise Http404
        standing, category = standing_of(round_), round_.category
        cut = _cut(request, category)
        start = {"chosen": _chosen(standing) or _above(standing, cut)}
        form = ShortlistForm(request.POST or None, category=category, initial=start)
        if request.method == "POST" and self._choose(request, round_, form):
            return HttpResponseRedirect(request.get_full_path())
        more = {
            "title": f"Shortlist: {round_}",
            "standing": standing,
            "cut": cut,
            "form": form,
            "near_misses": standing.near_misses(cut),
            "chosen": _chosen(standing),
            "without_place": [one for one in standing.entries if one.pk not in standing.row_of],
            "closed": _closed(request, round_),
        }
        return self._page(request, "shortlist", round_, **more)

    def _choose(self, request, round_, form):
        """Whether it was done; if not, the form says why."""
        if not may_decide(request.user):
            raise PermissionDenied
        if not form.is_valid():
            return False
        try:
            choose_finalists(round_, **form.cleaned_data, by=request.user)
        except ImpossibleMove as impossible:
            form.add_error("reason", str(impossible))
            return False
        self.message_user(request, "The shortlist is kept.", messages.SUCCESS)
        return True

    def locked_round(self, request, uuid):
        """The round, for those who may see what judges said; nobody may while they mark."""
        final = Round.objects.filter(category=OuterRef("category"), stage=RoundStage.FINAL)
        rounds = rounds_with_results(request.user).select_related("category__cycle", "meeting")
        return get_object_or_404(rounds.annotate(has_final=Exists(final)), uuid=uuid)

    def _page(self, request, name, round_, *, status=200, **more):
        context = self.admin_site.each_context(request) | {
            "page": name,
            "round": round_,
            "category": round_.category,
            "cycle": round_.category.cycle,
            "standing": more.get("standing") or standing_of(round_),
        }
        template = f"admin/awards/round/{name}.html"
        return TemplateResponse(request, template, context | more, status=status)


# -- The shortlist --------------------------------------------------------------------------------


def _cut(request, category):
    form = CutForm(request.GET)
    return form.cleaned_data["cut"] if form.is_valid() else category.finalists


def _chosen(standing):
    return [one.pk for one in standing.entries if one.state == NominationState.FINALIST]


def _above(standing, cut):
    return [row.nominee.pk for row in standing.rows[:cut] if row.rank is not None]


def _closed(request, round_):
    """Why nothing can be chosen; nothing if it can."""
    try:
        refuse_to_choose(round_)
    except ImpossibleMove as impossible:
        return str(impossible)
    return "" if may_decide(request.user) else "You may look, and not choose."
