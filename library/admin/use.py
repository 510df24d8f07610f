"""How often items were read."""

from django.contrib import admin

from library.models import DailyUse


@admin.register(DailyUse)
class DailyUseAdmin(admin.ModelAdmin):
    """To look at: the numbers come from readers alone."""

    list_display = ["item", "day", "views", "downloads"]
    list_select_related = ["item"]
    search_fields = ["item__title", "item__slug"]
    date_hierarchy = "day"
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, use=None):
        return False

    def has_delete_permission(self, request, use=None):
        return False
