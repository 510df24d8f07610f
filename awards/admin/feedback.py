"""Feedback, read and changed by staff before anybody sees it."""

from django import forms
from django.contrib import admin

from awards.actions.feedback import edit_feedback, release_feedback
from awards.models import Feedback
from cja_portal.kit.admin import do_with_each


class ReleasedFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("draft", "To be read"), ("edited", "Read"), ("released", "Released")]

    def queryset(self, request, queryset):
        states = {
            "draft": {"edited_by": None, "released_at": None},
            "edited": {"edited_by__isnull": False, "released_at": None},
            "released": {"released_at__isnull": False},
        }
        return queryset.filter(**states.get(self.value(), {}))


@admin.register(Feedback)
class FeedbackAdmin(admin.ModelAdmin):
    """Saving says that somebody has read it; then it can be released from the list."""

    list_display = ["nomination", "category", "edited_by", "released_at"]
    list_select_related = ["nomination__category__cycle", "edited_by"]
    list_filter = [ReleasedFilter, "nomination__category__cycle"]
    search_fields = ["nomination__nominee_name"]
    fields = ["nomination", "text"]
    readonly_fields = ["nomination"]
    actions = ["release"]

    @admin.display(description="category", ordering="nomination__category")
    def category(self, feedback):
        return feedback.nomination.category

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "text":
            kwargs["widget"] = forms.Textarea(attrs={"rows": 14})
            kwargs["help_text"] = "Keep one thing to improve, and nothing that tells who wrote it."
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        is_open = obj is None or obj.released_at is None
        return is_open and super().has_change_permission(request, obj)

    def save_model(self, request, obj, form, change):
        edit_feedback(obj, form.cleaned_data["text"], by=request.user)

    @admin.action(description="Release to those who nominated", permissions=["change"])
    def release(self, request, queryset):
        do_with_each(self, request, queryset, release_feedback, "Released")
