"""Complaints about data with their clock, and who waits to be erased."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from cja_portal.kit.admin import ReadOnly, do_with_each
from members.actions.complaints import answer_complaint
from members.complaint_forms import ComplaintAnswerForm
from members.models import Complaint, Erasure, LetterOff


class OpenFilter(admin.SimpleListFilter):
    title = "what waits"
    parameter_name = "waits"

    def lookups(self, request, model_admin):
        return [("answer", "Not answered yet")]

    def queryset(self, request, queryset):
        return queryset.open() if self.value() == "answer" else queryset


@admin.register(Complaint)
class ComplaintAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["reference", "days", "received_at", "answered_at", "answered_by"]
    list_select_related = ["answered_by"]
    list_filter = [OpenFilter]
    search_fields = ["reference", "email"]
    actions = None

    @admin.display(description="days left", ordering="received_at")
    def days(self, complaint):
        return "–" if complaint.answered_at else complaint.days_left

    def change_view(self, request, object_id, form_url="", extra_context=None):
        complaint = self.get_object(request, object_id)
        if complaint is None:
            raise Http404
        if not self.has_view_permission(request, complaint):
            raise PermissionDenied
        may_answer = request.user.has_perm("members.change_complaint")
        is_open = may_answer and not complaint.answered_at
        form = ComplaintAnswerForm(request.POST if request.method == "POST" and is_open else None)
        if form.is_valid():
            do_with_each(
                self, request, [complaint], answer_complaint, "Answered", **form.cleaned_data
            )
            return redirect("admin:members_complaint_changelist")
        return self._page(request, complaint, form if is_open else None)

    def _page(self, request, complaint, form):
        context = self.admin_site.each_context(request) | {
            "title": str(complaint),
            "opts": self.opts,
            "complaint": complaint,
            "form": form,
        }
        return TemplateResponse(request, "admin/members/complaint.html", context)


class DueFilter(admin.SimpleListFilter):
    title = "what waits"
    parameter_name = "waits"

    def lookups(self, request, model_admin):
        return [("job", "The seven days are over")]

    def queryset(self, request, queryset):
        return queryset.due() if self.value() == "job" else queryset


@admin.register(Erasure)
class ErasureAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["user", "asked_at", "due_at", "cancelled_at", "done_at"]
    list_select_related = ["user"]
    list_filter = [DueFilter]
    actions = None


@admin.register(LetterOff)
class LetterOffAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["user", "email", "topic", "since"]
    list_select_related = ["user"]
    list_filter = ["topic"]
    actions = None
