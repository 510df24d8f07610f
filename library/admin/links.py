"""Addresses elsewhere, and whether they still answer."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html_join

from cja_portal.kit.admin import ReadOnly
from library.links import ask, note_outcome
from library.models import Item, LinkCheck


class BrokenFilter(admin.SimpleListFilter):
    title, parameter_name = "state", "state"

    def lookups(self, request, model_admin):
        return [("broken", "Broken for two weeks or more")]

    def queryset(self, request, checks):
        return checks.broken() if self.value() == "broken" else checks


@admin.register(LinkCheck)
class LinkCheckAdmin(ReadOnly, admin.ModelAdmin):
    """Addresses elsewhere; one that is broken is mended in the item that names it."""

    list_display = ["address", "answer", "status_code", "failing_since", "checked_at", "items"]
    list_filter = [BrokenFilter, "answer"]
    search_fields = ["address"]
    actions = ["check_now"]

    @admin.display
    def items(self, check):
        items = Item.objects.filter(link=check.address).only("pk", "title")
        return format_html_join(", ", '<a href="{}">{}</a>', [_edit(item) for item in items])

    @admin.action(description="Check now (up to 20)")
    def check_now(self, request, checks):
        for check in checks[:20]:
            note_outcome(check, ask(check.address))
        self.message_user(request, f"Checked: {min(checks.count(), 20)}.")


def _edit(item):
    return reverse("admin:library_item_change", args=[item.pk]), item.title
