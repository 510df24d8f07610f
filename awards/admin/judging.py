"""The staff's door to judges: who is asked, what they have to do with whom, and what follows."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from awards.actions.interests import lift_conflict, note_conflict
from awards.actions.judges import invite_judge, leave_panel
from awards.admin.waiting import JudgeWaits
from awards.forms.judging import ReasonForm
from awards.forms.rounds import ConflictForm, InviteForm, JudgeForm, LiftForm
from awards.models import Conflict, ConflictSource, Interest, Judge, WarmUp
from cja_portal.kit.admin import ReadOnly
from cja_portal.kit.moves import ImpossibleMove


@admin.register(Judge)
class JudgeAdmin(admin.ModelAdmin):
    """Who judges in which year. People say yes themselves; staff ask, and note conflicts."""

    list_display = ["__str__", "cycle", "answer", "limit", "declared_at", "is_chair"]
    list_filter = [JudgeWaits, "cycle"]
    search_fields = ["user__name", "user__email", "invitation__email"]

    @admin.display(description="answer")
    def answer(self, judge):
        return answer_of(judge)

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        view = self.admin_site.admin_view(require_POST(self.do_view))
        route = path("<int:pk>/do/<str:name>/", view, name="awards_judge_do")
        return [route, *super().get_urls()]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("cycle", "user", "invitation")

    # -- Asking somebody -------------------------------------------------------------------------

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = InviteForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            values = dict(form.cleaned_data)
            try:
                judge = invite_judge(values.pop("cycle"), by=request.user, **values)
            except ImpossibleMove as impossible:
                form.add_error(None, str(impossible))
            else:
                self.message_user(request, f"{judge} is asked.", messages.SUCCESS)
                return HttpResponseRedirect(_page_of(judge))
        context = self.admin_site.each_context(request) | {"title": "Ask a judge", "form": form}
        return TemplateResponse(request, "admin/awards/judge/add_form.html", context)

    # -- The page of one -------------------------------------------------------------------------

    def change_view(self, request, object_id, form_url="", extra_context=None):
        judge = self.get_object(request, object_id)
        if judge is None:
            raise Http404
        if not self.has_view_permission(request, judge):
            raise PermissionDenied
        return self._page(request, judge)

    def _page(self, request, judge, **bound):
        forms = _forms(judge) | bound
        context = self.admin_site.each_context(request) | {
            "title": str(judge),
            "judge": judge,
            "answer": answer_of(judge),
            "interests": judge.interests.all(),
            "conflicts": _conflicts(judge, forms["lift"]),
            "may_change": self.has_change_permission(request, judge),
            "forms": forms,
        }
        return TemplateResponse(request, "admin/awards/judge/change_form.html", context)

    def do_view(self, request, pk, name):
        """One of DUTIES; a form with faults comes back with the page."""
        judge = get_object_or_404(Judge.objects.select_related("cycle", "user"), pk=pk)
        if not self.has_change_permission(request, judge):
            raise PermissionDenied
        if name not in DUTIES:
            raise Http404
        form = _forms(judge, request.POST)[name]
        if not form.is_valid():
            return self._page(request, judge, **{name: form})
        try:
            DUTIES[name](judge, form, request)
        except ImpossibleMove as impossible:
            self.message_user(request, str(impossible), messages.WARNING)
        else:
            self.message_user(request, "Done.", messages.SUCCESS)
        return HttpResponseRedirect(_page_of(judge))


def answer_of(judge):
    if judge.left_at:
        return "has left"
    if judge.declined_at:
        return "said no"
    return "said yes" if judge.accepted_at else "asked"


def _page_of(judge):
    return reverse("admin:awards_judge_change", args=[judge.pk])


def _conflicts(judge, form):
    """[(conflict, form with which to lift it)]; `form` is the one that came back with faults."""
    rows = judge.conflicts.select_related("nomination__category", "lifted_by")
    rows = rows.order_by("lifted_at", "nomination__nominee_name")
    faulty = form.data.get("conflict") if form.is_bound else None
    return [(one, form if str(one.pk) == faulty else _lifting(judge, one)) for one in rows]


def _lifting(judge, conflict):
    return LiftForm(judge=judge, initial={"conflict": conflict.pk}, auto_id=f"{conflict.pk}-%s")


def _forms(judge, data=None):
    return {
        "change": JudgeForm(data, instance=judge),
        "conflict": ConflictForm(data, judge=judge),
        "lift": LiftForm(data, judge=judge),
        "leave": ReasonForm(data, prefix="leave"),
    }


def _change(judge, form, request):
    form.save()


def _conflict(judge, form, request):
    note_conflict(judge, source=ConflictSource.STAFF, by=request.user, **form.cleaned_data)


def _lift(judge, form, request):
    values = dict(form.cleaned_data)
    lift_conflict(values.pop("conflict"), by=request.user, **values)


def _leave(judge, form, request):
    leave_panel(judge, by=request.user, **form.cleaned_data)


DUTIES = {"change": _change, "conflict": _conflict, "lift": _lift, "leave": _leave}


# -- To look at -----------------------------------------------------------------------------------


@admin.register(Interest)
class InterestAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["name", "judge", "kind", "note", "declared_at"]
    list_select_related = ["judge__user", "judge__invitation"]
    search_fields = ["name", "judge__user__name"]


@admin.register(Conflict)
class ConflictAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["nomination", "judge", "source", "reason", "noted_at", "lifted_at"]
    list_select_related = ["nomination", "judge__user", "judge__invitation"]
    list_filter = ["source"]
    search_fields = ["nomination__nominee_name", "judge__user__name"]


@admin.register(WarmUp)
class WarmUpAdmin(ReadOnly, admin.ModelAdmin):
    """That a judge warmed up; what they gave is theirs."""

    list_display = ["judge", "category", "example", "at"]
    list_select_related = ["judge__user", "judge__invitation", "category__cycle"]
    search_fields = ["judge__user__name"]
    exclude = ["marks"]
