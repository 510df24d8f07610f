from django.contrib import admin

from cja_portal.kit.admin import ReadOnly
from dictionary.models import EntryVersion, Withdrawal


class RecordAdmin(ReadOnly, admin.ModelAdmin):
    """What happened is read, and never changed here."""

    list_select_related = ["entry"]
    search_fields = ["entry__headword"]


@admin.register(EntryVersion)
class EntryVersionAdmin(RecordAdmin):
    list_display = ["__str__", "change_note", "published_at", "published_by", "checked_by"]
    list_select_related = ["entry", "published_by", "checked_by"]
    search_fields = ["entry__headword", "change_note"]
    date_hierarchy = "published_at"


@admin.register(Withdrawal)
class WithdrawalAdmin(RecordAdmin):
    list_display = ["entry", "because", "began_at", "ended_at"]
    date_hierarchy = "began_at"
