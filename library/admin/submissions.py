"""The staff's desk for what members submit and ask."""

from functools import partial

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.timesince import timesince
from django.views.decorators.http import require_POST

from cja_portal.kit.admin import ReadOnly
from cja_portal.kit.moves import ImpossibleMove
from library.actions import ask_for_changes, decline_item, publish_item_at
from library.checklist import points
from library.duplicates import known_to_staff, likely_duplicates
from library.intake import scanner
from library.models import (
    ChangeRequest,
    Document,
    Outcome,
    RequestKind,
    Status,
    Step,
    Submission,
)
from library.records import changes_between, snapshot_of
from library.submission_forms import AnswerForm, ReasonForm, ScheduleForm
from library.submissions import (
    accept_request,
    claim_submission,
    decide,
    decline_request,
    release_submission,
    state_of,
)

DECISIONS = {
    "publish": (publish_item_at, None, "“{item}” is published."),
    "schedule": (publish_item_at, ScheduleForm, "“{item}” is scheduled."),
    "ask": (ask_for_changes, ReasonForm, "The organisation is asked to change “{item}”."),
    "decline": (decline_item, ReasonForm, "“{item}” is declined."),
}
DUTIES = {
    "claim": (claim_submission, "You are on it."),
    "release": (release_submission, "Nobody is on it now."),
}


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("waiting", "Waiting for us"), *Status.choices]

    def queryset(self, request, queryset):
        if self.value() == "waiting":
            return queryset.waiting()
        return queryset.filter(item__status=self.value()) if self.value() else queryset


@admin.register(Submission)
class SubmissionAdmin(ReadOnly, admin.ModelAdmin):
    """The queue, the oldest first; a row opens the page on which staff decide."""

    list_display = ["title", "organisation", "state", "waits", "claimed_by"]
    list_filter = [StateFilter]
    search_fields = ["item__title", "item__owner__name", "item__code"]
    ordering = ["submitted_at", "pk"]
    show_full_result_count = False

    class Media:
        css = {"all": ["css/desk.css"]}

    def get_queryset(self, request):
        return Submission.objects.for_rows()

    @admin.display(ordering="item__title")
    def title(self, submission):
        return str(submission.item)

    @admin.display(ordering="item__owner__sort_name")
    def organisation(self, submission):
        return submission.item.owner

    @admin.display(ordering="item__status")
    def state(self, submission):
        item = submission.item
        return "Scheduled" if item.is_scheduled else item.get_status_display()

    @admin.display(description="waits", ordering="submitted_at")
    def waits(self, submission):
        """For how long it has been waiting for us."""
        is_ours = submission.item.status == Status.SUBMITTED and submission.submitted_at
        return timesince(submission.submitted_at, depth=1) if is_ours else "–"

    def get_urls(self):
        own = {
            "<int:pk>/do/<str:name>/": (require_POST(self.duty_view), "duty"),
            "<int:pk>/files/<str:name>": (self.file_view, "file"),
            "<int:pk>/decide/<str:name>/": (require_POST(self.decision_view), "decision"),
        }
        return [
            path(route, self.admin_site.admin_view(view), name=f"library_submission_{name}")
            for route, (view, name) in own.items()
        ] + super().get_urls()

    def change_view(self, request, object_id, form_url="", extra_context=None):
        submission = self.get_object(request, object_id)
        if submission is None:
            raise Http404
        if not self.has_view_permission(request, submission):
            raise PermissionDenied
        return self._page(request, submission)

    def duty_view(self, request, pk, name):
        """Taking it on, or letting it go."""
        submission = self._submission(request, pk)
        if name not in DUTIES:
            raise Http404
        act, done = DUTIES[name]
        self._try(request, partial(act, submission, by=request.user), done)
        return redirect(_page_of(submission))

    def decision_view(self, request, pk, name):
        """What was typed for a decision that cannot be is kept on the page."""
        submission = self._submission(request, pk)
        if name not in DECISIONS:
            raise Http404
        act, form_class, done = DECISIONS[name]
        form = form_class(request.POST, prefix=name) if form_class else None
        if form and not form.is_valid():
            return self._page(request, submission, {name: form})
        details = form.cleaned_data if form else {"visible_from": None}
        decision = partial(
            decide, submission, act, by=request.user, seen=request.POST.get("seen", ""), **details
        )
        if not self._try(request, decision, done.format(item=submission.item)) and form:
            return self._page(request, self._submission(request, pk), {name: form})
        return redirect(_page_of(submission))

    def file_view(self, request, pk, name):
        """A file of a submission, to look at before readers can."""
        documents = Document.objects.not_kept_back()
        document = get_object_or_404(documents, item__submission=pk, name=name)
        if not self.has_view_permission(request):
            raise PermissionDenied
        return FileResponse(
            document.file.open(),
            as_attachment=True,
            filename=document.name,
            content_type=document.content_type,
        )

    def _page(self, request, submission, forms=None):
        item = submission.item
        events = list(item.review_events.select_related("by"))
        now, handed_in = snapshot_of(item), [e for e in events if e.what == Step.SUBMITTED]
        forms = self._forms(item) | (forms or {})
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "media": self.media,
            "title": f"Submission: {item}",
            "submission": submission,
            "item": item,
            "documents": item.documents.all(),
            "seen": state_of(submission),
            "may_decide": item.status == Status.SUBMITTED and _may_change(request),
            "forms": forms,
            "events": events,
            "points": points(item),
            "since_last": _changes(handed_in[1:2], handed_in[:1]),
            "is_resubmitted": len(handed_in) > 1,
            "by_staff": changes_between(handed_in[0].snapshot, now) if handed_in else [],
            "whole": changes_between({}, now),
            "duplicates": likely_duplicates(item, known_to_staff()),
        }
        return TemplateResponse(request, "admin/library/submission/review.html", context)

    def _forms(self, item):
        when = {"visible_from": item.visible_from if item.is_held_back else None}
        return {
            "schedule": ScheduleForm(prefix="schedule", initial=when),
            "ask": ReasonForm(prefix="ask"),
            "decline": ReasonForm(prefix="decline"),
        }

    def _submission(self, request, pk):
        if not _may_change(request):
            raise PermissionDenied
        return get_object_or_404(Submission.objects.for_rows(), pk=pk)

    def _try(self, request, act, done):
        return _try(self, request, act, done)


@admin.register(ChangeRequest)
class ChangeRequestAdmin(ReadOnly, admin.ModelAdmin):
    """What organisations ask about published works of theirs."""

    list_display = ["item", "kind", "organisation", "asked_at", "outcome"]
    list_filter = ["outcome", "kind"]
    list_select_related = ["item__owner"]
    search_fields = ["item__title", "item__owner__name"]
    show_full_result_count = False

    class Media:
        css = {"all": ["css/desk.css"]}

    @admin.display(ordering="item__owner__sort_name")
    def organisation(self, request):
        return request.item.owner

    def change_view(self, request, object_id, form_url="", extra_context=None):
        asked = self.get_object(request, object_id)
        if asked is None:
            raise Http404
        if not self.has_view_permission(request, asked):
            raise PermissionDenied
        form = AnswerForm(request.POST if request.method == "POST" else None)
        is_answered = request.method == "POST" and self._try_answer(request, asked, form)
        if is_answered:
            return redirect("admin:library_changerequest_changelist")
        return self._page(request, asked, form)

    def _try_answer(self, request, asked, form):
        if not (_may_change(request) and form.is_valid()):
            return False
        return _try(self, request, self._answer(request, asked, form), f"Answered: {asked}.")

    def get_urls(self):
        view = self.admin_site.admin_view(self.file_view)
        return [
            path("<int:pk>/file/", view, name="library_changerequest_file"),
            *super().get_urls(),
        ]

    def file_view(self, request, pk):
        asked = get_object_or_404(ChangeRequest.objects.exclude(file=""), pk=pk)
        if not self.has_view_permission(request, asked):
            raise PermissionDenied
        if not scanner.passes(asked.file):
            self.message_user(request, "The virus scanner did not pass this file.", messages.ERROR)
            return redirect("admin:library_changerequest_change", pk)
        return FileResponse(asked.file.open(), as_attachment=True, filename=asked.file_name)

    def _answer(self, request, asked, form):
        text = form.cleaned_data["text"]
        if "decline" in request.POST:
            return partial(decline_request, asked, by=request.user, text=text)
        is_major = form.cleaned_data["is_major"]
        return partial(accept_request, asked, by=request.user, text=text, is_major=is_major)

    def _page(self, request, asked, form):
        if asked.kind == RequestKind.WITHDRAWAL:
            del form.fields["is_major"]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "media": self.media,
            "title": str(asked),
            "asked": asked,
            "item": asked.item,
            "form": form,
            "may_answer": asked.outcome == Outcome.WAITING and _may_change(request),
        }
        return TemplateResponse(request, "admin/library/changerequest/answer.html", context)


def _may_change(request):
    return request.user.has_perm("library.change_item")


def _try(model_admin, request, act, done):
    """Do it and say so, or say why it could not be done."""
    try:
        act()
    except ImpossibleMove as impossible:
        model_admin.message_user(request, str(impossible), messages.ERROR)
        return False
    model_admin.message_user(request, done, messages.SUCCESS)
    return True


def _page_of(submission):
    return reverse("admin:library_submission_change", args=[submission.pk])


def _changes(before, after):
    """Between the last submission and this one, where there are two."""
    if not (before and after):
        return []
    return changes_between(before[0].snapshot, after[0].snapshot)
