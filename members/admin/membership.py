"""Fee bands, memberships and their periods. What moves is moved by actions."""

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html_join

from cja_portal.kit.forms import ModelForm
from cja_portal.kit.money import PoundsField
from cja_portal.kit.moves import ImpossibleMove
from members import emails
from members.actions.membership import (
    open_membership,
    reinstate_membership,
    resign_membership,
    suspend_membership,
    void_period,
    waive_fee,
)
from members.admin.one_form import one_form
from members.admin.organisations import OrganisationAdmin
from members.admin.people import ReadOnlyAdmin
from members.admin.reasons import do_with_reason
from members.membership_forms import OpenForm
from members.models import (
    FeeBand,
    MembershipBreak,
    MembershipPeriod,
    Organisation,
    Status,
)
from members.standing import standing_of


class FeeBandForm(ModelForm):
    amount_pence = PoundsField(label="Fee for a year (£)")

    class Meta:
        model = FeeBand
        fields = forms.ALL_FIELDS


@admin.register(FeeBand)
class FeeBandAdmin(admin.ModelAdmin):
    """A change acts on periods opened later; those that are open keep their fee."""

    form = FeeBandForm
    list_display = ["__str__", "income_from", "income_below", "starts_on", "ends_on", "is_example"]
    list_filter = ["is_example"]


# -- Where each organisation stands ---------------------------------------------------------------


RECORDS = {
    "invoice": "invoices",
    "membershipbreak": "suspensions and resignations",
    "membershipperiod": "periods",
}


class StatusFilter(admin.SimpleListFilter):
    title = "status"
    parameter_name = "status"

    def lookups(self, request, model_admin):
        known = [(status.value, status.label) for status in Status if status]
        return [("due", "To renew or to pay"), *known, ("none", "Not recorded")]

    def queryset(self, request, queryset):
        if self.value() == "due":
            return queryset.filter(pk__in=Organisation.objects.renewals_due().values("pk"))
        wanted = {"none": Status.UNKNOWN}.get(self.value(), self.value())
        return queryset if wanted is None else queryset.filter(membership_status=wanted)


admin.site.unregister(Organisation)


@admin.register(Organisation)
class MemberAdmin(OrganisationAdmin):
    """The list of organisations, with the status of today, what it comes from and what moves it."""

    actions = [*(OrganisationAdmin.actions or []), "suspend", "resign", "reinstate"]

    def get_queryset(self, request):
        return super().get_queryset(request).with_status().with_last_day()

    def get_list_display(self, request):
        return [*super().get_list_display(request), "status"]

    def get_list_filter(self, request):
        return [StatusFilter, *super().get_list_filter(request)]

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), "in_words", "records"]

    def get_fieldsets(self, request, obj=None):
        own = ("Membership", {"fields": ["in_words", "records"]})
        return [*super().get_fieldsets(request, obj), *([own] if obj else [])]

    def has_keep_permission(self, request):
        return request.user.has_perm("members.change_membershipperiod")

    @admin.display(description="membership", ordering="membership_status")
    def status(self, organisation):
        status, until = Status(organisation.membership_status), organisation.membership_ends_on
        return f"{status.label}, to {until:%-d %b %Y}" if status and until else status.label

    @admin.display(description="what its owners read")
    def in_words(self, organisation):
        return standing_of(organisation).in_words

    @admin.display(description="on record")
    def records(self, organisation):
        links = [
            (reverse(f"admin:members_{name}_changelist"), organisation.pk, words)
            for name, words in RECORDS.items()
        ]
        links.append((reverse("admin:members_membershipperiod_add"), organisation.pk, "open one"))
        return format_html_join(", ", '<a href="{}?organisation={}">{}</a>', links)

    @admin.action(description="Suspend", permissions=["keep"])
    def suspend(self, request, rows):
        letter = _letter_of("suspended")
        told = {"title": "Suspend the membership", "letter": letter}
        return do_with_reason(self, request, rows, suspend_membership, "Suspended", **told)

    @admin.action(description="Note a resignation", permissions=["keep"])
    def resign(self, request, rows):
        told = {"title": "Note the resignation", "letter": _letter_of("resigned")}
        return do_with_reason(self, request, rows, resign_membership, "Resigned", **told)

    @admin.action(description="Reinstate", permissions=["keep"])
    def reinstate(self, request, rows):
        told = {"title": "Reinstate the membership", "letter": emails.reinstated_text}
        return do_with_reason(self, request, rows, reinstate_membership, "Reinstated", **told)


def _letter_of(kind):
    def text(organisation, reason):
        return emails.broken_text(organisation, kind, reason)

    return text


# -- Periods --------------------------------------------------------------------------------------


@admin.register(MembershipPeriod)
class MembershipPeriodAdmin(ReadOnlyAdmin):
    list_display = ["organisation", "starts_on", "ends_on", "fee", "settled_on", "voided_at"]
    list_select_related = ["organisation"]
    list_filter = [("settled_on", admin.EmptyFieldListFilter)]
    search_fields = ["organisation__name"]
    date_hierarchy = "ends_on"
    actions = ["waive", "take_back"]

    def has_add_permission(self, request, obj=None):
        return request.user.has_perm("members.add_membershipperiod")

    def has_keep_permission(self, request):
        return request.user.has_perm("members.change_membershipperiod")

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        first = {"organisation": request.GET.get("organisation", "")}
        form = OpenForm(request.POST or None, initial=first)
        if request.method == "POST" and form.is_valid() and self._open(request, form):
            return redirect("admin:members_membershipperiod_changelist")
        return one_form(self, request, form, title="Open a period of membership", button="Open it")

    def _open(self, request, form):
        try:
            period = open_membership(by=request.user, **form.options())
        except ImpossibleMove as error:
            form.add_error(None, str(error))
            return False
        self.message_user(request, f"Opened: {period}.")
        return True

    @admin.action(description="Waive the fee", permissions=["keep"])
    def waive(self, request, rows):
        do = waive_fee
        return do_with_reason(self, request, rows, do, "Waived", title="Waive the fee")

    @admin.action(description="Take back, with its invoice", permissions=["keep"])
    def take_back(self, request, rows):
        do = void_period
        return do_with_reason(self, request, rows, do, "Taken back", title="Take the period back")


@admin.register(MembershipBreak)
class MembershipBreakAdmin(ReadOnlyAdmin):
    list_display = ["organisation", "kind", "starts_on", "ended_on"]
    list_select_related = ["organisation"]
    list_filter = ["kind", ("ended_on", admin.EmptyFieldListFilter)]
    search_fields = ["organisation__name"]
