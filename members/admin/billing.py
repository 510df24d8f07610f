"""Invoices, payments and bank lines: to look at, and to act on by actions alone."""

from django.contrib import admin

from members.admin.people import ReadOnlyAdmin
from members.models import BillingDetails, Invoice, Payment, Reminder, StatementLine


@admin.register(BillingDetails)
class BillingDetailsAdmin(admin.ModelAdmin):
    """One row. Invoices that were issued keep what it said then."""

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not BillingDetails.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, details, form, change):
        details.pk = 1
        super().save_model(request, details, form, change)


@admin.register(Invoice)
class InvoiceAdmin(ReadOnlyAdmin):
    list_display = ["reference", "kind", "organisation", "amount", "issued_at", "due_on"]
    list_select_related = ["organisation"]
    list_filter = ["kind"]
    search_fields = ["number", "organisation__name", "purchase_order"]
    date_hierarchy = "issued_at"


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    list_display = ["received_on", "invoice", "amount", "method", "note"]
    list_select_related = ["invoice"]
    search_fields = ["invoice__number", "invoice__organisation__name", "note"]
    date_hierarchy = "received_on"


@admin.register(StatementLine)
class StatementLineAdmin(ReadOnlyAdmin):
    list_display = ["booked_on", "amount", "text", "payment", "set_aside_at"]
    list_select_related = ["payment__invoice"]


@admin.register(Reminder)
class ReminderAdmin(ReadOnlyAdmin):
    list_display = ["sent_at", "kind", "period", "invoice", "addresses"]
    list_select_related = ["period__organisation", "invoice"]
    list_filter = ["kind"]
