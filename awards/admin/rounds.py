"""The staff's door to rounds: who reads what, how far they are, lock, and open again."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST, require_safe

from awards.actions.rounds import (
    accept_proposal,
    begin_round,
    lock_round,
    open_round,
    reopen_round,
    replace_reader,
)
from awards.actions.sheets import exclude_sheet, restore_sheet
from awards.admin.waiting import RoundWaits
from awards.assignment import Impossible
from awards.forms.judging import ReasonForm
from awards.forms.rounds import AcceptForm, ReplacementForm, RestoreForm, RoundForm, SheetReasonForm
from awards.models import (
    Assignment,
    Conflict,
    Decision,
    Mark,
    Round,
    Sheet,
    SheetExclusion,
)
from awards.permissions import may_see_results
from awards.progress import Progress
from awards.proposals import Proposed
from cja_portal.kit.admin import ReadOnly
from cja_portal.kit.moves import ImpossibleMove

BUTTONS = {"accept", "replace"}
OVERTAKEN = "Something has changed since that page was shown. Look at it again."
LARGEST_SEED = 2_000_000_000


@admin.register(Round)
class RoundAdmin(admin.ModelAdmin):
    """One reading of a category by judges."""

    form = RoundForm
    list_display = ["__str__", "state", "reads", "version", "due_at", "locked_at"]
    list_select_related = ["category__cycle"]
    list_filter = [RoundWaits, "state", "category__cycle"]
    search_fields = ["category__name"]

    def has_delete_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("category__cycle")

    def get_urls(self):
        own = {
            "<int:pk>/proposal/": (require_safe(self.proposal_view), "proposal"),
            "<int:pk>/do/<str:name>/": (require_POST(self.do_view), "do"),
        }
        return [
            path(route, self.admin_site.admin_view(view), name=f"awards_round_{name}")
            for route, (view, name) in own.items()
        ] + super().get_urls()

    def save_model(self, request, obj, form, change):
        """A new one alone: the page of one that is there has no such form."""
        names = ("stage", "reads", "due_at")
        values = {name: form.cleaned_data[name] for name in names}
        obj.pk = begin_round(form.cleaned_data["category"], by=request.user, **values).pk

    def response_add(self, request, obj, post_url_continue=None):
        return HttpResponseRedirect(_page_of(obj))

    # -- The page of one -------------------------------------------------------------------------

    def change_view(self, request, object_id, form_url="", extra_context=None):
        round_ = self.get_object(request, object_id)
        if round_ is None:
            raise Http404
        if not self.has_view_permission(request, round_):
            raise PermissionDenied
        return self._page(request, round_)

    def _page(self, request, round_, **bound):
        progress = Progress(round_)
        forms = _forms(round_, readings=progress.readings) | bound
        context = self.admin_site.each_context(request) | {
            "title": str(round_),
            "round": round_,
            "progress": progress,
            "gaps": progress.gaps(),
            "left_out": _left_out(round_, forms["restore"]),
            "may_change": self.has_change_permission(request, round_),
            "may_see_results": round_.is_over and may_see_results(request.user, round_),
            "forms": forms,
        }
        return TemplateResponse(request, "admin/awards/round/change_form.html", context)

    def proposal_view(self, request, pk):
        """Who would read what, beside who does now; nothing is done by looking at it."""
        round_ = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, round_):
            raise PermissionDenied
        seed = _seed(request.GET.get("seed", ""), round_.seed)
        context = self.admin_site.each_context(request) | {
            "title": f"Who reads what: {round_}",
            "round": round_,
            "seed": seed,
            "next_seed": seed % LARGEST_SEED + 1,
            "proposed": Proposed(round_, seed=seed),
        }
        return TemplateResponse(request, "admin/awards/round/proposal.html", context)

    def do_view(self, request, pk, name):
        """One of DUTIES; a form with faults comes back with the page."""
        round_ = get_object_or_404(Round.objects.select_related("category__cycle"), pk=pk)
        if not self.has_change_permission(request, round_):
            raise PermissionDenied
        if name not in DUTIES:
            raise Http404
        form = _forms(round_, request.POST).get(name)
        if form is not None and not form.is_valid():
            return self._refused(request, round_, name, form)
        try:
            DUTIES[name](round_, form, request.user)
        except (ImpossibleMove, Impossible) as impossible:
            self.message_user(request, str(impossible), messages.WARNING)
        else:
            self.message_user(request, "Done.", messages.SUCCESS)
        return HttpResponseRedirect(_page_of(round_))

    def _refused(self, request, round_, name, form):
        """With the page, where people type; a mere button leads to the page as it is now."""
        if name not in BUTTONS:
            return self._page(request, round_, **{name: form})
        self.message_user(request, OVERTAKEN, messages.WARNING)
        return HttpResponseRedirect(_page_of(round_))


def _page_of(round_):
    return reverse("admin:awards_round_change", args=[round_.pk])


def _left_out(round_, form):
    """[(exclusion, form to restore it with)]; `form` is the one that came back with faults."""
    rows = SheetExclusion.objects.current().filter(sheet__assignment__round=round_)
    rows = rows.select_related("sheet__assignment__judge__user", "sheet__assignment__nomination")
    faulty = form.data.get("sheet") if form.is_bound else None
    return [(one, form if str(one.sheet_id) == faulty else _restoring(one)) for one in rows]


def _restoring(out):
    return RestoreForm(
        round_=out.sheet.assignment.round_id,
        initial={"sheet": out.sheet_id},
        auto_id=f"{out.pk}-%s",
    )


def _seed(typed, usual):
    return int(typed) if typed.isdecimal() and 0 < int(typed) <= LARGEST_SEED else usual


def _forms(round_, data=None, *, readings=()):
    return {
        "accept": AcceptForm(data),
        "replace": ReplacementForm(data, round_=round_),
        "reopen": ReasonForm(data),
        "exclude": SheetReasonForm(data, round_=round_, readings=readings),
        "restore": RestoreForm(data, round_=round_.pk),
    }


def _accept(round_, form, by):
    accept_proposal(round_, by=by, **form.cleaned_data)


def _replace(round_, form, by):
    replace_reader(form.cleaned_data["assignment"], form.cleaned_data["judge"], by=by)


def _open(round_, form, by):
    open_round(round_, by=by)


def _lock(round_, form, by):
    lock_round(round_, by=by)


def _reopen(round_, form, by):
    reopen_round(round_, by=by, **form.cleaned_data)


def _exclude(round_, form, by):
    exclude_sheet(form.cleaned_data["sheet"], reason=form.cleaned_data["reason"], by=by)


def _restore(round_, form, by):
    out = SheetExclusion.objects.current().filter(sheet=form.cleaned_data["sheet"]).first()
    if out is None:
        raise ImpossibleMove("This sheet counts already.")
    restore_sheet(out, reason=form.cleaned_data["reason"], by=by)


DUTIES = {
    "accept": _accept,
    "replace": _replace,
    "open": _open,
    "lock": _lock,
    "reopen": _reopen,
    "exclude": _exclude,
    "restore": _restore,
}


# -- To look at: who reads what, and that there are sheets; what they say is on the results page ---


@admin.register(Assignment)
class AssignmentAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["nomination", "judge", "round", "state", "made_at"]
    list_select_related = [
        "nomination",
        "judge__user",
        "judge__invitation",
        "round__category__cycle",
    ]
    list_filter = ["state"]
    search_fields = ["nomination__nominee_name", "judge__user__name"]


class OfRoundsThatAreOver(ReadOnly, admin.ModelAdmin):
    """Marks are nobody's to see while judges mark, nor with an interest of one's own."""

    rounds = ""  # the way to the round

    def get_queryset(self, request):
        rows = super().get_queryset(request).filter(**{f"{self.rounds}__locked_at__isnull": False})
        own = Conflict.objects.current().filter(judge__user=request.user.pk)
        hidden = Round.objects.filter(category__nominations__conflicts__in=own)
        return rows.exclude(**{f"{self.rounds}__in": hidden})


@admin.register(Sheet)
class SheetAdmin(OfRoundsThatAreOver):
    rounds = "assignment__round"
    list_display = ["assignment", "version", "saved_at", "submitted_at"]
    list_select_related = [
        *("assignment__judge__user", "assignment__judge__invitation", "assignment__nomination")
    ]
    search_fields = ["assignment__nomination__nominee_name", "assignment__judge__user__name"]


@admin.register(Mark)
class MarkAdmin(OfRoundsThatAreOver):
    rounds = "sheet__assignment__round"
    list_display = ["criterion", "sheet", "value", "is_without_evidence", "is_strength"]
    list_select_related = [
        "criterion",
        "sheet__assignment__nomination",
        *("sheet__assignment__judge__user", "sheet__assignment__judge__invitation"),
    ]
    search_fields = ["criterion__name", "sheet__assignment__nomination__nominee_name"]


@admin.register(Decision)
class DecisionAdmin(ReadOnly, admin.ModelAdmin):
    """What the panel decided: it is typed at the meeting, and seen by those without an interest."""

    list_display = ["nomination", "category", "outcome", "is_off_the_order", "by", "at"]
    list_select_related = ["nomination", "category__cycle", "by"]
    search_fields = ["nomination__nominee_name", "category__name"]

    def get_queryset(self, request):
        own = Conflict.objects.current().filter(judge__user=request.user.pk)
        return super().get_queryset(request).exclude(category__nominations__conflicts__in=own)


@admin.register(SheetExclusion)
class SheetExclusionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["sheet", "reason", "by", "at", "restored_at"]
    list_select_related = [
        *("by", "sheet__assignment__nomination"),
        *("sheet__assignment__judge__user", "sheet__assignment__judge__invitation"),
    ]
    search_fields = ["reason", "sheet__assignment__nomination__nominee_name"]
