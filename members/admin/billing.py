"""Invoices, payments and bank lines: to look at, and to act on by actions alone."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html

from cja_portal.kit.moves import ImpossibleMove
from members.actions.invoices import credit_invoice
from members.actions.payments import (
    keep_lines,
    match_line,
    record_payment,
    reverse_payment,
    set_line_aside,
)
from members.admin.one_form import one_form
from members.admin.people import ReadOnlyAdmin
from members.admin.reasons import do_with_reason
from members.invoice_paper import pdf_answer
from members.matching import suggest
from members.membership_forms import PaymentForm, StatementForm, invoice_numbered
from members.models import BillingDetails, Invoice, Payment, Reminder, StatementLine

LINES_SHOWN = 50


@admin.register(BillingDetails)
class BillingDetailsAdmin(admin.ModelAdmin):
    """One row. Invoices that were issued keep what it said then."""

    def add_view(self, request, *args, **kwargs):
        """Asked here alone: permissions are asked on every page of the admin."""
        details = BillingDetails.objects.first()
        if details and self.has_view_permission(request):
            return redirect("admin:members_billingdetails_change", details.pk)
        return super().add_view(request, *args, **kwargs)

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, details, form, change):
        details.pk = 1
        super().save_model(request, details, form, change)


class PaidFilter(admin.SimpleListFilter):
    title = "payment"
    parameter_name = "waits"

    def lookups(self, request, model_admin):
        return [("money", "To be paid")]

    def queryset(self, request, queryset):
        return queryset.outstanding() if self.value() == "money" else queryset


@admin.register(Invoice)
class InvoiceAdmin(ReadOnlyAdmin):
    """What was issued stays as it is; a credit note takes an invoice back."""

    list_display = ["reference", "kind", "organisation", "amount", "issued_at", "state_in_words"]
    list_select_related = ["organisation", "credits", "credit_note"]
    list_filter = [PaidFilter, "kind"]
    search_fields = ["number", "organisation__name", "purchase_order"]
    date_hierarchy = "issued_at"
    readonly_fields = ["pdf_link"]
    actions = ["take_back"]

    def get_queryset(self, request):
        return super().get_queryset(request).with_paid()

    def get_urls(self):
        look = self.admin_site.admin_view(self.pdf_view)
        return [path("<int:pk>/pdf/", look, name="members_invoice_pdf"), *super().get_urls()]

    def has_keep_permission(self, request):
        return request.user.has_perm("members.change_invoice")

    def pdf_view(self, request, pk):
        if not self.has_view_permission(request):
            raise PermissionDenied
        return pdf_answer(get_object_or_404(Invoice.objects.select_related("credits"), pk=pk))

    @admin.display(description="on paper")
    def pdf_link(self, invoice):
        address = reverse("admin:members_invoice_pdf", args=[invoice.pk])
        return format_html('<a href="{}">{} (PDF)</a>', address, invoice)

    @admin.action(description="Take back by a credit note", permissions=["keep"])
    def take_back(self, request, rows):
        do = credit_invoice
        return do_with_reason(self, request, rows, do, "Taken back", title="Take the invoice back")


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    list_display = ["received_on", "invoice", "amount", "method", "note"]
    list_select_related = ["invoice"]
    search_fields = ["invoice__number", "invoice__organisation__name", "note"]
    date_hierarchy = "received_on"
    actions = ["reverse"]

    def has_add_permission(self, request, obj=None):
        return request.user.has_perm("members.add_payment")

    def has_keep_permission(self, request):
        return self.has_add_permission(request)

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = PaymentForm(request.POST or None)
        if request.method == "POST" and form.is_valid() and self._record(request, form):
            return redirect("admin:members_payment_changelist")
        return one_form(self, request, form, title="Record a payment", button="Record it")

    def _record(self, request, form):
        try:
            payment = record_payment(by=request.user, **form.cleaned_data)
        except ImpossibleMove as error:
            form.add_error(None, str(error))
            return False
        self.message_user(request, f"Recorded: {payment}.")
        return True

    @admin.action(description="Reverse: it was recorded by mistake", permissions=["keep"])
    def reverse(self, request, rows):
        do = reverse_payment
        return do_with_reason(self, request, rows, do, "Reversed", title="Reverse the payment")


@admin.register(StatementLine)
class StatementLineAdmin(ReadOnlyAdmin):
    """The matching screen stands in place of the list."""

    def has_match_permission(self, request):
        return request.user.has_perm("members.change_statementline")

    def get_queryset(self, request):
        return super().get_queryset(request).waiting()

    def changelist_view(self, request, extra_context=None):
        if not self.has_match_permission(request):
            raise PermissionDenied
        is_adding = request.POST.get("do") == "add"
        form = StatementForm(request.POST, request.FILES) if is_adding else StatementForm()
        if request.method == "POST" and self._has_done(request, form, is_adding):
            return redirect("admin:members_statementline_changelist")
        context = (
            self.admin_site.each_context(request)
            | _matches()
            | {
                "cl": self.get_changelist_instance(request),
                "title": "Match the bank statement",
                "opts": self.opts,
                "form": form,
            }
        )
        return TemplateResponse(request, "admin/members/statementline/match.html", context)

    def _has_done(self, request, form, is_adding):
        if is_adding:
            return form.is_valid() and self._add(request, form.cleaned_data["lines"])
        try:
            self.message_user(request, _act(request))
        except ImpossibleMove as error:
            self.message_user(request, str(error), "warning")
        return True

    def _add(self, request, lines):
        new = keep_lines(lines, by=request.user)
        known = f" {len(lines) - new} were known already." if len(lines) > new else ""
        self.message_user(request, f"Lines added: {new}.{known}")
        return True


def _matches():
    """The lines that wait, each with the invoices that it may be for."""
    waiting = StatementLine.objects.waiting()
    unpaid = list(Invoice.objects.outstanding().select_related("organisation"))
    shown, count = waiting[:LINES_SHOWN], waiting.count()
    matches = [(line, suggest(line, unpaid)) for line in shown]
    return {"matches": matches, "count": count, "more": max(count - LINES_SHOWN, 0)}


def _act(request):
    """Do what the button says to one line; a sentence that says what was done."""
    line = get_object_or_404(StatementLine, pk=_number(request.POST.get("line", "")))
    if request.POST.get("do") == "aside":
        set_line_aside(line, by=request.user)
        return "Set aside; its words are erased."
    payment = match_line(line, _chosen(request.POST), by=request.user)
    return f"Recorded: {payment}."


def _chosen(typed):
    if typed.get("do") == "number":
        return invoice_numbered(typed.get("number", ""))
    return get_object_or_404(Invoice, pk=_number(typed.get("invoice", "")))


def _number(typed):
    """The key of a row, or that of none."""
    return int(typed) if typed.isdecimal() and len(typed) < 19 else 0


@admin.register(Reminder)
class ReminderAdmin(ReadOnlyAdmin):
    list_display = ["sent_at", "kind", "period", "invoice", "addresses"]
    list_select_related = ["period__organisation", "invoice"]
    list_filter = ["kind"]
