"""The queue of readers who need another format, or a copy that they can open."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.timesince import timesince

from cja_portal.kit.admin import ReadOnly, do_with_each
from library.copy_request_forms import CopyAnswerForm
from library.copy_requests import answer_copy_request
from library.models import CopyRequest


class WaitingFilter(admin.SimpleListFilter):
    title = parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("waiting", "Waiting for us"), ("answered", "Answered")]

    def queryset(self, request, requests):
        if self.value() == "waiting":
            return requests.waiting()
        return requests.filter(answered_at__isnull=False) if self.value() else requests


@admin.register(CopyRequest)
class CopyRequestAdmin(ReadOnly, admin.ModelAdmin):
    """Without the addresses: only the letter needs them."""

    list_display = ["item", "kind", "needed_by", "waits", "answered_at"]
    list_filter = [WaitingFilter, "kind"]
    list_select_related = ["item"]
    search_fields = ["item__title", "text"]
    show_full_result_count = False

    class Media:
        css = {"all": ["css/desk.css"]}

    @admin.display(ordering="asked_at")
    def waits(self, asked):
        """For how long it has been waiting for us."""
        return "–" if asked.answered_at else timesince(asked.asked_at, depth=1)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        asked = self.get_object(request, object_id)
        if asked is None:
            raise Http404
        if not self.has_view_permission(request, asked):
            raise PermissionDenied
        may_answer = request.user.has_perm("library.change_item") and not asked.answered_at
        sent = request.POST if request.method == "POST" and may_answer else None
        form = CopyAnswerForm(sent, item=asked.item)
        if form.is_valid():
            answer = form.cleaned_data
            do_with_each(self, request, [asked], answer_copy_request, "Answered", **answer)
            return redirect("admin:library_copyrequest_changelist")
        return self._page(request, asked, form if may_answer else None)

    def _page(self, request, asked, form):
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "media": self.media,
            "title": str(asked),
            "asked": asked,
            "item": asked.item,
            "form": form,
        }
        return TemplateResponse(request, "admin/library/copyrequest/answer.html", context)
