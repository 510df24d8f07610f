"""Lost second factors: each is confirmed by two different members of staff."""

from django.contrib import admin

from cja_portal.kit.admin import do_with_each
from members.actions.factor_resets import confirm_factor_reset, refuse_factor_reset
from members.admin.succession import DecidedByStaff, WaitsFilter
from members.models import FactorReset
from members.second_factor import ask_who_it_is


@admin.register(FactorReset)
class FactorResetAdmin(DecidedByStaff):
    """Before you confirm: call the person on a number that you know from elsewhere."""

    list_display = ["user", "asked_at", "stands", "first_by", "second_by", "opens_at"]
    list_select_related = ["user", "first_by", "second_by"]
    list_filter = [WaitsFilter, "outcome"]
    search_fields = ["user__email", "user__name", "email"]
    actions = ["confirm", "refuse"]

    @admin.action(description="Confirm: I have made sure who it is", permissions=["decide"])
    def confirm(self, request, rows):
        ask_who_it_is(request)
        do_with_each(self, request, rows, confirm_factor_reset, "Confirmed")

    @admin.action(description="Refuse", permissions=["decide"])
    def refuse(self, request, rows):
        do_with_each(self, request, rows, refuse_factor_reset, "Refused")
