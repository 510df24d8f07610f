"""Fee bands and periods of membership. What moves is moved by actions."""

from django import forms
from django.contrib import admin

from cja_portal.kit.forms import ModelForm
from cja_portal.kit.money import PoundsField
from members.admin.people import ReadOnlyAdmin
from members.models import FeeBand, MembershipBreak, MembershipPeriod


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


@admin.register(MembershipPeriod)
class MembershipPeriodAdmin(ReadOnlyAdmin):
    list_display = ["organisation", "starts_on", "ends_on", "fee", "settled_on", "voided_at"]
    list_select_related = ["organisation"]
    list_filter = [("settled_on", admin.EmptyFieldListFilter)]
    search_fields = ["organisation__name"]
    date_hierarchy = "ends_on"


@admin.register(MembershipBreak)
class MembershipBreakAdmin(ReadOnlyAdmin):
    list_display = ["organisation", "kind", "starts_on", "ended_on"]
    list_select_related = ["organisation"]
    list_filter = ["kind", ("ended_on", admin.EmptyFieldListFilter)]
    search_fields = ["organisation__name"]
