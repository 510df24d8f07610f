"""People, their places, invitations and the audit log. What is risky is done by an action."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import redirect
from django.utils import timezone

from cja_portal.kit.admin import ReadOnly, do_with_each
from members.actions.invitations import (
    InvitationError,
    invite_person,
    resend_invitation,
    withdraw_invitation,
)
from members.actions.people import close_account, end_sessions, open_account
from members.admin.one_form import one_form
from members.admin.rows import FromSpreadsheet, PeopleRows
from members.invitation_forms import StaffInviteForm
from members.models import Affiliation, AuditEvent, Invitation, InvitationLink, User
from members.second_factor import ask_who_it_is


class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin):
    actions = None


class KeepsSecrets:
    """The address of a list can ask for any field, and so guess a secret letter by letter."""

    secret_fields = ()

    def lookup_allowed(self, lookup, value, request):
        is_secret = lookup.partition("__")[0] in self.secret_fields
        return not is_secret and super().lookup_allowed(lookup, value, request)


class PlacesInline(ReadOnly, admin.TabularInline):
    model = Affiliation
    extra = 0
    fields = readonly_fields = ["organisation", "roles", "job_title", "started_at", "ended_at"]


@admin.register(User)
class UserAdmin(KeepsSecrets, admin.ModelAdmin):
    """No password here: people set their own. Staff come by invitation."""

    secret_fields = ["password"]
    list_display = ["email", "name", "is_active", "is_staff", "is_superuser", "last_login"]
    list_filter = ["is_active", "is_staff", "groups"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    fields = ["email", "name", "is_active", "is_staff", "is_superuser", "groups"]
    readonly_fields = ["email", "is_active", "is_superuser"]
    filter_horizontal = ["groups"]
    inlines = [PlacesInline]
    actions = ["end_their_sessions", "close_their_accounts", "open_their_accounts"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return request.user.is_superuser

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if request.method == "POST":
            ask_who_it_is(request)
        return super().change_view(request, object_id, form_url, extra_context)

    def has_delete_permission(self, request, obj=None):
        """What a person did must keep its name; accounts are closed instead."""
        return False

    @admin.action(description="End all sessions", permissions=["change"])
    def end_their_sessions(self, request, people):
        for user in people:
            end_sessions(user, by=request.user)
        self.message_user(request, "Their sessions are ended; they must log in again.")

    @admin.action(description="Close the accounts", permissions=["change"])
    def close_their_accounts(self, request, people):
        for user in people.exclude(pk=request.user.pk):
            close_account(user, by=request.user)
        self.message_user(request, "The accounts are closed, except your own.")

    @admin.action(description="Open the accounts again", permissions=["change"])
    def open_their_accounts(self, request, people):
        for user in people:
            open_account(user, by=request.user)
        self.message_user(request, "The accounts are open again.")


class SuccessorFilter(admin.SimpleListFilter):
    title = "what waits"
    parameter_name = "waits"

    def lookups(self, request, model_admin):
        return [("successor", "Owners who ask for a successor")]

    def queryset(self, request, queryset):
        return queryset.asking_to_leave() if self.value() == "successor" else queryset


@admin.register(Affiliation)
class AffiliationAdmin(ReadOnlyAdmin):
    list_display = ["user", "organisation", "role_list", "started_at", "ended_at"]
    list_select_related = ["user", "organisation"]
    list_filter = [SuccessorFilter, ("ended_at", admin.EmptyFieldListFilter)]
    search_fields = ["user__email", "user__name", "organisation__name"]

    @admin.display(description="roles")
    def role_list(self, affiliation):
        return ", ".join(affiliation.role_names())


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        states = ["open", "expired", "accepted", "declined", "withdrawn"]
        return [(state, state.capitalize()) for state in states]

    def queryset(self, request, queryset):
        conditions = {
            "open": Q(pk__in=Invitation.objects.open()),
            "expired": Q(pk__in=Invitation.objects.pending(), expires_at__lte=timezone.now()),
            "accepted": Q(accepted_at__isnull=False),
            "declined": Q(declined_at__isnull=False),
            "withdrawn": Q(withdrawn_at__isnull=False),
        }
        return queryset.filter(conditions.get(self.value(), Q()))


class LettersInline(ReadOnly, admin.TabularInline):
    """When its letters went out; what opens it stays unseen."""

    model = InvitationLink
    extra = 0
    fields = readonly_fields = ["sent_at"]


@admin.register(Invitation)
class InvitationAdmin(FromSpreadsheet, KeepsSecrets, ReadOnlyAdmin):
    resource_classes = [PeopleRows]
    secret_fields = ["links"]
    list_display = ["email", "purpose", "organisation", "state", "invited_by", "invited_at"]
    list_select_related = ["organisation", "invited_by"]
    list_filter = [StateFilter, "purpose"]
    search_fields = ["email", "organisation__name"]
    inlines = [LettersInline]
    actions = ["send_again", "withdraw"]

    def has_add_permission(self, request):
        return request.user.has_perm("members.add_invitation")

    def has_send_permission(self, request):
        return self.has_add_permission(request)

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            ask_who_it_is(request)
        form = StaffInviteForm(request.POST or None, by=request.user)
        if request.method == "POST" and form.is_valid() and self._invite(request, form):
            return redirect("admin:members_invitation_changelist")
        return one_form(self, request, form, title="Invite a person", button="Send the invitation")

    def _invite(self, request, form):
        data = form.cleaned_data
        try:
            invite_person(data.pop("email"), data.pop("purpose"), by=request.user, **data)
        except InvitationError as error:
            form.add_error(None, str(error))
            return False
        self.message_user(request, "The invitation is on its way.")
        return True

    @admin.action(description="Send again", permissions=["send"])
    def send_again(self, request, invitations):
        do_with_each(self, request, invitations, resend_invitation, "Sent again")

    @admin.action(description="Withdraw", permissions=["send"])
    def withdraw(self, request, invitations):
        do_with_each(self, request, invitations, withdraw_invitation, "Withdrawn")


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "by", "verb", "title"]
    exclude = ["salt", "contents", "previous"]
    list_select_related = ["by"]
    list_filter = ["verb"]
    search_fields = ["title", "verb", "noun", "by__email"]
    date_hierarchy = "at"
    show_full_result_count = False
