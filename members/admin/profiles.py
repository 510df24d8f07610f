"""The staff's desk for profiles: what waits, what changed, and how to take it back."""

from functools import partial

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from cja_portal.kit.admin import ReadOnly, do_with_each
from cja_portal.kit.moves import ImpossibleMove
from members.actions.profiles import (
    approve_revision,
    decline_revision,
    keep_revision,
    return_revision,
    revert_revision,
)
from members.admin.people import ReadOnlyAdmin
from members.models import Contact, Detail, ProfileRevision
from members.models.profile import State, Subject
from members.profile_values import differences, whole


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Why",
        max_length=1000,
        help_text="They read this in the letter and beside their profile.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )


DECISIONS = {
    "approve": (approve_revision, None, "Approved. It is in place, and they are told."),
    "return": (return_revision, ReasonForm, "They are asked for a change."),
    "decline": (decline_revision, ReasonForm, "Declined, and they are told."),
    "keep": (keep_revision, None, "Looked at. It stays."),
    "revert": (revert_revision, None, "Taken back, and they are told."),
}


class WaitsFilter(admin.SimpleListFilter):
    title = "what waits"
    parameter_name = "waits"

    def lookups(self, request, model_admin):
        return [("staff", "For staff to decide"), ("look", "In place, to be looked at")]

    def queryset(self, request, queryset):
        chosen = {"staff": queryset.waiting, "look": queryset.unseen}.get(self.value())
        return chosen() if chosen else queryset


@admin.register(ProfileRevision)
class ProfileRevisionAdmin(ReadOnly, admin.ModelAdmin):
    """A row opens the page with the differences and the buttons."""

    list_display = ["organisation", "subject", "fields_changed", "state", "asked_by", "asked_at"]
    list_select_related = ["organisation", "asked_by"]
    list_filter = [WaitsFilter, "state", "subject"]
    search_fields = ["organisation__name", "organisation__search_text"]
    show_full_result_count = False
    actions = ["keep"]

    def has_decide_permission(self, request):
        return request.user.has_perm("members.change_profilerevision")

    @admin.display(description="fields")
    def fields_changed(self, revision):
        return ", ".join(revision.after)

    @admin.action(description="Looked at: they may stay", permissions=["decide"])
    def keep(self, request, rows):
        do_with_each(self, request, rows, keep_revision, "Looked at")

    def get_urls(self):
        view = self.admin_site.admin_view(require_POST(self.decision_view))
        route = "<int:pk>/decide/<str:name>/"
        return [path(route, view, name="members_profilerevision_decision"), *super().get_urls()]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        revision = self.get_object(request, object_id)
        if revision is None:
            raise Http404
        if not self.has_view_permission(request, revision):
            raise PermissionDenied
        return self._page(request, revision)

    def decision_view(self, request, pk, name):
        """What was typed for a decision that cannot be is kept on the page."""
        if not self.has_decide_permission(request):
            raise PermissionDenied
        revision = get_object_or_404(ProfileRevision, pk=pk)
        if name not in DECISIONS:
            raise Http404
        act, form_class, done = DECISIONS[name]
        form = form_class(request.POST, prefix=name) if form_class else None
        if form and not form.is_valid():
            return self._page(request, revision, {name: form})
        details = form.cleaned_data if form else {}
        if name == "approve":
            details = {"seen": request.POST.get("seen", "")}
        self._try(request, partial(act, revision, by=request.user, **details), done)
        return redirect("admin:members_profilerevision_change", pk)

    def _try(self, request, act, done):
        try:
            act()
        except ImpossibleMove as impossible:
            self.message_user(request, str(impossible), messages.WARNING)
        else:
            self.message_user(request, done, messages.SUCCESS)

    def _page(self, request, revision, forms=None):
        organisation = revision.organisation
        others = organisation.revisions.exclude(pk=revision.pk).select_related("asked_by")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "media": self.media,
            "title": str(revision),
            "revision": revision,
            "organisation": organisation,
            "seen": organisation.version,
            "changes": differences(revision.before, revision.after),
            "whole": whole(organisation) if revision.subject == Subject.PUBLICATION else [],
            "may_decide": self.has_decide_permission(request),
            "is_waiting": revision.state == State.WAITING,
            "is_unseen": revision.state == State.LIVE,
            "forms": {
                "return": ReasonForm(prefix="return"),
                "decline": ReasonForm(prefix="decline"),
                **(forms or {}),
            },
            "others": others[:10],
            "list_address": reverse("admin:members_profilerevision_changelist"),
        }
        return TemplateResponse(request, "admin/members/profilerevision/review.html", context)


@admin.register(Contact)
class ContactAdmin(ReadOnlyAdmin):
    """Who agreed to be named. They alone agree and take it back, on their own page."""

    list_display = ["affiliation", "about", "audience", "reads_messages", "agreed_at"]
    list_select_related = ["affiliation__user", "affiliation__organisation"]
    list_filter = ["audience", "reads_messages"]
    search_fields = ["affiliation__user__email", "affiliation__organisation__name"]


@admin.register(Detail)
class DetailAdmin(ReadOnlyAdmin):
    """What owners and editors say; a change of theirs can be taken back."""

    list_display = ["organisation", "kind", "value", "audience"]
    list_select_related = ["organisation"]
    list_filter = ["kind", "audience"]
    search_fields = ["organisation__name", "value"]
