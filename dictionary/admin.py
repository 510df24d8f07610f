"""The staff's door to the dictionary."""

from django.contrib import admin, messages
from django.utils import timezone

from dictionary.actions import (
    ImpossibleMove,
    publish_entry,
    record_legal_check,
    withdraw_entry,
)
from dictionary.models import Entry, Label, Relation, Sense, Source


class SenseInline(admin.TabularInline):
    """The meanings at a glance; each is edited on its own page, where its sources stand."""

    model = Sense
    extra = 0
    fk_name = "entry"
    fields = readonly_fields = ["jurisdiction", "plain", "law_as_of", "review_due", "checked_on"]
    show_change_link = True
    can_delete = False

    def has_add_permission(self, request, obj):
        return False


class LabelInline(admin.TabularInline):
    model = Label
    extra = 0


class RelationInline(admin.TabularInline):
    model = Relation
    extra = 0
    fk_name = "entry"
    autocomplete_fields = ["to"]


class SourceInline(admin.TabularInline):
    model = Source
    extra = 0


@admin.register(Entry)
class EntryAdmin(admin.ModelAdmin):
    list_display = ["headword", "status", "updated_at"]
    list_filter = ["status", "topics"]
    search_fields = ["headword", "labels__text"]
    filter_horizontal = ["topics"]
    readonly_fields = ["status", "created_at", "updated_at"]
    prepopulated_fields = {"slug": ["headword"]}
    inlines = [SenseInline, LabelInline, RelationInline]
    actions = ["publish", "withdraw"]

    def get_readonly_fields(self, request, obj=None):
        """The address of an entry is for ever once it is made."""
        return [*self.readonly_fields, "slug"] if obj else self.readonly_fields

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields

    @admin.action(description="Publish", permissions=["change"])
    def publish(self, request, queryset):
        _do_with_each(self, request, queryset, publish_entry, "published")

    @admin.action(description="Withdraw now", permissions=["change"])
    def withdraw(self, request, queryset):
        _do_with_each(self, request, queryset, withdraw_entry, "withdrawn")


class ReviewFilter(admin.SimpleListFilter):
    title = "waits for"
    parameter_name = "waits"

    def lookups(self, request, model_admin):
        return [("check", "a lawyer's check"), ("review", "an overdue review")]

    def queryset(self, request, queryset):
        if self.value() == "check":
            return queryset.unchecked()
        if self.value() == "review":
            return queryset.overdue()
        return queryset


@admin.register(Sense)
class SenseAdmin(admin.ModelAdmin):
    list_display = ["__str__", "law_as_of", "review_due", "checked_on", "certainty"]
    list_filter = [ReviewFilter, "jurisdiction", "certainty", "is_in_force"]
    list_select_related = ["entry"]
    search_fields = ["entry__headword", "term", "plain"]
    autocomplete_fields = ["entry", "replaced_by", "equivalent"]
    readonly_fields = ["checked_on", "checked_by"]
    inlines = [SourceInline]
    date_hierarchy = "review_due"
    actions = ["record_check"]

    @admin.action(description="Record that a lawyer checked it today", permissions=["change"])
    def record_check(self, request, queryset):
        _do_with_each(self, request, queryset, record_legal_check, "checked")

    def save_model(self, request, obj, form, change):
        """A changed meaning waits for a lawyer again, and the index of names is made anew."""
        if change and form.changed_data:
            obj.checked_on, obj.checked_by = None, None
        super().save_model(request, obj, form, change)
        Entry.objects.filter(pk=obj.entry_id).update(updated_at=timezone.now())


def _do_with_each(model_admin, request, queryset, action, done):
    moved = 0
    for row in queryset:
        try:
            action(row, by=request.user)
        except ImpossibleMove as impossible:
            model_admin.message_user(request, str(impossible), messages.WARNING)
        else:
            moved += 1
    if moved:
        model_admin.message_user(request, f"{moved} {done}.", messages.SUCCESS)
