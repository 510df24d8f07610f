"""Domains, requests to join, claims and what keeps organisations from being locked out."""

from django.contrib import admin

from cja_portal.kit.admin import do_with_each
from members.actions.claims import grant_claim, refuse_claim, settle_objection
from members.actions.contacts import settle_report
from members.actions.join_requests import accept_join_request, decline_join_request
from members.admin.people import ReadOnlyAdmin
from members.audit import record
from members.models import (
    ApprovedDomain,
    BlockedSender,
    Claim,
    DoNotInvite,
    JoinRequest,
    KeepingTimes,
    SharedDomain,
    StillHere,
    WaitingTimes,
)


class WaitsFilter(admin.SimpleListFilter):
    """The rows that staff can decide now."""

    title = "what waits"
    parameter_name = "waits"

    def lookups(self, request, model_admin):
        return [("staff", "For staff to decide")]

    def queryset(self, request, queryset):
        return queryset.for_staff() if self.value() == "staff" else queryset


class DecidedByStaff(ReadOnlyAdmin):
    """Rows that come from outside; staff decide by actions."""

    def has_decide_permission(self, request):
        return request.user.has_perm(f"members.change_{self.opts.model_name}")


@admin.register(ApprovedDomain)
class ApprovedDomainAdmin(admin.ModelAdmin):
    """People with an address here may ask to join. Nobody gets in by that alone."""

    list_display = ["domain", "organisation", "approved_by", "approved_at"]
    list_select_related = ["organisation", "approved_by"]
    search_fields = ["domain", "organisation__name"]
    autocomplete_fields = ["organisation"]
    readonly_fields = ["approved_by", "approved_at"]

    def save_model(self, request, domain, form, change):
        domain.approved_by = request.user
        super().save_model(request, domain, form, change)
        record(request.user, "members.approve_domain", domain, organisation=domain.organisation_id)

    def delete_model(self, request, domain):
        record(request.user, "members.end_domain", domain, organisation=domain.organisation_id)
        super().delete_model(request, domain)

    def delete_queryset(self, request, domains):
        for domain in domains:
            self.delete_model(request, domain)


@admin.register(SharedDomain)
class SharedDomainAdmin(admin.ModelAdmin):
    """Staff add to the list. Whoever could shorten it could approve a free-mail domain."""

    list_display = ["domain", "covers_below", "note"]
    search_fields = ["domain", "note"]

    def has_change_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_delete_permission(self, request, obj=None):
        return request.user.is_superuser


@admin.register(JoinRequest)
class JoinRequestAdmin(DecidedByStaff):
    list_display = ["email", "name", "organisation", "outcome", "asked_at", "decided_by"]
    list_select_related = ["organisation", "decided_by"]
    list_filter = [WaitsFilter, "outcome"]
    search_fields = ["email", "name", "organisation__name"]
    actions = ["accept", "decline"]

    @admin.action(description="Let in as participant", permissions=["decide"])
    def accept(self, request, rows):
        do_with_each(self, request, rows, accept_join_request, "Invited")

    @admin.action(description="Decline", permissions=["decide"])
    def decline(self, request, rows):
        do_with_each(self, request, rows, decline_join_request, "Declined")


@admin.register(Claim)
class ClaimAdmin(DecidedByStaff):
    list_display = ["organisation", "email", "state", "opens_at", "told", "objected_by"]
    list_select_related = ["organisation"]
    list_filter = [WaitsFilter, "state"]
    search_fields = ["email", "name", "organisation__name"]
    actions = ["grant", "refuse", "settle"]

    @admin.action(description="Grant: invite as owner", permissions=["decide"])
    def grant(self, request, rows):
        do_with_each(self, request, rows, grant_claim, "Granted")

    @admin.action(description="Refuse", permissions=["decide"])
    def refuse(self, request, rows):
        do_with_each(self, request, rows, refuse_claim, "Refused")

    @admin.action(description="Settle the objection: the claim goes on", permissions=["decide"])
    def settle(self, request, rows):
        do_with_each(self, request, rows, settle_objection, "Settled")


@admin.register(BlockedSender)
class BlockedSenderAdmin(DecidedByStaff):
    """Deleted when the organisation wants to hear from the sender again."""

    list_display = ["email", "organisation", "blocked_at", "is_reported", "settled_at"]
    list_select_related = ["organisation"]
    list_filter = [WaitsFilter, "is_reported"]
    search_fields = ["email", "organisation__name"]
    actions = ["settle"]

    def has_delete_permission(self, request, obj=None):
        return request.user.has_perm("members.delete_blockedsender")

    @admin.action(description="Settle the report", permissions=["decide"])
    def settle(self, request, rows):
        do_with_each(self, request, rows, settle_report, "Settled")


class OneRow(admin.ModelAdmin):
    verb = ""

    def has_add_permission(self, request):
        """The one row came with the tables."""
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, times, form, change):
        super().save_model(request, times, form, change)
        days = {name: form.cleaned_data[name] for name in form.changed_data}
        record(request.user, self.verb, times, **days)


@admin.register(WaitingTimes)
class WaitingTimesAdmin(OneRow):
    verb = "members.set_waiting_times"
    list_display = [
        "__str__",
        "claim_days",
        "grace_days",
        "payment_days",
        "renewal_days",
        "reset_days",
    ]


@admin.register(KeepingTimes)
class KeepingTimesAdmin(OneRow):
    """How long personal data are kept, as the public table says and the daily job does."""

    verb = "members.set_keeping_times"
    list_display = ["__str__", "sessions", "applications", "requests", "complaints", "names"]


@admin.register(StillHere)
class StillHereAdmin(ReadOnlyAdmin):
    list_display = ["affiliation", "round", "asked_at", "answered_at"]
    list_select_related = ["affiliation__user", "affiliation__organisation"]
    list_filter = [("answered_at", admin.EmptyFieldListFilter), "round"]
    search_fields = ["affiliation__user__email", "affiliation__organisation__name"]


@admin.register(DoNotInvite)
class DoNotInviteAdmin(ReadOnlyAdmin):
    """Removed only when the person asks for it."""

    list_display = ["email", "organisation", "asked_at"]
    list_select_related = ["organisation"]
    search_fields = ["email", "organisation__name"]

    def has_delete_permission(self, request, obj=None):
        return request.user.has_perm("members.delete_donotinvite")
